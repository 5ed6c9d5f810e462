// SPDX-License-Identifier: Apache-2.0
#include "server/staff_store.h"

#include <algorithm>

#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* kStatements[] = {
    "CREATE TABLE staff ("
    " issuer TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, vault TEXT NOT NULL,"
    " last_step INTEGER NOT NULL, created_at INTEGER NOT NULL, disabled_at INTEGER NOT NULL,"
    " PRIMARY KEY (issuer, id), UNIQUE (issuer, name)) STRICT",
    "CREATE TABLE staff_invitation ("
    " issuer TEXT NOT NULL, digest TEXT NOT NULL, staff TEXT NOT NULL, totp_secret TEXT NOT NULL,"
    " expires_at INTEGER NOT NULL, PRIMARY KEY (issuer, digest),"
    " FOREIGN KEY (issuer, staff) REFERENCES staff (issuer, id)) STRICT",
    "CREATE TABLE staff_passkey ("
    " issuer TEXT NOT NULL, id TEXT NOT NULL, staff TEXT NOT NULL, cose_key TEXT NOT NULL,"
    " counter INTEGER NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (issuer, id),"
    " FOREIGN KEY (issuer, staff) REFERENCES staff (issuer, id)) STRICT",
    "CREATE TABLE staff_challenge ("
    " issuer TEXT NOT NULL, challenge TEXT NOT NULL, expires_at INTEGER NOT NULL,"
    " PRIMARY KEY (issuer, challenge)) STRICT",
    "CREATE TABLE staff_session ("
    " issuer TEXT NOT NULL, digest TEXT NOT NULL, staff TEXT NOT NULL, expires_at INTEGER NOT NULL,"
    " seen_at INTEGER NOT NULL, PRIMARY KEY (issuer, digest),"
    " FOREIGN KEY (issuer, staff) REFERENCES staff (issuer, id)) STRICT",
    "CREATE TABLE staff_attempt ("
    " issuer TEXT NOT NULL, place TEXT NOT NULL, failed INTEGER NOT NULL, began_at INTEGER NOT NULL,"
    " PRIMARY KEY (issuer, place)) STRICT",
    "CREATE INDEX staff_attempt_began_at ON staff_attempt (issuer, began_at)",
};

constexpr const char* kRoleIds[] = {"checkpoint", "reviewer", "importer", "admin"};
/// How late a session may note that it was used, so that not every call writes.
constexpr UnixSeconds kSeenEverySeconds = 60;

std::string joinRoles(const std::vector<StaffRole>& roles) {
  std::string text;
  for (const auto role : roles) text += (text.empty() ? "" : " ") + staffRoleId(role);
  return text;
}

std::vector<StaffRole> splitRoles(const std::string& text) {
  std::vector<StaffRole> roles;
  for (const auto role : kStaffRoles)
    if ((' ' + text + ' ').find(' ' + staffRoleId(role) + ' ') != std::string::npos) roles.push_back(role);
  return roles;
}

template <class T>
std::optional<T> firstOf(std::vector<T> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

Migration staffMigration() {
  return kStatements;
}

std::string staffRoleId(StaffRole role) {
  return kRoleIds[static_cast<std::size_t>(role)];
}

std::optional<StaffRole> staffRoleFromId(std::string_view id) {
  for (const auto role : kStaffRoles)
    if (staffRoleId(role) == id) return role;
  return std::nullopt;
}

// --- members ---

/// @param condition  of ours, with one ":name" for each value
template <class... Values>
std::vector<StaffMember> StaffTables::membersWhere(UnixSeconds now, const char* condition,
                                                   const Values&... values) {
  StaffMember row;
  std::string roles;
  int password = 0, disabled = 0;
  long long passkeys = 0, invitations = 0;
  auto query =
      sql_.prepare << "SELECT s.id, s.name, s.roles, CASE WHEN s.vault = '' THEN 0 ELSE 1 END,"
                      " (SELECT count(*) FROM staff_passkey p WHERE p.issuer = s.issuer AND p.staff = s.id),"
                      " (SELECT count(*) FROM staff_invitation i WHERE i.issuer = s.issuer AND i.staff = s.id"
                      " AND i.expires_at > :now), CASE WHEN s.disabled_at = 0 THEN 0 ELSE 1 END"
                      " FROM staff s WHERE s.issuer = :issuer AND "
                   << condition;
  query, use(now), use(issuer_);
  ((query, use(values)), ...);
  soci::statement statement = (query, into(row.id), into(row.name), into(roles), into(password),
                               into(passkeys), into(invitations), into(disabled));
  std::vector<StaffMember> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.roles = splitRoles(roles);
    row.hasPassword = password != 0;
    row.hasPasskey = passkeys != 0;
    row.isInvited = invitations != 0;
    row.isDisabled = disabled != 0;
    rows.push_back(row);
  }
  return rows;
}

