// SPDX-License-Identifier: Apache-2.0
// The input is a status list, and the payload of one that the issuer signs. What opens can be looked up.
#include "fuzz.h"
#include "liangma/status_list.h"

using namespace liangma;

namespace {

const TrustedIssuer& issuer() {
  static const auto content = world::statusContent();
  return content.issuers[0];
}

Bytes signPayload(ByteView payload) {
  auto token = forge::Token::read(world::statusList());
  token.payload.assign(payload.begin(), payload.end());
  return token.signedBy(world::signingKey(world::kIssuer)).encode();
}

void lookUp(StatusList list) {
  const auto entries = list.statuses().entries(), first = list.number() * kStatusListEntries;
  fuzz::require(entries >= 1 && entries <= kStatusListEntries, "a list has 1 to 2^20 entries");
  StatusLists lists;
  fuzz::require(lists.keep(std::move(list)).ok(), "the first list is kept");
  fuzz::require(lists.status("330100", first + entries - 1, world::kNow).ok(), "the last entry is there");
  if (entries < kStatusListEntries)
    fuzz::require(!lists.status("330100", first + entries, world::kNow).ok(), "and none behind it");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  fuzz::require(!openStatusList(input, issuer()).ok() || fuzz::isSeed("status_list", input),
                "only the issuer signs");
  (void)decodeStatusList(input);
  if (!fuzz::isMap(input)) return 0;
  auto list = openStatusList(signPayload(input), issuer());
  if (list.ok()) lookUp(std::move(list).value());
  return 0;
}
