// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/answer.h"
#include "liangma/colour_record.h"
#include "liangma/key_proof.h"
#include "liangma/paper_code.h"
#include "liangma/vault.h"

/// The keys, clock, people and trust list of SPEC.md 12, from which vectors and seeds are made.
namespace liangma::world {

inline constexpr UnixSeconds kNow = 1582243200;  ///< SPEC.md's T, 2020-02-21T00:00:00Z

inline constexpr std::uint8_t kRoot = 0x10, kIssuer = 0x11, kDevice = 0x12, kHospital = 0x13, kSealing = 0x14,
                              kOtherDevice = 0x22, kOtherRoot = 0x20, kRogue = 0x66;

/// The bytes from, from + 1, from + 2, …: SPEC.md's entropy.
Bytes counting(std::size_t size, std::uint8_t from = 0);

/// The Ed25519 key whose seed is 32 times this byte.
SigningKey signingKey(std::uint8_t fill);
/// The X25519 key whose secret is 32 times this byte.
SealingKey sealingKey(std::uint8_t fill);

CredentialClaims claims();
Bytes issue(const CredentialClaims& claims, std::uint8_t entropyFrom = 0);
Credential credential();

/// The open live code that the credential's holder shows at this time.
std::string live(UnixSeconds now = kNow + 60);

RequestClaims requestClaims();
std::string request();
std::string answer();
std::string sealedAnswer();
std::string paper();
Bytes keyProof();
/// A declaration, answering the key proof's nonce.
Bytes statement();
/// A resident turned red by a rule, the first record of their log.
Bytes colourRecord();

TrustContent trustContent();
/// The same with an address for the issuer's status lists.
TrustContent statusContent();
/// The issuer's list 48: 8 entries, of which the first are 0, 1, 2, 3.
Bytes statusList();
Bytes signTrust(const TrustContent& content, std::initializer_list<std::uint8_t> roots = {kRoot});
TrustList trust();
TrustList trust(const TrustContent& content);

}  // namespace liangma::world
