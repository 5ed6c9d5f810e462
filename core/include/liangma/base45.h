// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/bytes.h"
#include "liangma/result.h"

namespace liangma {

/// Encodes bytes as Base45: two bytes to three characters, a last odd byte to two.
///
/// @return only characters of the QR alphanumeric set
/// @source RFC 9285, section 4
std::string encodeBase45(ByteView bytes);

/// Decodes Base45; nothing but the encoder's own output is accepted.
///
/// @error  base45.character  a character outside the alphabet (lower case too)
/// @error  base45.length     length modulo 3 is 1
/// @error  base45.overflow   a group above 65535, or a last pair above 255
/// @source RFC 9285, sections 4 and 6
Result<Bytes> decodeBase45(std::string_view text);

}  // namespace liangma
