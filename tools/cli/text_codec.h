// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "liangma/bytes.h"

namespace liangma::tools {

/// Encodes bytes as base64url without padding.
///
/// @source RFC 4648, 5
std::string encodeBase64url(ByteView bytes);

/// Decodes base64url; nothing but the encoder's own output is accepted.
std::optional<Bytes> decodeBase64url(std::string_view text);

/// Encodes bytes as lower-case hexadecimal digits.
std::string encodeHex(ByteView bytes);

/// Decodes an even number of hexadecimal digits of either case.
std::optional<Bytes> decodeHex(std::string_view text);

/// Makes text safe to print on a terminal: control characters, characters that turn the direction of writing
/// and bytes that are not UTF-8 are written as `\u{…}` and `\x…`.
std::string printable(std::string_view text);

}  // namespace liangma::tools
