// SPDX-License-Identifier: Apache-2.0
#include "server/json_body.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
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

/// Null: it is not one of 1..maxBytes bytes that can be shown.
const std::string* readText(const Json& json, std::size_t maxBytes) {
  const auto* value = json.get_ptr<const std::string*>();
  const bool fits = value != nullptr && !value->empty() && value->size() <= maxBytes;
  return fits && isPrintable(*value) ? value : nullptr;
}

}  // namespace

bool isPrintable(std::string_view text) {
  const auto isControl = [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  };
  if (std::any_of(text.begin(), text.end(), isControl)) return false;
  constexpr std::string_view kTurning[] = {
      "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
      "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u061c",
  };
  return std::none_of(std::begin(kTurning), std::end(kTurning),
                      [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

JsonBody::JsonBody(std::string_view body) : object_(Json::parse(body, Guard(), false)) {
  const bool isWhole = body.find('\0') == std::string_view::npos;  // the parser stops there
  if (!isWhole || !object_.is_object()) throw malformed();
}

bool JsonBody::holdsOnly(std::initializer_list<std::string_view> names) const {
  const auto isKnown = [&](const auto& member) {
    return std::find(names.begin(), names.end(), member.key()) != names.end();
  };
  const auto members = object_.items();
  return std::all_of(members.begin(), members.end(), isKnown);
}

std::optional<std::string> JsonBody::optionalText(const char* name, std::size_t maxBytes) const {
  const auto member = object_.find(name);
  if (member == object_.end()) return std::nullopt;
  const auto* value = readText(*member, maxBytes);
  if (value == nullptr) refuse(name);
  return *value;
}

std::optional<std::string> JsonBody::optionalLine(const char* name, std::size_t maxBytes) const {
  auto line = optionalText(name, maxBytes);
  if (line && (line->find_first_of("\t\n\r") != std::string::npos || line->front() == ' ')) refuse(name);
  return line;
}

std::string JsonBody::text(const char* name, std::size_t maxBytes) const {
  auto value = optionalText(name, maxBytes);
  if (!value) refuse(name);
  return std::move(*value);
}

std::optional<std::int64_t> JsonBody::optionalInteger(const char* name, std::int64_t least,
                                                      std::int64_t most) const {
  const auto member = object_.find(name);
  if (member == object_.end()) return std::nullopt;
  const auto* value = member->get_ptr<const std::int64_t*>();
  if (value == nullptr || *value < least || *value > most) refuse(name);
  return *value;
}

std::string JsonBody::object(const char* name) const {
  const auto member = object_.find(name);
  if (member == object_.end() || !member->is_object()) refuse(name);
  return member->dump(-1, ' ', false, Json::error_handler_t::replace);
}

Bytes JsonBody::bytes(const char* name, std::size_t maxBytes) const {
  auto value = tools::decodeBase64url(text(name, (maxBytes * 4 + 2) / 3));
  if (!value) refuse(name);
  return std::move(*value);
}

std::int64_t JsonBody::integer(const char* name, std::int64_t least, std::int64_t most) const {
  const auto member = object_.find(name);
  if (member == object_.end() || !member->is_number_integer()) refuse(name);
  const bool fits = !member->is_number_unsigned() || member->get<std::uint64_t>() <= INT64_MAX;
  const auto value = fits ? member->get<std::int64_t>() : 0;
  if (!fits || value < least || value > most) refuse(name);
  return value;
}

bool JsonBody::flag(const char* name) const {
  const auto member = object_.find(name);
  if (member == object_.end()) return false;
  if (!member->is_boolean()) refuse(name);
  return member->get<bool>();
}

std::vector<std::string> JsonBody::texts(const char* name, std::size_t maxCount, std::size_t maxBytes) const {
  auto values = optionalTexts(name, maxCount, maxBytes);
  if (values.empty()) refuse(name);
  return values;
}

std::vector<std::string> JsonBody::optionalTexts(const char* name, std::size_t maxCount,
                                                 std::size_t maxBytes) const {
  const auto member = object_.find(name);
  if (member == object_.end() || !member->is_array() || member->size() > maxCount) refuse(name);
  std::vector<std::string> values;
  for (const auto& one : *member) {
    const auto* value = readText(one, maxBytes);
    if (value == nullptr) refuse(name);
    values.push_back(*value);
  }
  return values;
}

void JsonBody::refuse(const char* name) const {
  throw Problem{400, malformed().code, {}, pointerTo(name)};
}

std::string JsonBody::pointerTo(const char* name) const {
  return pointer_ + '/' + name;
}

JsonBody JsonBody::inside(const Json& object, std::string pointer) {
  if (!object.is_object()) throw Problem{400, malformed().code, {}, std::move(pointer)};
  JsonBody body;
  body.object_ = object;
  body.pointer_ = std::move(pointer);
  return body;
}

JsonBody JsonBody::inner(const char* name) const {
  const auto member = object_.find(name);
  if (member == object_.end()) refuse(name);
  return inside(*member, pointerTo(name));
}

std::vector<JsonBody> JsonBody::objects(const char* name, std::size_t maxCount) const {
  const auto member = object_.find(name);
  if (member == object_.end() || !member->is_array() || member->empty() || member->size() > maxCount)
    refuse(name);
  std::vector<JsonBody> values;
  for (const auto& one : *member)
    values.push_back(inside(one, pointerTo(name) + '/' + std::to_string(values.size())));
  return values;
}

std::map<std::string, std::string> JsonBody::textByLanguage(const char* name, std::size_t maxBytes) const {
  constexpr std::size_t kMaxLanguages = 16, kMaxTag = 16;
  std::map<std::string, std::string> texts;
  const auto member = object_.find(name);
  if (member == object_.end()) return texts;
  if (!member->is_object() || member->size() > kMaxLanguages) refuse(name);
  for (const auto& [language, text] : member->items()) {
    const auto* value = readText(text, maxBytes);
    if (language.empty() || language.size() > kMaxTag || value == nullptr) refuse(name);
    texts[language] = *value;
  }
  return texts;
}

}  // namespace liangma::server
