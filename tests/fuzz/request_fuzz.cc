// SPDX-License-Identifier: Apache-2.0
// The input is a request's token, and the payload of one that the hospital signs. What opens can be made
// again.
#include "fuzz.h"

using namespace liangma;

namespace {

Result<TrustedRequest> open(std::string_view text) {
  return openRequest(text, fuzz::trust(), world::kNow + 55);
}

void openSigned(ByteView payload) {
  static const auto genuine = forge::Token::readText(world::request());
  static const auto hospital = world::signingKey(world::kHospital);
  auto token = genuine;
  token.payload.assign(payload.begin(), payload.end());
  const auto text = token.signedBy(hospital).asText(kRequestPrefix);
  const auto opened = open(text);
  if (!opened.ok()) return;
  const auto again = makeRequest(opened->claims, hospital);
  fuzz::require(again.ok() && *again == text, "a request has one form");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto text = std::string(kRequestPrefix) + encodeBase45(input);
  static const auto genuine = world::request();
  fuzz::require(!open(text).ok() || text == genuine, "only the genuine request opens");
  if (fuzz::isMap(input)) openSigned(input);
  return 0;
}
