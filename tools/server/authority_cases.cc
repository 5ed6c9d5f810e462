// SPDX-License-Identifier: Apache-2.0
#include "server/authority_cases.h"

#include <algorithm>

#include "cli/text_codec.h"
#include "server/authority_colours.h"
#include "server/log.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::size_t kIdBytes = 16, kPeopleAtOnce = 100;

std::string idTail(const std::string& idNumber) {
  return idNumber.size() < 4 ? idNumber : idNumber.substr(idNumber.size() - 4);
}

std::string idText(const std::optional<ByteArray<16>>& id) {
  return id ? tools::encodeBase64url(*id) : "";
}

Case caseOf(AuthorityTables& tables, const Resident& resident, const std::string& place) {
  const auto& state = resident.state;
  Case found;
  found.id = resident.id;
  found.maskedName = maskName(resident.identity.at(IdentityClaim::FullName));
  found.idTail = idTail(resident.identity.at(IdentityClaim::IdNumber));
  found.region = place;
  found.colour = state.colour;
  found.since = state.since;
  found.until = state.until;
  found.rule = state.rule;
  found.reasonClass = state.reasonClass;
  const auto appeal = tables.cases.lastAppeal(resident.id);
  if (appeal && appeal->appeal.outcome.empty()) found.openAppeal = appeal->appeal.id;
  return found;
}

LogEntry entryOf(const ColourRecord& record) {
  LogEntry entry;
  entry.sequence = record.sequence;
  entry.at = record.madeAt;
  entry.event = record.event;
  entry.actor = {record.actorRole, idText(record.actor16)};
  entry.colour = record.colour;
  entry.rule = record.rule.value_or("");
  entry.reasonClass = record.reasonClass.value_or("");
  entry.evidence = record.evidence.value_or("");
  entry.until = record.until.value_or(0);
  entry.subject = idText(record.subject16);
  return entry;
}

/// The same row of the same batch has the same id.
std::string factId(const std::string& batch, const std::string& idHash, const Fact& fact) {
  const auto digest = tools::decodeBase64url(
      digestText(batch + idHash + fact.kind + '\n' + std::to_string(fact.at) + '\n' + fact.evidence));
  return tools::encodeBase64url(ByteView(digest->data(), kIdBytes));
}

void checkFact(const Fact& fact, UnixSeconds now) {
  constexpr std::string_view kKinds[] = {"confirmed", "suspected", "contact",
                                         "journey",   "border",    "checkpoint"};
  const bool isKind = std::find(std::begin(kKinds), std::end(kKinds), fact.kind) != std::end(kKinds);
  if (!isKind || fact.at < 0 || fact.at > now || !isKeywordText(fact.evidence)) throw malformed();
}

}  // namespace

bool isKeywordText(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789:-") == text.npos;
}

/// One transaction on a case that nobody else changes meanwhile.
template <class Work>
auto AuthorityCases::onCase(const std::string& caseId, Work work) {
  return store_.transaction([&](AuthorityTables& tables) {
    auto resident = tables.lockResident(caseId);
    if (!resident) throw Problem{404, "case.unknown"};
    return work(tables, *resident);
  });
}

void AuthorityCases::noteIn(AuthorityTables& tables, const std::string& action, const std::string& subject,
                            const Actor& actor, UnixSeconds now) {
  if (actor.id.empty()) return;
  ColourRecord record;
  record.event = action;
  record.actorRole = actor.role;
  record.actor16 = id16(actor.id);
  if (!subject.empty()) record.subject16 = id16(subject);
  colours_.recorder().append(tables, actor.id, store_.authority(), record, now);
}

void AuthorityCases::note(const std::string& action, const std::string& subject, const Actor& actor,
                          UnixSeconds now) {
  store_.transaction([&](AuthorityTables& tables) { noteIn(tables, action, subject, actor, now); });
}

// ---- looking

