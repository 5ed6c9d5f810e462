// SPDX-License-Identifier: Apache-2.0
#include "liangma/trust_list.h"

#include "cbor/writer.h"
#include "cose.h"
#include "fixture.h"
#include "profile.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::integer;
using forge::text;

class TrustListTest : public testing::Test {
 protected:
  Result<TrustList> open(ByteView encoded, std::uint64_t knownVersion = 0, UnixSeconds now = kNow) const {
    const PublicKey pinned[] = {world.root.publicKey()};
    return openTrustList(encoded, pinned, knownVersion, now);
  }
  Result<TrustList> open(ByteView encoded, const SigningKey& pinnedRoot) const {
    const PublicKey pinned[] = {pinnedRoot.publicKey()};
    return openTrustList(encoded, pinned, 0, kNow);
  }
  Result<Bytes> sign(const TrustContent& content, std::initializer_list<const SigningKey*> keys) const {
    return signTrustList(content, std::span<const SigningKey* const>(keys.begin(), keys.size()));
  }

  /// A list whose payload is any bytes, signed by the root.
  Bytes signPayload(const Bytes& payload) const {
    const Bytes header = fromHex("a1 10 67 6c6d742b637774");
    const auto signer =
        forge::Map().set(1, integer(-19)).set(4, forge::bytes(world.root.publicKey().keyId8())).encode();
    const auto signature = world.root.sign(cose::toBeSignedBy(header, signer, payload));
    return cbor::Writer()
        .tag(98)
        .array(4)
        .bytes(header)
        .map(0)
        .bytes(payload)
        .array(1)
        .array(3)
        .bytes(signer)
        .map(0)
        .bytes(signature)
        .take();
  }
  forge::Map payload() const {
    const auto encoded = world.signedTrust(world.content());
    const auto document = cbor::decode(encoded, {1 << 20, 16}).value();
    return forge::Map::read(*document.root().first().at(2).bytes());
  }
  forge::Map inner() const { return forge::Map::read(payload().at(profile::kTrust)); }
  Result<TrustList> openWith(std::int64_t member, const Bytes& value) const {
    return open(signPayload(payload().set(profile::kTrust, inner().set(member, value).encode()).encode()));
  }
  /// A list whose first entry of array `member` has one field replaced.
  Result<TrustList> openWithEntry(std::int64_t member, std::int64_t field, const Bytes& value) const {
    const auto entries = inner().at(member);
    const auto document = cbor::decode(entries).value();
    auto entry = forge::Map::read(document.root().first().encoded());
    if (value.empty())
      entry.erase(field);
    else
      entry.set(field, value);
    return openWith(member, forge::array({entry.encode()}));
  }

  World world;
  SigningKey nextRoot = makeKey(40), rogue = makeKey(41);
};

TEST_F(TrustListTest, ReadsWhatItSigns) {
  auto content = world.content();
  content.issuers[0].statusUrl = "https://hz.example/status/{list}";
  content.issuers[0].regions = {"330100", "330000"};
  content.scenes[0].windowSeconds = 10;
  content.scenes[0].byColour = {Decision::Refuse, Decision::Admit, Decision::Refuse, Decision::Refuse};
  const auto list = open(world.signedTrust(content)).value();
  EXPECT_EQ(list->version, content.version);
  EXPECT_EQ(list->roots, content.roots);
  const auto& issuer = *list->findIssuer("330100");
  EXPECT_EQ(issuer.names, content.issuers[0].names);
  EXPECT_EQ(issuer.statusUrl, content.issuers[0].statusUrl);
  EXPECT_EQ(issuer.live, content.issuers[0].live);
  EXPECT_EQ(issuer.regions, content.issuers[0].regions);
  EXPECT_EQ(issuer.keys[0].notAfter, content.issuers[0].keys[0].notAfter);
  const auto& verifier = *list->findVerifier("hz-first");
  EXPECT_EQ(verifier.kind, "hospital");
  EXPECT_EQ(verifier.sealingKey32, world.sealing.public32());
  EXPECT_EQ(verifier.endpoints, content.verifiers[0].endpoints);
  const auto& scene = *list->findScene("hospital");
  EXPECT_EQ(scene.required, Assurance::Challenge);
  EXPECT_EQ(scene.windowSeconds, 10u);
  EXPECT_EQ(scene.byColour, content.scenes[0].byColour);
  EXPECT_EQ(list->findIssuer("330200"), nullptr);
  EXPECT_EQ(list->findVerifier("hz"), nullptr);
  EXPECT_EQ(list->findScene(""), nullptr);
}

TEST_F(TrustListTest, RefusesAListThatIsRolledBack) {
  const auto encoded = world.signedTrust(world.content());
  EXPECT_REFUSED("ok", open(encoded, 7));
  EXPECT_REFUSED("trust.rolled-back", open(encoded, 8));
  EXPECT_REFUSED("trust.rolled-back", open(encoded, UINT64_MAX));
}

