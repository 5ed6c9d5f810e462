// SPDX-License-Identifier: Apache-2.0
#include "server/demo.h"

#include <algorithm>
#include <optional>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "liangma/trust_list.h"
#include "server/clock.h"
#include "server/pack_folder.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

/// An issuer, and the regions it speaks for.
struct DemoIssuer {
  const char* id;
  const char *chinese, *english;
  std::vector<std::string> regions;
};

const std::vector<DemoIssuer> kIssuers = {
    {"330100", "杭州市（演示）", "Hangzhou (demo)", {"330100"}},
    {"330000", "浙江省（演示）", "Zhejiang (demo)", {"330000"}},
    {"310000", "上海市（演示）", "Shanghai (demo)", {"310000"}},
    {"320000", "江苏省（演示）", "Jiangsu (demo)", {"320000"}},
    {"340000", "安徽省（演示）", "Anhui (demo)", {"340000"}},
    {"410000", "河南省（演示）", "Henan (demo)", {"410000"}},
    {"430000", "湖南省（演示）", "Hunan (demo)", {"430000"}},
    {"440400", "珠海市（演示）", "Zhuhai (demo)", {"440400"}},
    {"460000", "海南省（演示）", "Hainan (demo)", {"460000"}},
    {"500000", "重庆市（演示）", "Chongqing (demo)", {"500000"}},
    {"510000", "四川省（演示）", "Sichuan (demo)", {"510000"}},
    {"000000",
     "全国一体化平台（演示）",
     "National hub (demo)",
     {"110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000",
      "310000", "320000", "330000", "340000", "350000", "360000", "370000", "410000",
      "420000", "430000", "440000", "450000", "460000", "500000", "510000", "520000",
      "530000", "540000", "610000", "620000", "630000", "640000", "650000"}}};
constexpr const char* kRootKey = "keys/root.json";
constexpr UnixSeconds kListSeconds = 7 * 24 * 3600;
constexpr UnixSeconds kOverlapSeconds = 2 * 24 * 3600;
constexpr UnixSeconds kKeySeconds = 3 * 365 * 24 * 3600;

const std::vector<std::string> kDepartments = {"internal-medicine", "surgery",          "paediatrics",
                                               "obstetrics",        "chinese-medicine", "emergency"};

std::string issuerKey(const std::string& issuer) {
  return "keys/issuer-" + issuer + ".json";
}

AuthoritySettings authoritySettings() {
  return {kIssuers.front().id, issuerKey(kIssuers.front().id)};
}

ClinicSettings clinicSettings(const std::string& id, const std::string& base) {
  return {id, base, "keys/" + id + ".json", "keys/" + id + "-sealing.json", kDepartments};
}

Settings demoSettings() {
  return {authoritySettings(),
          {clinicSettings("hz-first", "/api/clinic"), clinicSettings("hz-west", "/api/clinics/hz-west")}};
}

void makeClinicKeys(const fs::path& data, const ClinicSettings& clinic) {
  makeSigningKey(data / clinic.requestKey);
  makeSealingKey(data / clinic.sealingKey);
}

// --- the trust list's content ---

DatedKey datedKey(const PublicKey& key, UnixSeconds from) {
  return {key, from, from + kKeySeconds};
}

TrustedIssuer issuerEntry(const DemoIssuer& demo, const std::string& origin) {
  TrustedIssuer issuer;
  issuer.id = demo.id;
  issuer.names = {{"zh-Hans", demo.chinese}, {"en", demo.english}};
  issuer.statusUrl = origin + "/status/" + demo.id + "/{list}";
  issuer.regions = demo.regions;
  return issuer;
}

UnixSeconds firstInForce(const TrustContent& content) {
  return content.issuers.front().keys.front().notBefore;
}

