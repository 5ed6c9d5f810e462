// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/live_code.h"
#include "liangma/request.h"
#include "liangma/verify.h"

namespace liangma {

/// Answers a request with the wanted identity claims: a live code bound to the verifier and its nonce.
///
/// @param agreed  what the resident consented to; must be exactly what the request wants
/// @return `LM1:` text
/// @error  disclosure.unasked  agreed holds more than was asked
/// @error  disclosure.missing  agreed or the credential holds less
/// @error  as makeLiveCode()
/// @source SPEC.md 7
Result<std::string> makeAnswer(const TrustedRequest& request, const Credential& credential,
                               const SigningKey& deviceKey, const std::set<IdentityClaim>& agreed,
                               UnixSeconds now, ClockTrust clock = ClockTrust::Confirmed);

/// Seals an answer, so that only the asking verifier can read it.
///
/// @param answerText  from makeAnswer()
/// @param entropy     32 bytes
/// @return `LMS1:` text
/// @error  misuse.entropy-missing, format.*
/// @source SPEC.md 7; libsodium crypto_box_seal
Result<std::string> sealAnswer(std::string_view answerText, const ByteArray<32>& sealingKey32,
                               Entropy& entropy);

/// Opens a sealed answer.
///
/// @return the `LM1:` text inside, not yet verified: pass it to verify() with the request's nonce
/// @error  answer.unreadable  sealed to another key, or altered
Result<std::string> unsealAnswer(std::string_view sealedText, const SealingKey& key);

}  // namespace liangma
