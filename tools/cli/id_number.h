// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace liangma::tools {

/// The check character of a resident's ID number.
///
/// @param digits17  the first 17 characters, all digits
/// @return '0'..'9' or 'X'; '\0' where the argument is something else
/// @source GB 11643-1999; ISO 7064, MOD 11-2
char idNumberCheckCharacter(std::string_view digits17);

/// Whether a text has the form of a resident's ID number: 18 characters, a birth date that exists, the right
/// check character. It says nothing about whether the number was ever given to anybody.
bool isIdNumber(std::string_view text);

}  // namespace liangma::tools
