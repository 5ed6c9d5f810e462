// SPDX-License-Identifier: Apache-2.0
#include "liangma/region_pack.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "date_time.h"
#include "pack_contents.h"
#include "rules/certlogic.h"

namespace liangma {

struct PackState {
  std::string region, base;
  std::uint64_t version = 0;
  std::uint32_t recordDays = 0;
  Names names, codeNames;
  std::vector<PackScene> scenes;
  std::vector<RuleInfo> rules;
  std::vector<rules::Json> logics;  ///< of each rule
  packs::Contents contents;
};

namespace {

using packs::Faults, packs::Members, packs::refuseTwins, rules::Json;

constexpr std::size_t kMaxRules = 256, kMaxScenes = 64;
constexpr std::uint64_t kMaxWindowSeconds = 120, kMaxDays = 60;
constexpr std::uint64_t kMaxVersion = (std::uint64_t{1} << 53) - 1;
constexpr UnixSeconds kDaySeconds = 86400;
constexpr std::string_view kNationalHub = "000000";
constexpr std::string_view kEngine = "CERTLOGIC";
constexpr RuleType kRuleTypes[] = {RuleType::Admission, RuleType::Colour, RuleType::Duration};

bool isIdentifier(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Three numbers with dots between them.
bool isVersion(std::string_view text) {
  return text.size() <= 20 && std::count(text.begin(), text.end(), '.') == 2 &&
         text.find_first_not_of("0123456789.") == text.npos && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos;
}

std::optional<RuleType> ruleTypeFromId(std::string_view id) {
  for (const auto type : kRuleTypes)
    if (id == ruleTypeId(type)) return type;
  return std::nullopt;
}

// ---- reading

PackScene readScene(const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  PackScene scene;
  scene.scene.id = members.text("id", profile::isKeyword);
  scene.scene.names = members.names("names");
  const auto required =
      members.text("required", [](std::string_view id) { return id == "time" || id == "challenge"; });
  scene.scene.required = required == "challenge" ? Assurance::Challenge : Assurance::Time;
  if (members.has("windowSeconds"))
    scene.scene.windowSeconds =
        static_cast<std::uint32_t>(members.number("windowSeconds", 1, kMaxWindowSeconds));
  scene.leavesContact = members.flag("leavesContact");
  members.origin();
  members.finish();
  return scene;
}

void readFields(Members& members) {
  members.list("affectedFields", kMaxRules, [&](const Json& field, const std::string&) {
    if (!field.is_string()) members.fail("affectedFields", "names of fields are needed");
  });
}

Json readLogic(Members& members) {
  const Json& logic = members.require("logic");
  if (const auto fault = rules::findFault(logic))
    members.fail("logic" + fault->place, fault->message, Errc::RuleMalformed);
  return logic;
}

/// Reads a rule document, as the EU's business rules have it, but for its logic.
RuleInfo readRule(Members& members, const std::string& region) {
  RuleInfo rule;
  rule.identifier = members.text("identifier", isIdentifier);
  const auto type = members.text("type", [](std::string_view id) { return ruleTypeFromId(id).has_value(); });
  rule.type = ruleTypeFromId(type).value_or(RuleType::Admission);
  if (members.text("region", profile::isRegion) != region) members.fail("region", "is not the pack's");
  rule.version = members.text("version", isVersion);
  members.text("engine", [](std::string_view id) { return id == kEngine; });
  members.text("engineVersion", isVersion);
  rule.validFrom = members.time("validFrom");
  rule.validTo = members.time("validTo");
  rule.description = members.names("description");
  if (rule.type == RuleType::Colour) rule.reasonClass = members.text("reasonClass", profile::isKeyword);
  readFields(members);
  rule.isAssumption = members.origin();
  return rule;
}

void readPack(const Json& json, PackState& pack, Faults& faults) {
  Members members(json, "", faults);
  members.number("format", 1, 1);
  pack.region = members.text("region", profile::isRegion);
  pack.version = members.number("version", 1, kMaxVersion);
  pack.names = members.names("names");
  pack.codeNames = members.names("codeNames");
  if (members.has("base")) pack.base = members.text("base", profile::isRegion);
  if (pack.base == pack.region) members.fail("base", "is the pack's own region");
  if (members.has("recordDays"))
    pack.recordDays = static_cast<std::uint32_t>(members.number("recordDays", 1, kMaxDays));
  members.list("scenes", kMaxScenes, [&](const Json& each, const std::string& place) {
    pack.scenes.push_back(readScene(each, place, faults));
  });
  members.list("rules", kMaxRules, [&](const Json& each, const std::string& place) {
    Members rule(each, place, faults);
    pack.rules.push_back(readRule(rule, pack.region));
    pack.logics.push_back(readLogic(rule));
    rule.finish();
  });
  pack.contents = packs::readContents(members, faults);
  members.finish();
  refuseTwins(
      pack.scenes, "/scenes", [](const PackScene& each) { return each.scene.id; }, faults);
  refuseTwins(
      pack.rules, "/rules", [](const RuleInfo& each) { return each.identifier; }, faults);
}

// ---- asking

std::optional<Decision> decisionFromJson(const Json& json) {
  for (const auto decision : {Decision::Admit, Decision::Check, Decision::Refuse})
    if (json == decisionId(decision)) return decision;
  return std::nullopt;
}

std::optional<Colour> colourFromJson(const Json& json) {
  return json.is_string() ? colourFromId(json.get_ref<const std::string&>()) : std::nullopt;
}

/// Days of a colour as seconds.
Result<UnixSeconds> durationFromJson(const Json& answer) {
  if (!answer.is_number_unsigned() || answer.get<std::uint64_t>() > kMaxDays) return Errc::RuleType;
  return static_cast<UnixSeconds>(answer.get<std::uint64_t>()) * kDaySeconds;
}

/// How strict a colour is; of several rules the strictest decides.
int strictness(Colour colour) {
  constexpr int kRank[] = {1, 0, 2, 3};
  return kRank[static_cast<unsigned>(colour) & 3];
}

std::string timeText(UnixSeconds seconds) {
  return formatDateTime({seconds * 1000});
}

Json describe(const Agreement* agreement) {
  if (agreement == nullptr) return "own";
  return {{"id", agreement->id},
          {"path", recognitionPathId(agreement->path)},
          {"rules", agreement->underHostRules ? "host" : "issuer"},
          {"group", agreement->group.value_or("")}};
}

Json describe(const AdmissionFacts& facts) {
  return {{"scene", facts.scene},
          {"place", facts.place},
          {"agreement", describe(facts.agreement)},
          {"assurance", assuranceId(facts.assurance)},
          {"now", timeText(facts.now)},
          {"code", {{"colour", colourId(facts.colour)}, {"issuer", facts.issuer}, {"region", facts.region}}}};
}

/// Whether a rule says nothing of these facts.
bool isSilent(const Json& answer) {
  return answer.is_null() || answer == false;
}

/// Asks the rules of one type that are in force: pack after pack, of Colour all, of others until one has
/// spoken.
///
/// @param asked  the rule that was asked last
template <class Visit>
Status ask(const std::vector<const RegionPack*>& chain, RuleType type, const Json& data, UnixSeconds now,
           Visit visit, const RuleInfo** asked = nullptr) {
  for (const auto* pack : chain) {
    bool hasSpoken = false;
    for (std::size_t i = 0; i < pack->rules().size(); ++i) {
      const auto& rule = pack->rules()[i];
      if (rule.type != type || now < rule.validFrom || now >= rule.validTo) continue;
      if (asked != nullptr) *asked = &rule;
      LIANGMA_TRY(const auto answer, rules::evaluate(pack->state().logics[i], data));
      if (isSilent(answer)) continue;
      hasSpoken = true;
      LIANGMA_CHECK(visit(rule, answer));
    }
    if (hasSpoken && type != RuleType::Colour) break;
  }
  return success();
}

/// What the rules of type Duration say; absent: nothing.
Result<std::optional<UnixSeconds>> longestDuration(const std::vector<const RegionPack*>& chain,
                                                   const Json& data, UnixSeconds now) {
  std::optional<UnixSeconds> longest;
  LIANGMA_CHECK(ask(chain, RuleType::Duration, data, now, [&](const RuleInfo&, const Json& answer) -> Status {
    LIANGMA_TRY(const auto seconds, durationFromJson(answer));
    longest = std::max(longest.value_or(0), seconds);
    return success();
  }));
  return longest;
}

/// What colour rules are asked over.
Result<Json> describe(std::string_view place, std::string_view declarationJson, std::string_view factsJson,
                      UnixSeconds now) {
  Json data{{"now", timeText(now)}, {"place", place}};
  LIANGMA_TRY(data["declaration"], rules::parseJson(declarationJson));
  LIANGMA_TRY(data["facts"], rules::parseJson(factsJson));
  return data;
}

/// Digits of a division code that say which area it is: 2, 4 or 6; the hub's is the whole country.
std::size_t precision(std::string_view region) {
  while (region.ends_with("00")) region.remove_suffix(2);
  return region.size();
}

}  // namespace

std::string_view ruleTypeId(RuleType type) {
  constexpr std::string_view kIds[] = {"Admission", "Colour", "Duration", "Duration"};
  return kIds[static_cast<unsigned>(type) & 3];
}

Result<RegionPack> RegionPack::parse(std::string_view json, PackFault* fault) {
  Faults faults;
  auto state = std::make_shared<PackState>();
  const auto parsed = rules::parseJson(json);
  if (parsed.ok())
    readPack(*parsed, *state, faults);
  else
    faults.add("", "is not JSON, is nested too deep, or has a member twice", parsed.code());
  if (faults.found) {
    if (fault != nullptr) *fault = faults.fault;
    return faults.code;
  }
  RegionPack pack;
  pack.state_ = std::move(state);
  return pack;
}

const std::string& RegionPack::region() const {
  return state_->region;
}
std::uint64_t RegionPack::version() const {
  return state_->version;
}
const Names& RegionPack::names() const {
  return state_->names;
}
const Names& RegionPack::codeNames() const {
  return state_->codeNames;
}
const std::string& RegionPack::base() const {
  return state_->base;
}
std::uint32_t RegionPack::recordDays() const {
  return state_->recordDays;
}
const std::vector<PackScene>& RegionPack::scenes() const {
  return state_->scenes;
}
const std::vector<RuleInfo>& RegionPack::rules() const {
  return state_->rules;
}
const std::vector<DeclarationForm>& RegionPack::forms() const {
  return state_->contents.forms;
}
const std::vector<Listing>& RegionPack::listings() const {
  return state_->contents.listings;
}
const std::vector<Retention>& RegionPack::retention() const {
  return state_->contents.retention;
}

ByteArray<32> packHash(std::string_view json) {
  return crypto::sha256(ByteView(reinterpret_cast<const std::uint8_t*>(json.data()), json.size()));
}

Result<RegionPack> openRegionPack(std::string_view json, const TrustContent& trust, PackFault* fault) {
  LIANGMA_TRY(auto pack, RegionPack::parse(json, fault));
  const auto hash = packHash(json);
  const auto isThis = [&](const TrustedPack& listed) {
    return listed.id == pack.region() && listed.version == pack.version() && listed.sha256 == hash;
  };
  if (std::none_of(trust.packs.begin(), trust.packs.end(), isThis)) return Errc::PackNotListed;
  return pack;
}

void RegionPacks::keep(RegionPack pack) {
  const auto region = pack.region();
  packs_.insert_or_assign(region, std::move(pack));
}

const RegionPack* RegionPacks::find(std::string_view region) const {
  const auto found = packs_.find(region);
  return found == packs_.end() ? nullptr : &found->second;
}

const TrustedPack* RegionPacks::missingAt(std::string_view place, const TrustContent& trust) const {
  const auto chain = at(place);
  for (const auto& listed : trust.packs) {
    const bool isBase = std::any_of(chain.begin(), chain.end(),
                                    [&](const RegionPack* pack) { return pack->base() == listed.id; });
    if ((isBase || listed.id == kNationalHub || covers(listed.id, place)) && find(listed.id) == nullptr)
      return &listed;
  }
  return nullptr;
}

std::vector<const RegionPack*> RegionPacks::at(std::string_view place) const {
  const RegionPack* pack = find(kNationalHub);
  for (const auto& [region, each] : packs_)
    if (covers(region, place) && (pack == nullptr || precision(region) > precision(pack->region())))
      pack = &each;
  std::vector<const RegionPack*> chain;
  for (; pack != nullptr && chain.size() < kMaxChain; pack = find(pack->base())) chain.push_back(pack);
  return chain;
}

std::vector<const PackScene*> RegionPacks::scenesAt(std::string_view place) const {
  std::vector<const PackScene*> scenes;
  for (const auto* pack : at(place))
    for (const auto& scene : pack->scenes())
      if (std::none_of(scenes.begin(), scenes.end(),
                       [&](const PackScene* known) { return known->scene.id == scene.scene.id; }))
        scenes.push_back(&scene);
  return scenes;
}

const PackScene* RegionPacks::findScene(std::string_view place, std::string_view id) const {
  for (const auto* scene : scenesAt(place))
    if (scene->scene.id == id) return scene;
  return nullptr;
}

const RuleInfo* RegionPacks::findRule(std::string_view place, std::string_view identifier) const {
  for (const auto* pack : at(place))
    for (const auto& rule : pack->rules())
      if (rule.identifier == identifier) return &rule;
  return nullptr;
}

std::uint32_t RegionPacks::recordDaysAt(std::string_view place) const {
  for (const auto* pack : at(place))
    if (pack->recordDays() > 0) return pack->recordDays();
  return 0;
}

const DeclarationForm* RegionPacks::findForm(std::string_view place, std::string_view id) const {
  for (const auto* pack : at(place))
    for (const auto& form : pack->forms())
      if (form.id == id) return &form;
  return nullptr;
}

std::vector<const Listing*> RegionPacks::listingsAt(std::string_view place, ListingKind kind) const {
  std::vector<const Listing*> listings;
  for (const auto* pack : at(place))
    for (const auto& listing : pack->listings())
      if (listing.kind == kind && std::none_of(listings.begin(), listings.end(),
                                               [&](const Listing* known) { return known->id == listing.id; }))
        listings.push_back(&listing);
  return listings;
}

std::uint32_t RegionPacks::retentionDaysAt(std::string_view place, std::string_view purpose) const {
  for (const auto* pack : at(place))
    for (const auto& retention : pack->retention())
      if (retention.purpose == purpose) return retention.days;
  return 0;
}

Result<Admission> RegionPacks::admit(const AdmissionFacts& facts) const {
  return admit(facts, nullptr);
}

Result<Admission> RegionPacks::admit(const AdmissionFacts& facts, const RuleInfo** asked) const {
  if (facts.trust != nullptr && missingAt(facts.place, *facts.trust) != nullptr) return Errc::PackMissing;
  if (findScene(facts.place, facts.scene) == nullptr) return Errc::SceneUnknown;
  Admission strictest;
  const auto visit = [&](const RuleInfo& rule, const Json& answer) -> Status {
    const auto decision = decisionFromJson(answer);
    if (!decision) return Errc::RuleType;
    if (strictest.rule.empty() || *decision > strictest.decision) strictest = {*decision, rule.identifier};
    return success();
  };
  LIANGMA_CHECK(ask(at(facts.place), RuleType::Admission, describe(facts), facts.now, visit, asked));
  return strictest;
}

Result<Colouring> RegionPacks::colour(std::string_view place, std::string_view declarationJson,
                                      std::string_view factsJson, UnixSeconds now) const {
  LIANGMA_TRY(auto data, describe(place, declarationJson, factsJson, now));
  Colouring colouring;
  const auto chain = at(place);
  LIANGMA_CHECK(
      ask(chain, RuleType::Colour, data, now, [&](const RuleInfo& rule, const Json& answer) -> Status {
        const auto colour = colourFromJson(answer);
        if (!colour) return Errc::RuleType;
        if (colouring.rule.empty() || strictness(*colour) > strictness(colouring.colour))
          colouring = {*colour, rule.identifier, rule.reasonClass, 0};
        return success();
      }));
  data["colour"] = colourId(colouring.colour);
  LIANGMA_TRY(const auto seconds, longestDuration(chain, data, now));
  if (seconds) colouring.until = now + *seconds;
  return colouring;
}

Result<UnixSeconds> RegionPacks::colourSeconds(std::string_view place, std::string_view declarationJson,
                                               std::string_view factsJson, Colour colour,
                                               UnixSeconds now) const {
  LIANGMA_TRY(auto data, describe(place, declarationJson, factsJson, now));
  data["colour"] = colourId(colour);
  LIANGMA_TRY(const auto seconds, longestDuration(at(place), data, now));
  return seconds.value_or(0);
}

}  // namespace liangma
