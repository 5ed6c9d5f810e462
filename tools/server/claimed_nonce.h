// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "liangma/bytes.h"

namespace liangma::server {

inline constexpr std::size_t kNonceBytes = 16;

/// The nonces of 16 or 32 bytes that a signed token may claim to answer, as base64url: at most 8.
///
/// A token names its nonce only inside what is signed, and must not be believed before it is verified. So
/// this only finds *which* of the server's outstanding challenges to verify it against: a wrong guess is not
/// an outstanding one, or is refused by openKeyProof() and verify(), which compare the claim itself.
std::vector<std::string> claimedNonces(ByteView token, std::size_t nonceBytes = kNonceBytes);

/// The device key that a signed token may claim to be of, as base64url; empty: none. As little to be
/// believed: it only names whose reply a request with an idempotency key asks for.
std::string claimedKey(ByteView token);

}  // namespace liangma::server
