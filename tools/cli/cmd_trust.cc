// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr UnixSeconds kDefaultSeconds = UnixSeconds{7} * 24 * 3600;
constexpr UnixSeconds kDefaultOverlapSeconds = UnixSeconds{2} * 24 * 3600;
constexpr UnixSeconds kDefaultKeySeconds = UnixSeconds{3} * 365 * 24 * 3600;

struct BuildOptions {
  CommonOptions common;
  std::string content;
  std::vector<std::string> roots;
  std::vector<std::string> packs;
  std::vector<std::string> recognitions;
  std::optional<UnixSeconds> ttl;
  std::string out = "-";
};

struct ShowOptions {
  CommonOptions common;
  std::string trust;
};

struct RotateOptions {
  CommonOptions common;
  std::string trust;
  std::vector<std::string> leaving;
  std::vector<std::string> coming;
  std::optional<UnixSeconds> ttl;
  std::string out = "-";
};

struct RekeyOptions {
  CommonOptions common;
  std::string trust;
  std::vector<std::string> roots;
  std::string issuer;
  std::string key;
  std::optional<UnixSeconds> from, overlap, life, ttl;
  std::string out = "-";
};

struct AcceptOptions {
  CommonOptions common;
  std::string trust;
  std::string list;
  std::string out = "-";
};

constexpr const char* kTrustFooter = R"(trust.json, which every command reads that takes --trust:
  {"roots": ["<public key>"],   who may sign the list: the roots that this verifier pins
   "version": 1,                the newest version it has accepted; an older list is refused as rolled back
   "list": "<base64url>"}       the signed list)";

constexpr const char* kBuildFooter = R"(content.json:
  {"version": 1,                            grows with every list
   "issuedAt": 0, "expiresAt": 0,           Unix seconds; default: --now, and --ttl after it
   "roots": ["<public key>"],               who may sign the next list; default: the --root keys
   "issuers": [{"id": "330100", "names": {"zh-Hans": "…", "en": "…"},
      "keys": [{"key": "<public key>", "notBefore": 0, "notAfter": 0}],
      "statusUrl": "https://…/{list}", "live": {"periodSeconds": 5, "windowSeconds": 20, "futureSeconds": 10},
      "regions": ["330100"]}],              none: only the region that its id is
   "verifiers": [{"id": "H33010001", "names": {…}, "kind": "hospital", "keys": […],
      "sealingKey32": "<x25519 public key>", "endpoints": ["https://…"]}],
   "scenes": [{"id": "metro", "names": {…}, "required": "time" | "challenge", "windowSeconds": 10,
      "byColour": {"pending": "check", "green": "admit", "yellow": "check", "red": "refuse"}}],
   "recognitions": [{"id": "yangtze-delta", "names": {…}, "path": "shared" | "hub" | "adopt",
      "hosts": ["310000"], "guests": ["330000"],   whose doors take whose codes; no guests: everybody's
      "hub": "000000",                             the issuer that makes them; not with "shared"
      "since": 0, "until": 0, "rules": "host" | "issuer", "group": "workers"}],
   "packs": [{"region": "330100", "version": 1, "sha256": "<base64url>"}]}
Keys are 32 bytes in base64url, as 'liangma keygen' prints them.)";

constexpr const char* kRotateFooter =
    R"(The new list has the same issuers, verifiers, scenes, agreements and packs,
the next version, and the --new-root keys as its roots.
Both sides sign it, so that a verifier that pins a leaving root follows: see 'liangma trust accept'.)";

constexpr const char* kRekeyFooter =
    R"(The new list has the next version. The issuer's new key is in force from --from on; its keys of before go out
of force --overlap seconds after that, so that the issuer can change over while every door knows both.
Codes that an old key signed while it was in force stay good until they expire.)";

std::vector<SigningKey> readKeys(const std::vector<std::string>& paths) {
  std::vector<SigningKey> keys;
  for (const auto& path : paths) keys.push_back(readSigningKey(path));
  return keys;
}

std::vector<PublicKey> publicKeys(const std::vector<SigningKey>& keys) {
  std::vector<PublicKey> halves;
  for (const auto& key : keys) halves.push_back(key.publicKey());
  return halves;
}

void date(TrustContent& content, UnixSeconds now, std::optional<UnixSeconds> ttl) {
  if (content.issuedAt == 0) content.issuedAt = now;
  if (content.expiresAt == 0 || ttl) content.expiresAt = content.issuedAt + ttl.value_or(kDefaultSeconds);
}

