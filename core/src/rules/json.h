// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "liangma/result.h"

namespace liangma::rules {

using Json = nlohmann::json;

/// The longest JSON text that is read, in bytes.
inline constexpr std::size_t kMaxJsonBytes = 1 << 20;
/// How deep arrays and objects may stand inside one another.
inline constexpr std::size_t kMaxJsonDepth = 64;

/// Parses JSON text strictly.
///
/// @error json.malformed  not JSON in UTF-8 without a byte order mark, a member twice in one object, longer
/// or deeper than allowed
Result<Json> parseJson(std::string_view text);

}  // namespace liangma::rules
