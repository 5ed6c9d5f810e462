// SPDX-License-Identifier: Apache-2.0
//
// What the authority's tables say of the codes that were withdrawn.
#include "liangma/status_list.h"
#include "server/authority_store.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

}  // namespace

bool AuthorityTables::setStatus(std::uint64_t statusIndex, CredentialStatus status, UnixSeconds now) {
  const int value = static_cast<int>(status);
  int issued = 0;
  sql << "SELECT count(*) FROM issuance WHERE authority = :authority AND status_index = :i", use(authority),
      use(statusIndex), into(issued);
  if (issued == 0) return false;
  sql << "INSERT INTO withdrawal (authority, status_index, status, changed_at) VALUES (:authority, :i, "
         ":status, :now)"
         " ON CONFLICT (authority, status_index) DO UPDATE SET status = excluded.status, changed_at = "
         "excluded.changed_at",
      use(authority), use(statusIndex), use(value), use(now);
  return true;
}

/// @param which  a condition of ours on the resident's issuances, with one ":value"
template <class Value>
void AuthorityTables::withdraw(const std::string& resident, CredentialStatus status, const char* which,
                               const Value& value, UnixSeconds now) {
  const int number = static_cast<int>(status);
  sql << "INSERT INTO withdrawal (authority, status_index, status, changed_at)"
         " SELECT authority, status_index, "
      << number
      << ", :now FROM issuance WHERE authority = :authority AND resident = :resident AND expires_at > :then "
         "AND "
      << which
      << " ON CONFLICT (authority, status_index) DO UPDATE SET status = excluded.status, changed_at = "
         "excluded.changed_at WHERE withdrawal.status = 0 OR excluded.status = 1",
      use(now), use(authority), use(resident), use(now), use(value);
}

void AuthorityTables::supersedeOtherColours(const std::string& resident, Colour colour, UnixSeconds now) {
  const int kept = static_cast<int>(colour);
  withdraw(resident, CredentialStatus::Superseded, "colour <> :value", kept, now);
}

void AuthorityTables::supersedeOtherDevices(const std::string& resident, const std::string& deviceKey,
                                            UnixSeconds now) {
  withdraw(resident, CredentialStatus::Superseded, "device_key <> :value", deviceKey, now);
}

void AuthorityTables::invalidateAll(const std::string& resident, UnixSeconds now) {
  const UnixSeconds always = 0;
  withdraw(resident, CredentialStatus::Invalid, "issued_at >= :value", always, now);
}

UnixSeconds AuthorityTables::lastStatusChange() {
  UnixSeconds last = 0;
  sql << "SELECT COALESCE(max(changed_at), 0) FROM withdrawal WHERE authority = :authority", use(authority),
      into(last);
  return last;
}

std::uint64_t AuthorityTables::statusLists() {
  std::int64_t last = 0;
  sql << "SELECT COALESCE(max(status_index), -1) FROM issuance WHERE authority = :authority", use(authority),
      into(last);
  return last < 0 ? 0 : static_cast<std::uint64_t>(last) / kStatusListEntries + 1;
}

std::vector<Withdrawal> AuthorityTables::withdrawals(UnixSeconds now) {
  std::vector<Withdrawal> list;
  std::uint64_t index = 0;
  int status = 0;
  soci::statement rows =
      (sql.prepare
           << "SELECT w.status_index, w.status FROM withdrawal w JOIN issuance i ON i.authority = w.authority"
              " AND i.status_index = w.status_index WHERE w.authority = :authority AND w.status <> 0 AND"
              " i.expires_at > :now",
       use(authority), use(now), into(index), into(status));
  rows.execute();
  while (rows.fetch()) list.push_back({index, static_cast<CredentialStatus>(status)});
  return list;
}

}  // namespace liangma::server