void requireNoFault(const TrustContent& content) {
  const auto fault = content.fault();
  if (!fault) return;
  const std::string entry =
      *fault->list == '\0' ? "" : std::string(fault->list) + "[" + std::to_string(fault->index) + "].";
  failBadData("trust.shape",
              "trust list: " + entry + fault->member + ": is out of its range, or an id that is there twice");
}

/// Signs the content and opens it again as a verifier will.
TrustFile sign(const TrustContent& content, const std::vector<SigningKey>& keys) {
  requireNoFault(content);
  std::vector<const SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  TrustFile trust{content.roots, content.version, need(signTrustList(content, signers), "trust list")};
  need(openTrustFile(trust, content.issuedAt), "trust list");
  return trust;
}

OrderedJson summary(const TrustFile& trust, const TrustContent& content, const std::string& out) {
  return {{"file", out},
          {"version", trust.version},
          {"issuedAt", content.issuedAt},
          {"expiresAt", content.expiresAt},
          {"sizeBytes", trust.list.size()}};
}

ExitCode save(const TrustFile& trust, const TrustContent& content, const std::string& out, bool json) {
  if (out == "-") {
    print(json ? jsonLine(OrderedJson::parse(trustFileText(trust))) + "\n" : trustFileText(trust));
    return ExitCode::Ok;
  }
  writeOutput(out, trustFileText(trust));
  printLine(json ? jsonLine(summary(trust, content, out))
                 : out + ": version " + std::to_string(trust.version) + ", valid until " +
                       utcText(content.expiresAt));
  return ExitCode::Ok;
}

void addRecognitions(const std::string& path, TrustContent& content) {
  for (auto& agreement : recognitionsFromJson(parseJson(readInput(path), path), path))
    content.recognitions.push_back(std::move(agreement));
}

ExitCode build(const BuildOptions& options) {
  auto content =
      trustContentFromJson(parseJson(readInput(options.content), options.content), options.content);
  const auto keys = readKeys(options.roots);
  if (content.roots.empty()) content.roots = publicKeys(keys);
  for (const auto& path : options.recognitions) addRecognitions(path, content);
  for (const auto& path : options.packs) content.packs.push_back(trustedPackOf(path));
  date(content, options.common.clock(), options.ttl);
  return save(sign(content, keys), content, options.out, options.common.json);
}

ExitCode show(const ShowOptions& options) {
  const auto trust = readTrust(options.trust, options.common.clock());
  const auto json = trustContentToJson(trust.content());
  print(options.common.json ? jsonLine(json) + "\n" : jsonPage(json));
  return ExitCode::Ok;
}

ExitCode rotate(const RotateOptions& options) {
  const auto now = options.common.clock();
  TrustContent content = readTrust(options.trust, now).content();
  auto keys = readKeys(options.coming);
  auto leaving = readKeys(options.leaving);
  for (const auto& key : leaving)
    if (std::find(content.roots.begin(), content.roots.end(), key.publicKey()) == content.roots.end())
      failUsage("cli.usage", "--root: is no root of this list");
  content.version += 1;
  content.roots = publicKeys(keys);
  content.issuedAt = now;
  content.expiresAt = now + options.ttl.value_or(kDefaultSeconds);
  for (auto& key : leaving) keys.push_back(std::move(key));
  return save(sign(content, keys), content, options.out, options.common.json);
}

/// Ends the keys of before when the overlap is over, and adds the new one.
void addKey(TrustedIssuer& issuer, const PublicKey& key, const RekeyOptions& options, UnixSeconds now) {
  const UnixSeconds from = options.from.value_or(now);
  const UnixSeconds end = from + options.overlap.value_or(kDefaultOverlapSeconds);
  for (const auto& known : issuer.keys)
    if (known.key == key) failUsage("cli.usage", "--new-key: is a key of this issuer already");
  for (auto& known : issuer.keys) known.notAfter = std::min(known.notAfter, end);
  std::erase_if(issuer.keys,
                [&](const DatedKey& known) { return known.notAfter + kMaxCredentialSeconds < now; });
  issuer.keys.push_back({key, from, from + options.life.value_or(kDefaultKeySeconds)});
}

