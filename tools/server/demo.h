// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "server/gates.h"
#include "server/settings.h"

namespace liangma::server {

/// Makes a country in a data folder: a root, an authority (330100, Hangzhou) that signs for other regions and
/// the national hub too, two hospitals, each with keys of its own. What a folder has already is
/// left as it is.
void makeDemoCountry(const std::filesystem::path& data);

/// Signs the demo's trust list anew where there is none, it is past half its life, or says something else
/// than it should, such as another port or another gate.
///
/// @param origins      where hospitals are reached, and status lists at the first: "http://localhost:8330"
/// @param packFolders  the list names their packs and agreements
/// @param gates        the list names them
void signDemoTrustList(const std::filesystem::path& data, const std::vector<std::string>& origins,
                       const std::vector<std::filesystem::path>& packFolders,
                       const std::vector<GateEntry>& gates);

}  // namespace liangma::server
