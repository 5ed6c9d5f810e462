// SPDX-License-Identifier: Apache-2.0
#include "pack_members.h"

#include "date_time.h"

namespace liangma::packs {
namespace {

constexpr std::size_t kMaxTextBytes = 400;

}  // namespace

bool isSentence(std::string_view text) {
  return profile::isPlainText(text, kMaxTextBytes);
}

void Faults::add(std::string place, std::string message, Errc why) {
  if (found) return;
  found = true;
  fault = {std::move(place), std::move(message)};
  code = why;
}

Members::Members(const Json& json, std::string place, Faults& faults)
    : json_(json), place_(std::move(place)), faults_(faults) {
  if (!json.is_object()) fail("", "an object is needed");
}

const Json* Members::find(const char* name) {
  if (!json_.is_object()) return nullptr;
  const auto found = json_.find(name);
  if (found == json_.end()) return nullptr;
  ++read_;
  return &*found;
}

const Json& Members::require(const char* name) {
  static const Json kNothing;
  const Json* found = find(name);
  if (found == nullptr) fail(name, "is missing");
  return found == nullptr ? kNothing : *found;
}

bool Members::has(const char* name) const {
  return json_.is_object() && json_.contains(name);
}

std::string Members::text(const char* name, bool (*accepts)(std::string_view)) {
  const Json& value = require(name);
  if (value.is_string() && accepts(value.get_ref<const std::string&>())) return value.get<std::string>();
  fail(name, "is out of range");
  return {};
}

std::uint64_t Members::number(const char* name, std::uint64_t least, std::uint64_t most) {
  const Json& value = require(name);
  const auto got = value.is_number_unsigned() ? value.get<std::uint64_t>() : most + 1;
  if (got < least || got > most) fail(name, "is out of range");
  return got;
}

bool Members::flag(const char* name) {
  const Json* value = find(name);
  if (value != nullptr && !value->is_boolean()) fail(name, "must be true or false");
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

Names Members::names(const char* name) {
  Names names;
  const Json& value = require(name);
  for (const char* language : {"zh-Hans", "en"})
    if (!value.is_object() || !value.contains(language)) fail(name, "zh-Hans and en are needed");
  if (!value.is_object()) return names;
  for (const auto& [language, text] : value.items()) {
    if (!text.is_string() || !isSentence(text.get_ref<const std::string&>())) fail(name, "is out of range");
    names[language] = text.is_string() ? text.get<std::string>() : "";
  }
  return names;
}

UnixSeconds Members::time(const char* name) {
  const Json& value = require(name);
  const auto parsed = value.is_string() ? parseDateTime(value.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed || parsed->milliseconds < 0) fail(name, "a date-time is needed");
  return parsed ? parsed->milliseconds / 1000 : 0;
}

void Members::list(const char* name, std::size_t most,
                   const std::function<void(const Json&, const std::string&)>& read) {
  const Json& value = require(name);
  if (!value.is_array() || value.size() > most) return fail(name, "an array is needed, and not so long");
  for (std::size_t i = 0; i < value.size(); ++i) read(value[i], placeOf(name) + "/" + std::to_string(i));
}

bool Members::origin() {
  const bool isAssumption = flag("assumption");
  if (isAssumption == has("source")) fail("source", "either a source or assumption is needed");
  if (!isAssumption) text("source", isSentence);
  return isAssumption;
}

void Members::finish() {
  if (json_.is_object() && read_ != json_.size()) fail("", "holds a member that is not known");
}

std::string Members::placeOf(const std::string& name) const {
  return name.empty() ? place_ : place_ + "/" + name;
}

void Members::fail(const std::string& name, std::string message, Errc why) {
  faults_.add(placeOf(name), std::move(message), why);
}

void refuseTwin(const std::string& id, std::set<std::string>& ids, const std::string& place, Faults& faults) {
  if (!ids.insert(id).second) faults.add(place, id + " stands twice");
}

}  // namespace liangma::packs
