// SPDX-License-Identifier: Apache-2.0
#include "cli/json_reader.h"

#include "cli/failure.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

[[noreturn]] void failShape(const std::string& path, std::string_view why) {
  std::string message = printable(path);
  if (message.back() != ':') message += ':';
  failBadData("cli.json-shape", message + " " + std::string(why));
}

/// Watches a parser for a member that comes twice in one object.
class DuplicateWatch {
 public:
  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second)
      *found_ = true;
    return true;
  }
  explicit DuplicateWatch(bool* found) : found_(found) {}

 private:
  std::vector<std::set<std::string>> open_;
  bool* found_;
};

}  // namespace

Json parseJson(std::string_view text, const std::string& source) {
  bool duplicate = false;
  Json value = Json::parse(text, DuplicateWatch(&duplicate), false);
  if (value.is_discarded()) failBadData("cli.json-malformed", source + ": is not JSON");
  if (duplicate) failBadData("cli.json-malformed", source + ": an object has the same member twice");
  return value;
}

ObjectReader::ObjectReader(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
  if (!object.is_object()) failShape(path_, "must be an object");
}

const Json* ObjectReader::find(const std::string& name) {
  read_.insert(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

const Json& ObjectReader::require(const std::string& name) {
  const Json* member = find(name);
  if (member == nullptr) refuse(name, "is missing");
  return *member;
}

std::string ObjectReader::text(const std::string& name) {
  const auto* value = require(name).get_ptr<const std::string*>();
  if (value == nullptr) refuse(name, "must be a string");
  return *value;
}

std::optional<std::string> ObjectReader::optionalText(const std::string& name) {
  return find(name) == nullptr ? std::nullopt : std::optional(text(name));
}

std::uint64_t ObjectReader::integer(const std::string& name, std::uint64_t most) {
  const auto* value = require(name).get_ptr<const std::uint64_t*>();
  if (value == nullptr || *value > most) refuse(name, "must be an integer from 0 to " + std::to_string(most));
  return *value;
}

std::optional<std::uint64_t> ObjectReader::optionalInteger(const std::string& name, std::uint64_t most) {
  return find(name) == nullptr ? std::nullopt : std::optional(integer(name, most));
}

std::vector<Json> ObjectReader::optionalArray(const std::string& name) {
  const Json* member = find(name);
  if (member == nullptr) return {};
  if (!member->is_array()) refuse(name, "must be an array");
  return {member->begin(), member->end()};
}

std::vector<std::string> ObjectReader::optionalTexts(const std::string& name) {
  std::vector<std::string> texts;
  for (const Json& element : optionalArray(name)) {
    if (!element.is_string()) refuse(name, "must be an array of strings");
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::vector<std::uint8_t> ObjectReader::bytes32(const std::string& name) {
  return bytes32FromText(text(name), pathOf(name));
}

void ObjectReader::finish() const {
  for (const auto& [name, value] : object_.items())
    if (read_.count(name) == 0) refuse(name, "is not a member known here");
}

std::string ObjectReader::pathOf(const std::string& name) const {
  return path_ + (path_.back() == ':' ? " " : ".") + name;
}

void ObjectReader::refuse(const std::string& name, std::string_view why) const {
  failShape(pathOf(name), why);
}

std::vector<std::uint8_t> bytes32FromText(const std::string& text, const std::string& path) {
  auto bytes = decodeBase64url(text);
  if (!bytes || bytes->size() != 32) failShape(path, "must be 32 bytes in base64url without padding");
  return std::move(*bytes);
}

}  // namespace liangma::tools
