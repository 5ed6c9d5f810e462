// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cbor/reader.h"
#include "cbor/writer.h"

/// Selective disclosure for CWTs, for any claims (draft-ietf-spice-sd-cwt-07).
namespace liangma::sdcwt {

inline constexpr std::uint8_t kRedactedKeys = 59;  ///< simple value, a map key
inline constexpr std::uint64_t kTagRedactedElement = 60;
inline constexpr std::size_t kMaxDisclosures = 64;

/// Encodes a Salted Disclosed Claim [salt, value, key].
/// @param value  encoded
Bytes makeDisclosure(const ByteArray<16>& salt16, ByteView value, std::int64_t key);

/// The Blinded Claim Hash: SHA-256 over the disclosure wrapped in a byte string.
/// @source draft-ietf-spice-sd-cwt-07, 7.2
ByteArray<32> blindedHash32(ByteView disclosure);

/// The disclosures in an unprotected header's sd_claims (17); empty without that header.
/// @error disclosure.shape  not an array of 1..64 byte strings
Result<std::vector<Bytes>> readDisclosures(cbor::Item unprotected);

/// Puts each disclosed claim where its hash stands and drops the hashes that stay redacted.
///
/// @return the Validated Disclosed Claims Set, encoded
/// @error disclosure.shape      not [salt, value, key], [salt, value] or [salt]; or hashes out of place
/// @error disclosure.unmatched  no hash in the payload, or in a disclosed value, belongs to it
/// @error disclosure.duplicate  given twice, its hash stands twice, or its key exists already
/// @error cbor.*                a disclosure is not deterministic CBOR
/// @source draft-ietf-spice-sd-cwt-07, 9, step 7
Result<Bytes> resolveClaims(cbor::Item payload, const std::vector<Bytes>& disclosures);

}  // namespace liangma::sdcwt