std::optional<std::string> AuthorityCases::findByStatusIndex(std::uint64_t statusIndex) {
  return store_.transaction(
      [&](AuthorityTables& tables) { return tables.residentByStatusIndex(statusIndex); });
}

Case AuthorityCases::find(const std::string& caseId, UnixSeconds now) {
  return onCase(caseId, [&](AuthorityTables& tables, Resident& resident) {
    colours_.update(tables, resident, Occasion::Time, "time", {"rules", ""}, now);
    return caseOf(tables, resident, colours_.placeOf(resident));
  });
}

std::vector<LogEntry> AuthorityCases::log(const std::string& chain, std::uint64_t before,
                                          std::size_t atMost) {
  const auto records =
      store_.transaction([&](AuthorityTables& tables) { return tables.log.last(chain, before, atMost); });
  std::vector<LogEntry> entries;
  for (const auto& record : records) entries.push_back(entryOf(need(parseColourRecord(record))));
  return entries;
}

// ---- colours

Case AuthorityCases::activate(const std::string& caseId, const Fact& checkpoint, const Actor& actor,
                              UnixSeconds now) {
  checkFact(checkpoint, now);
  return onCase(caseId, [&](AuthorityTables& tables, Resident& resident) {
    tables.cases.addFact({checkpoint, randomText(kIdBytes), resident.idHash, now, ""});
    noteIn(tables, "activate", caseId, actor, now);
    colours_.update(tables, resident, Occasion::Declaration, checkpoint.evidence, actor, now);
    return caseOf(tables, resident, colours_.placeOf(resident));
  });
}

Case AuthorityCases::changeColour(const std::string& caseId, Colour colour, const std::string& rule,
                                  const Fact& fact, const Actor& actor, UnixSeconds now) {
  checkFact(fact, now);
  try {
    return onCase(caseId, [&](AuthorityTables& tables, Resident& resident) {
      tables.cases.addFact({fact, randomText(kIdBytes), resident.idHash, now, ""});
      noteIn(tables, "change-colour", caseId, actor, now);
      const bool isChanged = colours_.update(tables, resident, Occasion::Fact, fact.evidence, actor, now);
      const bool isAsAsked = resident.state.colour == colour && resident.state.rule == rule;
      if (!isChanged || !isAsAsked) throw Problem{409, std::string(errcId(Errc::ColourNoRule))};
      return caseOf(tables, resident, colours_.placeOf(resident));
    });
  } catch (const Problem& problem) {
    if (problem.code == errcId(Errc::ColourNoRule)) note("colour-refused", caseId, actor, now);
    throw;
  }
}

// ---- appeals

std::vector<Appeal> AuthorityCases::openAppeals(std::size_t atMost) {
  return store_.transaction([&](AuthorityTables& tables) { return tables.cases.openAppeals(atMost); });
}

Appeal AuthorityCases::appeal(const std::string& appealId) {
  const auto found =
      store_.transaction([&](AuthorityTables& tables) { return tables.cases.findAppeal(appealId); });
  if (!found) throw Problem{404, "appeal.unknown"};
  return found->appeal;
}

/// What is corrected counts from now on; what gave the colour no longer does, be it facts or, where these
/// were not it, what the resident declared: then they declare anew.
void AuthorityCases::grant(AuthorityTables& tables, Resident& resident, const StoredAppeal& stored,
                           const Actor& actor, UnixSeconds now) {
  tables.cases.setFactsAside(resident.idHash, now);
  const auto& appeal = stored.appeal;
  if (!appeal.correctedJson.empty()) {
    resident.state.settledAt = now;
    const auto& rules = colours_.rules();
    tables.cases.addDeclaration(
        resident.id, {randomText(kIdBytes), stored.form, appeal.correctedJson, stored.statement, now,
                      rules.dayOf(now), rules.isWell(colours_.placeOf(resident), appeal.correctedJson, now)});
  }
  if (!colours_.update(tables, resident, Occasion::Appeal, "appeal", actor, now))
    tables.setState(resident.id, resident.state);
  if (!appeal.correctedJson.empty() || !isolates(resident.state.colour)) return;
  for (const auto& declaration : tables.cases.declarationsSince(resident.id, resident.state.settledAt))
    resident.state.settledAt = std::max(resident.state.settledAt, declaration.madeAt + 1);
  colours_.update(tables, resident, Occasion::Appeal, "appeal", actor, now);
}

