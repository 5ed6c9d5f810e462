// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target once over every seed, for compilers without libFuzzer.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::uint8_t> readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::size_t runFolder(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const auto seed = readFile(entry.path());
    LLVMFuzzerTestOneInput(seed.data(), seed.size());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argumentCount, char** arguments) {
  std::size_t count = 0;
  for (int i = 1; i < argumentCount; ++i) count += runFolder(arguments[i]);
  std::cout << count << " seeds\n";
  return count == 0 ? 1 : 0;
}