bool StaffTables::addMember(const StaffMember& member, UnixSeconds now) {
  const std::string roles = joinRoles(member.roles);
  std::string id;
  sql_ << "INSERT INTO staff (issuer, id, name, roles, vault, last_step, created_at, disabled_at)"
          " VALUES (:issuer, :id, :name, :roles, '', 0, :now, 0)"
          " ON CONFLICT (issuer, name) DO NOTHING RETURNING id",
      use(issuer_), use(member.id), use(member.name), use(roles), use(now), into(id);
  return sql_.got_data();
}

std::vector<StaffMember> StaffTables::members(UnixSeconds now) {
  return membersWhere(now, "1 = 1 ORDER BY s.name");
}

std::optional<StaffMember> StaffTables::memberById(const std::string& id) {
  return firstOf(membersWhere(0, "s.id = :id", id));
}

std::optional<StaffMember> StaffTables::memberByName(const std::string& name) {
  return firstOf(membersWhere(0, "s.name = :name", name));
}

void StaffTables::forgetLogins(const std::string& member) {
  sql_ << "UPDATE staff SET vault = '', last_step = 0 WHERE issuer = :issuer AND id = :id", use(issuer_),
      use(member);
  sql_ << "DELETE FROM staff_passkey WHERE issuer = :issuer AND staff = :id", use(issuer_), use(member);
  sql_ << "DELETE FROM staff_invitation WHERE issuer = :issuer AND staff = :id", use(issuer_), use(member);
  sql_ << "DELETE FROM staff_session WHERE issuer = :issuer AND staff = :id", use(issuer_), use(member);
}

void StaffTables::disable(const std::string& member, UnixSeconds now) {
  forgetLogins(member);
  sql_ << "UPDATE staff SET disabled_at = :now WHERE issuer = :issuer AND id = :id", use(now), use(issuer_),
      use(member);
}

// --- invitations ---

void StaffTables::addInvitation(const std::string& digest, const std::string& member, UnixSeconds now,
                                UnixSeconds expiresAt) {
  sql_ << "DELETE FROM staff_invitation WHERE issuer = :issuer AND expires_at <= :now", use(issuer_),
      use(now);
  sql_ << "UPDATE staff SET disabled_at = 0 WHERE issuer = :issuer AND id = :id", use(issuer_), use(member);
  sql_ << "INSERT INTO staff_invitation (issuer, digest, staff, totp_secret, expires_at)"
          " VALUES (:issuer, :digest, :staff, '', :expires)",
      use(issuer_), use(digest), use(member), use(expiresAt);
}

std::optional<StaffInvitation> StaffTables::invitation(const std::string& digest, UnixSeconds now) {
  StaffInvitation found;
  sql_ << "SELECT staff, totp_secret FROM staff_invitation"
          " WHERE issuer = :issuer AND digest = :digest AND expires_at > :now",
      use(issuer_), use(digest), use(now), into(found.member), into(found.totpSecret);
  if (!sql_.got_data()) return std::nullopt;
  return found;
}

void StaffTables::offerTotpSecret(const std::string& digest, const std::string& secret) {
  sql_ << "UPDATE staff_invitation SET totp_secret = :secret WHERE issuer = :issuer AND digest = :digest",
      use(secret), use(issuer_), use(digest);
}

bool StaffTables::takeInvitation(const std::string& digest, UnixSeconds now) {
  std::string member;
  sql_ << "DELETE FROM staff_invitation WHERE issuer = :issuer AND digest = :digest AND expires_at > :now"
          " RETURNING staff",
      use(issuer_), use(digest), use(now), into(member);
  return sql_.got_data();
}

// --- passwords ---

void StaffTables::setPassword(const StaffPassword& password) {
  sql_ << "UPDATE staff SET vault = :vault, last_step = :step WHERE issuer = :issuer AND id = :id",
      use(password.vault), use(password.lastStep), use(issuer_), use(password.member);
}

std::optional<StaffPassword> StaffTables::password(const std::string& name) {
  StaffPassword found;
  sql_ << "SELECT id, vault, last_step FROM staff"
          " WHERE issuer = :issuer AND name = :name AND vault <> '' AND disabled_at = 0",
      use(issuer_), use(name), into(found.member), into(found.vault), into(found.lastStep);
  if (!sql_.got_data()) return std::nullopt;
  return found;
}

bool StaffTables::useTotpStep(const std::string& member, std::int64_t step) {
  std::string id;
  sql_ << "UPDATE staff SET last_step = :step WHERE issuer = :issuer AND id = :id AND last_step < :before"
          " RETURNING id",
      use(step), use(issuer_), use(member), use(step), into(id);
  return sql_.got_data();
}

// --- passkeys ---

