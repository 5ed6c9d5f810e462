// SPDX-License-Identifier: Apache-2.0
#include "server/authority_colours.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "cli/text_codec.h"
#include "server/log.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using Json = nlohmann::json;

constexpr UnixSeconds kDay = 24 * 3600;

int strictness(Colour colour) {
  constexpr int kRank[] = {1, 0, 2, 3};
  return kRank[static_cast<unsigned>(colour) & 3];
}

/// The newest declaration of each form, as one object; of two with the same member the newer one's counts.
std::string merged(const std::vector<Declaration>& declarations, UnixSeconds from) {
  std::map<std::string, const Declaration*> newest;
  for (const auto& each : declarations)
    if (each.madeAt >= from) newest[each.form] = &each;
  std::vector<const Declaration*> inOrder;
  for (const auto& each : declarations) {
    const auto found = newest.find(each.form);
    if (found != newest.end() && found->second == &each) inOrder.push_back(&each);
  }
  Json all = Json::object();
  for (const auto* each : inOrder) all.update(Json::parse(each->json));
  return all.dump();
}

void addFact(Json& facts, const Fact& fact) {
  static const std::map<std::string, std::pair<const char*, int>> kContacts = {
      {"confirmed", {"confirmed", 3}}, {"suspected", {"suspected", 2}}, {"contact", {"close", 1}}};
  if (const auto contact = kContacts.find(fact.kind); contact != kContacts.end()) {
    const auto [word, rank] = contact->second;
    if (rank <= facts.value("contactRank", 0)) return;
    facts["contact"] = word;
    facts["contactRank"] = rank;
  }
  if (fact.kind == "journey") facts["areaAtRisk"] = true;
  if (fact.kind == "border") facts["borderEntry"] = true;
  if (fact.kind == "checkpoint")
    facts["checkpoint"] = {{"idCompared", fact.idCompared}, {"temperatureNormal", fact.temperatureNormal}};
}

bool isSame(const ColourState& a, const ColourState& b) {
  return a.colour == b.colour && a.since == b.since && a.settledAt == b.settledAt && a.ended == b.ended;
}

/// The regions that a declaration names.
std::vector<std::string> placesIn(const Declaration& declaration) {
  std::vector<std::string> places;
  for (const auto& value : Json::parse(declaration.json)) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text != nullptr && text->size() == 6 && text->find_first_not_of("0123456789") == std::string::npos)
      places.push_back(*text);
  }
  return places;
}

}  // namespace

bool isolates(Colour colour) {
  return colour == Colour::Yellow || colour == Colour::Red;
}

bool isId(std::string_view text) {
  const auto bytes = tools::decodeBase64url(text);
  return bytes && bytes->size() == 16;
}

ByteArray<16> id16(const std::string& id) {
  const auto bytes = tools::decodeBase64url(id);
  if (!bytes || bytes->size() != 16) throw malformed();
  ByteArray<16> fixed{};
  std::copy(bytes->begin(), bytes->end(), fixed.begin());
  return fixed;
}

// ---- the rules

void ColourRules::setPacks(RegionPacks packs) {
  auto fresh = std::make_shared<const RegionPacks>(std::move(packs));
  const std::lock_guard lock(mutex_);
  packs_ = std::move(fresh);
}

std::shared_ptr<const RegionPacks> ColourRules::packs() const {
  const std::lock_guard lock(mutex_);
  return packs_;
}

std::int64_t ColourRules::dayOf(UnixSeconds time) const {
  return (time + utcOffsetSeconds()) / kDay;
}

std::int64_t ColourRules::checkIns(const std::vector<Declaration>& declarations, UnixSeconds from,
                                   UnixSeconds now) const {
  std::set<std::int64_t> well, unwell;
  for (const auto& each : declarations)
    if (each.madeAt >= from) (each.isWell ? well : unwell).insert(each.day);
  const auto counts = [&](std::int64_t day) { return well.contains(day) && !unwell.contains(day); };
  std::int64_t day = dayOf(now), inARow = 0;
  if (!counts(day)) --day;
  for (; counts(day); --day) ++inARow;
  return inARow;
}

std::string ColourRules::factsJson(const ColourState& state, const Past& past, UnixSeconds now) const {
  Json facts = {{"checkIns", checkIns(past.declarations, std::max(state.since, state.settledAt), now)}};
  for (const auto& each : past.facts)
    if (each.knownAt >= state.settledAt || each.fact.kind == "checkpoint") addFact(facts, each.fact);
  facts.erase("contactRank");
  if (!past.areasAtRisk.empty()) facts["areasAtRisk"] = areasAtRisk(state, past);
  if (state.ended != Colour::Pending) facts["ended"] = colourId(state.ended);
  return facts.dump();
}

