// SPDX-License-Identifier: Apache-2.0
#include "server/clinic_store.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* kVersion1[] = {
    "CREATE TABLE request ("
    " id TEXT PRIMARY KEY, nonce TEXT NOT NULL UNIQUE, department TEXT NOT NULL, issued_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),"
    " refusal TEXT NOT NULL DEFAULT '') STRICT",
    "CREATE INDEX request_expires_at ON request (expires_at)",
    "CREATE TABLE patient ("
    " id TEXT PRIMARY KEY, id_number TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL, phone TEXT NOT NULL,"
    " first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL) STRICT",
    "CREATE TABLE queue ("
    " department TEXT NOT NULL, day TEXT NOT NULL, last_number INTEGER NOT NULL, PRIMARY KEY (department, "
    "day)) STRICT",
    "CREATE TABLE visit ("
    " id TEXT PRIMARY KEY, request TEXT NOT NULL UNIQUE REFERENCES request, patient TEXT NOT NULL REFERENCES "
    "patient,"
    " department TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL, route TEXT NOT NULL,"
    " waiting INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, UNIQUE (department, day, number)) "
    "STRICT",
};
constexpr const char* kVersion2[] = {
    "ALTER TABLE request ADD COLUMN text TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE request ADD COLUMN desk TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE request ADD COLUMN answer TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE request ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE request ADD COLUMN visit TEXT REFERENCES visit",
    "UPDATE request SET visit = (SELECT id FROM visit WHERE visit.request = request.id)",
    "CREATE INDEX request_desk ON request (desk, department)",
    "ALTER TABLE visit ADD COLUMN label TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE visit ADD COLUMN ticket TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE visit ADD COLUMN call TEXT",
    "ALTER TABLE visit ADD COLUMN called_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE visit SET label = number",
    "CREATE UNIQUE INDEX visit_call ON visit (call)",
    "CREATE INDEX visit_patient ON visit (patient, day)",
    "CREATE TABLE login_code (digest TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE desk_session (digest TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
};
constexpr Migration kMigrations[] = {kVersion1, kVersion2};

constexpr UnixSeconds kDay = 24 * 3600;

template <class T>
std::optional<T> firstOf(std::vector<T> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

ClinicStore::ClinicStore(const std::filesystem::path& file)
    : database_("sqlite:" + file.string(), kMigrations) {}

/// @param condition  of ours, with one ":name" for each value
template <class... Values>
std::vector<ClinicRequest> ClinicTables::requestsWhere(const char* condition, const Values&... values) {
  ClinicRequest row;
  int used = 0;
  auto query = sql_.prepare << "SELECT id, nonce, department, issued_at, expires_at, text, desk, used, "
                               "refusal, answer, COALESCE(visit, '') FROM request WHERE "
                            << condition;
  ((query, use(values)), ...);
  soci::statement statement =
      (query, into(row.id), into(row.nonce), into(row.department), into(row.issuedAt), into(row.expiresAt),
       into(row.text), into(row.desk), into(used), into(row.refusal), into(row.answer), into(row.visit));
  std::vector<ClinicRequest> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.used = used != 0;
    rows.push_back(row);
  }
  return rows;
}

/// @param condition  of ours, with one ":name" for each value; `v` is the visit, `r` its request
template <class... Values>
std::vector<VisitDetails> ClinicTables::visitsWhere(const char* condition, const Values&... values) {
  VisitDetails row;
  Visit& visit = row.visit;
  Patient& patient = row.patient;
  auto query = sql_.prepare << "SELECT v.id, v.request, v.patient, v.department, v.day, v.number, v.label, "
                               "v.ticket, v.route, v.created_at, v.called_at, p.id_number, p.full_name, "
                               "p.phone FROM visit v JOIN patient p ON p.id = v.patient"
                               " JOIN request r ON r.id = v.request WHERE "
                            << condition;
  ((query, use(values)), ...);
  soci::statement statement =
      (query, into(visit.id), into(visit.request), into(visit.patient), into(visit.department),
       into(visit.day), into(visit.number), into(visit.label), into(visit.ticket), into(visit.route),
       into(visit.createdAt), into(visit.calledAt), into(patient.idNumber), into(patient.fullName),
       into(patient.phone));
  std::vector<VisitDetails> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) rows.push_back(row);
  return rows;
}

