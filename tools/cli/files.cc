// SPDX-License-Identifier: Apache-2.0
#include "cli/files.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/failure.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr std::size_t kMaxPathLength = 255, kShortestText = 200;

}  // namespace

File::~File() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

std::string because(const std::string& path, std::string_view what) {
  return path + ": " + std::string(what) + ": " + std::strerror(errno);
}

bool writeAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

namespace {

std::string readAll(int descriptor, const std::string& name) {
  std::string content;
  char buffer[16384];
  while (true) {
    const auto count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failUsage("cli.file-unreadable", because(name, "cannot be read"));
    if (count == 0) break;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > kMaxInputBytes)
      failBadData("cli.too-large", name + ": holds more than " + std::to_string(kMaxInputBytes) + " bytes");
  }
  ::explicit_bzero(buffer, sizeof buffer);
  return content;
}

void writeTo(int descriptor, const std::string& path, std::string_view content) {
  if (!writeAll(descriptor, content)) failUsage("cli.file-unwritable", because(path, "cannot be written"));
}

/// Writes a file beside its place, then has it moved there, whole.
///
/// @param move  ::rename, or what else sets `errno` where it does not return 0
template <class Move>
void placeFile(const std::string& path, std::string_view content, mode_t mode, Move move) {
  std::string draft = path + ".XXXXXX";
  const File file(::mkstemp(draft.data()));  // made with mode 0600
  if (!file.open()) failUsage("cli.file-unwritable", because(path, "cannot be made"));
  const bool written = writeAll(file.get(), content) && ::fchmod(file.get(), mode) == 0 &&
                       ::fsync(file.get()) == 0 && move(draft.c_str(), path.c_str()) == 0;
  if (written) return;
  const bool isThere = errno == EEXIST;
  const std::string message = because(path, "cannot be written");
  ::unlink(draft.c_str());
  if (isThere)
    failUsage("cli.file-exists", path + ": exists already; --force replaces it, and its key is lost");
  failUsage("cli.file-unwritable", message);
}

void replaceFile(const std::string& path, std::string_view content, mode_t mode) {
  placeFile(path, content, mode, ::rename);
}

/// As ::rename, but leaves alone what is there already.
int moveToFreeName(const char* from, const char* to) {
  return ::link(from, to) == 0 ? ::unlink(from) : -1;
}

mode_t modeOfNewFiles() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// Devices and pipes are written to, not replaced.
bool isSpecialFile(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

void writeSpecialFile(const std::string& path, std::string_view content) {
  const File file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.open()) failUsage("cli.file-unwritable", because(path, "cannot be opened"));
  writeTo(file.get(), path, content);
}

std::string readFile(const std::string& path, bool secret) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) failUsage("cli.file-unreadable", because(path, "cannot be opened"));
  struct stat status {};
  if (secret && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0)
    std::cerr << "liangma: warning: " << path << ": holds a secret, but others may read it; chmod 600 it\n";
  return readAll(file.get(), path);
}

bool isOfOurs(std::string_view text) {
  return text.starts_with("LM1:") || text.starts_with("LMR1:") || text.starts_with("LMS1:") ||
         text.starts_with("LMP1:");
}

void hint(const std::string& what) {
  std::cerr << "liangma: hint: " << what << "\n";
}

void hintAtPath(const std::string& text) {
  if (isOfOurs(text) || text.size() > kMaxPathLength) return;
  const std::string name = printable(text);
  if (::access(text.c_str(), F_OK) == 0)
    hint(name + " is a file: read it with --in " + name);
  else if (text.starts_with("/") || text.starts_with("./") || text.starts_with("../"))
    hint(name + ": there is no such file; TEXT is the code itself");
}

/// The shortest text of ours has more than 200 characters.
void hintAtCut(std::string_view text) {
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  if (isOfOurs(text) && text.size() < kShortestText)
    hint(
        "the code has only " + std::to_string(text.size()) +
        " characters, so that most of it is missing: codes hold blanks, so put it between quotes, or read it "
        "with --in FILE");
}

}  // namespace

std::string readInput(const std::string& path) {
  return path == "-" ? readAll(STDIN_FILENO, "standard input") : readFile(path, false);
}

std::string readSecretFile(const std::string& path) {
  return path == "-" ? readAll(STDIN_FILENO, "standard input") : readFile(path, true);
}

std::string readContent(const TextInput& input) {
  const bool given = !input.text.empty() && input.text != "-";
  if (given) hintAtPath(input.text);
  const auto content = !input.file.empty() ? readInput(input.file) : given ? input.text : readInput("-");
  hintAtCut(content);
  return content;
}

std::string readText(const TextInput& input) {
  std::string text = readContent(input);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

void writeOutput(const std::string& path, std::string_view content) {
  if (path == "-") {
    writeTo(STDOUT_FILENO, "standard output", content);
  } else if (isSpecialFile(path)) {
    writeSpecialFile(path, content);
  } else {
    replaceFile(path, content, modeOfNewFiles());
  }
}

void writeSecretFile(const std::string& path, std::string_view content, bool replace) {
  if (replace) return replaceFile(path, content, 0600);
  placeFile(path, content, 0600, moveToFreeName);
}

void wipe(std::string& secret) {
  ::explicit_bzero(secret.data(), secret.size());
  secret.clear();
}

std::string_view asText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView asBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace liangma::tools
