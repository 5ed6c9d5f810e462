// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "liangma/colour_record.h"
#include "server/authority_scope.h"

namespace liangma::server {

/// The end of a chain: where its next record goes.
struct ChainEnd {
  std::uint64_t records = 0;
  ByteArray<32> head{};  ///< SHA-256 of the last record; zeros: there is none
};

/// A record as it is kept.
struct StoredRecord {
  std::string chain;
  std::uint64_t sequence = 0;
  Bytes encoded;
  std::optional<std::int64_t> position;  ///< in the authority's log; absent: not sealed yet
  std::string head;                      ///< of the authority's log behind it, base64url

  // What is copied from the record, so that it can be looked for.
  std::string digest;  ///< base64url
  std::string event;
  int colour = -1;  ///< -1: none
  UnixSeconds madeAt = 0;
};

/// The end of the authority's own chain, over the records of all.
struct LogEnd {
  std::int64_t records = 0;
  ByteArray<32> head{};
};

struct DayHead {
  std::int64_t day = 0;  ///< days since 1970, UTC
  std::int64_t records = 0;
  ByteArray<32> head{};
  Bytes signedHead;
};

/// Signed records inside one transaction: each chain is written by one at a time.
class LogTables : private AuthorityScope {
 public:
  explicit LogTables(const AuthorityScope& scope) : AuthorityScope(scope) {}

  /// Where a chain ends; it is this transaction's alone from here on.
  ChainEnd lockChain(const std::string& chain);
  void append(const std::string& chain, const ColourRecord& record, const Bytes& encoded);

  std::optional<StoredRecord> latest(const std::string& chain, const std::string& event);
  std::optional<Bytes> find(const std::string& chain, std::uint64_t sequence);
  /// Whether every code that its resident was given has the record of the colour that it states.
  bool recordsColourOfEachCode(const std::string& chain);
  /// Those before a sequence number, the newest first.
  std::vector<Bytes> last(const std::string& chain, std::uint64_t before, std::size_t atMost);

  LogEnd end();
  std::vector<StoredRecord> unsealed(std::size_t atMost);
  void seal(const StoredRecord& record);
  /// Records of the authority's log from a position on, in its order.
  std::vector<StoredRecord> sealedFrom(std::int64_t position, std::size_t atMost);

  void putDayHead(const DayHead& head);
  std::vector<DayHead> dayHeads();

  std::vector<std::string> chainsAfter(const std::string& chain, std::size_t atMost);
  ChainEnd chainEnd(const std::string& chain);
  std::vector<StoredRecord> chain(const std::string& chain, std::uint64_t from, std::size_t atMost);

  /// Takes or prolongs a lease. @return whether the holder has it now
  bool takeLease(const std::string& name, const std::string& holder, UnixSeconds now, UnixSeconds expiresAt);

 private:
  template <class... Values>
  std::vector<StoredRecord> recordsWhere(const std::string& condition, const Values&... values);
};

}  // namespace liangma::server
