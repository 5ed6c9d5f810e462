// SPDX-License-Identifier: Apache-2.0
#include "liangma/live_code.h"

#include "key_binding.h"
#include "liangma/base45.h"

namespace liangma {

Result<std::string> makeLiveCode(const Credential& credential, const SigningKey& deviceKey, UnixSeconds now,
                                 ClockTrust clock) {
  LIANGMA_TRY(const auto presentation, presentCredential(credential, {}));
  LIANGMA_TRY(const auto token,
              makeKeyBinding(presentation, credential, {std::string(kOpenAudience), now, std::nullopt, clock},
                             deviceKey));
  return std::string(kLivePrefix) + encodeBase45(token);
}

}  // namespace liangma
