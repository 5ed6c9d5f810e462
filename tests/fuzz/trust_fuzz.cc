// SPDX-License-Identifier: Apache-2.0
// The input is a trust list, and the payload of one that the root signs. What opens can be signed again.
#include "cose.h"
#include "fuzz.h"

using namespace liangma;

namespace {

Result<TrustList> open(ByteView encoded) {
  static const PublicKey pinned[] = {world::signingKey(world::kRoot).publicKey()};
  return openTrustList(encoded, pinned, 3, world::kNow);
}

Bytes signPayload(ByteView payload) {
  static const auto root = world::signingKey(world::kRoot);
  static const Bytes header = forge::Map().set(16, forge::text("lmt+cwt")).encode();
  static const Bytes signer =
      forge::Map().set(1, forge::integer(-19)).set(4, forge::bytes(root.publicKey().keyId8())).encode();
  const auto signature = root.sign(cose::toBeSignedBy(header, signer, payload));
  cbor::Writer writer;
  writer.tag(98).array(4).bytes(header).map(0).bytes(payload);
  writer.array(1).array(3).bytes(signer).map(0).bytes(signature);
  return writer.take();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto root = world::signingKey(world::kRoot);
  const ByteView input(data, size);
  fuzz::require(!open(input).ok() || fuzz::isSeed("trust", input), "only the root signs");
  if (!fuzz::isMap(input)) return 0;
  const auto encoded = signPayload(input);
  const auto list = open(encoded);
  if (!list.ok()) return 0;
  const SigningKey* keys[] = {&root};
  const auto again = signTrustList(list->content(), keys);
  fuzz::require(again.ok() && *again == encoded, "a trust list has one form");
  return 0;
}