TEST_F(TrustListTest, RefusesAFrozenListAndAWrongClock) {
  const auto encoded = world.signedTrust(world.content());
  const auto issued = world.content().issuedAt, expires = world.content().expiresAt;
  EXPECT_REFUSED("ok", open(encoded, 0, expires - 1));
  EXPECT_REFUSED("trust.expired", open(encoded, 0, expires));
  EXPECT_REFUSED("ok", open(encoded, 0, issued - 60));
  EXPECT_REFUSED("time.verifier-clock-suspect", open(encoded, 0, issued - 61));
}

TEST_F(TrustListTest, RefusesOtherRoots) {
  auto content = world.content();
  content.roots = {rogue.publicKey()};
  EXPECT_REFUSED("trust.root-unknown", open(*sign(content, {&rogue})));
  EXPECT_REFUSED("trust.root-unknown", open(world.signedTrust(world.content()), rogue));
  EXPECT_REFUSED("trust.root-unknown", openTrustList(world.signedTrust(world.content()), {}, 0, kNow));
}

TEST_F(TrustListTest, RotatesItsRootWithBothSignatures) {
  auto both = world.content();
  both.roots = {world.root.publicKey(), nextRoot.publicKey()};
  const auto rotating = sign(both, {&world.root, &nextRoot}).value();
  EXPECT_REFUSED("ok", open(rotating));
  EXPECT_REFUSED("ok", open(rotating, nextRoot));
  auto after = world.content();
  after.roots = {nextRoot.publicKey()};
  EXPECT_REFUSED("ok", open(*sign(after, {&nextRoot}), nextRoot));
  EXPECT_REFUSED("ok", open(*sign(after, {&nextRoot, &world.root})));
  EXPECT_REFUSED("trust.root-unknown", open(*sign(after, {&nextRoot})));
}

TEST_F(TrustListTest, RefusesHalfARotation) {
  auto content = world.content();
  content.roots = {world.root.publicKey(), nextRoot.publicKey()};
  EXPECT_REFUSED("trust.rotation-incomplete", sign(content, {&world.root}));
  EXPECT_REFUSED("trust.rotation-incomplete", sign(content, {&nextRoot}));
  cbor::Writer roots;
  roots.array(2).bytes(world.root.publicKey().raw32()).bytes(nextRoot.publicKey().raw32());
  EXPECT_REFUSED("trust.rotation-incomplete", openWith(2, roots.take()));
}

TEST_F(TrustListTest, EveryBitCounts) {
  const auto encoded = world.signedTrust(world.content());
  for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
    auto flipped = encoded;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(open(flipped).ok()) << bit;
  }
  EXPECT_REFUSED("trust.signature-bad", [&] {
    auto flipped = encoded;
    flipped.back() ^= 1;
    return open(flipped);
  }());
  for (std::size_t size = 0; size < encoded.size(); ++size)
    ASSERT_REFUSED("cbor.truncated", open(ByteView(encoded).first(size))) << size;
}

TEST_F(TrustListTest, RefusesOtherShapesOfTheToken) {
  EXPECT_REFUSED("cose.shape", open(fromHex("80")));
  EXPECT_REFUSED("cose.shape",
                 open(cose::sign1(fromHex("a10132"), fromHex("a0"), payload().encode(), world.root)));
  EXPECT_REFUSED("cose.type-wrong", open(fromHex("d8 62 84 41a0 a0 40 80")));
  EXPECT_REFUSED("cose.shape", open(fromHex("d8 62 84 4180 a0 40 80")));
  EXPECT_REFUSED("cose.header-unknown", open(fromHex("d8 62 84 4c a201 3210 676c6d742b637774 a0 40 80")));
  EXPECT_REFUSED("trust.root-unknown", open(cbor::Writer()
                                                .tag(98)
                                                .array(4)
                                                .bytes(fromHex("a110676c6d742b637774"))
                                                .map(0)
                                                .bytes(payload().encode())
                                                .array(0)
                                                .take()));
  cbor::Writer many;
  many.tag(98).array(4).bytes(fromHex("a110676c6d742b637774")).map(0).bytes(payload().encode()).array(9);
  for (int i = 0; i < 9; ++i) many.array(3).bytes({}).map(0).bytes(Bytes(64));
  EXPECT_REFUSED("trust.shape", open(many.take()));
}

