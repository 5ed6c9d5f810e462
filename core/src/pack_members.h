// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>

#include "liangma/region_pack.h"
#include "profile.h"
#include "rules/json.h"

/// Reading a region pack member by member, and saying where it is wrong.
namespace liangma::packs {

using rules::Json;

/// One line of text that a pack shows.
bool isSentence(std::string_view text);

/// Where the first fault of a pack is noted.
struct Faults {
  PackFault fault;
  Errc code = Errc::PackShape;
  bool found = false;

  void add(std::string place, std::string message, Errc why = Errc::PackShape);
};

/// Reads the members of one object, and refuses those that nobody asked for.
class Members {
 public:
  Members(const Json& json, std::string place, Faults& faults);

  const Json* find(const char* name);
  const Json& require(const char* name);
  bool has(const char* name) const;

  /// A string for which `accepts` holds.
  std::string text(const char* name, bool (*accepts)(std::string_view));
  std::uint64_t number(const char* name, std::uint64_t least, std::uint64_t most);
  bool flag(const char* name);
  /// Texts by language, among them zh-Hans and en.
  Names names(const char* name);
  UnixSeconds time(const char* name);
  /// Calls `read(element, place)` with each element.
  void list(const char* name, std::size_t most,
            const std::function<void(const Json&, const std::string&)>& read);
  /// One of the two says where it comes from; gives whether it is an assumption.
  bool origin();
  void finish();

  std::string placeOf(const std::string& name) const;
  void fail(const std::string& name, std::string message, Errc why = Errc::PackShape);

 private:
  const Json& json_;
  std::string place_;
  Faults& faults_;
  std::size_t read_ = 0;
};

/// Notes an id that is in `ids` already, and keeps it there.
void refuseTwin(const std::string& id, std::set<std::string>& ids, const std::string& place, Faults& faults);

template <class T, class Id>
void refuseTwins(const std::vector<T>& entries, const std::string& place, Id id, Faults& faults) {
  std::set<std::string> ids;
  for (const auto& entry : entries) refuseTwin(id(entry), ids, place, faults);
}

}  // namespace liangma::packs
