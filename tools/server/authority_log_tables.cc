// SPDX-License-Identifier: Apache-2.0
#include "server/authority_log_tables.h"

#include <algorithm>

#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

Bytes bytesFrom(const std::string& text) {
  auto bytes = tools::decodeBase64url(text);
  if (!bytes) throw internalError();
  return std::move(*bytes);
}

/// @param text  empty: zeros
ByteArray<32> digestFrom(const std::string& text) {
  ByteArray<32> digest{};
  if (text.empty()) return digest;
  const Bytes bytes = bytesFrom(text);
  if (bytes.size() != digest.size()) throw internalError();
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

template <class... Values>
std::vector<StoredRecord> LogTables::recordsWhere(const std::string& condition, const Values&... values) {
  StoredRecord row;
  std::string content, head;
  std::int64_t position = 0;
  auto query =
      sql.prepare << "SELECT chain, sequence, content, COALESCE(position, -1), COALESCE(head, ''), digest, "
                     "event, colour, made_at FROM record WHERE authority = :authority AND "
                  << condition;
  query, use(authority);
  ((query, use(values)), ...);
  soci::statement statement =
      (query, into(row.chain), into(row.sequence), into(content), into(position), into(head),
       into(row.digest), into(row.event), into(row.colour), into(row.madeAt));
  std::vector<StoredRecord> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.encoded = bytesFrom(content);
    row.position = position < 0 ? std::nullopt : std::optional(position);
    row.head = head;
    rows.push_back(row);
  }
  return rows;
}

ChainEnd LogTables::lockChain(const std::string& chain) {
  sql << "INSERT INTO chain (authority, id, records, head) VALUES (:authority, :id, 0, '') ON CONFLICT DO "
         "NOTHING",
      use(authority), use(chain);
  ChainEnd end;
  std::string head;
  sql << "SELECT records, head FROM chain WHERE authority = :authority AND id = :id" << forUpdate(),
      use(authority), use(chain), into(end.records), into(head);
  end.head = digestFrom(head);
  return end;
}

ChainEnd LogTables::chainEnd(const std::string& chain) {
  ChainEnd end;
  std::string head;
  sql << "SELECT records, head FROM chain WHERE authority = :authority AND id = :id", use(authority),
      use(chain), into(end.records), into(head);
  end.head = digestFrom(head);
  return end;
}

void LogTables::append(const std::string& chain, const ColourRecord& record, const Bytes& encoded) {
  const std::string digest = tools::encodeBase64url(colourRecordDigest(encoded));
  const std::string content = tools::encodeBase64url(encoded);
  const int colour = record.colour ? static_cast<int>(*record.colour) : -1;
  const std::uint64_t records = record.sequence + 1;
  sql << "INSERT INTO record (authority, chain, sequence, digest, content, event, colour, made_at) VALUES "
         "(:authority,"
         " :chain, :sequence, :digest, :content, :event, :colour, :made)",
      use(authority), use(chain), use(record.sequence), use(digest), use(content), use(record.event),
      use(colour), use(record.madeAt);
  sql << "UPDATE chain SET records = :records, head = :head WHERE authority = :authority AND id = :id",
      use(records), use(digest), use(authority), use(chain);
}

