// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "liangma/credential.h"

namespace liangma {

/// What a printed code states. It binds no key, so a verifier always asks for the ID document.
struct PaperClaims {
  std::string issuer;
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;  ///< > issuedAt, at most 14 days later
  CodeClaims code;            ///< without `live`
};

inline constexpr UnixSeconds kMaxPaperSeconds = UnixSeconds{14} * 24 * 3600;

/// Signs a paper code.
///
/// @param entropy  6 bytes for `sub`
/// @return  `LMP1:` text
/// @error   credential.claim-invalid, time.credential-life-too-long, misuse.entropy-missing
/// @source  SPEC.md 8
Result<std::string> makePaperCode(const PaperClaims& claims, const SigningKey& issuerKey, Entropy& entropy);

}  // namespace liangma
