// SPDX-License-Identifier: Apache-2.0
#include "trust_content.h"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "cbor/writer.h"
#include "profile.h"

namespace liangma {
namespace trust {
namespace {

using cbor::Item;
using cbor::MapWriter;
using cbor::Type;
using cbor::Writer;

constexpr std::size_t kMaxKeys = 16, kMaxNameBytes = 120, kMaxUrlBytes = 512, kMaxRegions = 64;

constexpr std::int64_t kVersion = 1, kRoots = 2, kIssuers = 3, kVerifiers = 4, kScenes = 5, kRecognitions = 6,
                       kPacks = 7;
constexpr std::int64_t kId = 1, kNames = 2, kKeys = 3;
constexpr std::int64_t kIssuerStatusUrl = 4, kIssuerLive = 5, kIssuerRegions = 6;
constexpr std::int64_t kVerifierKind = 4, kVerifierSealingKey = 5, kVerifierEndpoints = 6;
constexpr std::int64_t kRecognitionPath = 3, kRecognitionHosts = 4, kRecognitionGuests = 5,
                       kRecognitionHub = 6, kRecognitionTime = 7, kRecognitionHostRules = 8,
                       kRecognitionGroup = 9;
constexpr std::int64_t kPackVersion = 2, kPackHash = 3;
constexpr std::int64_t kSceneRequired = 3, kSceneWindow = 4, kSceneByColour = 5;

// ---- ranges

/// Whether a URL without TLS stays on this machine: nothing but a port may follow the host.
bool isLocal(std::string_view url) {
  for (const std::string_view host : {"http://localhost", "http://127.0.0.1"}) {
    if (!url.starts_with(host)) continue;
    auto rest = url.substr(host.size());
    if (rest.starts_with(':'))
      rest = rest.substr(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    return rest.empty() || rest[0] == '/';
  }
  return false;
}

bool isUrl(std::string_view url) {
  return (url.starts_with("https://") || isLocal(url)) && url.size() <= kMaxUrlBytes &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool isLanguage(std::string_view tag) {
  return tag.size() >= 2 && tag.size() <= 35 && std::all_of(tag.begin(), tag.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool areNames(const Names& names) {
  return std::all_of(names.begin(), names.end(), [](const auto& entry) {
    return isLanguage(entry.first) && profile::isPlainText(entry.second, kMaxNameBytes);
  });
}

bool areKeys(const std::vector<DatedKey>& keys) {
  return !keys.empty() && keys.size() <= kMaxKeys &&
         std::all_of(keys.begin(), keys.end(), [](const DatedKey& key) {
           return profile::isSeconds(key.notBefore) && profile::isSeconds(key.notAfter) &&
                  key.notBefore < key.notAfter;
         });
}

struct MemberCheck {
  const char* member;
  bool isGood;
};

/// The first member that is out of its range; null where none is.
const char* firstWrong(std::initializer_list<MemberCheck> checks) {
  for (const auto& check : checks)
    if (!check.isGood) return check.member;
  return nullptr;
}

bool areRegions(const std::vector<std::string>& regions) {
  return regions.size() <= kMaxRegions && std::all_of(regions.begin(), regions.end(), profile::isRegion);
}

const char* wrongMember(const TrustedIssuer& issuer) {
  return firstWrong({
      {"id", profile::isPartyId(issuer.id)},
      {"names", areNames(issuer.names)},
      {"keys", areKeys(issuer.keys)},
      {"statusUrl", !issuer.statusUrl || isUrl(*issuer.statusUrl)},
      {"live", issuer.live.inRange()},
      {"regions", std::all_of(issuer.regions.begin(), issuer.regions.end(), profile::isRegion)},
  });
}

const char* wrongMember(const TrustedVerifier& verifier) {
  return firstWrong({
      {"id", profile::isPartyId(verifier.id)},
      {"names", areNames(verifier.names)},
      {"kind", profile::isKeyword(verifier.kind)},
      {"keys", areKeys(verifier.keys)},
      {"endpoints", std::all_of(verifier.endpoints.begin(), verifier.endpoints.end(), isUrl)},
  });
}

const char* wrongMember(const Scene& scene) {
  return firstWrong({
      {"id", profile::isKeyword(scene.id)},
      {"names", areNames(scene.names)},
      {"required", scene.required >= Assurance::Time && scene.required <= Assurance::Challenge},
      {"windowSeconds", !scene.windowSeconds || *scene.windowSeconds <= 120},
      {"byColour", std::all_of(scene.byColour.begin(), scene.byColour.end(),
                               [](Decision decision) { return decision <= Decision::Refuse; })},
  });
}

const char* wrongMember(const Recognition& agreement) {
  const bool isShared = agreement.path == RecognitionPath::Shared;
  return firstWrong({
      {"id", profile::isKeyword(agreement.id)},
      {"names", areNames(agreement.names)},
      {"path", agreement.path <= RecognitionPath::Adopt},
      {"hosts", !agreement.hosts.empty() && areRegions(agreement.hosts)},
      {"guests", areRegions(agreement.guests)},
      {"hub",
       agreement.hub.has_value() != isShared && (!agreement.hub || profile::isPartyId(*agreement.hub))},
      {"since", profile::isSeconds(agreement.since)},
      {"until", profile::isSeconds(agreement.until) && agreement.since < agreement.until},
      {"group", !agreement.group || profile::isKeyword(*agreement.group)},
  });
}

const char* wrongMember(const TrustedPack& pack) {
  return firstWrong({{"id", profile::isRegion(pack.id)}, {"version", pack.version >= 1}});
}

template <class T>
std::optional<ContentFault> faultIn(const char* list, const std::vector<T>& entries) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const char* member = ids.insert(entries[i].id).second ? wrongMember(entries[i]) : "id";
    if (member != nullptr) return ContentFault{list, i, member};
  }
  return std::nullopt;
}

// ---- writing

void writeNames(const Names& names, Writer& writer) {
  MapWriter map;
  for (const auto& [language, name] : names) map.key(language).text(name);
  writer.raw(map.take());
}

void writeKeys(const std::vector<DatedKey>& keys, Writer& writer) {
  writer.array(keys.size());
  for (const auto& key : keys)
    writer.array(3).bytes(key.key.raw32()).integer(key.notBefore).integer(key.notAfter);
}

void writeTexts(const std::vector<std::string>& texts, Writer& writer) {
  writer.array(texts.size());
  for (const auto& text : texts) writer.text(text);
}

void write(const TrustedIssuer& issuer, Writer& writer) {
  MapWriter map;
  map.key(kId).text(issuer.id);
  writeNames(issuer.names, map.key(kNames));
  writeKeys(issuer.keys, map.key(kKeys));
  if (issuer.statusUrl) map.key(kIssuerStatusUrl).text(*issuer.statusUrl);
  map.key(kIssuerLive)
      .array(3)
      .unsignedInteger(issuer.live.periodSeconds)
      .unsignedInteger(issuer.live.windowSeconds)
      .unsignedInteger(issuer.live.futureSeconds);
  writeTexts(issuer.regions, map.key(kIssuerRegions));
  writer.raw(map.take());
}

void write(const TrustedVerifier& verifier, Writer& writer) {
  MapWriter map;
  map.key(kId).text(verifier.id);
  writeNames(verifier.names, map.key(kNames));
  writeKeys(verifier.keys, map.key(kKeys));
  map.key(kVerifierKind).text(verifier.kind);
  map.key(kVerifierSealingKey).bytes(verifier.sealingKey32);
  writeTexts(verifier.endpoints, map.key(kVerifierEndpoints));
  writer.raw(map.take());
}

void write(const Scene& scene, Writer& writer) {
  MapWriter map;
  map.key(kId).text(scene.id);
  writeNames(scene.names, map.key(kNames));
  map.key(kSceneRequired).integer(static_cast<int>(scene.required));
  if (scene.windowSeconds) map.key(kSceneWindow).unsignedInteger(*scene.windowSeconds);
  auto& decisions = map.key(kSceneByColour).array(scene.byColour.size());
  for (const auto decision : scene.byColour) decisions.integer(static_cast<int>(decision));
  writer.raw(map.take());
}

void write(const Recognition& agreement, Writer& writer) {
  MapWriter map;
  map.key(kId).text(agreement.id);
  writeNames(agreement.names, map.key(kNames));
  map.key(kRecognitionPath).integer(static_cast<int>(agreement.path));
  writeTexts(agreement.hosts, map.key(kRecognitionHosts));
  writeTexts(agreement.guests, map.key(kRecognitionGuests));
  if (agreement.hub) map.key(kRecognitionHub).text(*agreement.hub);
  map.key(kRecognitionTime).array(2).integer(agreement.since).integer(agreement.until);
  map.key(kRecognitionHostRules).integer(agreement.underHostRules ? 1 : 0);
  if (agreement.group) map.key(kRecognitionGroup).text(*agreement.group);
  writer.raw(map.take());
}

void write(const TrustedPack& pack, Writer& writer) {
  MapWriter map;
  map.key(kId).text(pack.id);
  map.key(kPackVersion).unsignedInteger(pack.version);
  map.key(kPackHash).bytes(pack.sha256);
  writer.raw(map.take());
}

template <class T>
void writeAll(const std::vector<T>& entries, Writer& writer) {
  writer.array(entries.size());
  for (const auto& entry : entries) write(entry, writer);
}

// ---- reading

/// A map that reads entries by key, and knows afterwards whether it was read whole and right.
class Fields {
 public:
  explicit Fields(Item item) : item_(item), good_(item.is(Type::Map)) {}

  std::optional<Item> optional(std::int64_t key) {
    auto found = item_.find(key);
    if (found) ++read_;
    return found;
  }
  /// A missing one reads as the map itself, which fits no scalar type.
  Item required(std::int64_t key) {
    const auto found = optional(key);
    if (!found) good_ = false;
    return found.value_or(item_);
  }
  template <class T>
  T keep(std::optional<T> value) {
    if (!value) good_ = false;
    return value.value_or(T{});
  }
  std::string text(std::int64_t key) { return std::string(keep(required(key).text())); }
  std::uint64_t number(std::int64_t key) { return keep(required(key).unsignedInteger()); }
  void fail() { good_ = false; }
  bool complete() const { return good_ && read_ == item_.count(); }

 private:
  Item item_;
  bool good_;
  std::size_t read_ = 0;
};

/// Calls `read` with each element; false when `item` is no array or an element is refused.
template <class Read>
bool readArray(Item item, Read read) {
  if (!item.is(Type::Array)) return false;
  Item element = item.first();
  for (std::size_t i = 0; i < item.count(); ++i, element = element.next())
    if (!read(element)) return false;
  return true;
}

bool readNames(Item item, Names& names) {
  if (!item.is(Type::Map)) return false;
  Item key = item.first();
  for (std::size_t i = 0; i < item.count(); ++i, key = key.next().next()) {
    if (!key.text() || !key.next().text()) return false;
    names.emplace(*key.text(), *key.next().text());
  }
  return true;
}

bool readTexts(Item item, std::vector<std::string>& texts) {
  return readArray(item, [&](Item element) {
    if (element.text()) texts.emplace_back(*element.text());
    return element.text().has_value();
  });
}

bool readPublicKey(Item item, PublicKey& key) {
  auto read = PublicKey::fromRaw(item.bytes().value_or(ByteView()));
  if (read.ok()) key = *read;
  return read.ok();
}

bool readKeys(Item item, std::vector<DatedKey>& keys) {
  return readArray(item, [&](Item element) {
    if (!element.isArray(3)) return false;
    const auto notBefore = profile::readSeconds(element.at(1)),
               notAfter = profile::readSeconds(element.at(2));
    PublicKey key;
    if (!notBefore || !notAfter || !readPublicKey(element.at(0), key)) return false;
    keys.push_back({key, *notBefore, *notAfter});
    return true;
  });
}

/// Reads an array of small numbers.
template <std::size_t N>
bool readNumbers(Item item, std::array<std::uint64_t, N>& numbers, std::uint64_t max) {
  std::size_t i = 0;
  return item.isArray(N) && readArray(item, [&](Item element) {
           numbers[i] = element.unsignedInteger().value_or(max + 1);
           return numbers[i++] <= max;
         });
}

bool read(Item item, TrustedIssuer& issuer) {
  Fields fields(item);
  issuer.id = fields.text(kId);
  std::array<std::uint64_t, 3> live{};
  if (!readNames(fields.required(kNames), issuer.names) || !readKeys(fields.required(kKeys), issuer.keys) ||
      !readNumbers(fields.required(kIssuerLive), live, 120) ||
      !readTexts(fields.required(kIssuerRegions), issuer.regions))
    fields.fail();
  if (const auto url = fields.optional(kIssuerStatusUrl))
    issuer.statusUrl = std::string(fields.keep(url->text()));
  issuer.live = {static_cast<std::uint32_t>(live[0]), static_cast<std::uint32_t>(live[1]),
                 static_cast<std::uint32_t>(live[2])};
  return fields.complete();
}

bool read(Item item, TrustedVerifier& verifier) {
  Fields fields(item);
  verifier.id = fields.text(kId);
  verifier.kind = fields.text(kVerifierKind);
  PublicKey sealing;
  if (!readNames(fields.required(kNames), verifier.names) ||
      !readKeys(fields.required(kKeys), verifier.keys) ||
      !readPublicKey(fields.required(kVerifierSealingKey), sealing) ||
      !readTexts(fields.required(kVerifierEndpoints), verifier.endpoints))
    fields.fail();
  verifier.sealingKey32 = sealing.raw32();
  return fields.complete();
}

bool read(Item item, Scene& scene) {
  Fields fields(item);
  scene.id = fields.text(kId);
  scene.required = static_cast<Assurance>(std::min<std::uint64_t>(fields.number(kSceneRequired), 255));
  if (const auto window = fields.optional(kSceneWindow))
    scene.windowSeconds = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(fields.keep(window->unsignedInteger()), 0xffffffff));
  std::array<std::uint64_t, 4> decisions{};
  if (!readNames(fields.required(kNames), scene.names) ||
      !readNumbers(fields.required(kSceneByColour), decisions, 2))
    fields.fail();
  for (std::size_t i = 0; i < decisions.size(); ++i) scene.byColour[i] = static_cast<Decision>(decisions[i]);
  return fields.complete();
}

bool readHash(Item item, ByteArray<32>& hash32) {
  const auto bytes = item.bytes();
  if (!bytes || bytes->size() != hash32.size()) return false;
  std::copy(bytes->begin(), bytes->end(), hash32.begin());
  return true;
}

bool read(Item item, Recognition& agreement) {
  Fields fields(item);
  agreement.id = fields.text(kId);
  agreement.path =
      static_cast<RecognitionPath>(std::min<std::uint64_t>(fields.number(kRecognitionPath), 255));
  if (const auto hub = fields.optional(kRecognitionHub))
    agreement.hub = std::string(fields.keep(hub->text()));
  if (const auto group = fields.optional(kRecognitionGroup))
    agreement.group = std::string(fields.keep(group->text()));
  std::array<std::uint64_t, 2> time{};
  const auto hostRules = fields.number(kRecognitionHostRules);
  if (!readNames(fields.required(kNames), agreement.names) ||
      !readTexts(fields.required(kRecognitionHosts), agreement.hosts) ||
      !readTexts(fields.required(kRecognitionGuests), agreement.guests) ||
      !readNumbers(fields.required(kRecognitionTime), time, INT64_MAX) || hostRules > 1)
    fields.fail();
  agreement.since = static_cast<UnixSeconds>(time[0]);
  agreement.until = static_cast<UnixSeconds>(time[1]);
  agreement.underHostRules = hostRules == 1;
  return fields.complete();
}

bool read(Item item, TrustedPack& pack) {
  Fields fields(item);
  pack.id = fields.text(kId);
  pack.version = fields.number(kPackVersion);
  if (!readHash(fields.required(kPackHash), pack.sha256)) fields.fail();
  return fields.complete();
}

template <class T>
bool readAll(Item item, std::vector<T>& entries) {
  return readArray(item, [&](Item element) { return read(element, entries.emplace_back()); });
}

/// An empty array is left out, so that a list has one form.
template <class T>
bool readOptional(std::optional<Item> item, std::vector<T>& entries) {
  return !item || (readAll(*item, entries) && !entries.empty());
}

}  // namespace

Bytes encode(const TrustContent& content) {
  MapWriter trust;
  trust.key(kVersion).unsignedInteger(content.version);
  auto& roots = trust.key(kRoots).array(content.roots.size());
  for (const auto& root : content.roots) roots.bytes(root.raw32());
  writeAll(content.issuers, trust.key(kIssuers));
  writeAll(content.verifiers, trust.key(kVerifiers));
  writeAll(content.scenes, trust.key(kScenes));
  if (!content.recognitions.empty()) writeAll(content.recognitions, trust.key(kRecognitions));
  if (!content.packs.empty()) writeAll(content.packs, trust.key(kPacks));
  return Writer()
      .map(3)
      .integer(profile::kExp)
      .integer(content.expiresAt)
      .integer(profile::kIat)
      .integer(content.issuedAt)
      .integer(profile::kTrust)
      .raw(trust.take())
      .take();
}

Result<TrustContent> parse(ByteView payload) {
  LIANGMA_TRY(const auto document, cbor::decode(payload, kLimits));
  Fields claims(document.root());
  TrustContent content;
  content.expiresAt = claims.keep(profile::readSeconds(claims.required(profile::kExp)));
  content.issuedAt = claims.keep(profile::readSeconds(claims.required(profile::kIat)));
  Fields trust(claims.required(profile::kTrust));
  content.version = trust.number(kVersion);
  const bool read = readArray(trust.required(kRoots),
                              [&](Item item) { return readPublicKey(item, content.roots.emplace_back()); }) &&
                    readAll(trust.required(kIssuers), content.issuers) &&
                    readAll(trust.required(kVerifiers), content.verifiers) &&
                    readAll(trust.required(kScenes), content.scenes) &&
                    readOptional(trust.optional(kRecognitions), content.recognitions) &&
                    readOptional(trust.optional(kPacks), content.packs);
  if (!read || !claims.complete() || !trust.complete() || content.fault()) return Errc::TrustShape;
  return content;
}

}  // namespace trust

std::optional<ContentFault> TrustContent::fault() const {
  const char* member = trust::firstWrong({
      {"version", version >= 1},
      {"roots", !roots.empty() && roots.size() <= trust::kMaxRoots},
      {"issuedAt", profile::isSeconds(issuedAt)},
      {"expiresAt", profile::isSeconds(expiresAt) && issuedAt < expiresAt},
  });
  if (member != nullptr) return ContentFault{"", 0, member};
  auto fault = trust::faultIn("issuers", issuers);
  if (!fault) fault = trust::faultIn("verifiers", verifiers);
  if (!fault) fault = trust::faultIn("scenes", scenes);
  if (!fault) fault = trust::faultIn("recognitions", recognitions);
  if (!fault) fault = trust::faultIn("packs", packs);
  return fault;
}

}  // namespace liangma
