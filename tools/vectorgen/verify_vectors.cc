// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"
#include "cose.h"
#include "liangma/base45.h"
#include "profile.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using forge::credentialOf;
using forge::fromHex;
using forge::integer;
using forge::Map;
using forge::text;
using forge::Token;
using forge::withCredential;

constexpr UnixSeconds kShown = world::kNow + 61;

class VerifyFile {
 public:
  Json make() {
    lists();
    doors();
    texts();
    holders();
    issuers();
    swaps();
    challenges();
    times();
    status();
    papers();
    return {{"about", "a text, a clock and a trust list: the one verdict (SPEC.md 10)"},
            {"operation", "verify"},
            {"input",
             {{"text", "what was scanned"},
              {"kbt", "its bytes, hex: only a help"},
              {"credential", "the credential inside, hex: only a help"},
              {"now", "Unix seconds"},
              {"trust", "which of trustLists; each was accepted when it was issued"},
              {"scene", "id in the trust list; absent: an ordinary door"},
              {"challenge", "{verifier, nonce (hex), wanted}; absent: an open code is expected"},
              {"seen", "true: this gate has admitted the same text in the same second"},
              {"status",
               "what a status lookup says: valid, invalid, suspended, superseded, or an error's id; "
               "status.stale: valid, in a stale list"},
              {"stale", "check: what a stale list calls valid is checked, not refused"}}},
            {"expected",
             {{"decision", "admit, check or refuse"},
              {"reason", "an id"},
              {"assurance", "time, challenge or paper, where something is shown"},
              {"code", "what is shown; absent: nothing may be"}}},
            {"keys",
             {{"about", "Ed25519 private keys (RFC 8032) and the X25519 secret, each 32 times one byte"},
              {"root", "10"},
              {"issuer", "11"},
              {"device", "12"},
              {"hospital", "13"},
              {"sealing", "14"},
              {"other device", "22"},
              {"stranger", "66"}}},
            {"trustLists", trustLists_},
            {"records", records_}};
  }

 private:
  void add(std::string_view name, std::string_view code, Json changes, Json expected) {
    Json input = {{"text", code}, {"now", kShown}, {"trust", "usual"}};
    addStages(code, input);
    records_.push_back(record(name, withChanges(input, changes), std::move(expected)));
  }
  /// The bytes of the stages before, where there are any.
  static void addStages(std::string_view code, Json& input) {
    if (!code.starts_with(kLivePrefix)) return;
    const auto bytes = decodeBase45(code.substr(kLivePrefix.size()));
    if (!bytes.ok()) return;
    input["kbt"] = forge::hex(*bytes);
    const auto document = cbor::decode(*bytes);
    if (!document.ok() || !cose::parseSign1(document->root()).ok()) return;
    const auto inner = Token::read(*bytes).headerMap().at(cose::kHeaderKcwt);
    if (!inner.empty()) input["credential"] = forge::hex(inner);
  }
  void pass(std::string_view name, std::string_view code, Json changes, std::string_view decision,
            std::string_view reason, std::string_view assurance, Json shown) {
    add(name, code, std::move(changes),
        {{"decision", decision}, {"reason", reason}, {"assurance", assurance}, {"code", std::move(shown)}});
  }
  void refuse(std::string_view name, std::string_view code, std::string_view id, Json changes = nullptr) {
    add(name, code, std::move(changes), {{"decision", "refuse"}, {"reason", id}});
  }
  void refuse(std::string_view name, const Token& token, std::string_view id, Json changes = nullptr) {
    refuse(name, token.asText(kLivePrefix), id, std::move(changes));
  }
  static Json shown(std::string_view colour = "green", std::string_view region = "330100") {
    return {{"issuer", "330100"},    {"region", region}, {"colour", colour},
            {"maskedName", "张*三"}, {"idTail", "1239"}, {"identity", Json::object()}};
  }

  void addList(const char* name, const TrustContent& content) {
    trustLists_[name] = forge::hex(world::signTrust(content));
  }
  void lists() {
    addList("usual", world::trustContent());
    auto content = world::trustContent();
    content.issuers.clear();
    addList("no-issuers", content);
    content = world::trustContent();
    content.issuers[0].keys[0].key = world::signingKey(world::kRogue).publicKey();
    addList("other-issuer-key", content);
    content = world::trustContent();
    content.issuers[0].keys[0].notAfter = world::kNow;
    addList("issuer-key-retired", content);
    content = world::trustContent();
    content.issuers[0].regions = {"330200", "110000"};
    addList("issuer-of-other-regions", content);
  }

