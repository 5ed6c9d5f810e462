// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/bytes.h"

namespace liangma::server {

/// HMAC-SHA-256 of a text in base64url, which nobody without the secret can make or try out.
///
/// @param purpose  keeps hashes of one use from being taken for those of another; no NUL in it
std::string keyedHash(ByteView secret32, std::string_view purpose, std::string_view text);

}  // namespace liangma::server
