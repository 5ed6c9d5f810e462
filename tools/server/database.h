// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <span>

#include <soci/soci.h>

namespace liangma::server {

/// Statements that lead from one version of a schema to the next.
using Migration = std::span<const char* const>;

/// One SQLite file and the only connection to it. Statements get their values bound, never written into them.
///
/// Committed means on the disk: WAL with synchronous=FULL.
class Database {
 public:
  /// Opens or makes the file and brings its schema up to date, all or nothing.
  ///
  /// @param migrations  the first leads from an empty file to version 1
  /// @throws Problem  server.storage: unreadable, no room, or made by a newer version of this program
  Database(const std::filesystem::path& file, std::span<const Migration> migrations);

  /// Runs `work(session)`; what it wrote is there wholly when this returns, and not at all if it throws.
  ///
  /// @throws Problem  server.storage, or whatever the work throws
  template <class Work>
  auto transaction(Work work) {
    const std::lock_guard lock(mutex_);
    return guarded([&] {
      Open open(session_);
      if constexpr (std::is_void_v<decltype(work(session_))>) {
        work(session_);
        open.commit();
      } else {
        auto result = work(session_);
        open.commit();
        return result;
      }
    });
  }

 private:
  /// A transaction that is rolled back unless it was committed.
  class Open {
   public:
    explicit Open(soci::session& session);
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open();
    void commit();

   private:
    soci::session& session_;
    bool done_ = false;
  };

  /// Says in the log which SQLite error it was, without its text: that would hold the values bound.
  [[noreturn]] static void failStorage(const soci::soci_error& error);

  template <class Work>
  static auto guarded(Work work) {
    try {
      return work();
    } catch (const soci::soci_error& error) {
      failStorage(error);
    }
  }

  void configure();
  void migrate(std::span<const Migration> migrations);

  std::mutex mutex_;
  soci::session session_;
};

}  // namespace liangma::server
