// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "liangma/key.h"

namespace liangma {

enum class Colour : std::uint8_t { Pending = 0, Green = 1, Yellow = 2, Red = 3 };

/// "pending", "green", "yellow" or "red".
std::string_view colourId(Colour colour);
std::optional<Colour> colourFromId(std::string_view id);

/// How often a live code is signed anew, and how old it may be at a gate.
struct LivePolicy {
  std::uint32_t periodSeconds = 5;   ///< 1..60
  std::uint32_t windowSeconds = 20;  ///< periodSeconds..120
  std::uint32_t futureSeconds = 10;  ///< 0..60

  bool inRange() const;
  friend bool operator==(const LivePolicy&, const LivePolicy&) = default;
};

/// The claim `-65537`: what every gate sees.
struct CodeClaims {
  Colour colour = Colour::Pending;
  std::optional<std::string> region;  ///< GB/T 2260, 6 digits; absent: the issuer's own id is the region
  std::string maskedName;             ///< 1..24 bytes of UTF-8, first + "*" + last character: "张*三"
  std::string idTail;                 ///< last four characters of the ID number: digits, the last may be X
  std::uint64_t statusIndex = 0;      ///< list * 2^20 + position, at most 2^32 - 1
  std::optional<LivePolicy> live;     ///< only period and window travel; absent: the trust list's policy

  friend bool operator==(const CodeClaims&, const CodeClaims&) = default;
};

/// Members of the claim `-65538`, each redacted on its own.
enum class IdentityClaim : std::uint8_t {
  FullName = 1,
  IdType = 2,
  IdNumber = 3,
  Phone = 4,
  BirthDate = 5,
  Sex = 6,
  InsuredRegion = 7,
  CardNumber = 8,
};
/// The claim's name in JSON and i18n, such as "idNumber".
std::string_view identityClaimId(IdentityClaim claim);
std::optional<IdentityClaim> identityClaimFromId(std::string_view id);

/// UTF-8 values of 1..128 bytes.
using Identity = std::map<IdentityClaim, std::string>;

/// "张三丰" -> "张*丰", "张三" -> "张*": first and last character with "*" between, the last left out of two.
/// Characters are Unicode scalar values; empty for a name that is not UTF-8 or empty.
std::string maskName(std::string_view fullName);

/// What an issuer states.
struct CredentialClaims {
  std::string issuer;  ///< 1..16 of A-Z a-z 0-9 . _ -
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;  ///< > issuedAt, at most 24 h later
  PublicKey deviceKey;
  CodeClaims code;
  Identity identity;
};

inline constexpr UnixSeconds kMaxCredentialSeconds = UnixSeconds{24} * 3600;
/// An open live code holds at most this many bytes, so that its symbol is at most V14-M.
inline constexpr std::size_t kMaxOpenLiveBytes = 349;

/// Signs a credential for one device, all of its disclosures included.
///
/// @param entropy  6 bytes for `sub`, 16 for each identity claim and 16 for the identity itself
/// @return  SD-CWT, tag 18
/// @error   credential.claim-invalid  a claim out of range
/// @error   time.credential-life-too-long
/// @error   misuse.too-large          its live code would not fit V14-M
/// @error   misuse.entropy-missing
/// @source  SPEC.md 4; draft-ietf-spice-sd-cwt-07, 7.1
Result<Bytes> issueCredential(const CredentialClaims& claims, const SigningKey& issuerKey, Entropy& entropy);

/// A credential that was read, not verified: nothing in it may be shown as true.
struct Credential {
  std::string issuer;
  KeyId8 issuerKeyId{};
  std::string subject;  ///< 8 characters of base64url
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;
  std::optional<PublicKey> deviceKey;  ///< absent is refused when verifying: holder.key-missing
  CodeClaims code;
  Identity identity;  ///< the members disclosed; every hash was found in the payload

  Bytes protectedHeader;
  Bytes payload;
  Bytes signature;
  std::vector<Bytes> disclosures;  ///< as received; the identity's own comes first

  /// The region the code speaks for: `code.region`, or else the issuer's id.
  std::string_view region() const { return code.region ? *code.region : issuer; }
};

/// Reads a credential strictly.
///
/// @error  cbor.* cose.* credential.* disclosure.*  see SPEC.md 10
Result<Credential> parseCredential(ByteView encoded);

/// Encodes the credential with only the chosen members of the identity; none: no disclosure at all.
///
/// @error  disclosure.missing  a chosen member is not in this credential
/// @source draft-ietf-spice-sd-cwt-07, 8
Result<Bytes> presentCredential(const Credential& credential, const std::set<IdentityClaim>& chosen);

}  // namespace liangma
