// SPDX-License-Identifier: Apache-2.0
// The module of those who check: what both modules bind, region packs, status lists, a gate's own key and
// requests, and the explainer.
#include <emscripten/bind.h>

#include "bindings_common.h"
#include "liangma/inspect.h"
#include "liangma/region_pack.h"
#include "liangma/request.h"
#include "liangma/status_list.h"

namespace liangma::wasm {
namespace {

val fromLine(const InspectionLine& line) {
  auto out = val::object();
  out.set("depth", line.depth);
  out.set("label", fromText(line.label));
  out.set("value", fromText(line.value));
  return out;
}

val fromProblem(const Error& problem) {
  auto out = val::object();
  out.set("code", fromText(errcId(problem.code)));
  out.set("detail", fromText(problem.detail));
  return out;
}

val inspectText(const std::string& text) {
  const Inspection inspection = inspect(text);
  auto lines = val::array();
  for (const auto& line : inspection.lines) lines.call<void>("push", fromLine(line));
  auto out = val::object();
  out.set("kind", fromText(inspection.kind));
  out.set("lines", lines);
  if (inspection.problem) out.set("problem", fromProblem(*inspection.problem));
  return out;
}

// --- RegionPacks ---

val fromPack(const RegionPack& pack) {
  auto out = val::object();
  out.set("region", fromText(pack.region()));
  out.set("version", fromSeconds(static_cast<std::int64_t>(pack.version())));
  out.set("names", fromNames(pack.names()));
  out.set("codeNames", fromNames(pack.codeNames()));
  if (!pack.base().empty()) out.set("base", fromText(pack.base()));
  return out;
}

val keepPack(RegionPacks& packs, const val& json, const TrustList& trust) {
  const Bytes bytes = toBytes(json);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  auto pack = openRegionPack(text, trust.content());
  if (!pack.ok()) return fail(pack.error());
  packs.keep(*pack);
  return succeed(fromPack(*pack));
}

val fromScene(const PackScene* scene) {
  auto out = val::object();
  out.set("id", fromText(scene->scene.id));
  out.set("names", fromNames(scene->scene.names));
  out.set("required", fromText(assuranceId(scene->scene.required)));
  if (scene->scene.windowSeconds) out.set("windowSeconds", *scene->scene.windowSeconds);
  out.set("leavesContact", scene->leavesContact);
  return out;
}

val packsAt(const RegionPacks& packs, const std::string& place) {
  return fromList(packs.at(place), [](const RegionPack* pack) { return fromPack(*pack); });
}

val scenesAt(const RegionPacks& packs, const std::string& place) {
  return fromList(packs.scenesAt(place), fromScene);
}

val ruleAt(const RegionPacks& packs, const std::string& place, const std::string& identifier) {
  const auto* rule = packs.findRule(place, identifier);
  if (rule == nullptr) return val::undefined();
  auto out = val::object();
  out.set("identifier", fromText(rule->identifier));
  out.set("type", fromText(ruleTypeId(rule->type)));
  out.set("version", fromText(rule->version));
  out.set("description", fromNames(rule->description));
  out.set("isAssumption", rule->isAssumption);
  return out;
}

unsigned recordDaysAt(const RegionPacks& packs, const std::string& place) {
  return packs.recordDaysAt(place);
}

// --- StatusLists ---

val fromStatusList(const StatusList& list, double now) {
  auto out = val::object();
  out.set("issuer", fromText(list.issuer()));
  out.set("number", fromSeconds(static_cast<std::int64_t>(list.number())));
  out.set("issuedAt", fromSeconds(list.claims().issuedAt));
  out.set("expiresAt", fromSeconds(list.claims().expiresAt));
  out.set("freshness", fromText(freshnessId(list.freshness(toSeconds(now)))));
  return out;
}

val keepStatusList(StatusLists& lists, const val& token, const TrustList& trust, const std::string& issuer,
                   double now) {
  const auto* known = trust->findIssuer(issuer);
  if (known == nullptr) return fail({Errc::IssuerUnknown, {}});
  auto list = openStatusList(toBytes(token), *known);
  if (!list.ok()) return fail(list.error());
  const val info = fromStatusList(*list, now);
  const auto kept = lists.keep(std::move(list).value());
  return kept.ok() ? succeed(info) : fail(kept.error());
}

val statusListInfo(const StatusLists& lists, const std::string& issuer, double number, double now) {
  const auto* list = lists.find(issuer, static_cast<std::uint64_t>(toCount(number, INT64_MAX)));
  return list == nullptr ? val::undefined() : fromStatusList(*list, now);
}

val statusUriOf(const TrustList& trust, const std::string& issuer, double number) {
  const auto* known = trust->findIssuer(issuer);
  return fromText(known == nullptr
                      ? std::string()
                      : statusListUri(*known, static_cast<std::uint64_t>(toCount(number, INT64_MAX))));
}

// --- what the trust list says of regions ---

val fromTrustedPack(const TrustedPack& pack) {
  auto out = val::object();
  out.set("region", fromText(pack.id));
  out.set("version", fromSeconds(static_cast<std::int64_t>(pack.version)));
  out.set("sha256", fromBytes(pack.sha256));
  return out;
}

val fromRecognition(const Recognition& agreement) {
  auto out = val::object();
  out.set("id", fromText(agreement.id));
  out.set("names", fromNames(agreement.names));
  out.set("path", fromText(recognitionPathId(agreement.path)));
  out.set("hosts", fromTexts(agreement.hosts));
  out.set("guests", fromTexts(agreement.guests));
  return out;
}

val trustRegions(const TrustList& trust) {
  auto out = val::object();
  out.set("packs", fromList(trust->packs, fromTrustedPack));
  out.set("recognitions", fromList(trust->recognitions, fromRecognition));
  return out;
}

// --- requests ---

/// @param ask  `{verifier, issuedAt, expiresAt, nonce, purpose, wanted}`
val signRequest(const SigningKey& key, const val& ask) {
  auto wanted = toClaims(ask["wanted"]);
  if (!wanted.ok()) return fail(wanted.error());
  RequestClaims claims;
  claims.verifier = ask["verifier"].as<std::string>();
  claims.issuedAt = toSeconds(ask["issuedAt"].as<double>());
  claims.expiresAt = toSeconds(ask["expiresAt"].as<double>());
  claims.nonce = toBytes(ask["nonce"]);
  claims.purpose = ask["purpose"].as<std::string>();
  claims.wanted = std::move(wanted).value();
  return textOutcome(makeRequest(claims, key));
}

// --- verdicts ---

val fromAgreement(const Agreement& agreement) {
  auto out = val::object();
  out.set("id", fromText(agreement.id));
  out.set("path", fromText(recognitionPathId(agreement.path)));
  out.set("rules", fromText(agreement.underHostRules ? "host" : "issuer"));
  if (agreement.group) out.set("group", fromText(*agreement.group));
  return out;
}

unsigned seenSize(const SeenCodes& seen) {
  return static_cast<unsigned>(seen.size());
}

val saveSeen(const SeenCodes& seen, double now) {
  return fromBytes(seen.save(toSeconds(now)));
}

val loadSeen(SeenCodes& seen, const val& saved, double now) {
  return statusOutcome(seen.load(toBytes(saved), toSeconds(now)));
}

/// With packs the scene and the rules are the place's, else the trust list's.
Status readPlace(const val& in, std::string& place, VerifyInput& input) {
  if (const val said = in["place"]; !isAbsent(said)) place = said.as<std::string>();
  input.context->place = place;
  const auto* packs = pointer<RegionPacks>(in["packs"]);
  if (packs == nullptr) return input.readScene(in);
  if (packs->missingAt(place, input.context->trust.content()) != nullptr) return Errc::PackMissing;
  const auto* scene = packs->findScene(place, isAbsent(in["scene"]) ? "" : in["scene"].as<std::string>());
  if (scene == nullptr) return Errc::SceneUnknown;
  input.context->scene = &scene->scene;
  input.context->rules = packs;
  return success();
}

val verifyAtPlace(const std::string& text, const val& in) {
  VerifyInput input;
  std::string place;
  auto read = input.read(in);
  if (read.ok()) read = readPlace(in, place, input);
  if (!read.ok()) return fromVerdict(refusal(read.code()));
  input.context->seen = pointer<SeenCodes>(in["seen"]);
  input.context->status = pointer<StatusLists>(in["statusLists"]);
  input.context->stale =
      isAbsent(in["checkStale"]) || !in["checkStale"].as<bool>() ? StalePolicy::Refuse : StalePolicy::Check;
  const auto verdict = verify(text, *input.context);
  auto out = fromVerdict(verdict);
  if (verdict.agreement) out.set("agreement", fromAgreement(*verdict.agreement));
  if (!verdict.rule.empty()) out.set("rule", fromText(verdict.rule));
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(liangma_gate) {
  emscripten::class_<SeenCodes>("SeenCodes")
      .constructor<>()
      .function("size", &seenSize)
      .function("save", &saveSeen)
      .function("load", &loadSeen);
  emscripten::class_<RegionPacks>("RegionPacks")
      .constructor<>()
      .function("keep", &keepPack)
      .function("at", &packsAt)
      .function("scenes", &scenesAt)
      .function("rule", &ruleAt)
      .function("recordDays", &recordDaysAt);
  emscripten::class_<StatusLists>("StatusLists")
      .constructor<>()
      .function("keep", &keepStatusList)
      .function("info", &statusListInfo);
  emscripten::class_<SigningKey>("GateKey")
      .class_function("generate", &generateKey)
      .class_function("openHost", &openKeyWithHostKey)
      .function("publicKey", &publicKeyOf)
      .function("sealHost", &sealKeyWithHostKey)
      .function("proof", &proveKey)
      .function("request", &signRequest);
  emscripten::function("statusListUri", &statusUriOf);
  emscripten::function("trustRegions", &trustRegions);
  emscripten::function("verify", &verifyAtPlace);
  emscripten::function("inspect", &inspectText);
}

}  // namespace liangma::wasm
