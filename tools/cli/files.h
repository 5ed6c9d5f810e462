// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/bytes.h"

namespace liangma::tools {

/// The most that is read from one file or from standard input, in bytes.
inline constexpr std::size_t kMaxInputBytes = 2 << 20;

/// A file descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();
  int get() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// "PATH: cannot be opened: No such file or directory", by `errno`.
std::string because(const std::string& path, std::string_view what);

/// @return false, with `errno`, when not all could be written
bool writeAll(int descriptor, std::string_view content);

/// Reads a file, or standard input where the path is "-".
///
/// @throws Failure  cli.file-unreadable (usage) or cli.too-large (bad data)
std::string readInput(const std::string& path);

/// Reads a file that holds a secret; says so on standard error where others may read it too.
std::string readSecretFile(const std::string& path);

/// A text or bytes that come on the command line, in a file, or on standard input.
struct TextInput {
  std::string text;  ///< "-" or empty: not on the command line
  std::string file;  ///< empty: in no file
};

/// Reads all of an input. Says on standard error where it looks like a mistake: a file's name in the place of
/// a text, or a text that was cut.
std::string readContent(const TextInput& input);

/// As readContent(), without the line ends behind it.
std::string readText(const TextInput& input);

/// Replaces a file at once (a reader sees the old or the new one), or writes to standard output where the
/// path is "-".
///
/// @throws Failure  cli.file-unwritable (usage)
void writeOutput(const std::string& path, std::string_view content);

/// Makes a file that only its owner can read (mode 0600), whole or not at all.
///
/// @param replace  false: a file that exists is left alone and is an error
/// @throws Failure  cli.file-exists or cli.file-unwritable (usage)
void writeSecretFile(const std::string& path, std::string_view content, bool replace);

/// Overwrites a string with zeros and empties it.
void wipe(std::string& secret);

std::string_view asText(ByteView bytes);
ByteView asBytes(std::string_view text);

}  // namespace liangma::tools