ExitCode rekey(const RekeyOptions& options) {
  const auto now = options.common.clock();
  TrustContent content = readTrust(options.trust, now).content();
  const auto found = std::find_if(content.issuers.begin(), content.issuers.end(),
                                  [&](const TrustedIssuer& each) { return each.id == options.issuer; });
  if (found == content.issuers.end()) fail(Error{Errc::IssuerUnknown, {}}, "--issuer " + options.issuer);
  addKey(*found, publicKeyFromArgument(options.key, "--new-key"), options, now);
  content.version += 1;
  content.issuedAt = now;
  content.expiresAt = now + options.ttl.value_or(kDefaultSeconds);
  return save(sign(content, readKeys(options.roots)), content, options.out, options.common.json);
}

/// A new list comes as a trust.json, of which only the list counts, or as the list's own bytes.
Bytes readNewList(const std::string& path) {
  const std::string content = readInput(path);
  if (!content.empty() && content.front() == '{') return trustFileFromText(content, path).list;
  const ByteView bytes = asBytes(content);
  return {bytes.begin(), bytes.end()};
}

ExitCode accept(const AcceptOptions& options) {
  const auto now = options.common.clock();
  const auto pinned = readTrustFile(options.trust);
  const auto list = readNewList(options.list);
  const auto trust = need(openTrustList(list, pinned.roots, pinned.version, now), options.list);
  return save({trust->roots, trust->version, list}, trust.content(), options.out, options.common.json);
}

void addOut(const Command& command, std::string& out) {
  command.optional("--out", out, "FILE|-",
                   "Where to write trust.json, replaced if it exists; default: standard output");
}

void addTrustFile(const Command& command, std::string& trust) {
  command.file("--trust", trust, "The trust.json to start from");
}

void addBuild(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("build", "Sign a trust list");
  const auto options = command.runs(chosen, build);
  command.required("--content", options->content, "FILE|-", "What the list says, JSON; see below");
  command.files("--root", options->roots, "A root's key; once for each root that signs");
  command.optionalFiles("--pack", options->packs, "A region pack to name by its hash; once for each");
  command.optionalFiles("--recognitions", options->recognitions,
                        "Agreements to add: {\"recognitions\": […]}");
  command.seconds("--ttl", options->ttl, "How long it lives; default: 604800, or what the content says");
  addOut(command, options->out);
  command.footer(kBuildFooter);
}

void addShowTrust(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("show", "Check a trust list and print what it says");
  const auto options = command.runs(chosen, show);
  addTrustFile(command, options->trust);
  command.footer("What it prints is content.json again, whole.");
}

void addRotate(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("rotate", "Sign the next list with other roots");
  const auto options = command.runs(chosen, rotate);
  addTrustFile(command, options->trust);
  command.files("--root", options->leaving, "A leaving root's key; once for each");
  command.files("--new-root", options->coming,
                "A coming root's key; once for each. One that stays is named too");
  command.seconds("--ttl", options->ttl, "How long the list lives; default 604800");
  addOut(command, options->out);
  command.footer(kRotateFooter);
}

void addRekey(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("rekey", "Sign the next list with a new key of an issuer");
  const auto options = command.runs(chosen, rekey);
  addTrustFile(command, options->trust);
  command.files("--root", options->roots, "A root's key; once for each root that signs");
  command.party("--issuer", options->issuer, "The issuer's id");
  command.required("--new-key", options->key, "BASE64URL", "The public half of its new key");
  command.seconds("--from", options->from, "When the new key comes into force; default: --now");
  command.seconds("--overlap", options->overlap,
                  "How long after that the old keys are in force; default: 172800");
  command.seconds("--key-life", options->life, "How long the new key is in force; default: three years");
  command.seconds("--ttl", options->ttl, "How long the list lives; default: 604800");
  addOut(command, options->out);
  command.footer(kRekeyFooter);
}

void addAccept(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("accept", "Take a newer list that a pinned root signed, as a gate does");
  const auto options = command.runs(chosen, accept);
  addTrustFile(command, options->trust);
  command.required("--list", options->list, "FILE|-", "The newer list: a trust.json, or its bytes");
  addOut(command, options->out);
  command.footer("The roots that the new list names are pinned from then on.");
}

}  // namespace

void addTrust(const Command& app, Chosen& chosen) {
  const auto command = app.add("trust", "Sign, read, rotate and accept trust lists");
  command.footer(kTrustFooter);
  for (const auto add : {addBuild, addShowTrust, addRotate, addRekey, addAccept}) add(command, chosen);
}

}  // namespace liangma::tools
