// SPDX-License-Identifier: Apache-2.0
#include "server/database.h"

#include <string>

#include <soci/sqlite3/soci-sqlite3.h>

#include "server/log.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

std::string connectString(const std::filesystem::path& file) {
  const std::string path = file.string();
  if (path.find_first_of("\"=") != std::string::npos) throw storageFailed();  // SOCI cannot quote these
  return "dbname=\"" + path + "\" timeout=5";
}

}  // namespace

Database::Database(const std::filesystem::path& file, std::span<const Migration> migrations) {
  guarded([&] {
    session_.open(soci::sqlite3, connectString(file));
    configure();
    migrate(migrations);
  });
}

void Database::configure() {
  std::string mode;
  session_ << "PRAGMA journal_mode = WAL", soci::into(mode);
  if (mode != "wal") throw storageFailed();
  session_ << "PRAGMA synchronous = FULL";
  session_ << "PRAGMA foreign_keys = ON";
  session_ << "PRAGMA trusted_schema = OFF";
  int wiped = 0;
  session_ << "PRAGMA secure_delete = ON", soci::into(wiped);
}

void Database::migrate(std::span<const Migration> migrations) {
  Open open(session_);
  std::size_t version = 0;
  int stored = 0;
  session_ << "PRAGMA user_version", soci::into(stored);
  version = static_cast<std::size_t>(stored);
  if (version > migrations.size()) {
    log("schema-too-new", {{"stored", stored}, {"known", migrations.size()}});
    throw storageFailed();
  }
  for (const auto migration : migrations.subspan(version))
    for (const char* statement : migration) session_ << statement;
  session_ << "PRAGMA user_version = " << migrations.size();  // takes no bound value; an integer of our own
  open.commit();
}

void Database::failStorage(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  log("storage-failed", {{"sqlite", sqlite == nullptr ? -1 : sqlite->result()}});
  throw storageFailed();
}

Database::Open::Open(soci::session& session) : session_(session) {
  session_ << "BEGIN IMMEDIATE";
}

void Database::Open::commit() {
  session_ << "COMMIT";
  done_ = true;
}

Database::Open::~Open() {
  if (done_) return;
  try {
    session_ << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // SQLite has rolled back by itself, as it does when the disk is full.
  }
}

}  // namespace liangma::server
