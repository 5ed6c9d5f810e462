// SPDX-License-Identifier: Apache-2.0
#include "cli/sentences.h"

#include <nlohmann/json.hpp>

namespace liangma::tools {
namespace {

const nlohmann::json& catalog() {
  static const auto parsed = nlohmann::json::parse(kCatalogEn, nullptr, false);
  return parsed;
}

}  // namespace

std::string sentence(std::string_view id) {
  const auto& messages = catalog();
  const auto found = messages.is_object() ? messages.find(std::string(id)) : messages.end();
  if (found == messages.end() || !found->is_string()) return std::string(id);
  const auto text = found->get<std::string>();
  return text.substr(0, text.find('\n'));
}

}  // namespace liangma::tools