  static std::string colouredLive(Colour colour, std::optional<std::string> region = std::nullopt) {
    auto claims = world::claims();
    claims.code.colour = colour;
    claims.code.region = std::move(region);
    const auto credential = parseCredential(world::issue(claims)).value();
    return makeLiveCode(credential, world::signingKey(world::kDevice), world::kNow + 60).value();
  }
  void doors() {
    pass("green", world::live(), {}, "admit", "colour.green", "time", shown());
    pass("yellow", colouredLive(Colour::Yellow), {}, "check", "colour.yellow", "time", shown("yellow"));
    pass("red", colouredLive(Colour::Red), {}, "refuse", "colour.red", "time", shown("red"));
    pass("pending", colouredLive(Colour::Pending), {}, "check", "colour.pending", "time", shown("pending"));
    pass("district", colouredLive(Colour::Green, "330106"), {}, "admit", "colour.green", "time",
         shown("green", "330106"));
    const auto eddsa = live_.withHeader(live_.headerMap().set(1, integer(-8))).signedBy(device_);
    pass("algorithm-eddsa", eddsa.asText(kLivePrefix), {}, "admit", "colour.green", "time", shown());
    pass("scene-wants-a-challenge", world::live(), {{"scene", "hospital"}}, "refuse",
         "assurance.challenge-required", "time", shown());
  }

  void texts() {
    refuse("nothing", "", "format.empty");
    refuse("any-text", "hello", "format.prefix-unknown");
    refuse("eu-certificate", "HC1:6BFOXN", "format.other-system");
    refuse("web-address", "https://example.org/", "format.other-system");
    refuse("longer-than-any-symbol", "LM1:" + std::string(4293, '0'), "format.too-long");
    refuse("later-version", "LM2:00", "format.version-unsupported");
    refuse("a-request", world::request(), "format.wrong-kind");
    refuse("lower-case", "LM1:abc", "base45.character");
    refuse("length", "LM1:0000", "base45.length");
    refuse("overflow", "LM1:GGW", "base45.overflow");
    auto bytes = live_.encode();
    bytes.pop_back();
    refuse("cut-short", "LM1:" + encodeBase45(bytes), "cbor.truncated");
    bytes = live_.encode();
    bytes.push_back(0);
    refuse("with-a-tail", "LM1:" + encodeBase45(bytes), "cbor.trailing-bytes");
    refuse("not-a-token", "LM1:" + encodeBase45(fromHex("80")), "cose.shape");
  }

  void holders() {
    refuse("signature-empty", live_.withSignature({}), "holder.signature-missing");
    refuse("bare-credential", credentialOf(live_), "holder.signature-missing");
    refuse("signature-of-63-bytes", live_.withSignature(Bytes(63)), "cose.shape");
    refuse("signature-of-zeros", live_.withSignature(Bytes(64)), "holder.signature-bad");
    refuse("signed-by-a-stranger", live_.signedBy(world::signingKey(world::kRogue)), "holder.signature-bad");
    refuse("time-altered", live_.withPayload(live_.payloadMap().set(profile::kIat, integer(kShown))),
           "holder.signature-bad");
    auto unbound = credentialOf(live_).payloadMap();
    unbound.erase(profile::kCnf);
    refuse("binds-no-key", resigned(unbound), "holder.key-missing");
    refuse("audience-no-id", live_.withPayload(live_.payloadMap().set(profile::kAud, text("**"))),
           "live.shape");
    refuse("header-13-missing", live_.withHeader(live_.headerMap().erase(13)), "cose.header-unknown");
    refuse("type-missing", live_.withHeader(live_.headerMap().erase(16)), "cose.type-wrong");
    refuse("algorithm-es256", live_.withHeader(live_.headerMap().set(1, integer(-7))),
           "cose.algorithm-unsupported");
  }

  /// The live code with other claims in its credential, signed anew by the issuer and the holder.
  Token resigned(const Map& claims) const {
    return withCredential(live_, credentialOf(live_).withPayload(claims).signedBy(issuer_)).signedBy(device_);
  }