void ClinicTables::addRequest(const ClinicRequest& request) {
  const UnixSeconds old = request.issuedAt - kDay;
  sql_ << "DELETE FROM request WHERE expires_at < :old AND used = 0", use(old);
  sql_ << "INSERT INTO request (id, nonce, department, issued_at, expires_at, text, desk)"
          " VALUES (:id, :nonce, :department, :issued, :expires, :text, :desk)",
      use(request.id), use(request.nonce), use(request.department), use(request.issuedAt),
      use(request.expiresAt), use(request.text), use(request.desk);
}

std::optional<ClinicRequest> ClinicTables::findRequest(const std::string& id) {
  return firstOf(requestsWhere("id = :id", id));
}

std::optional<ClinicRequest> ClinicTables::findRequestByNonce(const std::string& nonce) {
  return firstOf(requestsWhere("nonce = :nonce", nonce));
}

std::vector<ClinicRequest> ClinicTables::openRequests(const std::string& desk, const std::string& department,
                                                      UnixSeconds now) {
  return requestsWhere(
      "desk = :desk AND department = :department AND used = 0 AND expires_at > :now ORDER BY issued_at, id",
      desk, department, now);
}

std::optional<ClinicRequest> ClinicTables::lastAnswered(const std::string& desk,
                                                        const std::string& department) {
  return firstOf(
      requestsWhere("desk = :desk AND department = :department AND visit IS NOT NULL ORDER BY answered_at "
                    "DESC, rowid DESC LIMIT 1",
                    desk, department));
}

void ClinicTables::noteAnswer(const ClinicRequest& request, UnixSeconds now) {
  const int used = request.used ? 1 : 0;
  sql_
      << "UPDATE request SET used = :used, refusal = '', answer = :answer, answered_at = :now, visit = :visit"
         " WHERE id = :id",
      use(used), use(request.answer), use(now), use(request.visit), use(request.id);
}

void ClinicTables::noteRefusal(const std::string& id, const std::string& reason) {
  sql_ << "UPDATE request SET refusal = :reason WHERE id = :id AND used = 0", use(reason), use(id);
}

std::optional<std::string> ClinicTables::keepPatient(const Patient& patient, const std::string& fresh,
                                                     UnixSeconds now) {
  std::string id;
  sql_ << "INSERT INTO patient (id, id_number, full_name, phone, first_seen, last_seen)"
          " VALUES (:id, :number, :name, :phone, :now, :now2)"
          " ON CONFLICT (id_number) DO UPDATE SET phone = excluded.phone, last_seen = excluded.last_seen"
          " WHERE full_name = excluded.full_name RETURNING id",
      use(fresh), use(patient.idNumber), use(patient.fullName), use(patient.phone), use(now), use(now),
      into(id);
  if (!sql_.got_data()) return std::nullopt;
  return id;
}

int ClinicTables::nextNumber(const std::string& department, const std::string& day) {
  int number = 0;
  sql_ << "INSERT INTO queue (department, day, last_number) VALUES (:department, :day, 1)"
          " ON CONFLICT (department, day) DO UPDATE SET last_number = last_number + 1 RETURNING last_number",
      use(department), use(day), into(number);
  return number;
}

void ClinicTables::addVisit(const Visit& visit) {
  sql_
      << "INSERT INTO visit (id, request, patient, department, day, number, label, ticket, route, created_at)"
         " VALUES (:id, :request, :patient, :department, :day, :number, :label, :ticket, :route, :now)",
      use(visit.id), use(visit.request), use(visit.patient), use(visit.department), use(visit.day),
      use(visit.number), use(visit.label), use(visit.ticket), use(visit.route), use(visit.createdAt);
}

