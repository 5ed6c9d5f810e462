// SPDX-License-Identifier: Apache-2.0
// The input is a statement, and the payload of one that the device signs.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto genuine = world::statement();
  static const auto device = world::signingKey(world::kDevice);
  const ByteView input(data, size);
  const Bytes nonce(16, 0x15);
  const auto opened = openStatement(input, "330100", nonce, world::kNow);
  fuzz::require(!opened.ok() || fuzz::equal(input, genuine), "only the device states");
  if (!fuzz::isMap(input)) return 0;
  auto token = forge::Token::read(genuine);
  token.payload.assign(input.begin(), input.end());
  const auto stated = openStatement(token.signedBy(device).encode(), "330100", nonce, world::kNow);
  if (stated.ok()) fuzz::require(stated->key == device.publicKey(), "a statement names the key that signed");
  return 0;
}
