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
  sql_ << "SELECT count(*) FROM issuance WHERE status_index = :i", use(statusIndex), into(issued);
  if (issued == 0) return false;
  sql_ << "INSERT INTO withdrawal (status_index, status, changed_at) VALUES (:i, :status, :now)"
          " ON CONFLICT (status_index) DO UPDATE SET status = excluded.status, changed_at = "
          "excluded.changed_at",
      use(statusIndex), use(value), use(now);
  return true;
}

void AuthorityTables::supersedeOtherColours(std::int64_t resident, Colour colour, UnixSeconds now) {
  const int kept = static_cast<int>(colour);
  sql_ << "INSERT INTO withdrawal (status_index, status, changed_at)"
          " SELECT status_index, 3, :now FROM issuance"
          " WHERE resident = :resident AND colour <> :colour AND expires_at > :then"
          " ON CONFLICT (status_index) DO UPDATE SET status = 3, changed_at = excluded.changed_at"
          " WHERE withdrawal.status = 0",
      use(now), use(resident), use(kept), use(now);
}

void AuthorityTables::supersedeDevice(std::int64_t resident, const std::string& deviceKey, UnixSeconds now) {
  sql_ << "INSERT INTO withdrawal (status_index, status, changed_at)"
          " SELECT status_index, 3, :now FROM issuance"
          " WHERE resident = :resident AND device_key = :key AND expires_at > :then"
          " ON CONFLICT (status_index) DO UPDATE SET status = 3, changed_at = excluded.changed_at"
          " WHERE withdrawal.status = 0",
      use(now), use(resident), use(deviceKey), use(now);
}

UnixSeconds AuthorityTables::lastStatusChange() {
  UnixSeconds last = 0;
  sql_ << "SELECT coalesce(max(changed_at), 0) FROM withdrawal", into(last);
  return last;
}

std::uint64_t AuthorityTables::statusLists() {
  std::int64_t last = 0;
  sql_ << "SELECT coalesce(max(status_index), -1) FROM issuance", into(last);
  return last < 0 ? 0 : static_cast<std::uint64_t>(last) / kStatusListEntries + 1;
}

std::vector<Withdrawal> AuthorityTables::withdrawals(UnixSeconds now) {
  std::vector<Withdrawal> list;
  std::uint64_t index = 0;
  int status = 0;
  soci::statement rows =
      (sql_.prepare << "SELECT w.status_index, w.status FROM withdrawal w JOIN issuance i"
                       " ON i.status_index = w.status_index WHERE w.status <> 0 AND i.expires_at > :now",
       use(now), into(index), into(status));
  rows.execute();
  while (rows.fetch()) list.push_back({index, static_cast<CredentialStatus>(status)});
  return list;
}

}  // namespace liangma::server
