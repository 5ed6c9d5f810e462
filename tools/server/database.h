// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "cli/files.h"

namespace liangma::server {

/// Statements that lead from one version of a schema to the next, written so that both databases take them:
/// types are INTEGER (64 bits) and TEXT, and each CREATE TABLE ends in STRICT.
using Migration = std::span<const char* const>;

/// A database: a SQLite file with one connection, or a PostgreSQL server with several. Statements get their
/// values bound, never written into them.
///
/// Committed means on the disk: SQLite runs in WAL mode with synchronous=FULL, PostgreSQL as its server is
/// set up (`synchronous_commit` is on unless somebody turned it off).
///
/// Whoever has waited longest is next, among the threads of a process and among the processes on one file: a
/// long series of transactions holds up each of the others for one of its own only.
class Database {
 public:
  static constexpr std::size_t kConnections = 8;

  /// Opens a database, makes it where it is a file that is not there, and brings its schema up to date: each
  /// migration all or nothing, by one process at a time.
  ///
  /// @param address     "sqlite:FILE" or what libpq takes, "postgresql://…"
  /// @param migrations  the first leads from nothing to version 1
  /// @throws Problem  server.storage: unreachable, no room, or made by a newer version of this program
  Database(const std::string& address, std::span<const Migration> migrations);
  ~Database();

  /// Runs `work(session)`; what it wrote is there wholly when this returns, and not at all if it throws.
  ///
  /// Where PostgreSQL gives up a transaction because of another one (deadlock, serialization), or has closed
  /// the connection before it began, the work runs again: so it must not leave anything behind outside the
  /// database.
  ///
  /// @throws Problem  server.storage, or whatever the work throws
  template <class Work>
  auto transaction(Work work) {
    for (int tries = 1;; ++tries) {
      Borrowed connection(*this);
      bool hasBegun = false;
      try {
        return runOnce(connection.session(), work, hasBegun);
      } catch (const soci::soci_error& error) {
        recover(connection, error, hasBegun, tries);
      }
    }
  }

  bool isPostgreSql() const { return isPostgreSql_; }

  /// Whether an address is of a server that several processes share.
  static bool isShared(const std::string& address);

 private:
  using Session = std::unique_ptr<soci::session>;

  /// A connection that nobody else has meanwhile.
  class Borrowed {
   public:
    explicit Borrowed(Database& database);
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed();
    soci::session& session() { return *session_; }
    void close() { session_.reset(); }

   private:
    Database& database_;
    Session session_;
  };

  /// A transaction that is rolled back unless it was committed.
  class Open {
   public:
    Open(Database& database, soci::session& session);
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open();
    void commit();

   private:
    soci::session& session_;
    bool done_ = false;
  };

  template <class Work>
  auto runOnce(soci::session& session, Work& work, bool& hasBegun) {
    Open open(*this, session);
    hasBegun = true;
    if constexpr (std::is_void_v<decltype(work(session))>) {
      work(session);
      open.commit();
    } else {
      auto result = work(session);
      open.commit();
      return result;
    }
  }

  const char* begin() const { return isPostgreSql_ ? "BEGIN" : "BEGIN IMMEDIATE"; }
  /// Returns where the work may run again, after a while.
  void recover(Borrowed& connection, const soci::soci_error& error, bool hasBegun, int tries);
  Session connect();
  void configureSqlite(soci::session& session);
  void migrate(std::span<const Migration> migrations);
  std::size_t version(soci::session& session);
  void setVersion(soci::session& session, std::size_t version);
  bool hasConnection() const { return !idle_.empty() || left_ > 0; }
  void wakeNext();

  const std::string address_;
  const bool isPostgreSql_;
  const tools::File turns_;  ///< locked by the one that may write next, beside a SQLite file
  std::mutex mutex_;
  std::deque<std::condition_variable*> waiting_;  ///< the one that has waited longest first
  std::vector<Session> idle_;
  std::size_t left_;  ///< connections that may still be opened
};

}  // namespace liangma::server