  void issuers() {
    refuse("issuer-unknown", world::live(), "issuer.unknown", {{"trust", "no-issuers"}});
    refuse("issuer-key-unknown", world::live(), "issuer.key-unknown", {{"trust", "other-issuer-key"}});
    refuse("issuer-key-retired", world::live(), "issuer.key-not-in-force", {{"trust", "issuer-key-retired"}});
    refuse("issuer-of-other-regions", world::live(), "issuer.region-not-allowed",
           {{"trust", "issuer-of-other-regions"}});
    refuse("region-of-another-city", colouredLive(Colour::Green, "330200"), "issuer.region-not-allowed");
    auto claims = credentialOf(live_).payloadMap();
    claims.set(profile::kSub, text("AAAAAAAA"));
    const auto altered = withCredential(live_, credentialOf(live_).withPayload(claims)).signedBy(device_);
    refuse("claims-altered", altered, "issuer.signature-bad");
    refuse("trust-list-expired", world::live(), "trust.expired", {{"now", world::trustContent().expiresAt}});
    refuse("gate's-clock-behind", world::live(), "time.verifier-clock-suspect",
           {{"now", world::trustContent().issuedAt - 61}});
  }

  Token otherLive() const {
    auto claims = world::claims();
    claims.deviceKey = world::signingKey(world::kOtherDevice).publicKey();
    claims.code.maskedName = "李*";
    const auto credential = parseCredential(world::issue(claims, 1)).value();
    return Token::readText(
        makeLiveCode(credential, world::signingKey(world::kOtherDevice), world::kNow + 60).value());
  }

  void swaps() {
    const auto other = otherLive();
    refuse("credential-of-another-person", withCredential(live_, credentialOf(other)),
           "holder.signature-bad");
    refuse("credential-of-another-person-signed",
           withCredential(live_, credentialOf(other)).signedBy(device_), "holder.signature-bad");
    refuse("key-binding-of-another-credential", live_.withSignature(other.signature), "holder.signature-bad");
    refuse("claims-of-one-signature-of-another",
           withCredential(live_, credentialOf(live_).withSignature(credentialOf(other).signature))
               .signedBy(device_),
           "issuer.signature-bad");
    auto payload = credentialOf(live_).payloadMap();
    payload.set(profile::kCnf, credentialOf(other).payloadMap().at(profile::kCnf));
    refuse("key-exchanged",
           withCredential(live_, credentialOf(live_).withPayload(payload))
               .signedBy(world::signingKey(world::kOtherDevice)),
           "issuer.signature-bad");
  }

  static Json challenge(std::initializer_list<const char*> wanted, std::uint8_t nonce = 0x15,
                        std::string_view verifier = "hz-first") {
    Json names = Json::array();
    for (const auto* name : wanted) names.push_back(name);
    return {
        {"challenge", {{"verifier", verifier}, {"nonce", forge::hex(Bytes(16, nonce))}, {"wanted", names}}}};
  }
  void challenges() {
    const auto asked = challenge({"fullName", "idNumber", "phone"});
    auto told = shown();
    told["identity"] = {{"fullName", "张小三"}, {"idNumber", "330106199001011239"}, {"phone", "13900000000"}};
    pass("answer", world::answer(), asked, "admit", "colour.green", "challenge", told);
    auto atTheHospital = asked;
    atTheHospital["scene"] = "hospital";
    pass("answer-where-one-is-wanted", world::answer(), atTheHospital, "admit", "colour.green", "challenge",
         told);
    const auto all = challenge({"fullName", "idNumber", "phone", "sex"});
    refuse("answer-to-another-verifier", world::answer(), "audience.mismatch",
           challenge({"fullName", "idNumber", "phone"}, 0x15, "hz-second"));
    refuse("answer-with-another-nonce", world::answer(), "nonce.mismatch",
           challenge({"fullName", "idNumber", "phone"}, 0x16));
    refuse("answer-shown-openly", world::answer(), "audience.mismatch");
    refuse("open-code-as-answer", world::live(), "audience.mismatch", asked);
    refuse("answer-tells-more", world::answer(), "disclosure.unasked", challenge({"fullName", "idNumber"}));
    refuse("answer-tells-less", world::answer(), "disclosure.missing", all);
    const auto token = Token::readText(world::answer());
    auto without = token.payloadMap();
    refuse("answer-without-nonce", token.withPayload(without.erase(profile::kNonce)).signedBy(device_),
           "nonce.missing", asked);
    const auto bare = withCredential(token, credentialOf(token).withUnprotected({0xa0}));
    refuse("disclosures-taken-away", bare, "holder.signature-bad", asked);
    refuse("disclosures-taken-away-by-the-holder", bare.signedBy(device_), "disclosure.missing", asked);
    const auto disclosed = Token::read(*presentCredential(world::credential(), {IdentityClaim::Phone}));
    refuse("open-code-that-tells", withCredential(live_, disclosed).signedBy(device_), "disclosure.unasked");
  }

