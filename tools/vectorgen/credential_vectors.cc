// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"
#include "cose.h"
#include "profile.h"
#include "sd_cwt.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using forge::fromHex;
using forge::integer;
using forge::Map;
using forge::text;
using forge::Token;

class CredentialFile {
 public:
  Json records() {
    genuine();
    headers();
    payloads();
    disclosures();
    return std::move(records_);
  }

 private:
  void add(std::string_view name, const Token& token, Json expected) {
    records_.push_back(record(name, {{"credential", forge::hex(token.encode())}}, std::move(expected)));
  }
  void refuse(std::string_view name, const Token& token, std::string_view id) {
    add(name, token.signedBy(issuer_), {{"error", id}});
  }
  void refuseClaim(std::string_view name, std::int64_t claim, const Bytes& value, std::string_view id) {
    refuse(name, token_.withPayload(token_.payloadMap().set(claim, value)), id);
  }
  void refuseCode(std::string_view name, std::int64_t member, const Bytes& value) {
    refuseClaim(name, profile::kCode, code().set(member, value).encode(), "credential.claim-invalid");
  }
  Map code() const { return Map::read(token_.payloadMap().at(profile::kCode)); }

  static Json shown(std::initializer_list<std::pair<const char*, const char*>> identity) {
    Json members = Json::object();
    for (const auto& [name, value] : identity) members[name] = value;
    return {{"ok", true},         {"issuer", "330100"},    {"region", "330100"},
            {"colour", "green"},  {"maskedName", "张*三"}, {"idTail", "1239"},
            {"identity", members}};
  }

  void genuine() {
    const auto bare = Token::read(*presentCredential(world::credential(), {}));
    const auto two =
        Token::read(*presentCredential(world::credential(), {IdentityClaim::FullName, IdentityClaim::Phone}));
    add("as-issued", token_,
        shown({{"fullName", "张小三"}, {"idNumber", "330106199001011239"}, {"phone", "13900000000"}}));
    add("without-disclosures", bare, shown({}));
    add("two-members-shown", two, shown({{"fullName", "张小三"}, {"phone", "13900000000"}}));
    auto unbound = bare.payloadMap();
    unbound.erase(profile::kCnf);
    add("binds-no-key", bare.withPayload(unbound).signedBy(issuer_), shown({}));
    add("algorithm-eddsa", bare.withHeader(bare.headerMap().set(1, integer(-8))).signedBy(issuer_),
        shown({}));
  }

  void headers() {
    const auto header = [&] { return token_.headerMap(); };
    refuse("algorithm-es256", token_.withHeader(header().set(1, integer(-7))), "cose.algorithm-unsupported");
    refuse("algorithm-missing", token_.withHeader(header().erase(1)), "cose.algorithm-unsupported");
    refuse("header-crit", token_.withHeader(header().set(2, fromHex("810d"))), "cose.header-unknown");
    refuse("header-kid-short", token_.withHeader(header().set(4, fromHex("4101"))), "cose.header-unknown");
    refuse("header-unprotected", token_.withUnprotected(fromHex("a1044131")), "cose.header-unknown");
    refuse("type-of-a-live-code", token_.withHeader(header().set(16, integer(294))), "cose.type-wrong");
    records_.push_back(refusal("signature-short",
                               {{"credential", forge::hex(token_.withSignature(Bytes(63)).encode())}},
                               "cose.shape"));
    auto tagless = token_.encode();
    tagless.erase(tagless.begin());
    records_.push_back(refusal("without-its-tag", {{"credential", forge::hex(tagless)}}, "cose.shape"));
  }

