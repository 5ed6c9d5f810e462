// SPDX-License-Identifier: Apache-2.0
// The input is a paper code's token, and the payload of one that the issuer signs: none is ever admitted.
#include "fuzz.h"

using namespace liangma;

namespace {

Verdict show(std::string_view text) {
  const auto verdict = verify(text, {fuzz::trust(), world::kNow + 60});
  fuzz::requireSound(verdict);
  fuzz::require(verdict.decision != Decision::Admit, "paper is never admitted");
  return verdict;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto genuine = world::paper();
  static const auto issuer = world::signingKey(world::kIssuer);
  const ByteView input(data, size);
  const auto text = std::string(kPaperPrefix) + encodeBase45(input);
  fuzz::require(!show(text).code.has_value() || text == genuine, "only the genuine paper passes");
  if (!fuzz::isMap(input)) return 0;
  auto token = forge::Token::readText(genuine);
  token.payload.assign(input.begin(), input.end());
  show(token.signedBy(issuer).asText(kPaperPrefix));
  return 0;
}
