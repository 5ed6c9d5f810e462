// SPDX-License-Identifier: Apache-2.0
#include "server/authority_store.h"

#include "cli/text_codec.h"
#include "server/authority_schema.h"
#include "server/keyed_hash.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr std::uint64_t kListSize = 1 << 20;
/// A list is left for the next when so many random places of it in a row are taken: that is when it is about
/// half full. So no row has to count them.
constexpr int kPlacesTried = 16;

std::uint64_t randomPlace() {
  const auto random = randomBytes(3);
  return ((std::uint64_t{random[0]} << 16) | (random[1] << 8) | random[2]) % kListSize;
}

}  // namespace

// ---- one authority's database

AuthorityStore::AuthorityStore(const std::string& address, const std::string& authority, ByteView secret32)
    : issuer_(authority),
      secret32_(secret32.begin(), secret32.end()),
      database_(address, authorityMigrations()) {
  adopt();
  checkSecret();
  statusPlace_.list = transaction([](AuthorityTables& tables) {
    const auto lists = tables.statusLists();
    return lists == 0 ? 0 : lists - 1;
  });
}

std::string AuthorityStore::idHash(std::string_view idNumber) const {
  return keyedHash(secret32_, "id-number", idNumber);
}

/// Rows of a file that was made before databases knew issuers become this authority's.
void AuthorityStore::adopt() {
  if (database_.isPostgreSql()) return;
  database_.transaction([&](soci::session& sql) {
    std::vector<std::pair<std::string, std::string>> idHashes;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT id, id_number FROM resident WHERE authority = ''");
    for (const auto& row : rows)
      idHashes.emplace_back(row.get<std::string>(0), idHash(row.get<std::string>(1)));
    if (idHashes.empty()) return;
    sql << "PRAGMA defer_foreign_keys = ON";
    for (const auto& [id, hash] : idHashes)
      sql << "UPDATE resident SET id_hash = :hash WHERE authority = '' AND id = :id", use(hash), use(id);
    for (const char* table : {"resident", "ticket", "demo_ticket", "device", "issuance", "withdrawal"})
      sql << "UPDATE " << table << " SET authority = :authority WHERE authority = ''", use(issuer_);
  });
}

/// Two processes with different secrets would not find each other's people.
void AuthorityStore::checkSecret() {
  const std::string digest = keyedHash(secret32_, "secret", issuer_);
  database_.transaction([&](soci::session& sql) {
    sql << "INSERT INTO authority_secret (authority, secret_digest) VALUES (:authority, :digest) ON CONFLICT "
           "DO NOTHING",
        use(issuer_), use(digest);
    std::string stored;
    sql << "SELECT secret_digest FROM authority_secret WHERE authority = :authority", use(issuer_),
        into(stored);
    if (stored != digest) throw Problem{503, "authority.secret-wrong"};
  });
}

// ---- nonces and replies

bool AuthorityTables::useNonce(const std::string& nonce, UnixSeconds now, UnixSeconds expiresAt) {
  std::string used;
  sql << "INSERT INTO used_nonce (authority, nonce, expires_at) VALUES (:authority, :nonce, :expires)"
         " ON CONFLICT DO NOTHING RETURNING nonce",
      use(authority), use(nonce), use(expiresAt), into(used);
  const bool isFresh = sql.got_data();
  // A few at a time, so that the work is everybody's and nobody's for long.
  sql << "DELETE FROM used_nonce WHERE authority = :authority AND nonce IN (SELECT nonce FROM used_nonce "
         "WHERE "
         "expires_at <= :now AND authority = :same LIMIT 4)",
      use(authority), use(now), use(authority);
  return isFresh;
}

std::optional<StoredReply> AuthorityTables::findReply(const std::string& name, UnixSeconds now) {
  sql << "DELETE FROM idempotent WHERE authority = :authority AND idempotency_key = :key AND expires_at <= "
         ":now",
      use(authority), use(name), use(now);
  const UnixSeconds soon = now + 1;
  sql << "INSERT INTO idempotent (authority, idempotency_key, request_digest, status, reply, resident, "
         "expires_at)"
         " VALUES (:authority, :key, '', 0, '', '', :soon) ON CONFLICT DO NOTHING",
      use(authority), use(name), use(soon);
  StoredReply reply;
  sql << "SELECT request_digest, status, reply FROM idempotent WHERE authority = :authority AND "
         "idempotency_key = "
         ":key",
      use(authority), use(name), into(reply.requestDigest), into(reply.status), into(reply.body);
  return reply.status == 0 ? std::nullopt : std::optional(reply);
}