  void payloads() {
    auto scalar = token_;
    scalar.payload = integer(1);
    refuse("payload-no-map", scalar, "credential.shape");
    refuse("issuer-missing", token_.withPayload(token_.payloadMap().erase(profile::kIss)),
           "credential.claim-missing");
    refuse("code-missing", token_.withPayload(token_.payloadMap().erase(profile::kCode)),
           "credential.claim-missing");
    refuseClaim("colour-missing", profile::kCode, code().erase(1).encode(), "credential.claim-missing");
    refuseClaim("issuer-with-space", profile::kIss, text("33 0100"), "credential.claim-invalid");
    refuseClaim("subject-short", profile::kSub, text("AAAAAAA"), "credential.claim-invalid");
    refuseClaim("expires-before-issued", profile::kExp, integer(world::kNow), "credential.claim-invalid");
    refuseClaim("issued-negative", profile::kIat, integer(-1), "credential.claim-invalid");
    refuseClaim("confirmation-empty", profile::kCnf, fromHex("a0"), "credential.claim-invalid");
    refuseClaim(
        "key-of-another-curve", profile::kCnf,
        Map().set(1, Map::read(world::claims().deviceKey.coseKey()).set(-1, integer(4)).encode()).encode(),
        "cose.key-shape");
    refuseClaim("claim-unknown", profile::kAud, text("*"), "credential.claim-unknown");
    refuseClaim("identity-in-the-clear", profile::kIdentity, fromHex("a1016161"), "credential.claim-unknown");
    refuseCode("colour-four", 1, integer(4));
    refuseCode("region-of-five-digits", 2, text("33010"));
    refuseCode("name-empty", 3, text(""));
    refuseCode("name-of-25-bytes", 3, text(std::string(25, 'a')));
    refuseCode("name-with-line-feed", 3, text("a\nb"));
    refuseCode("name-that-turns-direction", 3, text("a\u202eb"));
    refuseCode("tail-with-x-inside", 4, text("1X39"));
    refuseCode("status-of-33-bits", 5, integer(std::int64_t{1} << 32));
    refuseCode("window-below-period", 6, fromHex("820a09"));
  }

  void disclosures() {
    const auto given = world::credential().disclosures;
    const auto with = [&](std::vector<Bytes> chosen) { return token_.withUnprotected(header(chosen)); };
    refuse("disclosure-no-array", with({integer(1)}), "disclosure.shape");
    refuse("disclosures-empty", token_.withUnprotected(fromHex("a11180")), "disclosure.shape");
    refuse("disclosure-unmatched", with({sdcwt::makeDisclosure({}, text("李四"), 1)}),
           "disclosure.unmatched");
    refuse("member-without-the-identity", with({given[1]}), "disclosure.unmatched");
    refuse("disclosure-twice", with({given[0], given[1], given[1]}), "disclosure.duplicate");
    const auto claim = sdcwt::makeDisclosure({}, text("330200"), profile::kIss);
    const auto hashes = cbor::Writer().array(1).bytes(sdcwt::blindedHash32(claim)).take();
    refuse("claim-disclosed-over-another",
           with({claim}).withPayload(token_.payloadMap().setRaw(fromHex("f83b"), hashes)),
           "disclosure.duplicate");
    const auto two = cbor::Writer().array(2).bytes(Bytes(32)).bytes(Bytes(32, 1)).take();
    refuse("two-hashes-at-the-top",
           token_.withPayload(token_.payloadMap().setRaw(fromHex("f83b"), two)).withUnprotected({0xa0}),
           "credential.shape");
  }

  static Bytes header(const std::vector<Bytes>& disclosures) {
    cbor::Writer writer;
    writer.map(1).integer(cose::kHeaderSdClaims).array(disclosures.size());
    for (const auto& disclosure : disclosures) writer.bytes(disclosure);
    return writer.take();
  }

  Json records_ = Json::array();
  Token token_ = Token::read(world::issue(world::claims()));
  SigningKey issuer_ = world::signingKey(world::kIssuer);
};

}  // namespace

File credentialVectors() {
  return {"credential",
          {{"about",
            "credentials read, not verified (SPEC.md 4); all but those with a faulty signature are signed"},
           {"operation", "parseCredential"},
           {"input", {{"credential", "SD-CWT, hex"}}},
           {"expected",
            {{"ok", "true"},
             {"issuer", "and so on: what it states"},
             {"identity", "the members that are disclosed"},
             {"error", "the id, in place of all that"}}},
           {"records", CredentialFile().records()}}};
}

}  // namespace liangma::vectors
