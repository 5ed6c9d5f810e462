// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace liangma::server {

/// Writes `{"time":…,"event":…,…}` as one line to standard output, at once.
///
/// Fields never hold personal data, addresses, tokens, tickets, nonces or anything else that a client sent,
/// apart from what was matched against a fixed set.
void log(std::string_view event, const nlohmann::ordered_json& fields = nlohmann::ordered_json::object());

}  // namespace liangma::server
