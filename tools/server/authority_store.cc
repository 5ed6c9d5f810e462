// SPDX-License-Identifier: Apache-2.0
#include "server/authority_store.h"

#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* kVersion1[] = {
    "CREATE TABLE resident ("
    " id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, id_type TEXT NOT NULL, id_number TEXT NOT NULL UNIQUE,"
    " phone TEXT NOT NULL, birth_date TEXT NOT NULL, sex TEXT NOT NULL, insured_region TEXT NOT NULL,"
    " card_number TEXT NOT NULL, colour INTEGER NOT NULL CHECK (colour BETWEEN 0 AND 3), region TEXT,"
    " note TEXT NOT NULL) STRICT",
    "CREATE TABLE ticket ("
    " digest TEXT PRIMARY KEY, resident INTEGER NOT NULL REFERENCES resident, created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, device_key TEXT, used_at INTEGER) STRICT",
    "CREATE TABLE demo_ticket (digest TEXT PRIMARY KEY REFERENCES ticket, ticket TEXT NOT NULL UNIQUE) "
    "STRICT",
    "CREATE TABLE challenge (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX challenge_expires_at ON challenge (expires_at)",
    "CREATE TABLE device ("
    " device_key TEXT NOT NULL, resident INTEGER NOT NULL REFERENCES resident, enrolled_at INTEGER NOT NULL,"
    " PRIMARY KEY (device_key, resident)) STRICT",
    "CREATE TABLE issuance ("
    " status_index INTEGER PRIMARY KEY, resident INTEGER NOT NULL REFERENCES resident, device_key TEXT NOT "
    "NULL,"
    " subject TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX issuance_subject ON issuance (device_key, subject)",
    "CREATE TABLE status_count (one INTEGER PRIMARY KEY CHECK (one = 1), issued INTEGER NOT NULL) STRICT",
    "INSERT INTO status_count VALUES (1, 0)",
};
constexpr const char* kVersion2[] = {
    "ALTER TABLE resident ADD COLUMN issuer TEXT",
    "ALTER TABLE issuance ADD COLUMN colour INTEGER",
    "CREATE INDEX issuance_resident ON issuance (resident)",
    "CREATE TABLE withdrawal ("
    " status_index INTEGER PRIMARY KEY, status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3),"
    " changed_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX withdrawal_changed_at ON withdrawal (changed_at)",
};
constexpr Migration kMigrations[] = {kVersion1, kVersion2};

constexpr std::uint64_t kListSize = 1 << 20;
/// A list is left for the next when it is half full, so that a free place is found in two tries on average.
constexpr std::uint64_t kUsedPerList = kListSize / 2;

}  // namespace

AuthorityStore::AuthorityStore(const std::filesystem::path& file) : database_(file, kMigrations) {}

void AuthorityTables::addChallenge(const std::string& nonce, UnixSeconds now, UnixSeconds expiresAt) {
  sql_ << "DELETE FROM challenge WHERE expires_at <= :now", use(now);
  sql_ << "INSERT INTO challenge (nonce, expires_at) VALUES (:nonce, :expires)", use(nonce), use(expiresAt);
}

bool AuthorityTables::hasChallenge(const std::string& nonce, UnixSeconds now) {
  int count = 0;
  sql_ << "SELECT count(*) FROM challenge WHERE nonce = :nonce AND expires_at > :now", use(nonce), use(now),
      into(count);
  return count > 0;
}

bool AuthorityTables::takeChallenge(const std::string& nonce, UnixSeconds now) {
  const bool there = hasChallenge(nonce, now);
  sql_ << "DELETE FROM challenge WHERE nonce = :nonce", use(nonce);
  return there;
}

std::optional<Ticket> AuthorityTables::findTicket(const std::string& digest, UnixSeconds now) {
  Ticket ticket;
  std::string deviceKey;
  soci::indicator used = soci::i_null;
  sql_ << "SELECT resident, device_key FROM ticket"
          " WHERE digest = :digest AND (expires_at > :now OR device_key IS NOT NULL)",
      use(digest), use(now), into(ticket.resident), into(deviceKey, used);
  if (!sql_.got_data()) return std::nullopt;
  if (used == soci::i_ok) ticket.deviceKey = deviceKey;
  return ticket;
}

void AuthorityTables::useTicket(const std::string& digest, const std::string& deviceKey, UnixSeconds now) {
  sql_ << "UPDATE ticket SET device_key = :key, used_at = :now WHERE digest = :digest", use(deviceKey),
      use(now), use(digest);
  sql_ << "DELETE FROM demo_ticket WHERE digest = :digest", use(digest);
}

void AuthorityTables::addTicket(const std::string& digest, std::int64_t resident, UnixSeconds now,
                                UnixSeconds expiresAt) {
  sql_ << "INSERT INTO ticket (digest, resident, created_at, expires_at)"
          " VALUES (:digest, :resident, :now, :expires)",
      use(digest), use(resident), use(now), use(expiresAt);
}

void AuthorityTables::bindDevice(const std::string& deviceKey, std::int64_t resident, UnixSeconds now) {
  sql_ << "INSERT OR IGNORE INTO device (device_key, resident, enrolled_at) VALUES (:key, :resident, :now)",
      use(deviceKey), use(resident), use(now);
}

std::vector<std::int64_t> AuthorityTables::residentsOf(const std::string& deviceKey) {
  std::vector<std::int64_t> ids;
  const soci::rowset<std::int64_t> rows =
      (sql_.prepare << "SELECT resident FROM device WHERE device_key = :key ORDER BY resident",
       use(deviceKey));
  for (const auto id : rows) ids.push_back(id);
  return ids;
}

