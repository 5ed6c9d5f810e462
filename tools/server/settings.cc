// SPDX-License-Identifier: Apache-2.0
#include "server/settings.h"

#include <cstdlib>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"

namespace liangma::server {
namespace {

using tools::Json;
using tools::ObjectReader;
using tools::OrderedJson;

constexpr const char* kFileName = "server.json";

std::map<std::string, std::string> readOthers(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  std::map<std::string, std::string> others;
  for (const auto& [issuer, key] : json.items()) others[issuer] = reader.text(issuer);
  reader.finish();
  return others;
}

std::map<std::string, std::vector<std::string>> readLaterKeys(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  std::map<std::string, std::vector<std::string>> keys;
  for (const auto& [issuer, files] : json.items()) keys[issuer] = reader.optionalTexts(issuer);
  reader.finish();
  return keys;
}

UnixSeconds readSeconds(ObjectReader& reader, const std::string& name, UnixSeconds least, UnixSeconds most,
                        UnixSeconds fallback) {
  const auto given = reader.optionalInteger(name, static_cast<std::uint64_t>(most));
  if (given && static_cast<UnixSeconds>(*given) < least)
    reader.refuse(name, "must be at least " + std::to_string(least));
  return given ? static_cast<UnixSeconds>(*given) : fallback;
}

int readOffset(ObjectReader& reader) {
  const auto* minutes = reader.require("utcOffsetMinutes").get_ptr<const std::int64_t*>();
  if (minutes == nullptr || *minutes < -720 || *minutes > 840)
    reader.refuse("utcOffsetMinutes", "must be -720..840");
  return static_cast<int>(*minutes);
}

AuthoritySettings readAuthority(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  AuthoritySettings settings;
  settings.issuer = reader.text("issuer");
  settings.key = reader.text("key");
  settings.credentialSeconds = static_cast<UnixSeconds>(reader.integer("credentialSeconds", 24 * 3600));
  if (settings.credentialSeconds < 3600) reader.refuse("credentialSeconds", "must be 3600..86400");
  if (const Json* others = reader.find("alsoSignsFor"))
    settings.alsoSignsFor = readOthers(*others, reader.pathOf("alsoSignsFor"));
  if (const Json* later = reader.find("laterKeys"))
    settings.laterKeys = readLaterKeys(*later, reader.pathOf("laterKeys"));
  settings.secret = reader.optionalText("secret").value_or(settings.secret);
  if (reader.find("utcOffsetMinutes") != nullptr) settings.utcOffsetMinutes = readOffset(reader);
  settings.appealSeconds = readSeconds(reader, "appealSeconds", 3600, 30 * 24 * 3600, settings.appealSeconds);
  settings.statusSeconds = readSeconds(reader, "statusSeconds", 600, 7 * 24 * 3600, settings.statusSeconds);
  settings.statusRefreshSeconds =
      readSeconds(reader, "statusRefreshSeconds", 10, 3600, settings.statusRefreshSeconds);
  reader.finish();
  return settings;
}

ClinicSettings readClinic(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  ClinicSettings settings;
  settings.id = reader.text("id");
  settings.base = reader.text("base");
  settings.requestKey = reader.text("requestKey");
  settings.sealingKey = reader.text("sealingKey");
  reader.find("deskToken");  // written before desks had login codes; no longer of use
  settings.departments = reader.optionalTexts("departments");
  settings.utcOffsetMinutes = readOffset(reader);
  reader.finish();
  return settings;
}

OrderedJson toJson(const AuthoritySettings& settings) {
  return {{"issuer", settings.issuer},
          {"key", settings.key},
          {"credentialSeconds", settings.credentialSeconds},
          {"alsoSignsFor", settings.alsoSignsFor},
          {"laterKeys", settings.laterKeys},
          {"secret", settings.secret},
          {"utcOffsetMinutes", settings.utcOffsetMinutes},
          {"appealSeconds", settings.appealSeconds},
          {"statusSeconds", settings.statusSeconds},
          {"statusRefreshSeconds", settings.statusRefreshSeconds}};
}

OrderedJson toJson(const ClinicSettings& settings) {
  return {{"id", settings.id},
          {"base", settings.base},
          {"requestKey", settings.requestKey},
          {"sealingKey", settings.sealingKey},
          {"departments", settings.departments},
          {"utcOffsetMinutes", settings.utcOffsetMinutes}};
}

}  // namespace

std::map<std::string, std::vector<std::string>> signingKeyFiles(const AuthoritySettings& authority) {
  std::map<std::string, std::vector<std::string>> files;
  for (const auto& [issuer, file] : authority.alsoSignsFor) files[issuer] = {file};
  files[authority.issuer] = {authority.key};
  for (const auto& [issuer, later] : authority.laterKeys)
    files[issuer].insert(files[issuer].end(), later.begin(), later.end());
  return files;
}

std::filesystem::file_time_type settingsChanged(const std::filesystem::path& data) {
  std::error_code failed;
  return std::filesystem::last_write_time(data / kFileName, failed);
}

Settings readSettings(const std::filesystem::path& data) {
  const std::string path = data / kFileName;
  const Json json = tools::parseJson(tools::readInput(path), path);
  ObjectReader reader(json, path);
  Settings settings;
  if (const Json* authority = reader.find("authority"))
    settings.authority = readAuthority(*authority, reader.pathOf("authority"));
  for (const Json& clinic : reader.optionalArray("clinics"))
    settings.clinics.push_back(readClinic(clinic, reader.pathOf("clinics")));
  reader.finish();
  return settings;
}

void writeSettings(const std::filesystem::path& data, const Settings& settings) {
  OrderedJson json = OrderedJson::object();
  if (settings.authority) json["authority"] = toJson(*settings.authority);
  json["clinics"] = OrderedJson::array();
  for (const auto& clinic : settings.clinics) json["clinics"].push_back(toJson(clinic));
  tools::writeOutput(data / kFileName, tools::jsonPage(json));
}

/// The text of a key's file, or of the environment's variable that "env:NAME" names.
std::string secretText(const std::filesystem::path& file) {
  const std::string name = file.filename();
  if (!name.starts_with("env:")) return tools::readSecretFile(file);
  const char* text = std::getenv(name.c_str() + 4);
  if (text == nullptr) tools::failUsage("cli.file-unreadable", name + ": there is no such variable");
  return text;
}

SigningKey readSigningKey(const std::filesystem::path& file) {
  std::string text = secretText(file);
  auto key = tools::signingKeyFromText(text, file);
  tools::wipe(text);
  return key;
}

/// Of several processes that start at once, one makes the file.
void makeSecret(const std::filesystem::path& file) {
  tools::SystemEntropy entropy(32);
  std::string text = tools::jsonPage(
      OrderedJson{{"kty", "oct"}, {"alg", "HS256"}, {"k", tools::encodeBase64url(entropy.bytes())}});
  try {
    tools::writeSecretFile(file, text, false);
  } catch (const tools::Failure&) {
    if (!std::filesystem::exists(file)) throw;
  }
  tools::wipe(text);
}

Bytes readOrMakeSecret(const std::filesystem::path& file) {
  const bool isVariable = file.filename().string().starts_with("env:");
  if (!isVariable && !std::filesystem::exists(file)) makeSecret(file);
  std::string text = secretText(file);
  const Json json = tools::parseJson(text, file);
  tools::wipe(text);
  ObjectReader reader(json, file);
  return reader.bytes32("k");
}

SealingKey readSealingKey(const std::filesystem::path& file) {
  std::string text = secretText(file);
  auto key = tools::sealingKeyFromText(text, file);
  tools::wipe(text);
  return key;
}

template <class Key>
Key makeKey(const std::filesystem::path& file, bool sealed) {
  tools::SystemEntropy entropy(32);
  auto key = tools::need(Key::generate(entropy.get()), file.string());
  std::string text = tools::keyFileText(key, sealed);
  tools::writeSecretFile(file, text, false);
  tools::wipe(text);
  return key;
}

SigningKey makeSigningKey(const std::filesystem::path& file, bool sealed) {
  return makeKey<SigningKey>(file, sealed);
}
SealingKey makeSealingKey(const std::filesystem::path& file, bool sealed) {
  return makeKey<SealingKey>(file, sealed);
}

}  // namespace liangma::server
