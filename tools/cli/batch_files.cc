// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_files.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/failure.h"

namespace liangma::tools {
namespace {

constexpr std::size_t kReadBytes = 65536;
/// Longer lines end the batch, so that its memory has a bound; those over kMaxLineBytes are refused one by
/// one.
constexpr std::size_t kMaxBufferBytes = 1 << 20;
constexpr auto kSyncInterval = std::chrono::seconds(1);

int openPeople(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

std::uint64_t countLines(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) +
         (!text.empty() && text.back() != '\n');
}

/// The part of `text` that holds at most `most` lines.
std::string_view firstLines(std::string_view text, std::uint64_t most) {
  std::size_t end = 0;
  for (; most > 0 && end < text.size(); --most) {
    const auto feed = text.find('\n', end);
    end = feed == std::string_view::npos ? text.size() : feed + 1;
  }
  return text.substr(0, end);
}

}  // namespace

PeopleFile::PeopleFile(const std::string& path, Shard shard) : path_(path), file_(openPeople(path)) {
  struct stat status {};
  if (!file_.open() || ::fstat(file_.get(), &status) != 0)
    failUsage("cli.file-unreadable", because(path_, "cannot be opened"));
  const bool regular = S_ISREG(status.st_mode);
  if (shard.count == 1) {
    if (regular) size_ = static_cast<std::uint64_t>(status.st_size);
    return;
  }
  if (!regular) failUsage("cli.usage", "--shard: only of a file");
  size_ = static_cast<std::uint64_t>(status.st_size);
  end_ = size_ / shard.count * (shard.n - 1);
  while (next()) {
  }
  end_ = shard.n == shard.count ? UINT64_MAX : size_ / shard.count * shard.n;
}

void PeopleFile::fill() {
  const auto kept = buffer_.size();
  if (kept > kMaxBufferBytes)
    failBadData("cli.too-large", path_ + ": line " + std::to_string(line_) + " is longer than 1 MiB");
  buffer_.resize(kept + kReadBytes);
  ssize_t count;
  do {
    count = ::read(file_.get(), buffer_.data() + kept, kReadBytes);
  } while (count < 0 && errno == EINTR);
  if (count < 0) failUsage("cli.file-unreadable", because(path_, "cannot be read"));
  buffer_.resize(kept + static_cast<std::size_t>(count));
  atEnd_ = count == 0;
}

std::optional<LineBlock> PeopleFile::next(std::uint64_t mostLines) {
  while (!atEnd_ && buffer_.find('\n') == std::string::npos) fill();
  if (buffer_.empty() || offset_ >= end_ || mostLines == 0) return std::nullopt;
  const auto lastFeed = buffer_.rfind('\n');
  std::string_view text(buffer_.data(), lastFeed == std::string::npos ? buffer_.size() : lastFeed + 1);
  if (offset_ + text.size() > end_) {  // a line belongs to the shard in which it begins
    const auto feed = text.find('\n', end_ - offset_ - 1);
    if (feed != std::string_view::npos) text = text.substr(0, feed + 1);
  }
  text = firstLines(text, mostLines);
  LineBlock block{line_, countLines(text), std::string(text)};
  line_ += block.count;
  offset_ += block.text.size();
  buffer_.erase(0, block.text.size());
  return block;
}

void PeopleFile::skip(std::uint64_t lines) {
  while (lines > 0) {
    const auto block = next(lines);
    if (!block) failBadData("cli.batch-other", path_ + ": holds fewer lines than the output has answers");
    lines -= block->count;
  }
}

BatchFile::BatchFile(const std::string& path, const std::string& header)
    : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (!file_.open()) failUsage("cli.file-unwritable", because(path_, "cannot be opened"));
  if (::lockf(file_.get(), F_TLOCK, 0) != 0)
    failUsage("cli.file-unwritable", path_ + ": another process is writing it");
  resume(header);
}

/// Counts what is there, and cuts off what a kill tore.
void BatchFile::resume(const std::string& header) {
  std::string buffer;
  bool headerSeen = false;
  std::string block(kReadBytes, '\0');
  for (ssize_t count; (count = ::read(file_.get(), block.data(), block.size())) != 0;) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failUsage("cli.file-unreadable", because(path_, "cannot be read"));
    buffer.append(block, 0, static_cast<std::size_t>(count));
    if (!headerSeen && buffer.size() >= header.size()) {
      if (!buffer.starts_with(header)) break;
      headerSeen = true;
      size_ = header.size();
      buffer.erase(0, header.size());
    }
    const auto lastFeed = buffer.rfind('\n');
    if (!headerSeen || lastFeed == std::string::npos) continue;
    countLinesOf(std::string_view(buffer).substr(0, lastFeed + 1));
    size_ += lastFeed + 1;
    buffer.erase(0, lastFeed + 1);
  }
  if (!headerSeen && !header.starts_with(buffer))
    failUsage("cli.batch-other", path_ + ": belongs to another batch, and is left as it is");
  truncate();
  if (!headerSeen) write(header);
}

void BatchFile::countLinesOf(std::string_view lines) {
  for (; !lines.empty(); ++lines_) {
    const auto end = lines.find('\n');
    const auto member = lines.find(',');
    if (member < end && lines.substr(member).starts_with(",\"error\"")) ++refused_;
    lines.remove_prefix(end + 1);
  }
}

void BatchFile::truncate() {
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0 ||
      ::lseek(file_.get(), static_cast<off_t>(size_), SEEK_SET) < 0)
    failUsage("cli.file-unwritable", because(path_, "cannot be written"));
}

void BatchFile::write(std::string_view text) {
  if (!writeAll(file_.get(), text)) {
    const auto why = because(path_, "cannot be written");
    truncate();
    failUsage("cli.file-unwritable", why);
  }
  size_ += text.size();
}

void BatchFile::append(const std::string& lines) {
  write(lines);
  countLinesOf(lines);
  if (std::chrono::steady_clock::now() - syncedAt_ > kSyncInterval) finish();
}

void BatchFile::finish() {
  if (::fdatasync(file_.get()) != 0 && errno != EINVAL)
    failUsage("cli.file-unwritable", because(path_, "cannot be brought to the disk"));
  syncedAt_ = std::chrono::steady_clock::now();
}

}  // namespace liangma::tools