Case AuthorityCases::decideAppeal(const std::string& appealId, bool granted, const std::string& reasonClass,
                                  const Actor& actor, UnixSeconds now) {
  if (!isKeywordText(reasonClass)) throw malformed();
  return onCase(appeal(appealId).caseId, [&](AuthorityTables& tables, Resident& resident) {
    const auto stored = tables.cases.findAppeal(appealId);
    if (!stored) throw Problem{404, "appeal.unknown"};
    if (!stored->appeal.outcome.empty()) throw Problem{409, "appeal.decided"};
    const std::string outcome = granted ? "granted" : "refused";
    tables.cases.decideAppeal(appealId, outcome, now);
    ColourRecord record;
    record.event = "appeal-" + outcome;
    record.actorRole = actor.role;
    if (!actor.id.empty()) record.actor16 = id16(actor.id);
    record.reasonClass = reasonClass;
    record.subject16 = id16(appealId);
    colours_.recorder().append(tables, resident.id, colours_.issuerOf(resident), record, now);
    noteIn(tables, "decide-appeal", appealId, actor, now);
    if (granted) grant(tables, resident, *stored, actor, now);
    return caseOf(tables, resident, colours_.placeOf(resident));
  });
}

void AuthorityCases::passTime(UnixSeconds now) {
  std::vector<std::string> due;
  do {
    const std::string after = due.empty() ? "" : due.back();
    due = store_.transaction(
        [&](AuthorityTables& tables) { return tables.residentsDue(now, after, kPeopleAtOnce); });
    for (const auto& id : due) turn(id, now);
  } while (due.size() == kPeopleAtOnce);
  const auto overdue = store_.transaction(
      [&](AuthorityTables& tables) { return tables.cases.appealsToNoteOverdue(now, kPeopleAtOnce); });
  for (const auto& appeal : overdue)
    store_.transaction([&](AuthorityTables& tables) { noteOverdue(tables, appeal, now); });
}

/// Where the rules of somebody's region cannot be asked, the others' are.
void AuthorityCases::turn(const std::string& id, UnixSeconds now) {
  try {
    store_.transaction([&](AuthorityTables& tables) {
      if (auto resident = tables.lockResident(id))
        colours_.update(tables, *resident, Occasion::Time, "time", {"rules", ""}, now);
    });
  } catch (const Problem& problem) {
    if (!problem.code.starts_with("rule.")) throw;
    server::log("rules-failed", {{"code", problem.code}});
  }
}

/// That nobody decided in time is the authority's doing: it is in the resident's log, and the appeal stays
/// open.
void AuthorityCases::noteOverdue(AuthorityTables& tables, const Appeal& appeal, UnixSeconds now) {
  const auto resident = tables.lockResident(appeal.caseId);
  if (!resident || !tables.cases.markOverdue(appeal.id)) return;
  ColourRecord record;
  record.event = "appeal-overdue";
  record.actorRole = "time";
  record.until = appeal.deadline;
  record.subject16 = id16(appeal.id);
  colours_.recorder().append(tables, resident->id, colours_.issuerOf(*resident), record, now);
}

// ---- imports