std::optional<std::int64_t> AuthorityTables::residentBySubject(const std::string& deviceKey,
                                                               const std::string& subject) {
  std::int64_t resident = 0;
  sql_ << "SELECT resident FROM issuance WHERE device_key = :key AND subject = :subject", use(deviceKey),
      use(subject), into(resident);
  return sql_.got_data() ? std::optional(resident) : std::nullopt;
}

std::int64_t AuthorityTables::addResident(const Resident& resident) {
  auto identity = resident.identity;
  const int colour = static_cast<int>(resident.colour);
  soci::indicator hasRegion = resident.region ? soci::i_ok : soci::i_null;
  soci::indicator hasIssuer = resident.issuer ? soci::i_ok : soci::i_null;
  std::string region = resident.region.value_or(""), issuer = resident.issuer.value_or("");
  std::int64_t id = 0;
  sql_ << "INSERT INTO resident (full_name, id_type, id_number, phone, birth_date, sex, insured_region, "
          "card_number,"
          " colour, region, issuer, note)"
          " VALUES (:name, :type, :number, :phone, :birth, :sex, :insured, :card, :colour, :region, :issuer, "
          ":note)"
          " RETURNING id",
      use(identity[IdentityClaim::FullName]), use(identity[IdentityClaim::IdType]),
      use(identity[IdentityClaim::IdNumber]), use(identity[IdentityClaim::Phone]),
      use(identity[IdentityClaim::BirthDate]), use(identity[IdentityClaim::Sex]),
      use(identity[IdentityClaim::InsuredRegion]), use(identity[IdentityClaim::CardNumber]), use(colour),
      use(region, hasRegion), use(issuer, hasIssuer), use(resident.note), into(id);
  return id;
}

Resident AuthorityTables::resident(std::int64_t id) {
  Resident resident;
  auto& identity = resident.identity;
  int colour = 0;
  std::string region, issuer;
  soci::indicator hasRegion = soci::i_null, hasIssuer = soci::i_null;
  sql_ << "SELECT full_name, id_type, id_number, phone, birth_date, sex, insured_region, card_number, "
          "colour, region,"
          " issuer, note FROM resident WHERE id = :id",
      use(id), into(identity[IdentityClaim::FullName]), into(identity[IdentityClaim::IdType]),
      into(identity[IdentityClaim::IdNumber]), into(identity[IdentityClaim::Phone]),
      into(identity[IdentityClaim::BirthDate]), into(identity[IdentityClaim::Sex]),
      into(identity[IdentityClaim::InsuredRegion]), into(identity[IdentityClaim::CardNumber]), into(colour),
      into(region, hasRegion), into(issuer, hasIssuer), into(resident.note);
  if (!sql_.got_data()) throw internalError();
  std::erase_if(identity, [](const auto& claim) { return claim.second.empty(); });
  resident.colour = static_cast<Colour>(colour);
  if (hasRegion == soci::i_ok) resident.region = region;
  if (hasIssuer == soci::i_ok) resident.issuer = issuer;
  return resident;
}

std::vector<std::int64_t> AuthorityTables::residents() {
  std::vector<std::int64_t> ids;
  const soci::rowset<std::int64_t> rows = (sql_.prepare << "SELECT id FROM resident ORDER BY id");
  for (const auto id : rows) ids.push_back(id);
  return ids;
}

bool AuthorityTables::hasResident(const std::string& idNumber) {
  int count = 0;
  sql_ << "SELECT count(*) FROM resident WHERE id_number = :number", use(idNumber), into(count);
  return count > 0;
}

std::uint64_t AuthorityTables::freshStatusIndex() {
  std::uint64_t issued = 0;
  sql_ << "UPDATE status_count SET issued = issued + 1 RETURNING issued", into(issued);
  const std::uint64_t list = (issued - 1) / kUsedPerList;
  while (true) {
    const auto random = randomBytes(3);
    const auto place = ((random[0] << 16) | (random[1] << 8) | random[2]) % kListSize;
    const std::uint64_t index = list * kListSize + static_cast<std::uint64_t>(place);
    int taken = 0;
    sql_ << "SELECT count(*) FROM issuance WHERE status_index = :i", use(index), into(taken);
    if (taken == 0) return index;
  }
}

void AuthorityTables::addIssuance(const Issuance& issuance) {
  const int colour = static_cast<int>(issuance.colour);
  sql_ << "INSERT INTO issuance (status_index, resident, device_key, subject, issued_at, expires_at, colour)"
          " VALUES (:i, :resident, :key, :subject, :issued, :expires, :colour)",
      use(issuance.statusIndex), use(issuance.resident), use(issuance.deviceKey), use(issuance.subject),
      use(issuance.issuedAt), use(issuance.expiresAt), use(colour);
}

std::optional<std::string> AuthorityTables::demoTicket(std::int64_t resident, UnixSeconds now) {
  std::string ticket;
  sql_ << "SELECT d.ticket FROM demo_ticket d JOIN ticket t USING (digest)"
          " WHERE t.resident = :resident AND t.device_key IS NULL AND t.expires_at > :now LIMIT 1",
      use(resident), use(now), into(ticket);
  return sql_.got_data() ? std::optional(ticket) : std::nullopt;
}

void AuthorityTables::addDemoTicket(const std::string& ticket, const std::string& digest) {
  sql_ << "INSERT INTO demo_ticket (digest, ticket) VALUES (:digest, :ticket)", use(digest), use(ticket);
}

}  // namespace liangma::server
