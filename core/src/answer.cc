// SPDX-License-Identifier: Apache-2.0
#include "liangma/answer.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "key_binding.h"
#include "liangma/base45.h"

namespace liangma {
namespace {

/// The resident agrees to all of a request or to none of it.
Status checkAgreement(const std::set<IdentityClaim>& wanted, const std::set<IdentityClaim>& agreed) {
  if (!std::includes(wanted.begin(), wanted.end(), agreed.begin(), agreed.end()))
    return Errc::DisclosureUnasked;
  if (agreed.size() != wanted.size()) return Errc::DisclosureMissing;
  return success();
}

}  // namespace

Result<std::string> makeAnswer(const TrustedRequest& request, const Credential& credential,
                               const SigningKey& deviceKey, const std::set<IdentityClaim>& agreed,
                               UnixSeconds now, ClockTrust clock) {
  if (now >= request.claims.expiresAt) return Errc::TimeRequestExpired;
  LIANGMA_CHECK(checkAgreement(request.claims.wanted, agreed));
  LIANGMA_TRY(const auto presentation, presentCredential(credential, agreed));
  LIANGMA_TRY(const auto token,
              makeKeyBinding(presentation, credential,
                             {request.claims.verifier, now, request.claims.nonce, clock}, deviceKey));
  return std::string(kLivePrefix) + encodeBase45(token);
}

Result<std::string> sealAnswer(std::string_view answerText, const ByteArray<32>& sealingKey32,
                               Entropy& entropy) {
  LIANGMA_TRY(const auto token, decodeText(answerText, kLivePrefix));
  SecretBytes<32> seed;
  LIANGMA_CHECK(entropy.fill(seed.bytes()));
  const auto sealed = crypto::seal(token, sealingKey32, seed.bytes());
  if (!sealed) return Errc::KeyInvalid;
  return std::string(kSealedPrefix) + encodeBase45(*sealed);
}

Result<std::string> unsealAnswer(std::string_view sealedText, const SealingKey& key) {
  LIANGMA_TRY(const auto sealed, decodeText(sealedText, kSealedPrefix));
  const auto token = crypto::unseal(sealed, key.public32(), key.secret32());
  if (!token) return Errc::AnswerUnreadable;
  return std::string(kLivePrefix) + encodeBase45(*token);
}

}  // namespace liangma