std::optional<StoredRecord> LogTables::latest(const std::string& chain, const std::string& event) {
  const auto rows =
      recordsWhere("chain = :chain AND event = :event ORDER BY sequence DESC LIMIT 1", chain, event);
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::optional<Bytes> LogTables::find(const std::string& chain, std::uint64_t sequence) {
  const auto rows = recordsWhere("chain = :chain AND sequence = :sequence", chain, sequence);
  return rows.empty() ? std::nullopt : std::optional(rows.front().encoded);
}

bool LogTables::recordsColourOfEachCode(const std::string& chain) {
  int without = 0;
  sql << "SELECT COUNT(*) FROM issuance i LEFT JOIN record r ON r.authority = i.authority AND r.chain = "
         "i.resident AND r.sequence = i.record_sequence AND r.event = 'colour' AND r.colour = i.colour WHERE "
         "i.authority = :authority AND i.resident = :chain AND r.chain IS NULL",
      use(authority), use(chain), into(without);
  return without == 0;
}

std::vector<Bytes> LogTables::last(const std::string& chain, std::uint64_t before, std::size_t atMost) {
  std::vector<Bytes> records;
  for (auto& row : recordsWhere("chain = :chain AND sequence < :before ORDER BY sequence DESC LIMIT :most",
                                chain, before, atMost))
    records.push_back(std::move(row.encoded));
  return records;
}

std::vector<StoredRecord> LogTables::chain(const std::string& chain, std::uint64_t from, std::size_t atMost) {
  return recordsWhere("chain = :chain AND sequence >= :from ORDER BY sequence LIMIT :most", chain, from,
                      atMost);
}

// ---- the authority's own chain

LogEnd LogTables::end() {
  LogEnd end;
  std::string head;
  sql << "SELECT position + 1, head FROM record WHERE authority = :authority AND position IS NOT NULL ORDER "
         "BY "
         "position"
         " DESC LIMIT 1",
      use(authority), into(end.records), into(head);
  end.head = digestFrom(head);
  return end;
}

std::vector<StoredRecord> LogTables::unsealed(std::size_t atMost) {
  return recordsWhere("position IS NULL ORDER BY made_at, chain, sequence LIMIT :most", atMost);
}

void LogTables::seal(const StoredRecord& record) {
  sql << "UPDATE record SET position = :position, head = :head WHERE authority = :authority AND chain = "
         ":chain AND"
         " sequence = :sequence",
      use(*record.position), use(record.head), use(authority), use(record.chain), use(record.sequence);
}

std::vector<StoredRecord> LogTables::sealedFrom(std::int64_t position, std::size_t atMost) {
  return recordsWhere("position >= :position ORDER BY position LIMIT :most", position, atMost);
}

void LogTables::putDayHead(const DayHead& head) {
  const std::string digest = tools::encodeBase64url(head.head),
                    signedHead = tools::encodeBase64url(head.signedHead);
  sql << "INSERT INTO day_head (authority, day, position, head, signed) VALUES (:authority, :day, :position, "
         ":head,"
         " :signed) ON CONFLICT DO NOTHING",
      use(authority), use(head.day), use(head.records), use(digest), use(signedHead);
}

std::vector<DayHead> LogTables::dayHeads() {
  DayHead row;
  std::string head, signedHead;
  soci::statement statement =
      (sql.prepare
           << "SELECT day, position, head, signed FROM day_head WHERE authority = :authority ORDER BY day",
       use(authority), into(row.day), into(row.records), into(head), into(signedHead));
  std::vector<DayHead> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.head = digestFrom(head);
    row.signedHead = bytesFrom(signedHead);
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> LogTables::chainsAfter(const std::string& chain, std::size_t atMost) {
  const soci::rowset<std::string> rows =
      (sql.prepare
           << "SELECT id FROM chain WHERE authority = :authority AND id > :id ORDER BY id LIMIT :most",
       use(authority), use(chain), use(atMost));
  return {rows.begin(), rows.end()};
}

bool LogTables::takeLease(const std::string& name, const std::string& holder, UnixSeconds now,
                          UnixSeconds expiresAt) {
  const std::string lease = authority + "/" + name;
  std::string taken;
  sql << "INSERT INTO lease (name, holder, expires_at) VALUES (:name, :holder, :expires) ON CONFLICT (name) "
         "DO"
         " UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at WHERE lease.holder ="
         " excluded.holder OR lease.expires_at <= :now RETURNING holder",
      use(lease), use(holder), use(expiresAt), use(now), into(taken);
  return sql.got_data();
}

}  // namespace liangma::server