  void times() {
    pass("oldest-that-passes", world::live(), {{"now", world::kNow + 80}}, "admit", "colour.green", "time",
         shown());
    pass("furthest-ahead-that-passes", world::live(), {{"now", world::kNow + 50}}, "admit", "colour.green",
         "time", shown());
    refuse("screenshot", world::live(), "time.too-old", {{"now", world::kNow + 81}});
    refuse("made-ahead", world::live(), "time.future", {{"now", world::kNow + 49}});
    const auto unconfirmed =
        makeLiveCode(world::credential(), device_, world::kNow + 60, ClockTrust::Unconfirmed).value();
    pass("clock-never-confirmed-but-right", unconfirmed, {}, "admit", "colour.green", "time", shown());
    refuse("clock-behind", unconfirmed, "time.clock-suspect", {{"now", world::kNow + 660}});
    refuse("clock-ahead", unconfirmed, "time.clock-suspect", {{"now", world::kNow + 1}});
    refuse("credential-expired", world::live(), "time.credential-expired",
           {{"now", world::claims().expiresAt}});
    refuse("credential-not-yet", world::live(), "time.credential-not-yet", {{"now", world::kNow - 11}});
    const auto claims = [&] { return credentialOf(live_).payloadMap(); };
    refuse("credential-of-two-days",
           resigned(claims().set(profile::kExp, integer(world::kNow + 2 * kMaxCredentialSeconds))),
           "time.credential-life-too-long");
    refuse("signed-before-the-credential", resigned(claims().set(profile::kIat, integer(kShown))),
           "time.outside-credential");
    refuse("shown-twice", world::live(), "replay.seen-before", {{"seen", true}});
  }

  void status() {
    pass("status-valid", world::live(), {{"status", "valid"}}, "admit", "colour.green", "time", shown());
    for (const std::string id : {"invalid", "suspended", "superseded"})
      refuse("status-" + id, world::live(), "status." + id, {{"status", id}});
    for (const std::string id : {"status.stale", "status.unavailable", "status.out-of-range"})
      refuse("lookup-" + id.substr(7), world::live(), id, {{"status", id}});
    const Json check = {{"status", "status.stale"}, {"stale", "check"}};
    pass("stale-status-where-that-is-checked", world::live(), check, "check", "status.stale", "time",
         shown());
  }

  void papers() {
    const auto paper = Token::readText(world::paper());
    const auto with = [&](std::int64_t claim, const Bytes& value) {
      return paper.withPayload(paper.payloadMap().set(claim, value)).signedBy(issuer_).asText(kPaperPrefix);
    };
    pass("paper", world::paper(), {}, "check", "paper.check-id", "paper", shown());
    pass("paper-where-a-challenge-is-wanted", world::paper(), {{"scene", "hospital"}}, "refuse",
         "assurance.challenge-required", "paper", shown());
    refuse("paper-as-live", paper, "format.wrong-kind");
    refuse("live-as-paper", live_.asText(kPaperPrefix), "cose.type-wrong");
    refuse("paper-as-answer", world::paper(), "assurance.challenge-required", challenge({}));
    refuse("paper-forged", paper.signedBy(device_).asText(kPaperPrefix), "issuer.signature-bad");
    refuse("paper-of-15-days", with(profile::kExp, integer(world::kNow + 15 * kMaxCredentialSeconds)),
           "time.credential-life-too-long");
    refuse("paper-with-a-key", with(profile::kCnf, fromHex("a0")), "paper.shape");
  }

  Token live_ = Token::readText(world::live());
  SigningKey device_ = world::signingKey(world::kDevice), issuer_ = world::signingKey(world::kIssuer);
  Json trustLists_ = Json::object();
  Json records_ = Json::array();
};

}  // namespace

File verifyVectors() {
  return {"verify", VerifyFile().make()};
}

}  // namespace liangma::vectors
