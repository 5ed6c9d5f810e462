// SPDX-License-Identifier: Apache-2.0
// The input is a key proof, and the payload of one that the device signs.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto genuine = world::keyProof();
  static const auto device = world::signingKey(world::kDevice);
  const ByteView input(data, size);
  const Bytes nonce(16, 0x15);
  const auto proved = openKeyProof(input, "330100", nonce, world::kNow);
  fuzz::require(!proved.ok() || fuzz::equal(input, genuine), "only the device proves its key");
  if (!fuzz::isMap(input)) return 0;
  auto token = forge::Token::read(genuine);
  token.payload.assign(input.begin(), input.end());
  const auto encoded = token.signedBy(device).encode();
  const auto key = openKeyProof(encoded, "330100", nonce, world::kNow);
  if (key.ok()) fuzz::require(*key == device.publicKey(), "a proof proves the key that signed");
  return 0;
}
