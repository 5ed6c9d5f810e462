// SPDX-License-Identifier: Apache-2.0
//
// What residents say and hear of their colours.
#include "cli/text_codec.h"
#include "server/authority.h"
#include "server/authority_once.h"
#include "server/clock.h"
#include "server/json_body.h"

namespace liangma::server {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxProof = 512, kMaxStatement = 9000, kMaxSubject = 16;
constexpr std::size_t kIdBytes = 16, kMaxForm = 32, kMaxWords = 2000, kMaxOrganisation = 64;
constexpr std::size_t kNewsShown = 50;

ordered_json appealJson(const Appeal& appeal) {
  return {{"appeal", appeal.id},
          {"deadline", appeal.deadline},
          {"outcome", appeal.outcome.empty() ? "open" : appeal.outcome}};
}

/// With why it was decided so, as the resident's log says it.
ordered_json decidedAppealJson(AuthorityTables& tables, const Appeal& appeal) {
  ordered_json json = appealJson(appeal);
  if (appeal.outcome.empty()) return json;
  const auto stored = tables.log.latest(appeal.caseId, "appeal-" + appeal.outcome);
  if (!stored) return json;
  const auto record = need(parseColourRecord(stored->encoded));
  if (record.subject16 == id16(appeal.id) && record.reasonClass) json["reason"] = *record.reasonClass;
  return json;
}

/// What somebody filled in, where it is as the form asks for.
/// @throws Problem declaration.shape
std::string fieldsOf(const JsonBody& content, const RegionPacks& packs, const std::string& place,
                     const std::string& formId) {
  const auto* form = packs.findForm(place, formId);
  if (form == nullptr) throw problemFor(Errc::DeclarationShape);
  std::string fields = content.object("fields");
  const auto checked = checkDeclaration(*form, fields);
  if (!checked.ok()) throw problemFor(checked.code());
  return fields;
}

struct Declared {
  std::string form, fields;
  std::string organisation;  ///< empty: none
};

/// @throws Problem declaration.shape
Declared readDeclared(const std::string& json, const RegionPacks& packs, const std::string& place) {
  try {
    const JsonBody content(json);
    const std::string form = content.text("form", kMaxForm);
    return {form, fieldsOf(content, packs, place, form),
            content.optionalLine("organisation", kMaxOrganisation).value_or("")};
  } catch (const Problem& problem) {
    if (problem.status != 400) throw;
    throw problemFor(Errc::DeclarationShape);
  }
}

}  // namespace

Authority::Answer Authority::stateAnswer(AuthorityTables& tables, const Resident& resident,
                                         UnixSeconds now) const {
  const auto& state = resident.state;
  const auto record = tables.log.latest(resident.id, "colour");
  if (!record) throw internalError();
  ordered_json json = {{"colour", colourId(state.colour)}, {"since", state.since}};
  if (state.until > 0) json["until"] = state.until;
  json["rule"] = state.rule;
  json["reasonClass"] = state.reasonClass;
  const UnixSeconds from = std::max(state.since, state.settledAt);
  json["checkIns"] = rules_.checkIns(tables.cases.declarationsSince(resident.id, from), from, now);
  json["record"] = tools::encodeBase64url(record->encoded);
  if (const auto appeal = tables.cases.lastAppeal(resident.id))
    json["appeal"] = decidedAppealJson(tables, appeal->appeal);
  return {200, json, resident.id};
}

Reply Authority::state(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const Opened opened = openProof(body.bytes("proof", kMaxProof), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    return stateAnswer(tables, upToDate(tables, residentOf(tables, device.keyText, subject), now), now);
  });
}

/// Consent to be counted with an organisation is given anew with each declaration of health.
Reply Authority::declare(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const Opened opened = openStatementOf("declaration", body.bytes("statement", kMaxStatement), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    Resident resident = upToDate(tables, residentOf(tables, device.keyText, subject), now);
    const std::string place = colours_.placeOf(resident);
    const auto [form, fields, organisation] = readDeclared(device.statement.content, *rules_.packs(), place);
    tables.cases.addDeclaration(resident.id, {randomText(kIdBytes), form, fields, device.encoded, now,
                                              rules_.dayOf(now), rules_.isWell(place, fields, now)});
    if (form == "health") tables.setOrganisation(resident.id, organisation);
    colours_.update(tables, resident, Occasion::Declaration, "declaration", {"resident", ""}, now);
    return stateAnswer(tables, resident, now);
  });
}

Reply Authority::appeal(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const Opened opened = openStatementOf("appeal", body.bytes("statement", kMaxStatement), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const Resident resident = upToDate(tables, residentOf(tables, device.keyText, subject), now);
    const JsonBody content(device.statement.content);
    StoredAppeal stored;
    Appeal& appeal = stored.appeal;
    appeal.id = randomText(kIdBytes);
    appeal.caseId = resident.id;
    appeal.madeAt = now;
    appeal.deadline = now + settings_.appealSeconds;
    appeal.colour = resident.state.colour;
    appeal.rule = resident.state.rule;
    appeal.text = content.text("text", kMaxWords);
    stored.form = content.optionalText("form", kMaxForm).value_or("");
    if (!stored.form.empty())
      appeal.correctedJson = fieldsOf(content, *rules_.packs(), colours_.placeOf(resident), stored.form);
    stored.statement = device.encoded;
    if (!tables.cases.addAppeal(stored)) throw Problem{409, "appeal.already-open"};
    ColourRecord record;
    record.event = "appeal";
    record.actorRole = "resident";
    record.until = appeal.deadline;
    record.subject16 = id16(appeal.id);
    recorder_.append(tables, resident.id, colours_.issuerOf(resident), record, now);
    return Answer{201, appealJson(appeal), resident.id};
  });
}

Reply Authority::eraseMe(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const Opened opened = openStatementOf("erase", body.bytes("statement", kMaxStatement), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const Resident resident = upToDate(tables, residentOf(tables, device.keyText, subject), now);
    if (isolates(resident.state.colour)) throw Problem{409, "colour.not-ended"};
    tables.eraseResident(resident, now);
    ColourRecord record;
    record.event = "erasure";
    record.actorRole = "resident";
    record.tally = Tally{"resident", 1, {}};
    recorder_.append(tables, resident.id, colours_.issuerOf(resident), record, now);
    return Answer{200, {{"erased", true}}, ""};
  });
}

ordered_json newsJson(const News& news) {
  ordered_json json = {{"id", news.id}, {"kind", news.kind}, {"titles", news.titles}, {"texts", news.texts}};
  if (!news.url.empty()) json["url"] = news.url;
  json["publishedAt"] = news.publishedAt;
  return json;
}

Reply Authority::news(const Call&) {
  auto list = ordered_json::array();
  for (const auto& each : cases_.news(kNewsShown)) list.push_back(newsJson(each));
  return jsonReply(200, {{"news", list}});
}

}  // namespace liangma::server
