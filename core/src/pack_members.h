// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "date_time.h"
#include "liangma/region_pack.h"
#include "profile.h"
#include "rules/json.h"

/// Reading a region pack member by member, and saying where it is wrong.
namespace liangma::packs {

using rules::Json;

/// One line of text that a pack shows.
inline bool isSentence(std::string_view text) {
  constexpr std::size_t kMaxTextBytes = 400;
  return profile::isPlainText(text, kMaxTextBytes);
}

/// Where the first fault of a pack is noted.
struct Faults {
  PackFault fault;
  Errc code = Errc::PackShape;
  bool found = false;

  void add(std::string place, std::string message, Errc why = Errc::PackShape) {
    if (found) return;
    found = true;
    fault = {std::move(place), std::move(message)};
    code = why;
  }
};

/// Reads the members of one object, and refuses those that nobody asked for.
class Members {
 public:
  Members(const Json& json, std::string place, Faults& faults)
      : json_(json), place_(std::move(place)), faults_(faults) {
    if (!json.is_object()) fail("", "an object is needed");
  }

  const Json* find(const char* name) {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(name);
    if (found == json_.end()) return nullptr;
    ++read_;
    return &*found;
  }

  const Json& require(const char* name) {
    static const Json kNothing;
    const Json* found = find(name);
    if (found == nullptr) fail(name, "is missing");
    return found == nullptr ? kNothing : *found;
  }

  bool has(const char* name) const { return json_.is_object() && json_.contains(name); }

  /// A string for which `accepts` holds.
  template <class Accepts>
  std::string text(const char* name, Accepts accepts) {
    const Json& value = require(name);
    if (value.is_string() && accepts(value.get_ref<const std::string&>())) return value.get<std::string>();
    fail(name, "is out of range");
    return {};
  }

  std::uint64_t number(const char* name, std::uint64_t least, std::uint64_t most) {
    const Json& value = require(name);
    const auto got = value.is_number_unsigned() ? value.get<std::uint64_t>() : most + 1;
    if (got < least || got > most) fail(name, "is out of range");
    return got;
  }

  bool flag(const char* name) {
    const Json* value = find(name);
    if (value != nullptr && !value->is_boolean()) fail(name, "must be true or false");
    return value != nullptr && value->is_boolean() && value->get<bool>();
  }

  /// Texts by language, among them zh-Hans and en.
  Names names(const char* name) {
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

  UnixSeconds time(const char* name) {
    const Json& value = require(name);
    const auto parsed = value.is_string() ? parseDateTime(value.get_ref<const std::string&>()) : std::nullopt;
    if (!parsed || parsed->milliseconds < 0) fail(name, "a date-time is needed");
    return parsed ? parsed->milliseconds / 1000 : 0;
  }

  /// Calls `read(element, place)` with each element.
  template <class Read>
  void list(const char* name, std::size_t most, Read read) {
    const Json& value = require(name);
    if (!value.is_array() || value.size() > most) return fail(name, "an array is needed, and not so long");
    for (std::size_t i = 0; i < value.size(); ++i) read(value[i], placeOf(name) + "/" + std::to_string(i));
  }

  /// One of the two says where it comes from; gives whether it is an assumption.
  bool origin() {
    const bool isAssumption = flag("assumption");
    if (isAssumption == has("source")) fail("source", "either a source or assumption is needed");
    if (!isAssumption) text("source", isSentence);
    return isAssumption;
  }

  void finish() {
    if (json_.is_object() && read_ != json_.size()) fail("", "holds a member that is not known");
  }

  std::string placeOf(const std::string& name) const { return name.empty() ? place_ : place_ + "/" + name; }
  void fail(const std::string& name, std::string message, Errc why = Errc::PackShape) {
    faults_.add(placeOf(name), std::move(message), why);
  }

 private:
  const Json& json_;
  std::string place_;
  Faults& faults_;
  std::size_t read_ = 0;
};

template <class T, class Id>
void refuseTwins(const std::vector<T>& entries, const std::string& place, Id id, Faults& faults) {
  std::set<std::string> ids;
  for (const auto& entry : entries)
    if (!ids.insert(id(entry)).second) faults.add(place, id(entry) + " stands twice");
}

}  // namespace liangma::packs