void StaffTables::addPasskey(const StaffPasskey& passkey, UnixSeconds now) {
  const std::string key = tools::encodeBase64url(passkey.passkey.coseKey);
  const std::int64_t counter = passkey.passkey.counter;
  sql_ << "INSERT INTO staff_passkey (issuer, id, staff, cose_key, counter, created_at)"
          " VALUES (:issuer, :id, :staff, :key, :counter, :now)",
      use(issuer_), use(passkey.passkey.id), use(passkey.member), use(key), use(counter), use(now);
}

std::optional<StaffPasskey> StaffTables::passkey(const std::string& id) {
  StaffPasskey found;
  std::string key;
  std::int64_t counter = 0;
  sql_ << "SELECT p.staff, p.cose_key, p.counter FROM staff_passkey p"
          " JOIN staff s ON s.issuer = p.issuer AND s.id = p.staff"
          " WHERE p.issuer = :issuer AND p.id = :id AND s.disabled_at = 0",
      use(issuer_), use(id), into(found.member), into(key), into(counter);
  if (!sql_.got_data()) return std::nullopt;
  auto coseKey = tools::decodeBase64url(key);
  if (!coseKey) throw storageFailed();
  found.passkey = {id, std::move(*coseKey), static_cast<std::uint32_t>(counter)};
  return found;
}

bool StaffTables::countPasskey(const Passkey& before, std::uint32_t counter) {
  const std::int64_t old = before.counter, fresh = counter;
  std::string id;
  sql_ << "UPDATE staff_passkey SET counter = :fresh WHERE issuer = :issuer AND id = :id AND counter = :old"
          " RETURNING id",
      use(fresh), use(issuer_), use(before.id), use(old), into(id);
  return sql_.got_data();
}

void StaffTables::addChallenge(const std::string& challenge, UnixSeconds now, UnixSeconds expiresAt) {
  sql_ << "DELETE FROM staff_challenge WHERE issuer = :issuer AND expires_at <= :now", use(issuer_), use(now);
  sql_
      << "INSERT INTO staff_challenge (issuer, challenge, expires_at) VALUES (:issuer, :challenge, :expires)",
      use(issuer_), use(challenge), use(expiresAt);
}

bool StaffTables::takeChallenge(const std::string& challenge, UnixSeconds now) {
  std::int64_t expiresAt = 0;
  sql_ << "DELETE FROM staff_challenge WHERE issuer = :issuer AND challenge = :challenge"
          " RETURNING expires_at",
      use(issuer_), use(challenge), into(expiresAt);
  return sql_.got_data() && expiresAt > now;
}

// --- sessions ---

void StaffTables::addSession(const std::string& digest, const std::string& member, UnixSeconds now,
                             UnixSeconds expiresAt) {
  sql_ << "DELETE FROM staff_session WHERE issuer = :issuer AND expires_at <= :now", use(issuer_), use(now);
  sql_ << "INSERT INTO staff_session (issuer, digest, staff, expires_at, seen_at)"
          " VALUES (:issuer, :digest, :staff, :expires, :now)",
      use(issuer_), use(digest), use(member), use(expiresAt), use(now);
}

std::optional<StaffMember> StaffTables::memberBySession(const std::string& digest, UnixSeconds now,
                                                        UnixSeconds idleSeconds) {
  std::string member;
  UnixSeconds seenAt = 0;
  const UnixSeconds idleSince = now - idleSeconds;
  sql_ << "SELECT staff, seen_at FROM staff_session"
          " WHERE issuer = :issuer AND digest = :digest AND expires_at > :now AND seen_at > :idle",
      use(issuer_), use(digest), use(now), use(idleSince), into(member), into(seenAt);
  if (!sql_.got_data()) return std::nullopt;
  if (now - seenAt >= kSeenEverySeconds)
    sql_ << "UPDATE staff_session SET seen_at = :now WHERE issuer = :issuer AND digest = :digest", use(now),
        use(issuer_), use(digest);
  auto found = memberById(member);
  return found && !found->isDisabled ? found : std::nullopt;
}

void StaffTables::endSession(const std::string& digest) {
  sql_ << "DELETE FROM staff_session WHERE issuer = :issuer AND digest = :digest", use(issuer_), use(digest);
}

// --- attempts ---

int StaffTables::countAttempt(const std::string& place, UnixSeconds now, UnixSeconds windowSeconds) {
  const UnixSeconds since = now - windowSeconds;
  sql_ << "DELETE FROM staff_attempt WHERE issuer = :issuer AND began_at <= :since", use(issuer_), use(since);
  int failed = 0;
  sql_ << "INSERT INTO staff_attempt (issuer, place, failed, began_at) VALUES (:issuer, :place, 1, :now)"
          " ON CONFLICT (issuer, place) DO UPDATE SET failed = staff_attempt.failed + 1 RETURNING failed",
      use(issuer_), use(place), use(now), into(failed);
  return failed - 1;
}

void StaffTables::forgetAttempts(const std::string& place) {
  sql_ << "DELETE FROM staff_attempt WHERE issuer = :issuer AND place = :place", use(issuer_), use(place);
}

}  // namespace liangma::server
