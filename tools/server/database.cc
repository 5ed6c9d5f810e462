// SPDX-License-Identifier: Apache-2.0
#include "server/database.h"

#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/file.h>

#include "server/log.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr int kMaxTries = 12;
/// Keeps two processes from migrating at once; any number will do.
constexpr const char* kMigrationLock = "SELECT 1 FROM pg_advisory_xact_lock(7203391)";

std::string sqliteConnectString(std::string_view address) {
  const std::string path(address.starts_with(kSqlite) ? address.substr(kSqlite.size()) : "");
  if (path.empty() || path.find_first_of("\"=") != std::string::npos)
    throw storageFailed();  // SOCI cannot quote these
  return "dbname=\"" + path + "\" timeout=5";
}

/// -1 where there is none, as in a folder that cannot be written to: then SQLite lets in whom it likes.
int openTurns(const std::string& address) {
  if (!address.starts_with(kSqlite)) return -1;
  const std::string file = address.substr(kSqlite.size()) + "-turns";
  return ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/// SQLite lets whoever asks at the right moment write next, and who waits asks ten times a second: one that
/// writes without a pause would keep all others out. So they wait for their turn to ask.
class Turn {
 public:
  explicit Turn(const tools::File& turns) : turns_(turns) {
    while (turns_.open() && ::flock(turns_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (turns_.open()) ::flock(turns_.get(), LOCK_UN);
  }

 private:
  const tools::File& turns_;
};

/// SOCI looks for "=" in it, and adds one where there is none.
std::string postgresConnectString(const std::string& address) {
  return address.find('=') == std::string::npos ? address + "?application_name=liangma" : address;
}

/// The same statement for PostgreSQL, whose INTEGER has 32 bits and whose tables are strict anyway.
std::string forPostgreSql(std::string statement) {
  constexpr std::string_view kInteger = " INTEGER", kStrict = " STRICT";
  for (auto at = statement.find(kInteger); at != statement.npos; at = statement.find(kInteger, at))
    statement.replace(at, kInteger.size(), " BIGINT");
  if (statement.ends_with(kStrict)) statement.resize(statement.size() - kStrict.size());
  return statement;
}

/// What PostgreSQL calls a transaction that was given up because of another one.
/// @source PostgreSQL, appendix A: classes 40 and 55P03
bool isConflict(const soci::postgresql_soci_error& error) {
  return error.sqlstate().starts_with("40") || error.sqlstate() == "55P03";
}

/// Says in the log which error it was, without its text: that would hold the values bound.
void logStorageError(const soci::soci_error& error) {
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error))
    log("storage-failed", {{"sqlite", sqlite->result()}});
  else if (const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error))
    log("storage-failed", {{"sqlstate", postgres->sqlstate()}});
  else
    log("storage-failed");
}

/// A while that grows with the tries, and is another one for each of two that are in each other's way.
std::chrono::milliseconds pauseAfter(int tries) {
  return std::chrono::milliseconds(randomBytes(1)[0] % (4 << std::min(tries, 6)));
}

}  // namespace

Database::Database(const std::string& address, std::span<const Migration> migrations)
    : address_(address),
      isPostgreSql_(isShared(address)),
      turns_(openTurns(address)),
      left_(isPostgreSql_ ? kConnections : 1) {
  try {
    migrate(migrations);
  } catch (const soci::soci_error& error) {
    logStorageError(error);
    throw storageFailed();
  }
}

Database::~Database() = default;

bool Database::isShared(const std::string& address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

Database::Session Database::connect() {
  auto session = std::make_unique<soci::session>();
  if (isPostgreSql_) {
    session->open(soci::postgresql, postgresConnectString(address_));
    *session << "SET statement_timeout = '15s'";
    *session << "SET client_min_messages = warning";
  } else {
    session->open(soci::sqlite3, sqliteConnectString(address_));
    configureSqlite(*session);
  }
  return session;
}

void Database::configureSqlite(soci::session& session) {
  std::string mode;
  session << "PRAGMA journal_mode = WAL", soci::into(mode);
  if (mode != "wal") throw storageFailed();
  session << "PRAGMA synchronous = FULL";
  session << "PRAGMA foreign_keys = ON";
  session << "PRAGMA trusted_schema = OFF";
  int wiped = 0;
  session << "PRAGMA secure_delete = ON", soci::into(wiped);
}

void Database::migrate(std::span<const Migration> migrations) {
  for (bool done = false; !done;)
    done = transaction([&](soci::session& session) {
      const auto stored = version(session);
      if (stored > migrations.size()) {
        log("schema-too-new", {{"stored", stored}, {"known", migrations.size()}});
        throw storageFailed();
      }
      if (stored == migrations.size()) return true;
      for (const char* statement : migrations[stored])
        session << (isPostgreSql_ ? forPostgreSql(statement) : statement);
      setVersion(session, stored + 1);
      return false;
    });
}

std::size_t Database::version(soci::session& session) {
  long long stored = 0;
  if (isPostgreSql_) {
    session << kMigrationLock;
    session << "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)";
    session << "SELECT COALESCE(max(version), 0) FROM schema_version", soci::into(stored);
  } else {
    session << "PRAGMA user_version", soci::into(stored);
  }
  return static_cast<std::size_t>(stored);
}

void Database::setVersion(soci::session& session, std::size_t version) {
  const auto number = static_cast<long long>(version);
  if (isPostgreSql_)
    session << "INSERT INTO schema_version VALUES (:version)", soci::use(number);
  else
    session << "PRAGMA user_version = " << number;  // takes no bound value; an integer of our own
}

void Database::recover(Borrowed& connection, const soci::soci_error& error, bool hasBegun, int tries) {
  const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  const bool isLost = postgres != nullptr && !isConflict(*postgres);
  if (isLost) connection.close();
  const bool again = postgres != nullptr && tries < kMaxTries && (isConflict(*postgres) || !hasBegun);
  if (again) return std::this_thread::sleep_for(pauseAfter(tries));
  logStorageError(error);
  throw storageFailed();
}

Database::Borrowed::Borrowed(Database& database) : database_(database) {
  std::unique_lock lock(database.mutex_);
  std::condition_variable turn;
  database.waiting_.push_back(&turn);
  turn.wait(lock, [&] { return database.waiting_.front() == &turn && database.hasConnection(); });
  database.waiting_.pop_front();
  if (!database.idle_.empty()) {
    session_ = std::move(database.idle_.back());
    database.idle_.pop_back();
    database.wakeNext();
    return;
  }
  --database.left_;
  database.wakeNext();
  lock.unlock();
  try {
    session_ = database.connect();
  } catch (const soci::soci_error& error) {
    logStorageError(error);
    lock.lock();
    ++database.left_;
    database.wakeNext();
    throw storageFailed();
  }
}

Database::Borrowed::~Borrowed() {
  const std::lock_guard lock(database_.mutex_);
  if (session_)
    database_.idle_.push_back(std::move(session_));
  else
    ++database_.left_;
  database_.wakeNext();
}

void Database::wakeNext() {
  if (!waiting_.empty() && hasConnection()) waiting_.front()->notify_one();
}

Database::Open::Open(Database& database, soci::session& session) : session_(session) {
  const Turn turn(database.turns_);
  session_ << database.begin();
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
    // SQLite has rolled back by itself, as it does when the disk is full; PostgreSQL when the connection
    // went.
  }
}

}  // namespace liangma::server
