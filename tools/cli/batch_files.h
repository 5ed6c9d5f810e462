// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/files.h"
#include "cli/issue_batch.h"

namespace liangma::tools {

inline constexpr std::size_t kMaxLineBytes = 16384;

/// Whole lines of an NDJSON file.
struct LineBlock {
  std::uint64_t firstLine = 1;  ///< counted over the whole file, from 1
  std::size_t count = 0;
  std::string text;
};

/// The lines of one shard of a file, read block by block.
class PeopleFile {
 public:
  /// @throws Failure  cli.file-unreadable (usage); cli.usage: a shard of what is no file
  PeopleFile(const std::string& path, Shard shard);

  /// Of the whole file; 0 for what is no file.
  std::uint64_t sizeBytes() const { return size_; }
  /// Passes over lines that are done already.
  void skip(std::uint64_t lines);
  /// The next lines; nothing at the end.
  std::optional<LineBlock> next(std::uint64_t mostLines = UINT64_MAX);

 private:
  void fill();

  std::string path_;
  File file_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = 0;  ///< of the next line's first byte
  std::uint64_t end_ = UINT64_MAX;
  std::uint64_t line_ = 1;
  std::string buffer_;
  bool atEnd_ = false;
};

/// The answers of a batch, appended in whole lines; a torn end is never left behind.
class BatchFile {
 public:
  /// Makes the file, or opens one that begins with the same header and cuts a torn last line off.
  ///
  /// @throws Failure  cli.file-unwritable, cli.batch-other
  BatchFile(const std::string& path, const std::string& header);

  void append(const std::string& lines);
  /// Brings everything to the disk.
  void finish();

  std::uint64_t lines() const { return lines_; }
  std::uint64_t refused() const { return refused_; }

 private:
  void resume(const std::string& header);
  void countLinesOf(std::string_view lines);
  void truncate();
  void write(std::string_view text);

  std::string path_;
  File file_;
  std::uint64_t size_ = 0;  ///< of whole lines
  std::uint64_t lines_ = 0, refused_ = 0;
  std::chrono::steady_clock::time_point syncedAt_ = std::chrono::steady_clock::now();
};

}  // namespace liangma::tools
