// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace liangma::server {

/// Copies a data folder into a new one while a server may be running on it: settings, keys, trust list,
/// packs, and each database as it was at one moment; and SHA256SUMS, as `sha256sum -c` reads it.
///
/// @param database  "postgresql://…" where the authority's tables are there: dumped by pg_dump
/// @throws tools::Failure  cli.file-exists: the target is there already; cli.backup-failed
void backUp(const std::filesystem::path& data, const std::string& database,
            const std::filesystem::path& target);

/// Makes a data folder of a backup, whose sums have to be right.
///
/// @param database  as above: has to be empty
/// @throws tools::Failure  cli.file-exists: the data folder is there already; cli.backup-damaged;
///                         cli.backup-failed
void restore(const std::filesystem::path& source, const std::string& database,
             const std::filesystem::path& data);

}  // namespace liangma::server