void AuthorityTables::storeReply(const std::string& name, const StoredReply& reply, UnixSeconds expiresAt) {
  sql << "UPDATE idempotent SET request_digest = :digest, status = :status, reply = :reply, resident = "
         ":resident, expires_at = "
         ":expires"
         " WHERE authority = :authority AND idempotency_key = :key",
      use(reply.requestDigest), use(reply.status), use(reply.body), use(reply.resident), use(expiresAt),
      use(authority), use(name);
}

// ---- tickets and devices

std::optional<Ticket> AuthorityTables::findTicket(const std::string& digest, UnixSeconds now) {
  Ticket ticket;
  std::string deviceKey;
  soci::indicator used = soci::i_null;
  sql << "SELECT resident, device_key FROM ticket WHERE authority = :authority AND digest = :digest"
         " AND (expires_at > :now OR device_key IS NOT NULL)",
      use(authority), use(digest), use(now), into(ticket.resident), into(deviceKey, used);
  if (!sql.got_data()) return std::nullopt;
  if (used == soci::i_ok) ticket.deviceKey = deviceKey;
  return ticket;
}

bool AuthorityTables::useTicket(const std::string& digest, const std::string& deviceKey, UnixSeconds now) {
  std::string resident;
  sql << "UPDATE ticket SET device_key = :key, used_at = COALESCE(used_at, :now) WHERE authority = "
         ":authority AND"
         " digest = :digest AND (device_key IS NULL OR device_key = :same) RETURNING resident",
      use(deviceKey), use(now), use(authority), use(digest), use(deviceKey), into(resident);
  const bool isUsed = sql.got_data();
  if (isUsed)
    sql << "DELETE FROM demo_ticket WHERE authority = :authority AND digest = :digest", use(authority),
        use(digest);
  return isUsed;
}

void AuthorityTables::addTicket(const std::string& digest, const std::string& resident, UnixSeconds now,
                                UnixSeconds expiresAt) {
  sql << "INSERT INTO ticket (authority, digest, resident, created_at, expires_at)"
         " VALUES (:authority, :digest, :resident, :now, :expires)",
      use(authority), use(digest), use(resident), use(now), use(expiresAt);
}

void AuthorityTables::bindDevice(const std::string& deviceKey, const std::string& resident, UnixSeconds now) {
  sql << "INSERT INTO device (authority, device_key, resident, enrolled_at) VALUES (:authority, :key, "
         ":resident, "
         ":now)"
         " ON CONFLICT DO NOTHING",
      use(authority), use(deviceKey), use(resident), use(now);
}

void AuthorityTables::replaceDevices(const std::string& deviceKey, const std::string& resident,
                                     UnixSeconds now) {
  sql << "DELETE FROM device WHERE authority = :authority AND resident = :resident AND device_key <> :key",
      use(authority), use(resident), use(deviceKey);
  supersedeOtherDevices(resident, deviceKey, now);
}

std::vector<std::string> AuthorityTables::residentsOf(const std::string& deviceKey) {
  const soci::rowset<std::string> rows = (sql.prepare << "SELECT resident FROM device WHERE authority = "
                                                         ":authority AND device_key = :key ORDER BY resident",
                                          use(authority), use(deviceKey));
  return {rows.begin(), rows.end()};
}

std::optional<std::string> AuthorityTables::residentBySubject(const std::string& deviceKey,
                                                              const std::string& subject) {
  std::string resident;
  sql << "SELECT i.resident FROM issuance i JOIN device d ON d.authority = i.authority AND d.device_key = "
         "i.device_key"
         " AND d.resident = i.resident WHERE i.authority = :authority AND i.device_key = :key AND i.subject "
         "= "
         ":subject",
      use(authority), use(deviceKey), use(subject), into(resident);
  return sql.got_data() ? std::optional(resident) : std::nullopt;
}

std::optional<std::string> AuthorityTables::residentByStatusIndex(std::uint64_t statusIndex) {
  std::string resident;
  sql << "SELECT resident FROM issuance WHERE authority = :authority AND status_index = :index",
      use(authority), use(statusIndex), into(resident);
  return sql.got_data() && !resident.empty() ? std::optional(resident) : std::nullopt;
}

std::optional<std::string> AuthorityTables::residentByIdHash(const std::string& idHash) {
  std::string resident;
  sql << "SELECT id FROM resident WHERE authority = :authority AND id_hash = :hash", use(authority),
      use(idHash), into(resident);
  return sql.got_data() ? std::optional(resident) : std::nullopt;
}

void AuthorityTables::addConsent(const std::string& id, const std::string& resident, const Bytes& statement,
                                 UnixSeconds now) {
  const std::string text = tools::encodeBase64url(statement);
  sql << "INSERT INTO consent (authority, id, resident, statement, made_at) VALUES (:authority, :id, "
         ":resident,"
         " :statement, :now)",
      use(authority), use(id), use(resident), use(text), use(now);
}