/// An issuer's keys with the times that the list of before gave them. A new one comes into force now, and
/// those of before end when everybody has had time to learn of it.
std::vector<DatedKey> issuerKeys(const std::vector<PublicKey>& keys, const TrustedIssuer* before,
                                 UnixSeconds since, UnixSeconds now) {
  std::vector<DatedKey> dated = before == nullptr ? std::vector<DatedKey>() : before->keys;
  for (const auto& key : keys) {
    const bool known = std::any_of(dated.begin(), dated.end(), [&](auto& each) { return each.key == key; });
    if (known) continue;
    for (auto& old : dated) old.notAfter = std::min(old.notAfter, now + kOverlapSeconds);
    dated.push_back(datedKey(key, dated.empty() ? since : now));
  }
  return dated;
}

std::vector<PublicKey> publicKeys(const fs::path& data, const std::vector<std::string>& files) {
  std::vector<PublicKey> keys;
  for (const auto& file : files) keys.push_back(readSigningKey(data / file).publicKey());
  return keys;
}

std::vector<TrustedIssuer> issuerEntries(const fs::path& data, const AuthoritySettings& authority,
                                         const std::string& origin, const TrustContent* before,
                                         UnixSeconds now) {
  const UnixSeconds since = before == nullptr ? now - 3600 : firstInForce(*before);
  std::vector<TrustedIssuer> entries;
  const auto files = signingKeyFiles(authority);
  for (const auto& demo : kIssuers) {
    const auto file = files.find(demo.id);
    if (file == files.end()) continue;
    auto entry = issuerEntry(demo, origin);
    const auto* known = before == nullptr ? nullptr : before->findIssuer(demo.id);
    entry.keys = issuerKeys(publicKeys(data, file->second), known, since, now);
    entries.push_back(std::move(entry));
  }
  return entries;
}

TrustedVerifier verifierEntry(const fs::path& data, const std::string& signingKey,
                              const std::string& sealingKey, UnixSeconds since) {
  TrustedVerifier verifier;
  verifier.keys = {datedKey(readSigningKey(data / signingKey).publicKey(), since)};
  verifier.sealingKey32 = readSealingKey(data / sealingKey).public32();
  return verifier;
}

Names clinicNames(const std::string& id) {
  if (id == "hz-first") return {{"zh-Hans", "杭州第一示范医院"}, {"en", "Hangzhou First Demo Hospital"}};
  return {{"zh-Hans", "杭州城西示范医院"}, {"en", "Hangzhou West Demo Hospital"}};
}

TrustedVerifier clinicEntry(const fs::path& data, const ClinicSettings& clinic,
                            const std::vector<std::string>& origins, UnixSeconds since) {
  auto entry = verifierEntry(data, clinic.requestKey, clinic.sealingKey, since);
  entry.id = clinic.id;
  entry.names = clinicNames(clinic.id);
  entry.kind = "hospital";
  for (const auto& origin : origins) entry.endpoints.push_back(origin + clinic.base + "/answers");
  return entry;
}

constexpr auto kAdmit = Decision::Admit, kCheck = Decision::Check, kRefuse = Decision::Refuse;

/// Decisions in the order pending, green, yellow, red.
std::vector<Scene> demoScenes() {
  return {
      {"door",
       {{"zh-Hans", "一般场所"}, {"en", "Any door"}},
       Assurance::Time,
       {},
       {kCheck, kAdmit, kCheck, kRefuse}},
      {"community",
       {{"zh-Hans", "社区"}, {"en", "Residential community"}},
       Assurance::Time,
       {},
       {kCheck, kAdmit, kCheck, kCheck}},
      {"office",
       {{"zh-Hans", "单位"}, {"en", "Office"}},
       Assurance::Time,
       {},
       {kCheck, kAdmit, kCheck, kRefuse}},
      {"transit",
       {{"zh-Hans", "公共交通"}, {"en", "Public transport"}},
       Assurance::Time,
       10,
       {kCheck, kAdmit, kRefuse, kRefuse}},
      {"hospital",
       {{"zh-Hans", "医院"}, {"en", "Hospital"}},
       Assurance::Challenge,
       {},
       {kCheck, kAdmit, kCheck, kCheck}},
  };
}