std::optional<VisitDetails> ClinicTables::findVisit(const std::string& id) {
  return firstOf(visitsWhere("v.id = :id", id));
}

std::optional<VisitDetails> ClinicTables::findWaiting(const std::string& patient,
                                                      const std::string& department, const std::string& day) {
  return firstOf(
      visitsWhere("v.patient = :patient AND v.department = :department AND v.day = :day AND v.waiting = 1"
                  " ORDER BY v.number",
                  patient, department, day));
}

std::vector<VisitDetails> ClinicTables::visits(const std::string& department, const std::string& day) {
  return visitsWhere(
      "v.day = :day AND (v.department = :department OR r.department = :asked)"
      " ORDER BY v.created_at DESC, v.number DESC LIMIT 100",
      day, department, department);
}

int ClinicTables::countAhead(const Visit& visit) {
  int count = 0;
  sql_ << "SELECT count(*) FROM visit"
          " WHERE department = :department AND day = :day AND number < :number AND waiting = 1",
      use(visit.department), use(visit.day), use(visit.number), into(count);
  return count;
}

int ClinicTables::countWaiting(const std::string& department, const std::string& day) {
  int count = 0;
  sql_ << "SELECT count(*) FROM visit WHERE department = :department AND day = :day AND waiting = 1",
      use(department), use(day), into(count);
  return count;
}

std::optional<VisitDetails> ClinicTables::callNext(const std::string& department, const std::string& day,
                                                   const std::string& call, UnixSeconds now) {
  auto called = firstOf(visitsWhere("v.call = :call", call));
  if (called) return called;
  sql_ << "UPDATE visit SET waiting = 0, called_at = :now, call = :call WHERE id = (SELECT id FROM visit"
          " WHERE department = :department AND day = :day AND waiting = 1 ORDER BY number LIMIT 1)",
      use(now), use(call), use(department), use(day);
  return firstOf(visitsWhere("v.call = :call", call));
}

std::optional<VisitDetails> ClinicTables::lastCalled(const std::string& department, const std::string& day) {
  return firstOf(
      visitsWhere("v.department = :department AND v.day = :day AND v.waiting = 0"
                  " ORDER BY v.called_at DESC, v.number DESC LIMIT 1",
                  department, day));
}

void ClinicTables::addLoginCode(const std::string& digest, UnixSeconds now, UnixSeconds expiresAt) {
  sql_ << "DELETE FROM login_code WHERE expires_at <= :now", use(now);
  sql_ << "INSERT INTO login_code (digest, expires_at) VALUES (:digest, :expires)", use(digest),
      use(expiresAt);
}

bool ClinicTables::takeLoginCode(const std::string& digest, UnixSeconds now) {
  std::string taken;
  sql_ << "DELETE FROM login_code WHERE digest = :digest AND expires_at > :now RETURNING digest", use(digest),
      use(now), into(taken);
  return sql_.got_data();
}

void ClinicTables::addSession(const std::string& digest, UnixSeconds now, UnixSeconds expiresAt) {
  sql_ << "DELETE FROM desk_session WHERE expires_at <= :now", use(now);
  sql_ << "INSERT INTO desk_session (digest, expires_at) VALUES (:digest, :expires)", use(digest),
      use(expiresAt);
}

void ClinicTables::removeSession(const std::string& digest) {
  sql_ << "DELETE FROM desk_session WHERE digest = :digest", use(digest);
}

bool ClinicTables::hasSession(const std::string& digest, UnixSeconds now) {
  int found = 0;
  sql_ << "SELECT count(*) FROM desk_session WHERE digest = :digest AND expires_at > :now", use(digest),
      use(now), into(found);
  return found > 0;
}

}  // namespace liangma::server
