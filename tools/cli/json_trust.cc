// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/failure.h"
#include "cli/json_io.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr std::uint64_t kMaxInteger = (std::uint64_t{1} << 53) - 1;
constexpr Colour kColours[] = {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red};

UnixSeconds seconds(std::uint64_t value) {
  return static_cast<UnixSeconds>(value);
}

PublicKey publicKey(const std::string& text, const std::string& path) {
  return needGoodData(PublicKey::fromRaw(bytes32FromText(text, path)), path);
}

std::vector<PublicKey> readRoots(ObjectReader& reader) {
  std::vector<PublicKey> roots;
  for (const auto& text : reader.optionalTexts("roots"))
    roots.push_back(publicKey(text, reader.pathOf("roots")));
  return roots;
}

Names readNames(ObjectReader& reader) {
  Names names;
  const Json* member = reader.find("names");
  if (member == nullptr) return names;
  ObjectReader languages(*member, reader.pathOf("names"));
  for (const auto& [language, name] : member->items()) names[language] = languages.text(language);
  return names;
}

std::vector<DatedKey> readKeys(ObjectReader& reader) {
  std::vector<DatedKey> keys;
  for (const Json& element : reader.optionalArray("keys")) {
    ObjectReader entry(element, reader.pathOf("keys"));
    DatedKey key{publicKey(entry.text("key"), entry.pathOf("key"))};
    key.notBefore = seconds(entry.integer("notBefore", kMaxInteger));
    key.notAfter = seconds(entry.integer("notAfter", kMaxInteger));
    entry.finish();
    keys.push_back(key);
  }
  return keys;
}

std::uint32_t smallInteger(ObjectReader& reader, const std::string& name, std::uint32_t fallback) {
  return static_cast<std::uint32_t>(reader.optionalInteger(name, 3600).value_or(fallback));
}

LivePolicy readLive(ObjectReader& reader) {
  LivePolicy live;
  const Json* member = reader.find("live");
  if (member == nullptr) return live;
  ObjectReader policy(*member, reader.pathOf("live"));
  live.periodSeconds = smallInteger(policy, "periodSeconds", live.periodSeconds);
  live.windowSeconds = smallInteger(policy, "windowSeconds", live.windowSeconds);
  live.futureSeconds = smallInteger(policy, "futureSeconds", live.futureSeconds);
  policy.finish();
  return live;
}

TrustedIssuer readIssuer(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  TrustedIssuer issuer;
  issuer.id = reader.text("id");
  issuer.names = readNames(reader);
  issuer.keys = readKeys(reader);
  issuer.statusUrl = reader.optionalText("statusUrl");
  issuer.live = readLive(reader);
  issuer.regions = reader.optionalTexts("regions");
  reader.finish();
  return issuer;
}

TrustedVerifier readVerifier(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  TrustedVerifier verifier;
  verifier.id = reader.text("id");
  verifier.names = readNames(reader);
  verifier.kind = reader.text("kind");
  verifier.keys = readKeys(reader);
  const Bytes sealingKey = reader.bytes32("sealingKey32");
  std::copy(sealingKey.begin(), sealingKey.end(), verifier.sealingKey32.begin());
  verifier.endpoints = reader.optionalTexts("endpoints");
  reader.finish();
  return verifier;
}

Assurance readRequired(ObjectReader& reader) {
  const auto required = reader.optionalText("required").value_or("time");
  if (required != "time" && required != "challenge")
    reader.refuse("required", "must be \"time\" or \"challenge\"");
  return required == "time" ? Assurance::Time : Assurance::Challenge;
}

Decision decision(ObjectReader& reader, const std::string& colour) {
  const auto id = reader.text(colour);
  for (const auto candidate : {Decision::Admit, Decision::Check, Decision::Refuse})
    if (id == decisionId(candidate)) return candidate;
  reader.refuse(colour, "must be \"admit\", \"check\" or \"refuse\"");
}

