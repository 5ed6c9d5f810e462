// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cbor/reader.h"
#include "cbor/writer.h"
#include "liangma/credential.h"

/// What LM1's tokens have in common: claim numbers, header shapes, value ranges.
namespace liangma::profile {

inline constexpr std::int64_t kIss = 1, kSub = 2, kAud = 3, kExp = 4, kIat = 6, kCnf = 8, kNonce = 39,
                              kCode = -65537, kIdentity = -65538, kClock = -65539, kRequest = -65540,
                              kTrust = -65541, kRecord = -65542, kStatement = -65543;
inline constexpr std::int64_t kTypSdCwt = 293, kTypKeyBinding = 294;
inline constexpr std::string_view kTypPaper = "lmp+cwt", kTypRequest = "lmr+cwt", kTypTrust = "lmt+cwt",
                                  kTypKeyProof = "lmk+cwt", kTypRecord = "lmc+cwt", kTypStatement = "lmd+cwt";

/// What an open live code adds to its credential at the most: tag and array 2, protected 3 + 8,
/// unprotected 1, payload 1 + 10, the word about an unconfirmed clock 6, signature 66.
inline constexpr std::size_t kOpenLiveOverheadBytes = 97;

/// The protected header {1: -19, 4: kid, 16: typ}; kid is left out where the key itself is bound.
Bytes makeHeader(std::int64_t typ, const KeyId8& keyId);
Bytes makeHeader(std::string_view typ, const KeyId8& keyId);
Bytes makeHeader(std::string_view typ);

/// Checks that a header holds exactly alg, kid and this typ, and gives kid.
/// @error cose.header-unknown, cose.algorithm-unsupported, cose.type-wrong
Result<KeyId8> readHeader(ByteView encoded, std::int64_t typ);
Result<KeyId8> readHeader(ByteView encoded, std::string_view typ);
/// The same for a header of alg and typ alone.
Status readHeaderWithoutKeyId(ByteView encoded, std::string_view typ);

/// A NumericDate: an integer from 0 to 2^53 - 1.
std::optional<UnixSeconds> readSeconds(std::optional<cbor::Item> item);
bool isSeconds(UnixSeconds seconds);

/// 1..16 of A-Z a-z 0-9 . _ -
bool isPartyId(std::string_view text);
/// 1..32 of a-z 0-9 - :
bool isKeyword(std::string_view text);
/// UTF-8 of 1..maxBytes bytes without control, line-breaking or direction-changing characters.
bool isPlainText(std::string_view text, std::size_t maxBytes);
/// Six digits of GB/T 2260.
bool isRegion(std::string_view text);

/// @error credential.claim-invalid  its detail is the member
Status checkCode(const CodeClaims& code);
Bytes encodeCode(const CodeClaims& code);
/// @error credential.claim-invalid, credential.claim-missing, credential.claim-unknown
Result<CodeClaims> parseCode(cbor::Item item);

/// 6 random bytes as 8 characters of base64url.
std::string subjectFrom(const ByteArray<6>& random6);
bool isSubject(std::string_view text);

/// Reads an array of identity claim numbers, ascending.
std::optional<std::set<IdentityClaim>> readWanted(cbor::Item item);
std::optional<IdentityClaim> identityClaimFrom(std::optional<std::int64_t> number);

/// Whether every key of a map is one of `allowed`.
bool hasOnlyKeys(cbor::Item map, std::initializer_list<std::int64_t> allowed);

}  // namespace liangma::profile
