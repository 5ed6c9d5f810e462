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
constexpr Migration kMigrations[] = {kVersion1};

constexpr UnixSeconds kDay = 24 * 3600;

}  // namespace

ClinicStore::ClinicStore(const std::filesystem::path& file) : database_(file, kMigrations) {}

void ClinicTables::addRequest(const ClinicRequest& request) {
  const UnixSeconds old = request.issuedAt - kDay;
  sql_ << "DELETE FROM request WHERE expires_at < :old AND used = 0", use(old);
  sql_ << "INSERT INTO request (id, nonce, department, issued_at, expires_at)"
          " VALUES (:id, :nonce, :department, :issued, :expires)",
      use(request.id), use(request.nonce), use(request.department), use(request.issuedAt),
      use(request.expiresAt);
}

std::optional<ClinicRequest> ClinicTables::findRequest(const std::string& id) {
  return findRequestWhere("id", id);
}

std::optional<ClinicRequest> ClinicTables::findRequestByNonce(const std::string& nonce) {
  return findRequestWhere("nonce", nonce);
}

/// @param column  a name of ours, never a client's
std::optional<ClinicRequest> ClinicTables::findRequestWhere(const char* column, const std::string& value) {
  ClinicRequest request;
  int used = 0;
  sql_ << "SELECT id, nonce, department, issued_at, expires_at, used, refusal FROM request WHERE " << column
       << " = :value",
      use(value), into(request.id), into(request.nonce), into(request.department), into(request.issuedAt),
      into(request.expiresAt), into(used), into(request.refusal);
  if (!sql_.got_data()) return std::nullopt;
  request.used = used != 0;
  return request;
}

bool ClinicTables::useRequest(const std::string& id) {
  std::string taken;
  sql_ << "UPDATE request SET used = 1, refusal = '' WHERE id = :id AND used = 0 RETURNING id", use(id),
      into(taken);
  return sql_.got_data();
}

void ClinicTables::noteRefusal(const std::string& id, const std::string& reason) {
  sql_ << "UPDATE request SET refusal = :reason WHERE id = :id AND used = 0", use(reason), use(id);
}

std::string ClinicTables::keepPatient(const Patient& patient, const std::string& fresh, UnixSeconds now) {
  std::string id;
  sql_ << "INSERT INTO patient (id, id_number, full_name, phone, first_seen, last_seen)"
          " VALUES (:id, :number, :name, :phone, :now, :now2)"
          " ON CONFLICT (id_number) DO UPDATE SET full_name = excluded.full_name, phone = excluded.phone,"
          " last_seen = excluded.last_seen RETURNING id",
      use(fresh), use(patient.idNumber), use(patient.fullName), use(patient.phone), use(now), use(now),
      into(id);
  return id;
}

int ClinicTables::nextNumber(const std::string& department, const std::string& day) {
  int number = 0;
  sql_ << "INSERT INTO queue (department, day, last_number) VALUES (:department, :day, 1)"
          " ON CONFLICT (department, day) DO UPDATE SET last_number = last_number + 1 RETURNING last_number",
      use(department), use(day), into(number);
  return number;
}

void ClinicTables::addVisit(const Visit& visit, UnixSeconds now) {
  sql_ << "INSERT INTO visit (id, request, patient, department, day, number, route, created_at)"
          " VALUES (:id, :request, :patient, :department, :day, :number, :route, :now)",
      use(visit.id), use(visit.request), use(visit.patient), use(visit.department), use(visit.day),
      use(visit.number), use(visit.route), use(now);
}

int ClinicTables::countAhead(const Visit& visit) {
  int count = 0;
  sql_ << "SELECT count(*) FROM visit"
          " WHERE department = :department AND day = :day AND number < :number AND waiting = 1",
      use(visit.department), use(visit.day), use(visit.number), into(count);
  return count;
}

std::optional<VisitDetails> ClinicTables::findVisit(const std::string& request) {
  VisitDetails found;
  Visit& visit = found.visit;
  Patient& patient = found.patient;
  sql_ << "SELECT v.id, v.request, v.patient, v.department, v.day, v.number, v.route, p.id_number, "
          "p.full_name, p.phone"
          " FROM visit v JOIN patient p ON p.id = v.patient WHERE v.request = :request",
      use(request), into(visit.id), into(visit.request), into(visit.patient), into(visit.department),
      into(visit.day), into(visit.number), into(visit.route), into(patient.idNumber), into(patient.fullName),
      into(patient.phone);
  return sql_.got_data() ? std::optional(found) : std::nullopt;
}

}  // namespace liangma::server
