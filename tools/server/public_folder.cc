// SPDX-License-Identifier: Apache-2.0
#include "server/public_folder.h"

#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/problem.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPacks = "/packs/", kStatus = "/status/", kTrust = "/trust/", kLog = "/log/";
constexpr const char* kDrafts = ".drafts";
constexpr const char* kLock = ".lock";

/// What is in a folder can be read by those who can read the folder, whatever the umask.
mode_t modeOfFilesIn(const fs::path& root) {
  return 0600 | (static_cast<mode_t>(fs::status(root).permissions()) & 0444);
}

void makeFoldersDownTo(const fs::path& root, const fs::path& folder) {
  fs::path made = root;
  for (const auto& part : folder.lexically_relative(root))
    if (fs::create_directory(made /= part)) fs::permissions(made, fs::status(root).permissions());
}

bool holds(const fs::path& file, std::string_view content) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream old;
  return in && old << in.rdbuf() && old.view() == content;
}

bool syncFolder(const fs::path& folder) {
  const tools::File handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return handle.open() && ::fsync(handle.get()) == 0;
}

/// Writes a draft and moves it into its place.
bool replace(const fs::path& file, std::string draft, std::string_view content, mode_t mode) {
  const tools::File handle(::mkstemp(draft.data()));
  if (!handle.open()) return false;
  const bool done = tools::writeAll(handle.get(), content) && ::fchmod(handle.get(), mode) == 0 &&
                    ::fsync(handle.get()) == 0 && ::rename(draft.c_str(), file.c_str()) == 0;
  if (!done) ::unlink(draft.c_str());
  return done && syncFolder(file.parent_path());
}

struct Kept {
  std::string cacheControl, contentType;
};

Kept keptAs(std::string_view path, UnixSeconds statusSeconds) {
  if (path.starts_with(kPacks)) return {"public, max-age=31536000, immutable", "application/json"};
  if (path.starts_with(kStatus) && !path.ends_with(".json"))
    return {"public, max-age=" + std::to_string(statusSeconds), "application/statuslist+cwt"};
  if (path.starts_with(kTrust)) return {"no-cache", "application/cose"};
  return {"no-cache", path.ends_with(".json") ? "application/json" : "application/cbor"};
}

}  // namespace

PublicFolder::PublicFolder(const fs::path& root)
    : root_(root), files_((fs::create_directories(root), root)) {}

bool PublicFolder::takeOver() {
  if (lock_) return true;
  auto lock =
      std::make_unique<tools::File>(::open((root_ / kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock->open() || ::flock(lock->get(), LOCK_EX | LOCK_NB) != 0) return false;
  lock_ = std::move(lock);
  std::error_code failed;
  fs::remove_all(root_ / kDrafts, failed);  // left by a write that was cut off
  return true;
}

void PublicFolder::put(std::string_view name, std::string_view content) {
  const fs::path file = root_ / name;
  if (holds(file, content)) return;
  try {
    fs::create_directories(root_ / kDrafts);
    makeFoldersDownTo(root_, file.parent_path());
    if (replace(file, root_ / kDrafts / "XXXXXX", content, modeOfFilesIn(root_))) return;
  } catch (const fs::filesystem_error&) {  // as below
  }
  throw storageFailed();
}

bool PublicFolder::has(std::string_view name) const {
  return fs::exists(root_ / name);
}

bool PublicFolder::serves(std::string_view path) {
  return path.starts_with(kPacks) || path.starts_with(kStatus) || path.starts_with(kTrust) ||
         path.starts_with(kLog);
}

Reply PublicFolder::serve(const Call& call) const {
  Reply reply = files_.serve(call);
  const Kept kept = keptAs(call.path, statusSeconds_);
  for (auto& [name, value] : reply.headers)
    if (name == "Cache-Control") value = kept.cacheControl;
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  if (reply.status == 200) reply.contentType = kept.contentType;
  return reply;
}

}  // namespace liangma::server
