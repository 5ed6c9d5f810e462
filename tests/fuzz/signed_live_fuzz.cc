// SPDX-License-Identifier: Apache-2.0
// The input is [credential's claims, unprotected header, key binding's claims], signed here by those who
// should: what lies behind the signatures.
#include "fuzz.h"

using namespace liangma;

namespace {

Bytes encoded(cbor::Item item) {
  return {item.encoded().begin(), item.encoded().end()};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto genuine = forge::Token::readText(world::live());
  static const auto issuer = world::signingKey(world::kIssuer), device = world::signingKey(world::kDevice);
  const auto document = cbor::decode({data, size});
  if (!document.ok() || !document->root().isArray(3)) return 0;
  const auto root = document->root();
  auto credential = forge::credentialOf(genuine);
  credential.payload = encoded(root.at(0));
  credential.unprotected = encoded(root.at(1));
  auto live = forge::withCredential(genuine, credential.signedBy(issuer));
  live.payload = encoded(root.at(2));
  const auto text = live.signedBy(device).asText(kLivePrefix);

  SeenCodes seen;
  VerifyContext context{fuzz::trust(), world::kNow + 61};
  context.seen = &seen;
  const auto verdict = verify(text, context);
  fuzz::requireSound(verdict);
  if (verdict.code.has_value()) {
    fuzz::require(verdict.code->identity.empty(), "an open code shows no identity");
    fuzz::require(verify(text, context).reason == Errc::ReplaySeen, "no code passes twice");
  }
  const Challenge challenge{"hz-first", Bytes(16, 0x15), {IdentityClaim::FullName}};
  VerifyContext asked{fuzz::trust(), world::kNow + 61};
  asked.challenge = &challenge;
  const auto answer = verify(text, asked);
  fuzz::requireSound(answer);
  if (answer.code.has_value())
    fuzz::require(answer.code->identity.size() == 1, "an answer shows what was asked");
  return 0;
}
