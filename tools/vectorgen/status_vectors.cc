// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"
#include "cose.h"
#include "liangma/status_list.h"
#include "profile.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using forge::integer;
using forge::Token;

constexpr std::uint64_t kList = 48;

class StatusFile {
 public:
  StatusFile() : trust_(forge::hex(world::signTrust(world::statusContent()))) {}

  Json records() {
    const auto usual = world::statusList();
    for (const auto& [position, status] : {std::pair(0, "valid"), std::pair(1, "invalid"),
                                           std::pair(2, "suspended"), std::pair(3, "superseded")})
      accept(status, usual, {{"index", kList * kStatusListEntries + position}},
             {{"status", status}, {"freshness", "fresh"}});
    ages(usual);
    refuse("behind-the-last-entry", usual, {{"index", kList * kStatusListEntries + 8}},
           "status.out-of-range");
    refuse("no-such-list-kept", usual, {{"index", 47 * kStatusListEntries}}, "status.unavailable");
    signatures();
    shapes();
    return std::move(records_);
  }

 private:
  void ages(const Bytes& usual) {
    const Json valid = {{"status", "valid"}, {"freshness", "fresh"}};
    accept("last-fresh-second", usual, {{"now", world::kNow + 3599}}, valid);
    accept("due", usual, {{"now", world::kNow + 3600}}, withChanges(valid, {{"freshness", "due"}}));
    accept("last-second", usual, {{"now", world::kNow + 86399}}, withChanges(valid, {{"freshness", "due"}}));
    accept("stale", usual, {{"now", world::kNow + 86400}}, withChanges(valid, {{"freshness", "stale"}}));
    accept("a-minute-ahead", usual, {{"now", world::kNow - 60}}, valid);
    accept("further-ahead", usual, {{"now", world::kNow - 61}}, withChanges(valid, {{"freshness", "stale"}}));
  }

  void signatures() {
    refuse("signature-altered", altered(), "issuer.signature-bad");
    refuse("unknown-key", signedBy(world::kRogue), "issuer.key-unknown");
    const auto early = token().payloadMap().set(profile::kIat, integer(world::kNow - 1001));
    refuse("key-not-yet-in-force", token().withPayload(early).signedBy(issuer()), "issuer.key-not-in-force");
    const auto elsewhere = token().payloadMap().set(profile::kSub, forge::text("https://330100.example/48"));
    refuse("another-address", token().withPayload(elsewhere).signedBy(issuer()), "status-list.wrong");
    refuse("a-credential", Token::read(world::issue(world::claims())), "cose.type-wrong");
  }

  void shapes() {
    const auto with = [&](std::int64_t claim, const Bytes& value) {
      return token().withPayload(token().payloadMap().set(claim, value)).signedBy(issuer());
    };
    const auto list = [](const char* hex) { return forge::fromHex(hex); };
    refuse("no-list", token().withPayload(token().payloadMap().erase(65533)).signedBy(issuer()),
           "status-list.shape");
    refuse("one-bit", with(65533, list("a2636c73744a78dadbb918000217015d646269747301")), "status-list.shape");
    refuse("three-bits", with(65533, list("a2636c73744a78dadbb918000217015d646269747303")),
           "status-list.shape");
    refuse("not-zlib", with(65533, list("a2636c737443000102646269747302")), "status-list.shape");
    refuse("bytes-behind-zlib", with(65533, list("a2636c73744b78dadbb918000217015d00646269747302")),
           "status-list.shape");
    refuse("empty", with(65533, list("a2636c737448789c030000000001646269747302")), "status-list.shape");
    refuse("expires-when-issued", with(profile::kExp, integer(world::kNow)), "status-list.shape");
    refuse("ttl-zero", with(65534, integer(0)), "status-list.shape");
    refuse("claim-unknown", with(profile::kIss, forge::text("330100")), "status-list.shape");
  }

  static SigningKey issuer() { return world::signingKey(world::kIssuer); }
  static Token token() { return Token::read(world::statusList()); }
  static Token signedBy(std::uint8_t fill) {
    const auto key = world::signingKey(fill);
    return token()
        .withHeader(token().headerMap().set(4, forge::bytes(key.publicKey().keyId8())))
        .signedBy(key);
  }
  static Token altered() {
    auto signature = token().signature;
    signature[0] ^= 1;
    return token().withSignature(signature);
  }

  Json input(const Bytes& token, const Json& changes) const {
    return withChanges({{"token", forge::hex(token)},
                        {"trust", trust_},
                        {"index", kList * kStatusListEntries},
                        {"now", world::kNow}},
                       changes);
  }
  void accept(std::string_view name, const Bytes& token, const Json& changes, const Json& expected) {
    records_.push_back(record(name, input(token, changes), withChanges({{"ok", true}}, expected)));
  }
  void refuse(std::string_view name, const Bytes& token, const Json& changes, std::string_view id) {
    records_.push_back(refusal(name, input(token, changes), id));
  }
  void refuse(std::string_view name, const Token& token, std::string_view id) {
    refuse(name, token.encode(), {}, id);
  }

  std::string trust_;
  Json records_ = Json::array();
};

}  // namespace

File statusVectors() {
  return {"status-list",
          {{"about", "status lists of issuer 330100 and lookups in them (SPEC.md 9.1)"},
           {"operation", "openStatusList, then a lookup"},
           {"input",
            {{"token", "Status List Token, hex"},
             {"trust", "the trust list, hex; it was accepted when it was issued"},
             {"index", "the status index that is looked up in what is kept"},
             {"now", "Unix seconds"}}},
           {"expected",
            {{"ok", "true"},
             {"status", "valid, invalid, suspended or superseded"},
             {"freshness", "fresh, due or stale"},
             {"error", "the id, in place of all that"}}},
           {"records", StatusFile().records()}}};
}

}  // namespace liangma::vectors
