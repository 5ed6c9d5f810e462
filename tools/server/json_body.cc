// SPDX-License-Identifier: Apache-2.0
#include "server/json_body.h"

#include <set>
#include <vector>

#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using Json = nlohmann::json;

/// Refuses depth and doubles while the text is read, before anything is built of them.
class Guard {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth >= JsonBody::kMaxDepth) throw malformed();
    if (event == Json::parse_event_t::object_start) members_.emplace_back();
    if (event == Json::parse_event_t::object_end) members_.pop_back();
    if (event == Json::parse_event_t::key && !members_.back().insert(parsed.get<std::string>()).second)
      throw malformed();
    return true;
  }

 private:
  std::vector<std::set<std::string>> members_;
};

}  // namespace

JsonBody::JsonBody(std::string_view body) : object_(Json::parse(body, Guard(), false)) {
  if (!object_.is_object()) throw malformed();
}

std::optional<std::string> JsonBody::optionalText(const char* name, std::size_t maxBytes) const {
  const auto member = object_.find(name);
  if (member == object_.end()) return std::nullopt;
  const auto* value = member->get_ptr<const std::string*>();
  if (value == nullptr || value->empty() || value->size() > maxBytes) throw malformed();
  if (value->find('\0') != std::string::npos) throw malformed();
  return *value;
}

std::string JsonBody::text(const char* name, std::size_t maxBytes) const {
  auto value = optionalText(name, maxBytes);
  if (!value) throw malformed();
  return std::move(*value);
}

std::optional<std::int64_t> JsonBody::optionalInteger(const char* name, std::int64_t least,
                                                      std::int64_t most) const {
  const auto member = object_.find(name);
  if (member == object_.end()) return std::nullopt;
  const auto* value = member->get_ptr<const std::int64_t*>();
  if (value == nullptr || *value < least || *value > most) throw malformed();
  return *value;
}

std::string JsonBody::object(const char* name) const {
  const auto member = object_.find(name);
  if (member == object_.end() || !member->is_object()) throw malformed();
  return member->dump(-1, ' ', false, Json::error_handler_t::replace);
}

Bytes JsonBody::bytes(const char* name, std::size_t maxBytes) const {
  auto value = tools::decodeBase64url(text(name, (maxBytes * 4 + 2) / 3));
  if (!value) throw malformed();
  return std::move(*value);
}

}  // namespace liangma::server
