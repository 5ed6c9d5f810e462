// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "liangma/verify.h"
#include "vectorgen/forge.h"

/// Reads test data that others wrote. It lies beside the project, never in it.
namespace liangma::outside {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// $LIANGMA_VECTORS, or ../shared/vectors seen from the project's folder.
inline fs::path folder() {
  const char* chosen = std::getenv("LIANGMA_VECTORS");
  return chosen != nullptr ? chosen : "../shared/vectors";
}

inline std::string readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

inline Json readJson(const fs::path& path) {
  auto json = Json::parse(readFile(path), nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << path;
  return json;
}

inline Bytes readBytes(const fs::path& path) {
  const auto content = readFile(path);
  return {content.begin(), content.end()};
}

/// The files below a folder whose names end so, in a fixed order.
inline std::vector<fs::path> filesIn(const fs::path& where, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(where))
    if (entry.is_regular_file() && entry.path().string().ends_with(ending)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

inline Bytes hexIn(const Json& json, const char* field) {
  return forge::fromHex(json.at(field).get<std::string>());
}

inline std::string idOf(const Verdict& verdict) {
  return std::string(errcId(verdict.reason));
}

/// A test over one of the folders; it is skipped, and says so, where there is none. It counts what it ran.
class OutsideTest : public testing::Test {
 protected:
  explicit OutsideTest(fs::path name) : root(folder() / name) {}

  void SetUp() override {
    if (fs::exists(root)) return;
    std::cout << root.filename().string() << ": skipped, no vectors\n";
    GTEST_SKIP();
  }
  void TearDown() override {
    for (const auto& [what, count] : counts_)
      std::cout << root.filename().string() << ": " << count << " " << what << "\n";
  }
  void count(const std::string& what) { ++counts_[what]; }
  int counted(const std::string& what) const { return counts_.count(what) > 0 ? counts_.at(what) : 0; }

  const fs::path root;

 private:
  std::map<std::string, int> counts_;
};

}  // namespace liangma::outside