bool AuthorityTables::isGuardedBy(const std::string& deviceKey, const std::string& resident) {
  int count = 0;
  sql << "SELECT count(*) FROM device d JOIN consent c ON c.authority = d.authority AND c.resident = "
         "d.resident"
         " WHERE d.authority = :authority AND d.device_key = :key AND d.resident = :resident",
      use(authority), use(deviceKey), use(resident), into(count);
  return count > 0;
}

// ---- residents

bool AuthorityTables::addResident(const Resident& resident) {
  auto identity = resident.identity;
  std::string added;
  sql << "INSERT INTO resident (authority, id, id_hash, full_name, id_type, id_number, phone, birth_date, "
         "sex, "
         "insured_region, card_number, region, issuer, note) VALUES (:authority, :id, :hash, :name, :type, "
         ":number, "
         ":phone, :birth, :sex, :insured, :card, :region, :issuer, :note) ON CONFLICT DO NOTHING RETURNING "
         "id",
      use(authority), use(resident.id), use(resident.idHash), use(identity[IdentityClaim::FullName]),
      use(identity[IdentityClaim::IdType]), use(identity[IdentityClaim::IdNumber]),
      use(identity[IdentityClaim::Phone]), use(identity[IdentityClaim::BirthDate]),
      use(identity[IdentityClaim::Sex]), use(identity[IdentityClaim::InsuredRegion]),
      use(identity[IdentityClaim::CardNumber]), use(resident.region), use(resident.issuer),
      use(resident.note), into(added);
  return sql.got_data();
}

std::optional<std::string> AuthorityTables::setIdentity(const std::string& idHash, Identity identity,
                                                        bool isRenamed) {
  std::string id;
  const int renamed = isRenamed ? 1 : 0;
  sql << "UPDATE resident SET full_name = :name, id_type = :type, phone = :phone, birth_date = :birth, sex = "
         ":sex, insured_region = :insured, card_number = :card WHERE authority = :authority AND id_hash = "
         ":hash AND (:renamed = 1 OR (full_name = :same AND (id_type = '' OR id_type = :kind))) RETURNING id",
      use(identity[IdentityClaim::FullName]), use(identity[IdentityClaim::IdType]),
      use(identity[IdentityClaim::Phone]), use(identity[IdentityClaim::BirthDate]),
      use(identity[IdentityClaim::Sex]), use(identity[IdentityClaim::InsuredRegion]),
      use(identity[IdentityClaim::CardNumber]), use(authority), use(idHash), use(renamed),
      use(identity[IdentityClaim::FullName]), use(identity[IdentityClaim::IdType]), into(id);
  if (!sql.got_data()) return std::nullopt;
  return id;
}

std::optional<Resident> AuthorityTables::readResident(const std::string& id, const char* lock) {
  Resident resident;
  resident.id = id;
  auto& identity = resident.identity;
  auto& state = resident.state;
  int colour = 0, ended = 0;
  sql << "SELECT id_hash, full_name, id_type, id_number, phone, birth_date, sex, insured_region, "
         "card_number, "
         "region, issuer, note, organisation, colour, since, until, rule, reason_class, settled_at, ended "
         "FROM "
         "resident"
         " WHERE authority = :authority AND id = :id"
      << lock,
      use(authority), use(id), into(resident.idHash), into(identity[IdentityClaim::FullName]),
      into(identity[IdentityClaim::IdType]), into(identity[IdentityClaim::IdNumber]),
      into(identity[IdentityClaim::Phone]), into(identity[IdentityClaim::BirthDate]),
      into(identity[IdentityClaim::Sex]), into(identity[IdentityClaim::InsuredRegion]),
      into(identity[IdentityClaim::CardNumber]), into(resident.region), into(resident.issuer),
      into(resident.note), into(resident.organisation), into(colour), into(state.since), into(state.until),
      into(state.rule), into(state.reasonClass), into(state.settledAt), into(ended);
  if (!sql.got_data()) return std::nullopt;
  std::erase_if(identity, [](const auto& claim) { return claim.second.empty(); });
  state.colour = static_cast<Colour>(colour);
  state.ended = static_cast<Colour>(ended);
  return resident;
}

std::optional<Resident> AuthorityTables::lockResident(const std::string& id) {
  return readResident(id, forUpdate());
}

std::optional<Resident> AuthorityTables::findResident(const std::string& id) {
  return readResident(id, "");
}