/// @param since  when the keys came into force
/// @param before  what the list said until now; null: there was none
TrustContent demoContent(const fs::path& data, const std::vector<std::string>& origins,
                         const std::vector<fs::path>& packFolders, const std::vector<GateEntry>& gates,
                         const SigningKey& root, const TrustContent* before, UnixSeconds now) {
  const UnixSeconds since = before == nullptr ? now - 3600 : firstInForce(*before);
  const Settings settings = readSettings(data);
  TrustContent content;
  content.roots = {root.publicKey()};
  content.issuers = issuerEntries(data, *settings.authority, origins.front(), before, now);
  for (const auto& clinic : settings.clinics)
    content.verifiers.push_back(clinicEntry(data, clinic, origins, since));
  for (const auto& gate : gates) content.verifiers.push_back(verifierOf(gate));
  content.scenes = demoScenes();
  content.recognitions = readRecognitions(packFolders);
  for (const auto& file : readPackFolders(packFolders)) content.packs.push_back(file.pack);
  return content;
}

/// The list that is there, whether it has expired or not.
std::optional<TrustContent> storedContent(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  const auto trust = tools::trustFileFromText(tools::readInput(file), file);
  // Read as of the day it was issued: what counts here is what it says, not whether it still holds.
  for (UnixSeconds back = 0; back < 365; ++back) {
    const auto list = openTrustList(trust.list, trust.roots, 0, unixNow() - back * 24 * 3600);
    if (list.ok()) return list->content();
    if (list.code() != Errc::TrustExpired) return std::nullopt;
  }
  return std::nullopt;
}

bool saysTheSame(TrustContent a, const TrustContent& b) {
  a.version = b.version;
  a.issuedAt = b.issuedAt;
  a.expiresAt = b.expiresAt;
  return tools::trustContentToJson(a) == tools::trustContentToJson(b);
}

bool isFresh(const TrustContent& content, UnixSeconds now) {
  return content.issuedAt <= now && now < (content.issuedAt + content.expiresAt) / 2;
}

void makeFirstSettings(const fs::path& data) {
  fs::remove_all(data / "keys");  // left by a start that was cut off
  fs::create_directories(data / "keys");
  const Settings settings = demoSettings();
  makeSigningKey(data / kRootKey);
  makeSigningKey(data / settings.authority->key);
  for (const auto& clinic : settings.clinics) makeClinicKeys(data, clinic);
  writeSettings(data, settings);
}

/// Makes the keys of issuers that an older country does not have.
void addIssuers(const fs::path& data) {
  Settings settings = readSettings(data);
  if (!settings.authority) return;
  const auto known = signingKeyFiles(*settings.authority);
  for (const auto& demo : kIssuers) {
    if (known.contains(demo.id)) continue;
    const std::string file = issuerKey(demo.id);
    if (!fs::exists(data / file)) makeSigningKey(data / file);
    settings.authority->alsoSignsFor[demo.id] = file;
  }
  if (settings.authority->alsoSignsFor.size() + 1 > known.size()) writeSettings(data, settings);
}

}  // namespace

void makeDemoCountry(const fs::path& data) {
  if (!fs::exists(data / "server.json")) makeFirstSettings(data);
  addIssuers(data);
}

void signDemoTrustList(const fs::path& data, const std::vector<std::string>& origins,
                       const std::vector<fs::path>& packFolders, const std::vector<GateEntry>& gates) {
  const fs::path file = data / "trust.json";
  const UnixSeconds now = unixNow();
  const auto stored = storedContent(file);
  const SigningKey root = readSigningKey(data / kRootKey);
  TrustContent content =
      demoContent(data, origins, packFolders, gates, root, stored ? &*stored : nullptr, now);
  if (stored && isFresh(*stored, now) && saysTheSame(content, *stored)) return;
  content.version = stored ? stored->version + 1 : 1;
  content.issuedAt = now;
  content.expiresAt = now + kListSeconds;
  const SigningKey* const roots[] = {&root};
  const Bytes list = tools::need(signTrustList(content, roots), "the demo's trust list");
  tools::writeOutput(file, tools::trustFileText({content.roots, content.version, list}));
}

}  // namespace liangma::server