TEST_F(TrustListTest, RefusesSignersOfOtherKinds) {
  const Bytes header = fromHex("a110676c6d742b637774");
  const auto openSignedBy = [&](const Bytes& signer) {
    return open(cbor::Writer()
                    .tag(98)
                    .array(4)
                    .bytes(header)
                    .map(0)
                    .bytes(payload().encode())
                    .array(1)
                    .array(3)
                    .bytes(signer)
                    .map(0)
                    .bytes(Bytes(64))
                    .take());
  };
  EXPECT_REFUSED("cose.algorithm-unsupported", openSignedBy(fromHex("a2 01 26 04 48 0102030405060708")));
  EXPECT_REFUSED("cose.header-unknown", openSignedBy(fromHex("a1 01 32")));
  EXPECT_REFUSED("cose.header-unknown", openSignedBy(fromHex("a2 01 32 04 47 01020304050607")));
  EXPECT_REFUSED("cose.shape", openSignedBy(fromHex("80")));
  EXPECT_REFUSED("trust.root-unknown", openSignedBy(fromHex("a2 01 32 04 48 0102030405060708")));
}

TEST_F(TrustListTest, RefusesOtherShapesOfThePayload) {
  EXPECT_REFUSED("ok", open(signPayload(payload().encode())));
  EXPECT_REFUSED("trust.shape", open(signPayload(fromHex("80"))));
  EXPECT_REFUSED("trust.shape", open(signPayload(payload().set(1, text("x")).encode())));
  for (const auto claim : {profile::kExp, profile::kIat, profile::kTrust})
    EXPECT_REFUSED("trust.shape", open(signPayload(payload().erase(claim).encode()))) << claim;
  EXPECT_REFUSED("trust.shape", open(signPayload(payload().set(profile::kExp, integer(0)).encode())));
  EXPECT_REFUSED("trust.shape", open(signPayload(payload().set(profile::kTrust, fromHex("80")).encode())));
  for (const std::int64_t member : {1, 2, 3, 4, 5}) {
    EXPECT_REFUSED("trust.shape", openWith(member, fromHex("f6"))) << member;
    EXPECT_REFUSED("trust.shape", openWith(member, fromHex("a0"))) << member;
    EXPECT_REFUSED(
        "trust.shape",
        open(signPayload(payload().set(profile::kTrust, inner().erase(member).encode()).encode())));
  }
  EXPECT_REFUSED("trust.shape", openWith(6, fromHex("80")));
  EXPECT_REFUSED("trust.shape", openWith(1, integer(0)));
  EXPECT_REFUSED("trust.shape", openWith(2, fromHex("80")));
  EXPECT_REFUSED("trust.shape", openWith(2, fromHex("81 41 00")));
  for (const std::int64_t member : {3, 4, 5})
    EXPECT_REFUSED("trust.shape", openWith(member, fromHex("81 01")));
}

TEST_F(TrustListTest, RefusesEntriesOutOfRange) {
  struct Fault {
    std::int64_t member, field;
    Bytes value;  ///< empty: the field is left out
  };
  const std::string key = "5820" + forge::hex(world.issuer.publicKey().raw32());
  const Fault faults[] = {
      {3, 1, {}},
      {3, 1, text("no id")},
      {3, 2, {}},
      {3, 2, fromHex("a1 61 65 61 61")},
      {3, 2, fromHex("a1 62 656e 60")},
      {3, 2, fromHex("a1 62 656e 01")},
      {3, 2, fromHex("a1 01 61 61")},
      {3, 2, fromHex("a1 62 656e 62 610a")},
      {3, 3, fromHex("80")},
      {3, 3, fromHex("81 80")},
      {3, 3, fromHex("81 83" + key + "01 01")},
      {3, 3, fromHex("81 83" + key + "20 01")},
      {3, 3, fromHex("81 83 41 00 01 02")},
      {3, 4, integer(1)},
      {3, 4, text("ftp://hz.example")},
      {3, 4, text("https://hz.example/ a")},
      {3, 5, fromHex("83 00 14 0a")},
      {3, 5, fromHex("83 05 04 0a")},
      {3, 5, fromHex("83 05 14 183d")},
      {3, 5, fromHex("82 05 14")},
      {3, 6, fromHex("81 65 33333031 30")},
      {3, 6, fromHex("81 01")},
      {3, 7, integer(0)},
      {4, 4, text("Hospital")},
      {4, 5, fromHex("41 00")},
      {4, 5, {}},
      {4, 6, fromHex("81 64 68747470")},
      {4, 7, integer(0)},
      {5, 1, text("Hospital")},
      {5, 3, integer(1)},
      {5, 3, integer(4)},
      {5, 3, fromHex("1bffffffffffffffff")},
      {5, 4, integer(121)},
      {5, 4, fromHex("1bffffffffffffffff")},
      {5, 5, fromHex("83 00 01 02")},
      {5, 5, fromHex("84 00 01 02 03")},
      {5, 6, integer(0)},
  };
  for (const auto& [member, field, value] : faults)
    EXPECT_REFUSED("trust.shape", openWithEntry(member, field, value))
        << member << "." << field << " " << forge::hex(value);
}