std::vector<std::string> AuthorityTables::residents() {
  const soci::rowset<std::string> rows =
      (sql.prepare << "SELECT id FROM resident WHERE authority = :authority ORDER BY card_number, id",
       use(authority));
  return {rows.begin(), rows.end()};
}

std::vector<std::string> AuthorityTables::residentsDue(UnixSeconds now, const std::string& after,
                                                       std::size_t atMost) {
  const soci::rowset<std::string> rows =
      (sql.prepare << "SELECT id FROM resident WHERE authority = :authority AND until > 0 AND until <= :now "
                      "AND id > :after ORDER BY id LIMIT :most",
       use(authority), use(now), use(after), use(atMost));
  return {rows.begin(), rows.end()};
}

void AuthorityTables::setState(const std::string& resident, const ColourState& state) {
  const int colour = static_cast<int>(state.colour), ended = static_cast<int>(state.ended);
  sql << "UPDATE resident SET colour = :colour, since = :since, until = :until, rule = :rule, reason_class = "
         ":reason, settled_at = :settled, ended = :ended WHERE authority = :authority AND id = :id",
      use(colour), use(state.since), use(state.until), use(state.rule), use(state.reasonClass),
      use(state.settledAt), use(ended), use(authority), use(resident);
}

void AuthorityTables::setOrganisation(const std::string& resident, const std::string& organisation) {
  sql << "UPDATE resident SET organisation = :organisation WHERE authority = :authority AND id = :id",
      use(organisation), use(authority), use(resident);
}

void AuthorityTables::eraseResident(const Resident& resident, UnixSeconds now) {
  invalidateAll(resident.id, now);
  sql << "UPDATE issuance SET resident = '', device_key = '', subject = '' WHERE authority = :authority AND "
         "resident"
         " = :resident",
      use(authority), use(resident.id);
  sql << "DELETE FROM demo_ticket WHERE authority = :authority AND digest IN (SELECT digest FROM ticket "
         "WHERE "
         "authority = "
         ":same AND resident = :resident)",
      use(authority), use(authority), use(resident.id);
  for (const char* table : {"ticket", "device", "declaration", "consent", "appeal", "idempotent"})
    sql << "DELETE FROM " << table << " WHERE authority = :authority AND resident = :resident",
        use(authority), use(resident.id);
  sql << "DELETE FROM fact WHERE authority = :authority AND id_hash = :hash", use(authority),
      use(resident.idHash);
  sql << "DELETE FROM resident WHERE authority = :authority AND id = :id", use(authority), use(resident.id);
}

// ---- credentials

std::uint64_t AuthorityTables::drawStatusIndex() {
  if (statusPlace_.taken >= kPlacesTried) {
    statusPlace_.list = std::max<std::uint64_t>(statusLists(), statusPlace_.list + 1);
    statusPlace_.taken = 0;
  }
  return statusPlace_.list * kListSize + randomPlace();
}

bool AuthorityTables::addIssuance(const Issuance& issuance) {
  const int colour = static_cast<int>(issuance.colour);
  std::uint64_t given = 0;
  sql << "INSERT INTO issuance (authority, status_index, resident, device_key, subject, issued_at, "
         "expires_at, "
         "colour, record_sequence) VALUES (:authority, :index, :resident, :key, :subject, :issued, :expires, "
         ":colour,"
         " :sequence)"
         " ON CONFLICT DO NOTHING RETURNING status_index",
      use(authority), use(issuance.statusIndex), use(issuance.resident), use(issuance.deviceKey),
      use(issuance.subject), use(issuance.issuedAt), use(issuance.expiresAt), use(colour),
      use(issuance.recordSequence), into(given);
  const bool isFree = sql.got_data();
  statusPlace_.taken = isFree ? 0 : statusPlace_.taken + 1;
  return isFree;
}

// ---- the demo's tickets

std::optional<std::string> AuthorityTables::demoTicket(const std::string& resident, UnixSeconds now) {
  std::string ticket;
  sql << "SELECT d.ticket FROM demo_ticket d JOIN ticket t ON t.authority = d.authority AND t.digest = "
         "d.digest"
         " WHERE t.authority = :authority AND t.resident = :resident AND t.device_key IS NULL AND "
         "t.expires_at > "
         ":now "
         "LIMIT 1",
      use(authority), use(resident), use(now), into(ticket);
  return sql.got_data() ? std::optional(ticket) : std::nullopt;
}

void AuthorityTables::addDemoTicket(const std::string& ticket, const std::string& digest) {
  sql << "INSERT INTO demo_ticket (authority, digest, ticket) VALUES (:authority, :digest, :ticket)",
      use(authority), use(digest), use(ticket);
}

}  // namespace liangma::server
