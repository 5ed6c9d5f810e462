// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/credential.h"

namespace liangma {

inline constexpr std::string_view kLivePrefix = "LM1:";
inline constexpr std::string_view kRequestPrefix = "LMR1:";
inline constexpr std::string_view kSealedPrefix = "LMS1:";
inline constexpr std::string_view kPaperPrefix = "LMP1:";

/// The longest text of each kind, prefix included.
inline constexpr std::size_t kMaxTextLength = 4296;

/// Whether the phone has ever compared its clock with a server's.
enum class ClockTrust : std::uint8_t { Confirmed, Unconfirmed };

/// Makes the text of one live code for open display.
///
/// @param credential  read from what the issuer sent
/// @param deviceKey   the key that `cnf` names
/// @param now         Unix seconds UTC, >= credential.issuedAt
/// @param clock       Unconfirmed is said in the code, so that a gate can advise instead of accuse
/// @return            ASCII, 5..528 chars, QR alphanumeric set
/// @error  time.credential-not-yet  now < issuedAt
/// @error  time.credential-expired  now >= expiresAt
/// @error  holder.key-missing       the credential binds no key
/// @error  key.mismatch             the key is not the bound one
/// @source SPEC.md 5; draft-ietf-spice-sd-cwt-07, 8.1
Result<std::string> makeLiveCode(const Credential& credential, const SigningKey& deviceKey, UnixSeconds now,
                                 ClockTrust clock = ClockTrust::Confirmed);

}  // namespace liangma
