// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "liangma/bytes.h"

namespace liangma::server {

/// Whether a text has nothing that is not seen, but for tabs and ends of lines, and nothing that turns the
/// order of what is beside it.
bool isPrintable(std::string_view text);

/// The object that a client sent: at most 4 levels deep, no member twice. Members that nobody asks for are
/// ignored.
///
/// Every function throws the Problem http.malformed, which points at the member, where it is not as asked.
class JsonBody {
 public:
  static constexpr int kMaxDepth = 4;

  explicit JsonBody(std::string_view body);

  bool has(const char* name) const { return object_.contains(name); }
  /// Whether it has no member but these.
  bool holdsOnly(std::initializer_list<std::string_view> names) const;
  /// A text of 1..maxBytes bytes of UTF-8, without control characters but tabs and ends of lines, and without
  /// marks that turn its direction.
  std::string text(const char* name, std::size_t maxBytes) const;
  std::optional<std::string> optionalText(const char* name, std::size_t maxBytes) const;
  /// A text on one line that begins with no blank.
  std::optional<std::string> optionalLine(const char* name, std::size_t maxBytes) const;
  std::optional<std::int64_t> optionalInteger(const char* name, std::int64_t least, std::int64_t most) const;
  /// The text of an object inside.
  std::string object(const char* name) const;
  /// Base64url without padding, of 1..maxBytes bytes.
  Bytes bytes(const char* name, std::size_t maxBytes) const;
  std::int64_t integer(const char* name, std::int64_t least, std::int64_t most) const;
  /// false where it is absent
  bool flag(const char* name) const;
  /// 1..maxCount texts, each as text() takes it.
  std::vector<std::string> texts(const char* name, std::size_t maxCount, std::size_t maxBytes) const;
  /// 0..maxCount texts.
  std::vector<std::string> optionalTexts(const char* name, std::size_t maxCount, std::size_t maxBytes) const;
  JsonBody inner(const char* name) const;
  /// 1..maxCount objects.
  std::vector<JsonBody> objects(const char* name, std::size_t maxCount) const;
  /// A text by language, such as {"en": "Hello"}; empty where it is absent.
  std::map<std::string, std::string> textByLanguage(const char* name, std::size_t maxBytes) const;

  /// Throws http.malformed for a member whose value the caller cannot take.
  [[noreturn]] void refuse(const char* name) const;

 private:
  JsonBody() = default;
  static JsonBody inside(const nlohmann::json& object, std::string pointer);
  std::string pointerTo(const char* name) const;

  nlohmann::json object_;
  std::string pointer_;  ///< to this object in what was sent; empty: all of it
};

}  // namespace liangma::server
