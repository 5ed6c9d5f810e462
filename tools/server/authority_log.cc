// SPDX-License-Identifier: Apache-2.0
#include "server/authority_log.h"

#include <algorithm>

#include "cli/text_codec.h"
#include "server/log.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr UnixSeconds kDay = 24 * 3600, kLeaseSeconds = 30;
constexpr const char* kDayHeadEvent = "day-head";
constexpr std::size_t kRecordsAtOnce = 500, kRowsErasedAtOnce = 1000, kMaxFaults = 100;

std::string dayText(std::int64_t day) {
  const std::time_t seconds = day * kDay;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

ByteArray<32> digestOf(const std::vector<std::string>& ids) {
  std::string lines;
  for (const auto& id : ids) lines += id + '\n';
  return colourRecordDigest(ByteView(reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()));
}

}  // namespace

// ---- sealing

AuthorityLog::AuthorityLog(AuthorityStore& store, const Recorder& recorder)
    : store_(store), recorder_(recorder), holder_(randomText(16)) {}

void AuthorityLog::seal(UnixSeconds now) {
  const bool isOurs = store_.transaction([&](AuthorityTables& tables) {
    return tables.log.takeLease("log", holder_, now, now + kLeaseSeconds);
  });
  if (!isOurs) return;
  while (sealSome(now) == kRecordsAtOnce) {
  }
  signDay(now);
}

/// @return how many records it took
std::size_t AuthorityLog::sealSome(UnixSeconds now) {
  return store_.transaction([&](AuthorityTables& tables) {
    if (!tables.log.takeLease("log", holder_, now, now + kLeaseSeconds)) return std::size_t{0};
    LogEnd end = tables.log.end();
    auto records = tables.log.unsealed(kRecordsAtOnce);
    for (auto& record : records) {
      end.head = colourLogHead(end.head, colourRecordDigest(record.encoded));
      record.position = end.records++;
      record.head = tools::encodeBase64url(end.head);
      tables.log.seal(record);
    }
    return records.size();
  });
}

/// Signs the head for the day that is over, once.
void AuthorityLog::signDay(UnixSeconds now) {
  const std::int64_t yesterday = now / kDay - 1;
  store_.transaction([&](AuthorityTables& tables) {
    const auto heads = tables.log.dayHeads();
    if (!heads.empty() && heads.back().day >= yesterday) return;
    const LogEnd end = tables.log.end();
    if (end.records == 0) return;
    ColourRecord record;
    record.event = kDayHeadEvent;
    record.actorRole = "authority";
    record.tally = Tally{"log", static_cast<std::uint64_t>(end.records), end.head};
    const Bytes signedHead = recorder_.append(tables, kAuthorityChain, recorder_.authority(), record, now);
    tables.log.putDayHead({yesterday, end.records, end.head, signedHead});
  });
}

void AuthorityLog::publish(const std::function<void(const std::string&, const Bytes&)>& put) {
  const auto heads = store_.transaction([](AuthorityTables& tables) { return tables.log.dayHeads(); });
  std::int64_t from = 0;
  for (const auto& head : heads) {
    if (head.day > publishedDay_) {
      std::vector<ByteArray<32>> digests;
      while (from + static_cast<std::int64_t>(digests.size()) < head.records) {
        const auto next = from + static_cast<std::int64_t>(digests.size());
        const auto records = store_.transaction([&](AuthorityTables& tables) {
          return tables.log.sealedFrom(
              next, std::min(kRecordsAtOnce, static_cast<std::size_t>(head.records - next)));
        });
        if (records.empty()) throw internalError();
        for (const auto& record : records) digests.push_back(colourRecordDigest(record.encoded));
      }
      put("log/" + dayText(head.day) + ".cbor",
          encodeColourDayLog(static_cast<std::uint64_t>(from), digests, head.signedHead));
      publishedDay_ = head.day;
    }
    from = head.records;
  }
}

// ---- checking

namespace {

/// Goes through logs and notes what does not fit.
class LogCheck {
 public:
  LogCheck(AuthorityStore& store, const TrustContent& trust) : store_(store), trust_(trust) {}

  LogReport run() {
    std::string last;
    while (true) {
      const auto chains = store_.transaction(
          [&](AuthorityTables& tables) { return tables.log.chainsAfter(last, kRecordsAtOnce); });
      for (const auto& chain : chains) checkChain(chain);
      if (chains.empty()) break;
      last = chains.back();
    }
    checkSealed();
    return std::move(report_);
  }

 private:
  void fault(const std::string& place, std::string_view id) {
    if (report_.faults.size() < kMaxFaults) report_.faults.push_back(place + " " + std::string(id));
  }

  /// The end is read first: records that come meanwhile are for the next time.
  void checkChain(const std::string& chain) {
    ++report_.logs;
    const ChainEnd end =
        store_.transaction([&](AuthorityTables& tables) { return tables.log.chainEnd(chain); });
    std::optional<ColourRecord> before;
    Bytes encodedBefore;
    for (std::uint64_t next = 0; next < end.records;) {
      const auto records = store_.transaction([&](AuthorityTables& tables) {
        return tables.log.chain(chain, next, std::min<std::uint64_t>(kRecordsAtOnce, end.records - next));
      });
      if (records.empty()) return fault(chain, errcId(Errc::RecordChain));
      for (const auto& record : records) {
        checkRecord(record, before, encodedBefore);
        ++next;
      }
    }
    if (end.records > 0 && colourRecordDigest(encodedBefore) != end.head)
      fault(chain, errcId(Errc::RecordChain));
    if (!isStateRecorded(chain)) fault(chain, errcId(Errc::RecordChain));
  }