void readByColour(ObjectReader& reader, Scene& scene) {
  const Json* member = reader.find("byColour");
  if (member == nullptr) return;
  ObjectReader colours(*member, reader.pathOf("byColour"));
  for (const auto colour : kColours) {
    const std::string id(colourId(colour));
    if (colours.find(id) != nullptr) scene.byColour[static_cast<std::size_t>(colour)] = decision(colours, id);
  }
  colours.finish();
}

Scene readScene(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  Scene scene;
  scene.id = reader.text("id");
  scene.names = readNames(reader);
  scene.required = readRequired(reader);
  if (const auto window = reader.optionalInteger("windowSeconds", 3600))
    scene.windowSeconds = static_cast<std::uint32_t>(*window);
  readByColour(reader, scene);
  reader.finish();
  return scene;
}

RecognitionPath readPath(ObjectReader& reader) {
  const auto id = reader.text("path");
  for (const auto path : {RecognitionPath::Shared, RecognitionPath::Hub, RecognitionPath::Adopt})
    if (id == recognitionPathId(path)) return path;
  reader.refuse("path", "must be \"shared\", \"hub\" or \"adopt\"");
}

bool readHostRules(ObjectReader& reader) {
  const auto rules = reader.text("rules");
  if (rules != "host" && rules != "issuer") reader.refuse("rules", "must be \"host\" or \"issuer\"");
  return rules == "host";
}

Recognition readRecognition(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  Recognition agreement;
  agreement.id = reader.text("id");
  agreement.names = readNames(reader);
  agreement.path = readPath(reader);
  agreement.hosts = reader.optionalTexts("hosts");
  agreement.guests = reader.optionalTexts("guests");
  agreement.hub = reader.optionalText("hub");
  agreement.since = seconds(reader.integer("since", kMaxInteger));
  agreement.until = seconds(reader.integer("until", kMaxInteger));
  agreement.underHostRules = readHostRules(reader);
  agreement.group = reader.optionalText("group");
  for (const char* note : {"source", "assumption"}) reader.optionalText(note);
  reader.finish();
  return agreement;
}

TrustedPack readTrustedPack(const Json& json, const std::string& path) {
  ObjectReader reader(json, path);
  TrustedPack pack;
  pack.id = reader.text("region");
  pack.version = reader.integer("version", kMaxInteger);
  const Bytes hash = reader.bytes32("sha256");
  std::copy(hash.begin(), hash.end(), pack.sha256.begin());
  reader.finish();
  return pack;
}

template <class T>
std::vector<T> readEach(ObjectReader& reader, const std::string& name,
                        T (*read)(const Json&, const std::string&)) {
  std::vector<T> entries;
  for (const Json& element : reader.optionalArray(name))
    entries.push_back(read(element, reader.pathOf(name) + "[" + std::to_string(entries.size()) + "]"));
  return entries;
}

OrderedJson rootsToJson(const std::vector<PublicKey>& roots) {
  OrderedJson json = OrderedJson::array();
  for (const auto& root : roots) json.push_back(encodeBase64url(root.raw32()));
  return json;
}

OrderedJson keysToJson(const std::vector<DatedKey>& keys) {
  OrderedJson json = OrderedJson::array();
  for (const auto& key : keys)
    json.push_back({{"key", encodeBase64url(key.key.raw32())},
                    {"notBefore", key.notBefore},
                    {"notAfter", key.notAfter}});
  return json;
}

OrderedJson issuerToJson(const TrustedIssuer& issuer) {
  OrderedJson json = {{"id", issuer.id}, {"names", issuer.names}, {"keys", keysToJson(issuer.keys)}};
  if (issuer.statusUrl) json["statusUrl"] = *issuer.statusUrl;
  json["live"] = {{"periodSeconds", issuer.live.periodSeconds},
                  {"windowSeconds", issuer.live.windowSeconds},
                  {"futureSeconds", issuer.live.futureSeconds}};
  json["regions"] = issuer.regions;
  return json;
}

OrderedJson verifierToJson(const TrustedVerifier& verifier) {
  return {{"id", verifier.id},
          {"names", verifier.names},
          {"kind", verifier.kind},
          {"keys", keysToJson(verifier.keys)},
          {"sealingKey32", encodeBase64url(verifier.sealingKey32)},
          {"endpoints", verifier.endpoints}};
}

