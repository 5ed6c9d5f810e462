// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/trust_list.h"

namespace liangma {

inline constexpr UnixSeconds kMaxRequestSeconds = 60;

/// What a verifier asks a resident for.
struct RequestClaims {
  std::string verifier;  ///< its id in the trust list
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;       ///< at most 60 s after issuedAt
  Bytes nonce;                     ///< 16..32 bytes, fresh for every request
  std::string purpose;             ///< 1..32 of a-z 0-9 - : an i18n key, such as "registration"
  std::set<IdentityClaim> wanted;  ///< empty: the code alone
  std::optional<std::string>
      answerUrl;  ///< one of the verifier's endpoints; absent: the answer is shown as a QR
};

/// Signs a request.
///
/// @return `LMR1:` text
/// @error  request.shape  a field out of range
/// @source SPEC.md 6
Result<std::string> makeRequest(const RequestClaims& claims, const SigningKey& verifierKey);

/// A request whose maker the trust list vouches for.
struct TrustedRequest {
  RequestClaims claims;
  TrustedVerifier verifier;
};

/// Reads a request and checks who made it.
///
/// @error format.*, base45.*, cbor.*, cose.*, request.shape
/// @error verifier.unknown            its maker is not in the trust list (also: not for that endpoint)
/// @error verifier.key-not-in-force, verifier.signature-bad
/// @error time.request-expired, time.request-future, trust.expired
Result<TrustedRequest> openRequest(std::string_view text, const TrustList& trust, UnixSeconds now);

}  // namespace liangma