  /// Whether a resident's state is what their last record of a colour says, and their codes' colours have
  /// records.
  bool isStateRecorded(const std::string& chain) {
    return store_.transaction([&](AuthorityTables& tables) {
      if (!tables.log.recordsColourOfEachCode(chain)) return false;
      const auto resident = tables.lockResident(chain);
      if (!resident) return true;
      const ColourState& state = resident->state;
      const auto stored = tables.log.latest(chain, "colour");
      if (!stored) return state.colour == Colour::Pending && state.since == 0;
      const auto record = parseColourRecord(stored->encoded);
      return record.ok() && record->colour == state.colour && record->madeAt == state.since &&
             record->until.value_or(0) == state.until && record->rule.value_or("") == state.rule &&
             record->reasonClass.value_or("") == state.reasonClass;
    });
  }

  void checkRecord(const StoredRecord& stored, std::optional<ColourRecord>& before, Bytes& encodedBefore) {
    const std::string& chain = stored.chain;
    const Bytes& encoded = stored.encoded;
    ++report_.records;
    auto record = openColourRecord(encoded, trust_);
    if (!record.ok()) return fault(chain, errcId(record.code()));
    const auto follows = checkColourRecordFollows(*record, encodedBefore, before ? &*before : nullptr);
    if (!follows.ok()) fault(chain, errcId(follows.code()));
    if (!isCopyOf(stored, *record)) fault(chain, errcId(Errc::RecordChain));
    if (chain == kAuthorityChain && record->event == kDayHeadEvent) recordedHeads_.push_back(encoded);
    before = std::move(*record);
    encodedBefore = encoded;
  }

  /// Whether the columns beside a record say what it says.
  static bool isCopyOf(const StoredRecord& stored, const ColourRecord& record) {
    return stored.chain == tools::encodeBase64url(record.chain16) && stored.sequence == record.sequence &&
           stored.digest == tools::encodeBase64url(colourRecordDigest(stored.encoded)) &&
           stored.event == record.event && stored.madeAt == record.madeAt &&
           stored.colour == (record.colour ? static_cast<int>(*record.colour) : -1);
  }

  void checkSealed() {
    const auto days = store_.transaction([](AuthorityTables& tables) { return tables.log.dayHeads(); });
    auto day = days.begin();
    ByteArray<32> head{};
    std::int64_t next = 0;
    while (true) {
      const auto records = store_.transaction(
          [&](AuthorityTables& tables) { return tables.log.sealedFrom(next, kRecordsAtOnce); });
      if (records.empty()) break;
      for (const auto& record : records) {
        head = colourLogHead(head, colourRecordDigest(record.encoded));
        if (record.position != next || record.head != tools::encodeBase64url(head))
          fault(std::to_string(next), errcId(Errc::RecordChain));
        ++next;
        ++report_.sealed;
        if (day != days.end() && day->records == next) checkDay(*day++, head);
      }
    }
    for (; day != days.end(); ++day) fault(dayText(day->day), errcId(Errc::RecordChain));
    for (const auto& recorded : recordedHeads_) {
      const auto isKept = std::any_of(days.begin(), days.end(),
                                      [&](const DayHead& each) { return each.signedHead == recorded; });
      if (!isKept) fault(kAuthorityChain, errcId(Errc::RecordChain));
    }
  }

  void checkDay(const DayHead& day, const ByteArray<32>& head) {
    ++report_.days;
    const auto record = openColourRecord(day.signedHead, trust_);
    if (!record.ok()) return fault(dayText(day.day), errcId(record.code()));
    const bool fits = record->tally && record->tally->digest32 == head && day.head == head &&
                      day.day == record->madeAt / kDay - 1 &&
                      record->tally->count == static_cast<std::uint64_t>(day.records);
    if (!fits) fault(dayText(day.day), errcId(Errc::RecordChain));
  }

  AuthorityStore& store_;
  const TrustContent& trust_;
  LogReport report_;
  std::vector<Bytes> recordedHeads_;  ///< as the authority's own log has them
};

}  // namespace

LogReport verifyLog(AuthorityStore& store, const TrustContent& trust) {
  return LogCheck(store, trust).run();
}

// ---- erasing

namespace {

std::vector<std::string> eraseSome(AuthorityTables& tables, const std::string& purpose, UnixSeconds before,
                                   UnixSeconds now) {
  auto& cases = tables.cases;
  if (purpose == "declaration") return cases.eraseDeclarations(before, kRowsErasedAtOnce);
  if (purpose == "facts") return cases.eraseFacts(before, kRowsErasedAtOnce);
  if (purpose == "appeal") return cases.eraseAppeals(before, kRowsErasedAtOnce);
  if (purpose == "issuance") return cases.eraseIssuances(before, kRowsErasedAtOnce);
  if (purpose != "identity") throw malformed();
  std::vector<std::string> erased;
  for (const auto& id : cases.residentsWithoutCode(before, kRowsErasedAtOnce))
    if (const auto resident = tables.lockResident(id)) {
      tables.eraseResident(*resident, now);
      erased.push_back(id);
    }
  return erased;
}

}  // namespace

std::uint64_t erasePurpose(AuthorityStore& store, const Recorder& recorder, const std::string& purpose,
                           UnixSeconds before, UnixSeconds now) {
  std::uint64_t total = 0;
  while (true) {
    const auto count = store.transaction([&](AuthorityTables& tables) {
      const auto ids = eraseSome(tables, purpose, before, now);
      if (ids.empty()) return std::size_t{0};
      ColourRecord record;
      record.event = "erasure";
      record.actorRole = "authority";
      record.tally = Tally{purpose, ids.size(), digestOf(ids)};
      recorder.append(tables, kAuthorityChain, recorder.authority(), record, now);
      return ids.size();
    });
    if (count == 0) return total;
    total += count;
  }
}

}  // namespace liangma::server