OrderedJson sceneToJson(const Scene& scene) {
  OrderedJson json = {{"id", scene.id}, {"names", scene.names}, {"required", assuranceId(scene.required)}};
  if (scene.windowSeconds) json["windowSeconds"] = *scene.windowSeconds;
  for (const auto colour : kColours)
    json["byColour"][std::string(colourId(colour))] =
        decisionId(scene.byColour[static_cast<std::size_t>(colour)]);
  return json;
}

OrderedJson recognitionToJson(const Recognition& agreement) {
  OrderedJson json = {{"id", agreement.id},
                      {"names", agreement.names},
                      {"path", recognitionPathId(agreement.path)},
                      {"hosts", agreement.hosts},
                      {"guests", agreement.guests}};
  if (agreement.hub) json["hub"] = *agreement.hub;
  json["since"] = agreement.since;
  json["until"] = agreement.until;
  json["rules"] = agreement.underHostRules ? "host" : "issuer";
  if (agreement.group) json["group"] = *agreement.group;
  return json;
}

OrderedJson packToJson(const TrustedPack& pack) {
  return {{"region", pack.id}, {"version", pack.version}, {"sha256", encodeBase64url(pack.sha256)}};
}

template <class T>
OrderedJson eachToJson(const std::vector<T>& entries, OrderedJson (*write)(const T&)) {
  OrderedJson json = OrderedJson::array();
  for (const auto& entry : entries) json.push_back(write(entry));
  return json;
}

}  // namespace

TrustFile trustFileFromText(std::string_view text, const std::string& source) {
  const Json json = parseJson(text, source);
  ObjectReader reader(json, source + ":");
  TrustFile trust;
  trust.roots = readRoots(reader);
  if (trust.roots.empty()) reader.refuse("roots", "is missing or empty");
  trust.version = reader.integer("version", kMaxInteger);
  auto list = decodeBase64url(reader.text("list"));
  if (!list) reader.refuse("list", "must be base64url without padding");
  trust.list = std::move(*list);
  reader.finish();
  return trust;
}

std::string trustFileText(const TrustFile& trust) {
  return jsonPage({{"roots", rootsToJson(trust.roots)},
                   {"version", trust.version},
                   {"list", encodeBase64url(trust.list)}});
}

TrustContent trustContentFromJson(const Json& json, const std::string& source) {
  ObjectReader reader(json, source + ":");
  TrustContent content;
  content.version = reader.integer("version", kMaxInteger);
  content.issuedAt = seconds(reader.optionalInteger("issuedAt", kMaxInteger).value_or(0));
  content.expiresAt = seconds(reader.optionalInteger("expiresAt", kMaxInteger).value_or(0));
  content.roots = readRoots(reader);
  content.issuers = readEach(reader, "issuers", readIssuer);
  content.verifiers = readEach(reader, "verifiers", readVerifier);
  content.scenes = readEach(reader, "scenes", readScene);
  content.recognitions = readEach(reader, "recognitions", readRecognition);
  content.packs = readEach(reader, "packs", readTrustedPack);
  reader.finish();
  return content;
}

std::vector<Recognition> recognitionsFromJson(const Json& json, const std::string& source) {
  ObjectReader reader(json, source + ":");
  auto agreements = readEach(reader, "recognitions", readRecognition);
  reader.finish();
  return agreements;
}

OrderedJson trustContentToJson(const TrustContent& content) {
  return {{"version", content.version},
          {"issuedAt", content.issuedAt},
          {"expiresAt", content.expiresAt},
          {"roots", rootsToJson(content.roots)},
          {"issuers", eachToJson(content.issuers, issuerToJson)},
          {"verifiers", eachToJson(content.verifiers, verifierToJson)},
          {"scenes", eachToJson(content.scenes, sceneToJson)},
          {"recognitions", eachToJson(content.recognitions, recognitionToJson)},
          {"packs", eachToJson(content.packs, packToJson)}};
}

}  // namespace liangma::tools
