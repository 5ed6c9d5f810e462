// SPDX-License-Identifier: Apache-2.0
// A credential that reads can be presented, whole and bare, and reads again.
#include "fuzz.h"

using namespace liangma;

namespace {

void present(const Credential& credential) {
  const auto bare = presentCredential(credential, {});
  fuzz::require(bare.ok() && parseCredential(*bare).ok(), "a bare presentation reads");
  fuzz::require(parseCredential(*bare)->identity.empty(), "a bare presentation shows no identity");
  std::set<IdentityClaim> all;
  for (const auto& [claim, value] : credential.identity) all.insert(claim);
  const auto whole = presentCredential(credential, all);
  fuzz::require(whole.ok(), "every member can be shown");
  const auto again = parseCredential(*whole);
  fuzz::require(again.ok() && again->identity == credential.identity, "what is shown is what was chosen");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto credential = parseCredential({data, size});
  if (!credential.ok()) return 0;
  present(*credential);
  const auto checked = checkCredential(*credential, fuzz::trust(),
                                       world::signingKey(world::kDevice).publicKey(), world::kNow + 60);
  const bool issued = credential->payload == world::credential().payload;
  fuzz::require(!checked.ok() || issued, "nobody but the issuer signs");
  return 0;
}
