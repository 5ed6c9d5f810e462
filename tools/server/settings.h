// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "liangma/key.h"

namespace liangma::server {

/// What an issuing authority runs with.
struct AuthoritySettings {
  std::string issuer;                         ///< its id in the trust list
  std::string key;                            ///< file with its signing key, in the data folder
  UnixSeconds credentialSeconds = 24 * 3600;  ///< 1 hour to 24 hours
  /// Other issuers for which it signs too, each with its key's file: a province for its cities.
  std::map<std::string, std::string> alsoSignsFor = {};
  /// Keys that came after the first ones, by issuer: see IssuerKeys.
  std::map<std::string, std::vector<std::string>> laterKeys = {};
  /// File with the secret that keys hashes of ID numbers: the same wherever the database is the same.
  std::string secret = "keys/secret.json";
  int utcOffsetMinutes = 480;                 ///< its days begin at midnight there; -720..840
  UnixSeconds appealSeconds = 3 * 24 * 3600;  ///< 1 hour to 30 days: until then an appeal is to be decided
  UnixSeconds statusSeconds = 24 * 3600;      ///< 10 minutes to 7 days: then a status list is stale
  UnixSeconds statusRefreshSeconds = 300;     ///< 10 seconds to 1 hour: then a newer one is due
};

/// The files with its keys in the data folder, by issuer; the first one first.
std::map<std::string, std::vector<std::string>> signingKeyFiles(const AuthoritySettings& authority);

/// What one hospital runs with.
struct ClinicSettings {
  std::string id;                        ///< its verifier id in the trust list
  std::string base;                      ///< where its routes begin, such as "/api/clinic"
  std::string requestKey;                ///< file with the key that signs its requests
  std::string sealingKey;                ///< file with the key that opens what is sealed to it
  std::vector<std::string> departments;  ///< i18n keys after "department."
  int utcOffsetMinutes = 480;            ///< its day begins at midnight there; -720..840
};

/// What this server is: an authority, hospitals, or both. A hospital needs nothing from an authority but a
/// trust list.
struct Settings {
  std::optional<AuthoritySettings> authority;
  std::vector<ClinicSettings> clinics;
};

/// Reads `server.json` of a data folder.
///
/// @throws tools::Failure
Settings readSettings(const std::filesystem::path& data);
/// When they were last written.
std::filesystem::file_time_type settingsChanged(const std::filesystem::path& data);
void writeSettings(const std::filesystem::path& data, const Settings& settings);

SigningKey readSigningKey(const std::filesystem::path& file);
/// 32 secret bytes, drawn and kept in the file where it is not there yet.
Bytes readOrMakeSecret(const std::filesystem::path& file);
SealingKey readSealingKey(const std::filesystem::path& file);
/// Each draws a key and writes it to a file that only its owner can read.
SigningKey makeSigningKey(const std::filesystem::path& file, bool sealed = false);
SealingKey makeSealingKey(const std::filesystem::path& file, bool sealed = false);

}  // namespace liangma::server
