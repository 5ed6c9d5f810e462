// SPDX-License-Identifier: Apache-2.0
#include "server/bureau_json.h"

#include <set>

namespace liangma::server {
namespace {

using Json = nlohmann::ordered_json;

/// Members that say nothing are left out.
void addText(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

void addTime(Json& json, const char* name, UnixSeconds time) {
  if (time != 0) json[name] = time;
}

Json toJson(const LogEntry& entry) {
  Json json = {{"sequence", entry.sequence}, {"at", entry.at}, {"event", entry.event}};
  json["actor"] = {{"role", entry.actor.role}};
  addText(json["actor"], "id", entry.actor.id);
  if (entry.colour) json["colour"] = colourId(*entry.colour);
  addText(json, "rule", entry.rule);
  addText(json, "reasonClass", entry.reasonClass);
  addText(json, "evidence", entry.evidence);
  addTime(json, "until", entry.until);
  addText(json, "subject", entry.subject);
  return json;
}

Json toJson(const std::vector<Counts::Colours>& rows) {
  auto list = Json::array();
  for (const auto& row : rows) {
    Json json = {{"name", row.name}};
    for (const auto colour : {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red})
      json[std::string(colourId(colour))] = row.byColour[static_cast<std::size_t>(colour)];
    list.push_back(json);
  }
  return list;
}

}  // namespace

Json toJson(const Case& one) {
  Json json = {{"case", one.id},       {"maskedName", one.maskedName},   {"idTail", one.idTail},
               {"region", one.region}, {"colour", colourId(one.colour)}, {"since", one.since},
               {"rule", one.rule},     {"reasonClass", one.reasonClass}};
  addTime(json, "until", one.until);
  addText(json, "openAppeal", one.openAppeal);
  return json;
}

Json toJson(const std::vector<LogEntry>& entries) {
  auto records = Json::array();
  for (const auto& entry : entries) records.push_back(toJson(entry));
  return {{"records", records}};
}

Json toJson(const Appeal& appeal) {
  Json json = {{"appeal", appeal.id},
               {"case", appeal.caseId},
               {"madeAt", appeal.madeAt},
               {"deadline", appeal.deadline},
               {"colour", colourId(appeal.colour)},
               {"rule", appeal.rule},
               {"text", appeal.text}};
  if (!appeal.correctedJson.empty()) json["declaration"] = Json::parse(appeal.correctedJson, nullptr, false);
  return json;
}

Json toJson(const ImportResult& result) {
  return {{"batch", result.batch},
          {"kept", result.kept},
          {"matched", result.matched},
          {"coloured", result.coloured},
          {"left", result.left}};
}

Json toJson(const Counts& counts) {
  return {{"byRegion", toJson(counts.byRegion)},
          {"changesByDay", toJson(counts.changesByDay)},
          {"byOrganisation", toJson(counts.byOrganisation)},
          {"openAppeals", counts.openAppeals},
          {"overdueAppeals", counts.overdueAppeals}};
}

Json choiceJson(const std::string& kind, const Colouring& coloured) {
  Json json = {{"kind", kind}, {"rule", coloured.rule}, {"colour", colourId(coloured.colour)}};
  addTime(json, "until", coloured.until);
  return json;
}

Json wordsOfRules(const RegionPacks& packs, const std::vector<std::string>& places,
                  const std::vector<TrustedPack>& trusted) {
  auto rules = Json::array();
  auto regions = Json::object();
  std::set<std::string> told;
  for (const auto& place : places)
    for (const auto* pack : packs.at(place)) {
      if (!told.insert(pack->region()).second) continue;
      for (const auto& rule : pack->rules())
        if (rule.type == RuleType::Colour)
          rules.push_back({{"rule", rule.identifier}, {"description", rule.description}});
    }
  for (const auto& each : trusted)
    if (const auto* pack = packs.find(each.id)) regions[each.id] = pack->names();
  return {{"rules", rules}, {"regions", regions}};
}

}  // namespace liangma::server
