// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace liangma::server {

/// What somebody may type for a login code, hyphens and blanks included.
constexpr std::size_t kMaxLoginCode = 64;

/// Draws a code that lets somebody in: 10 letters and digits that are not taken for one another.
std::string makeLoginCode();

/// A login code as it was made, though it was typed in small letters, with hyphens or blanks.
std::string tidyLoginCode(const std::string& typed);

}  // namespace liangma::server
