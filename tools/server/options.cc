// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include "cli/failure.h"
#include "server/database.h"

namespace liangma::server {

std::string databaseOf(const Options& options) {
  return options.database.empty() ? "sqlite:" + (options.data / "authority.sqlite").string()
                                  : options.database;
}

std::string sharedDatabase(const Options& options) {
  return Database::isShared(databaseOf(options)) ? options.database : "";
}

std::vector<std::filesystem::path> packFoldersOf(const Options& options) {
  auto folders = options.packFolders;
  folders.push_back(options.data / "packs");
  return folders;
}

void requireFolder(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    tools::failUsage("cli.file-unreadable", folder.string() + ": there is no such folder");
}

}  // namespace liangma::server
