// SPDX-License-Identifier: Apache-2.0
#include "cli/json_reader.h"

#include <algorithm>

#include "cli/failure.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

[[noreturn]] void failShape(const std::string& path, std::string_view why) {
  std::string message = printable(path);
  if (message.back() != ':') message += ':';
  failBadData("cli.json-shape", message + " " + std::string(why));
}

/// Builds a value from a parser's events, and stops at a member that comes twice.
class StrictBuilder : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }
  bool foundDuplicate() const { return duplicate_; }

  bool null() override { return add(nullptr) != nullptr; }
  bool boolean(bool value) override { return add(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return add(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return add(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override { return add(value) != nullptr; }
  bool string(string_t& value) override { return add(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    const auto [member, isNew] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(name));
    member_ = &member->second;
    duplicate_ = !isNew;
    return isNew;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  Json* add(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (open_.back()->is_object()) return &(*member_ = std::move(value));
    return &open_.back()->get_ref<Json::array_t&>().emplace_back(std::move(value));
  }
  bool open(Json container) {
    open_.push_back(add(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  ///< an array does not grow while one of its elements is open
  Json* member_ = nullptr;
  bool duplicate_ = false;
};

}  // namespace

Json parseJson(std::string_view text, const std::string& source) {
  StrictBuilder builder;
  const bool isWhole = text.find('\0') == std::string_view::npos;  // the parser stops there
  const bool good = isWhole && Json::sax_parse(text, &builder);
  if (builder.foundDuplicate())
    failBadData("cli.json-malformed", source + ": an object has the same member twice");
  if (!good) failBadData("cli.json-malformed", source + ": is not JSON");
  return builder.take();
}

ObjectReader::ObjectReader(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
  if (!object.is_object()) failShape(path_, "must be an object");
  read_.reserve(object.size());
}

const Json* ObjectReader::find(std::string_view name) {
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : read_.emplace_back(&*found);
}

const Json& ObjectReader::require(std::string_view name) {
  const Json* member = find(name);
  if (member == nullptr) refuse(name, "is missing");
  return *member;
}

std::string ObjectReader::text(std::string_view name) {
  const auto* value = require(name).get_ptr<const std::string*>();
  if (value == nullptr) refuse(name, "must be a string");
  return *value;
}

std::optional<std::string> ObjectReader::optionalText(std::string_view name) {
  return find(name) == nullptr ? std::nullopt : std::optional(text(name));
}

bool ObjectReader::flag(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) refuse(name, "must be true or false");
  return value->get<bool>();
}

std::uint64_t ObjectReader::integer(std::string_view name, std::uint64_t most) {
  const auto* value = require(name).get_ptr<const std::uint64_t*>();
  if (value == nullptr || *value > most) refuse(name, "must be an integer from 0 to " + std::to_string(most));
  return *value;
}

std::optional<std::uint64_t> ObjectReader::optionalInteger(std::string_view name, std::uint64_t most) {
  return find(name) == nullptr ? std::nullopt : std::optional(integer(name, most));
}

std::vector<Json> ObjectReader::optionalArray(std::string_view name) {
  const Json* member = find(name);
  if (member == nullptr) return {};
  if (!member->is_array()) refuse(name, "must be an array");
  return {member->begin(), member->end()};
}

std::vector<std::string> ObjectReader::optionalTexts(std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& element : optionalArray(name)) {
    if (!element.is_string()) refuse(name, "must be an array of strings");
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::vector<std::uint8_t> ObjectReader::bytes32(std::string_view name) {
  return bytes32FromText(text(name), pathOf(name));
}

void ObjectReader::finish() const {
  for (const auto& [name, value] : object_.items())
    if (std::find(read_.begin(), read_.end(), &value) == read_.end())
      refuse(name, "is not a member known here");
}

std::string ObjectReader::pathOf(std::string_view name) const {
  return path_ + (path_.back() == ':' ? " " : ".") + std::string(name);
}

void ObjectReader::refuse(std::string_view name, std::string_view why) const {
  failShape(pathOf(name), why);
}

std::vector<std::uint8_t> bytes32FromText(const std::string& text, const std::string& path) {
  auto bytes = decodeBase64url(text);
  if (!bytes || bytes->size() != 32) failShape(path, "must be 32 bytes in base64url without padding");
  return std::move(*bytes);
}

}  // namespace liangma::tools
