// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace liangma::tools {

/// What is read; its members are sorted.
using Json = nlohmann::json;

/// Parses JSON text strictly: UTF-8, no comments, nothing after the value, no member twice.
///
/// @param source  what to name in the message, such as the file
/// @throws Failure  cli.json-malformed (bad data)
Json parseJson(std::string_view text, const std::string& source);

/// Reads the members of one object and refuses those that nobody asked for, so that a misspelt one is not
/// ignored.
///
/// Every function throws a Failure, cli.json-shape (bad data), that names the member.
class ObjectReader {
 public:
  /// @param path  of the object, such as "claims.json: identity", or "claims.json:" for the outermost; begins
  /// every
  ///              message
  ObjectReader(const Json& object, std::string path);

  /// The member, or nullptr where it is absent.
  const Json* find(std::string_view name);
  const Json& require(std::string_view name);

  std::string text(std::string_view name);
  std::optional<std::string> optionalText(std::string_view name);
  /// false where it is absent
  bool flag(std::string_view name);
  /// An integer from 0 to `most`.
  std::uint64_t integer(std::string_view name, std::uint64_t most);
  std::optional<std::uint64_t> optionalInteger(std::string_view name, std::uint64_t most);
  /// The elements of an array; none where the member is absent.
  std::vector<Json> optionalArray(std::string_view name);
  std::vector<std::string> optionalTexts(std::string_view name);
  /// Base64url of exactly 32 bytes.
  std::vector<std::uint8_t> bytes32(std::string_view name);

  /// Refuses members that were not read.
  void finish() const;

  std::string pathOf(std::string_view name) const;
  [[noreturn]] void refuse(std::string_view name, std::string_view why) const;

 private:
  const Json& object_;
  std::string path_;
  std::vector<const Json*> read_;
};

/// Decodes base64url of exactly 32 bytes.
///
/// @throws Failure  cli.json-shape (bad data) that names `path`
std::vector<std::uint8_t> bytes32FromText(const std::string& text, const std::string& path);

}  // namespace liangma::tools