/// Colours some of those anew whom a batch concerns, each in a transaction of their own; what is done is
/// marked, so that the same batch goes on where it was cut off.
void AuthorityCases::colourBatch(const std::string& batch, Occasion occasion, const Actor& actor,
                                 ImportResult& result, UnixSeconds now) {
  const auto people = store_.transaction(
      [&](AuthorityTables& tables) { return tables.cases.uncolouredOf(batch, kPeopleAtOnce); });
  for (const auto& idHash : people) {
    bool isMatched = false, isChanged = false;
    store_.transaction([&](AuthorityTables& tables) {
      isMatched = isChanged = false;
      tables.cases.markColoured(batch, idHash);
      const auto id = tables.residentByIdHash(idHash);
      auto resident = id ? tables.lockResident(*id) : std::nullopt;
      if (!resident) return;
      isMatched = true;
      isChanged = colours_.update(tables, *resident, occasion, "import", actor, now);
    });
    result.matched += isMatched ? 1 : 0;
    result.coloured += isChanged ? 1 : 0;
  }
  result.left =
      store_.transaction([&](AuthorityTables& tables) { return tables.cases.countUncolouredOf(batch); });
}

ImportResult AuthorityCases::import(const std::string& batch, const std::vector<ImportRow>& rows,
                                    const Actor& actor, UnixSeconds now) {
  if (!isId(batch)) throw malformed();
  ImportResult result{batch};
  for (const auto& row : rows) checkFact(row.fact, now);
  store_.transaction([&](AuthorityTables& tables) {
    if (tables.cases.addBatch(batch, actor.id, now)) noteIn(tables, "import", batch, actor, now);
  });
  for (const auto& row : rows) {
    const std::string idHash = store_.idHash(row.idNumber);
    const bool isNew = store_.transaction([&](AuthorityTables& tables) {
      return tables.cases.addFact({row.fact, factId(batch, idHash, row.fact), idHash, now, batch});
    });
    result.kept += isNew ? 1 : 0;
  }
  do {
    colourBatch(batch, Occasion::Fact, actor, result, now);
  } while (result.left > 0);
  return result;
}

ImportResult AuthorityCases::undoImport(const std::string& batch, const Actor& actor, UnixSeconds now) {
  ImportResult result{batch};
  store_.transaction([&](AuthorityTables& tables) {
    if (!tables.cases.hasBatch(batch)) throw Problem{404, "import.unknown"};
    if (tables.cases.undoBatch(batch, now)) noteIn(tables, "undo-import", batch, actor, now);
  });
  colourBatch(batch, Occasion::Appeal, actor, result, now);
  return result;
}

// ---- the rest

Counts AuthorityCases::counts(UnixSeconds now) {
  auto counts = store_.transaction(
      [&](AuthorityTables& tables) { return tables.cases.counts(now, colours_.rules().utcOffsetSeconds()); });
  for (auto& each : counts.byRegion)
    if (each.name.empty()) each.name = store_.authority();
  return counts;
}

void AuthorityCases::setAreasAtRisk(const std::vector<std::string>& regions, const Actor& actor,
                                    UnixSeconds now) {
  for (const auto& region : regions)
    if (region.size() != 6 || region.find_first_not_of("0123456789") != region.npos) throw malformed();
  store_.transaction([&](AuthorityTables& tables) {
    tables.cases.setAreasAtRisk(regions);
    noteIn(tables, "set-areas-at-risk", "", actor, now);
  });
}

std::vector<std::string> AuthorityCases::areasAtRisk() {
  return store_.transaction([&](AuthorityTables& tables) { return tables.cases.areasAtRisk(); });
}

void AuthorityCases::publishNews(const News& news, const Actor& actor, UnixSeconds now) {
  store_.transaction([&](AuthorityTables& tables) {
    tables.cases.addNews(news);
    noteIn(tables, "publish-news", news.id, actor, now);
  });
}

void AuthorityCases::withdrawNews(const std::string& newsId, const Actor& actor, UnixSeconds now) {
  store_.transaction([&](AuthorityTables& tables) {
    if (!tables.cases.withdrawNews(newsId, now)) throw Problem{404, "news.unknown"};
    noteIn(tables, "withdraw-news", newsId, actor, now);
  });
}

std::vector<News> AuthorityCases::news(std::size_t atMost) {
  return store_.transaction([&](AuthorityTables& tables) { return tables.cases.news(atMost); });
}

}  // namespace liangma::server
