// SPDX-License-Identifier: Apache-2.0
#include "server/backup.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/text_codec.h"
#include "liangma/bytes.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSums = "SHA256SUMS";
constexpr const char* kDump = "postgresql.dump";

[[noreturn]] void failBackup(const std::string& what) {
  tools::failUsage("cli.backup-failed", what);
}

bool isDatabase(const fs::path& file) {
  return file.extension() == ".sqlite";
}

/// What belongs to a backup besides databases: not the log, the lock and what is published again anyhow.
bool isKept(const fs::path& name) {
  const std::string first = *name.begin();
  return first == "server.json" || first == "trust.json" || first == "keys" || first == "packs";
}

std::vector<fs::path> filesBelow(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(folder));
  std::sort(names.begin(), names.end());
  return names;
}

void sync(const fs::path& file) {
  const tools::File handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!handle.open() || ::fsync(handle.get()) != 0)
    failBackup(file.string() + ": cannot be written to the disk");
}

void copyFile(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::copy_file(from, to);  // with its mode
  sync(to);
}

/// A database as it is at this moment, without what it has deleted.
void copyDatabase(const fs::path& from, const fs::path& to) {
  try {
    soci::session session(soci::sqlite3, "dbname=\"" + from.string() + "\" timeout=30");
    const std::string target = to;
    session << "VACUUM INTO :target", soci::use(target);
  } catch (const soci::soci_error&) {
    failBackup(from.filename().string() + ": cannot be copied");
  }
  sync(to);
}

/// Runs a program of PostgreSQL's; its address may hold a password, which goes by the environment, as
/// arguments can be seen by others.
class PostgreSqlProgram {
 public:
  explicit PostgreSqlProgram(const std::string& database) : address_(database) {
    const auto at = address_.find('@');
    const auto user = address_.find("://");
    const auto colon = address_.find(':', user + 3);
    if (user == std::string::npos || at == std::string::npos || colon > at) return;
    password_ = address_.substr(colon + 1, at - colon - 1);
    address_.erase(colon, at - colon);
  }
  ~PostgreSqlProgram() { tools::wipe(password_); }
  PostgreSqlProgram(const PostgreSqlProgram&) = delete;
  PostgreSqlProgram& operator=(const PostgreSqlProgram&) = delete;

  void run(std::vector<std::string> words) const {
    words.push_back("--dbname=" + address_);
    const pid_t child = ::fork();
    if (child == 0) execute(words);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
      failBackup(words.front() + " failed");
  }

 private:
  [[noreturn]] void execute(std::vector<std::string>& words) const {
    if (!password_.empty()) ::setenv("PGPASSWORD", password_.c_str(), 1);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }

  std::string address_, password_;
};

/// SHA-256 of a file of any size, in hexadecimal digits.
std::string sumOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  Bytes hash32(32);
  if (in.bad() || EVP_DigestFinal_ex(context.get(), hash32.data(), nullptr) != 1)
    failBackup(file.string() + ": cannot be read");
  return tools::encodeHex(hash32);
}

std::string sumsOf(const fs::path& folder) {
  std::string text;
  for (const auto& name : filesBelow(folder))
    if (name != kSums) text += sumOf(folder / name) + "  " + name.string() + "\n";
  return text;
}

void requireNothingThere(const fs::path& path) {
  if (fs::exists(path)) tools::failUsage("cli.file-exists", path.string() + ": is there already");
}

void copyAll(const fs::path& from, const fs::path& to) {
  for (const auto& name : filesBelow(from)) {
    if (isDatabase(name))
      copyDatabase(from / name, to / name);
    else if (isKept(name))
      copyFile(from / name, to / name);
  }
}

/// Runs `work` on a folder that is there under its name only once it is whole.
template <class Work>
void makeWhole(const fs::path& folder, Work work) {
  const fs::path draft = folder.string() + ".part";
  fs::remove_all(draft);
  fs::create_directories(draft);
  fs::permissions(draft, fs::perms::owner_all);
  try {
    work(draft);
    fs::rename(draft, folder);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(draft);
    failBackup(folder.string() + ": " + error.code().message());
  } catch (const tools::Failure&) {
    fs::remove_all(draft);
    throw;
  }
}

}  // namespace

void backUp(const fs::path& data, const std::string& database, const fs::path& target) {
  requireNothingThere(target);
  if (!fs::is_directory(data))
    tools::failUsage("cli.file-unreadable", data.string() + ": there is no such folder");
  makeWhole(target, [&](const fs::path& draft) {
    copyAll(data, draft);
    if (!database.empty())
      PostgreSqlProgram(database).run({"pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                                       "--file=" + (draft / kDump).string()});
    tools::writeOutput(draft / kSums, sumsOf(draft));
  });
}

void restore(const fs::path& source, const std::string& database, const fs::path& data) {
  requireNothingThere(data);
  if (tools::readInput(source / kSums) != sumsOf(source))
    tools::failBadData("cli.backup-damaged", source.string() + ": is not as it was written");
  if (fs::exists(source / kDump) == database.empty())
    tools::failUsage("cli.usage", "--database: is needed where the backup has a dump, and there alone");
  makeWhole(data, [&](const fs::path& draft) {
    for (const auto& name : filesBelow(source))
      if (name != kSums && name != kDump) copyFile(source / name, draft / name);
    if (!database.empty())
      PostgreSqlProgram(database).run(
          {"pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", (source / kDump).string()});
  });
}

}  // namespace liangma::server
