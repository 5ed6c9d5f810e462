// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "server/http.h"

namespace liangma::server {

/// What the command line says of the server, whatever it is to do.
struct Options {
  HttpOptions http;
  std::filesystem::path data;
  std::filesystem::path web = "build/web";
  std::filesystem::path publicFolder;  ///< for the published files; empty: "public" in the data folder
  std::vector<std::filesystem::path> packFolders = {"tools/regions"};
  std::vector<std::string> origins;
  std::string database;  ///< the authority's; empty: authority.sqlite in the data folder
  bool demo = false;
  bool authorityAlone = false;
  unsigned ratePerMinute = 120;
};

/// What to do.
///
/// @throws tools::Failure, Problem
using Command = std::function<void(const Options&)>;

/// The address of the authority's database.
std::string databaseOf(const Options& options);

/// The address of a database server; empty: everything is in the data folder.
std::string sharedDatabase(const Options& options);

/// The folders with region packs: a city goes live where its pack is put beside the settings.
std::vector<std::filesystem::path> packFoldersOf(const Options& options);

/// @throws tools::Failure  there is no such folder
void requireFolder(const std::filesystem::path& folder);

}  // namespace liangma::server
