// SPDX-License-Identifier: Apache-2.0
#include "cli/passphrase.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <unistd.h>

#include "cli/failure.h"
#include "cli/files.h"

namespace liangma::tools {
namespace {

constexpr std::size_t kMaxPassphrase = 128;

/// Wiped when the program ends.
struct Kept {
  std::string text;
  ~Kept() { wipe(text); }
};

std::optional<int> descriptorFromEnvironment() {
  const char* text = std::getenv("LIANGMA_PASSPHRASE_FD");
  if (text == nullptr) return std::nullopt;
  int descriptor = -1;
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, descriptor);
  if (parsed.ec != std::errc() || parsed.ptr != end || descriptor < 0) return std::nullopt;
  return descriptor;
}

/// Up to the end of the line, and not a byte more, so that what follows is left for others.
std::string readLine(int descriptor) {
  std::string line;
  char next = 0;
  while (line.size() <= kMaxPassphrase && ::read(descriptor, &next, 1) == 1 && next != '\n') line += next;
  return line;
}

std::string readPassphrase() {
  if (const char* given = std::getenv("LIANGMA_PASSPHRASE")) return given;
  const auto descriptor = descriptorFromEnvironment();
  return descriptor ? readLine(*descriptor) : std::string();
}

}  // namespace

const std::string& passphrase() {
  static const Kept kept{readPassphrase()};
  if (kept.text.empty() || kept.text.size() > kMaxPassphrase)
    failUsage(
        "cli.passphrase-missing",
        "a sealed key needs its passphrase, 1 to 128 bytes, in LIANGMA_PASSPHRASE, or on the descriptor that "
        "LIANGMA_PASSPHRASE_FD names");
  return kept.text;
}

}  // namespace liangma::tools
