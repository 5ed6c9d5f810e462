// SPDX-License-Identifier: Apache-2.0
// Writes the golden vectors, or the seeds of the fuzz targets. Both follow from SPEC.md's keys alone.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "vectorgen/vectors.h"

namespace {

using namespace liangma;
namespace fs = std::filesystem;

bool writeFile(const fs::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  return static_cast<bool>(file.flush());
}

bool writeVectors(const fs::path& folder) {
  fs::create_directories(folder);
  for (const auto& file : vectors::allVectors())
    if (!writeFile(folder / (file.name + ".json"), file.content.dump(1) + "\n")) return false;
  return true;
}

bool writeSeeds(const fs::path& folder) {
  for (const auto& [target, seeds] : vectors::allSeeds()) {
    fs::create_directories(folder / target);
    for (const auto& [name, bytes] : seeds) {
      const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      if (!writeFile(folder / target / name, content)) return false;
    }
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count == 3 ? arguments[1] : "";
  if (what == "vectors") return writeVectors(arguments[2]) ? 0 : 1;
  if (what == "seeds") return writeSeeds(arguments[2]) ? 0 : 1;
  std::cerr << "usage: liangma-vectorgen vectors FOLDER | seeds FOLDER\n";
  return 64;
}
