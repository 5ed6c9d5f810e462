// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "liangma/region_pack.h"
#include "liangma/trust_list.h"

namespace liangma::server {

/// A region pack as it is published: by its bytes.
struct PackFile {
  TrustedPack pack;
  std::string json;
};

/// The region packs of some folders: files named for six digits, such as 330100.json. Where two folders have
/// a pack of one region, the later folder's counts. A pack that is not right is left out, and the log says
/// so.
std::vector<PackFile> readPackFolders(const std::vector<std::filesystem::path>& folders);

/// Those of the folders' packs that the trust list names.
RegionPacks listedPacks(const std::vector<std::filesystem::path>& folders, const TrustContent& trust);

/// The agreements in the folders' recognitions.json, each id once.
std::vector<Recognition> readRecognitions(const std::vector<std::filesystem::path>& folders);

/// "330100-1-<SHA-256 in base64url>.json"
std::string packFileName(const TrustedPack& pack);

}  // namespace liangma::server