TEST_F(TrustListTest, TakesHttpForThisMachineAlone) {
  const auto signWith = [&](const char* url) {
    auto content = world.content();
    content.verifiers[0].endpoints = {url};
    return sign(content, {&world.root});
  };
  for (const char* url :
       {"https://a.example/x", "http://localhost", "http://localhost/x", "http://127.0.0.1:8080/x"})
    EXPECT_REFUSED("ok", signWith(url)) << url;
  for (const char* url :
       {"http://a.example", "http://localhost.a.example/", "http://localhost:1@a.example/",
        "http://localhost@a.example", "http://127.0.0.10/", "HTTPS://a.example", "javascript:alert(1)"})
    EXPECT_REFUSED("trust.shape", signWith(url)) << url;
}

TEST_F(TrustListTest, RefusesTwoEntriesOfOneId) {
  auto content = world.content();
  content.issuers.push_back(content.issuers[0]);
  EXPECT_REFUSED("trust.shape", sign(content, {&world.root}));
  content = world.content();
  content.scenes.push_back(content.scenes[0]);
  EXPECT_REFUSED("trust.shape", sign(content, {&world.root}));
  const auto one = inner().at(3);
  EXPECT_REFUSED(
      "trust.shape",
      openWith(3,
               cbor::Writer().array(2).raw(ByteView(one).subspan(1)).raw(ByteView(one).subspan(1)).take()));
}

TEST_F(TrustListTest, IsNotSignedOutOfRange) {
  auto content = world.content();
  content.version = 0;
  EXPECT_REFUSED("trust.shape", sign(content, {&world.root}));
  content = world.content();
  content.roots.clear();
  EXPECT_REFUSED("trust.shape", sign(content, {&world.root}));
  content = world.content();
  content.expiresAt = content.issuedAt;
  EXPECT_REFUSED("trust.shape", sign(content, {&world.root}));
}

// ---- what the list decides about a code

TEST_F(TrustListTest, KeysSignInTheirTimeOnly) {
  const auto verdictWith = [&](UnixSeconds notBefore, UnixSeconds notAfter) {
    auto content = world.content();
    content.issuers[0].keys[0].notBefore = notBefore;
    content.issuers[0].keys[0].notAfter = notAfter;
    return verify(world.live(), {world.trust(content), kNow + 62});
  };
  EXPECT_EQ(summary(verdictWith(kNow, kNow + 1)), "admit colour.green");
  EXPECT_REFUSED("issuer.key-not-in-force", verdictWith(kNow + 1, kNow + 100));
  EXPECT_REFUSED("issuer.key-not-in-force", verdictWith(kNow - 100, kNow));
}

TEST_F(TrustListTest, RefusesUnknownIssuersAndKeys) {
  auto content = world.content();
  content.issuers[0].keys[0].key = rogue.publicKey();
  EXPECT_REFUSED("issuer.key-unknown", verify(world.live(), {world.trust(content), kNow + 62}));
  content.issuers.clear();
  EXPECT_REFUSED("issuer.unknown", verify(world.live(), {world.trust(content), kNow + 62}));
}

TEST_F(TrustListTest, RefusesCodesWhenItIsTooOldItself) {
  const auto content = world.content();
  const auto trust = world.trust();
  EXPECT_REFUSED("trust.expired", verify(world.live(), {trust, content.expiresAt}));
  EXPECT_REFUSED("time.verifier-clock-suspect", verify(world.live(), {trust, content.issuedAt - 61}));
}

TEST_F(TrustListTest, ADivisionCoversWhatLiesInIt) {
  TrustedIssuer issuer;
  issuer.id = "330100";
  EXPECT_TRUE(issuer.maySpeakFor("330100"));
  EXPECT_TRUE(issuer.maySpeakFor("330106"));
  EXPECT_FALSE(issuer.maySpeakFor("330200"));
  EXPECT_FALSE(issuer.maySpeakFor("330000"));
  issuer.regions = {"330000", "440403"};
  EXPECT_TRUE(issuer.maySpeakFor("339999"));
  EXPECT_TRUE(issuer.maySpeakFor("440403"));
  EXPECT_FALSE(issuer.maySpeakFor("440400"));
  EXPECT_FALSE(issuer.maySpeakFor("340000"));
  EXPECT_FALSE(issuer.maySpeakFor(""));
  issuer.regions = {"000000"};
  EXPECT_TRUE(issuer.maySpeakFor("000000"));
  EXPECT_FALSE(issuer.maySpeakFor("001100"));
  EXPECT_FALSE(issuer.maySpeakFor("330100"));
  issuer = {};
  issuer.id = "national-hub";
  EXPECT_TRUE(issuer.maySpeakFor("national-hub"));
  EXPECT_FALSE(issuer.maySpeakFor("330100"));
}

}  // namespace
}  // namespace liangma::test
