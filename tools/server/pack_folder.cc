// SPDX-License-Identifier: Apache-2.0
#include "server/pack_folder.h"

#include <algorithm>
#include <map>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "cli/text_codec.h"
#include "liangma/region_pack.h"
#include "server/log.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

bool isPackName(const fs::path& file) {
  const std::string stem = file.stem();
  return file.extension() == ".json" && stem.size() == 6 &&
         stem.find_first_not_of("0123456789") == std::string::npos;
}

std::vector<fs::path> packFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (isPackName(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

PackFile readPackFile(const fs::path& file) {
  std::string json = tools::readInput(file);
  const auto pack = tools::need(RegionPack::parse(json), file.filename().string());
  return {{pack.region(), pack.version(), packHash(json)}, std::move(json)};
}

/// Says in the log what is wrong with a file, once for each state of it.
void logRefusal(const fs::path& file, const std::string& code) {
  static std::map<fs::path, fs::file_time_type> known;
  std::error_code failed;
  const auto changed = fs::last_write_time(file, failed);
  const auto found = known.find(file);
  if (found != known.end() && found->second == changed) return;
  known[file] = changed;
  log("pack-refused", {{"file", file.filename().string()}, {"code", code}});
}

template <class Read>
void readOrLog(const fs::path& file, Read read) {
  try {
    read();
  } catch (const tools::Failure& failure) {
    logRefusal(file, failure.id);
  }
}

}  // namespace

std::vector<PackFile> readPackFolders(const std::vector<fs::path>& folders) {
  std::map<std::string, PackFile> packs;
  for (const auto& folder : folders)
    for (const auto& file : packFilesIn(folder))
      readOrLog(file, [&] {
        auto read = readPackFile(file);
        packs.insert_or_assign(read.pack.id, std::move(read));
      });
  std::vector<PackFile> list;
  for (auto& [region, pack] : packs) list.push_back(std::move(pack));
  return list;
}

RegionPacks listedPacks(const std::vector<fs::path>& folders, const TrustContent& trust) {
  RegionPacks packs;
  for (const auto& file : readPackFolders(folders)) {
    auto pack = openRegionPack(file.json, trust);
    if (pack.ok()) packs.keep(std::move(*pack));
  }
  return packs;
}

std::vector<Recognition> readRecognitions(const std::vector<fs::path>& folders) {
  std::map<std::string, Recognition> agreements;
  for (const auto& folder : folders) {
    const fs::path file = folder / "recognitions.json";
    if (!fs::exists(file)) continue;
    readOrLog(file, [&] {
      for (auto& each : tools::recognitionsFromJson(tools::parseJson(tools::readInput(file), file), file))
        agreements.insert_or_assign(each.id, each);
    });
  }
  std::vector<Recognition> list;
  for (auto& [id, agreement] : agreements) list.push_back(std::move(agreement));
  return list;
}

std::string packFileName(const TrustedPack& pack) {
  return pack.id + "-" + std::to_string(pack.version) + "-" + tools::encodeBase64url(pack.sha256) + ".json";
}

}  // namespace liangma::server