/// With every place that was declared and lies in such an area or holds one: a rule compares numbers alone.
std::set<std::string> ColourRules::areasAtRisk(const ColourState& state, const Past& past) {
  std::set<std::string> areas(past.areasAtRisk.begin(), past.areasAtRisk.end());
  for (const auto& declaration : past.declarations) {
    if (declaration.madeAt < state.settledAt) continue;
    for (const auto& place : placesIn(declaration)) {
      const auto meets = [&](const std::string& area) { return covers(area, place) || covers(place, area); };
      if (std::any_of(past.areasAtRisk.begin(), past.areasAtRisk.end(), meets)) areas.insert(place);
    }
  }
  return areas;
}

ColourState ColourRules::recolour(const std::string& place, const ColourState& state, const Past& past,
                                  Occasion occasion, UnixSeconds now) const {
  const auto packs = this->packs();
  ColourState next = state;
  const std::string factsBefore = factsJson(state, past, now);
  bool hasEnded = false;
  if (isolates(state.colour)) {
    const auto ruled = need(packs->colourSeconds(place, merged(past.declarations, state.settledAt),
                                                 factsBefore, state.colour, now));
    const UnixSeconds end = ruled > 0 ? state.since + ruled : state.until;
    hasEnded = end > 0 && now >= end;
    if (hasEnded) {
      next.ended = state.colour;
      next.settledAt = end;
    }
  }
  const auto answer =
      need(packs->colour(place, merged(past.declarations, next.settledAt), factsJson(next, past, now), now));
  const bool holds = isolates(state.colour) && !hasEnded && occasion != Occasion::Appeal;
  if (holds && strictness(answer.colour) < strictness(state.colour)) return state;
  const bool isRenewed = occasion == Occasion::Fact && isolates(answer.colour);
  if (answer.colour == state.colour && !hasEnded && !isRenewed && state.since > 0) return state;
  next.colour = answer.colour;
  next.rule = answer.rule;
  next.reasonClass = answer.reasonClass;
  next.since = now;
  next.until = answer.until;
  if (isolates(answer.colour)) next.ended = Colour::Pending;
  return next;
}

bool ColourRules::isWell(const std::string& place, const std::string& json, UnixSeconds now) const {
  const auto answer = packs()->colour(place, json, "{}", now);
  return answer.ok() && !isolates(answer->colour);
}

// ---- records

Bytes Recorder::append(AuthorityTables& tables, const std::string& chain, const std::string& issuer,
                       ColourRecord record, UnixSeconds now) const {
  const ChainEnd end = tables.log.lockChain(chain);
  record.issuer = issuer;
  record.madeAt = now;
  record.chain16 = id16(chain);
  record.sequence = end.records;
  record.previous32 = end.head;
  Bytes encoded = need(signColourRecord(record, *keys_.at(issuer, now)));
  tables.log.append(chain, record, encoded);
  return encoded;
}

// ---- residents

std::string AuthorityColours::issuerOf(const Resident& resident) const {
  return resident.issuer.empty() ? recorder_.authority() : resident.issuer;
}

std::string AuthorityColours::placeOf(const Resident& resident) const {
  return resident.region.empty() ? issuerOf(resident) : resident.region;
}

bool AuthorityColours::update(AuthorityTables& tables, Resident& resident, Occasion occasion,
                              const std::string& evidence, const Actor& actor, UnixSeconds now) const {
  const UnixSeconds from = resident.state.settledAt;
  const Past past = {tables.cases.declarationsSince(resident.id, from),
                     tables.cases.factsSince(resident.idHash, from), tables.cases.areasAtRisk()};
  const std::string place = placeOf(resident);
  const ColourState next = rules_.recolour(place, resident.state, past, occasion, now);
  if (isSame(next, resident.state)) return false;
  ColourRecord record;
  record.event = "colour";
  record.actorRole =
      next.ended != resident.state.ended && next.ended != Colour::Pending ? "time" : actor.role;
  if (!actor.id.empty()) record.actor16 = id16(actor.id);
  record.colour = next.colour;
  record.region = place;
  if (!next.rule.empty()) record.rule = next.rule;
  if (!next.reasonClass.empty()) record.reasonClass = next.reasonClass;
  record.evidence = evidence;
  if (next.until > 0) record.until = next.until;
  recorder_.append(tables, resident.id, issuerOf(resident), record, now);
  tables.setState(resident.id, next);
  resident.state = next;
  return true;
}

}  // namespace liangma::server
