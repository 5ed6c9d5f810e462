// SPDX-License-Identifier: Apache-2.0
#include "liangma/request.h"

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
using forge::Token;

class RequestTest : public testing::Test {
 protected:
  Result<std::string> makeWith(void (*change)(RequestClaims&)) const {
    auto claims = world.requestClaims();
    change(claims);
    return makeRequest(claims, world.hospital);
  }
  Result<TrustedRequest> open(std::string_view code, UnixSeconds now = kNow + 55) const {
    return openRequest(code, trust, now);
  }
  Result<TrustedRequest> open(const Token& token) const { return open(token.asText(kRequestPrefix)); }
  Result<TrustedRequest> openWith(std::int64_t claim, const Bytes& value) const {
    return open(request.withPayload(request.payloadMap().set(claim, value)).signedBy(world.hospital));
  }
  Result<TrustedRequest> openWithAsk(std::int64_t member, const Bytes& value) const {
    return openWith(profile::kRequest, ask().set(member, value).encode());
  }
  forge::Map ask() const { return forge::Map::read(request.payloadMap().at(profile::kRequest)); }

  World world;
  TrustList trust = world.trust();
  Token request = Token::readText(world.request());
};

TEST_F(RequestTest, SaysWhoAsksForWhat) {
  const auto opened = open(world.request()).value();
  EXPECT_EQ(opened.verifier.names.at("en"), "Hangzhou First Hospital");
  EXPECT_EQ(opened.claims.purpose, "registration");
  EXPECT_EQ(opened.claims.nonce, world.requestClaims().nonce);
  EXPECT_EQ(opened.claims.wanted, world.requestClaims().wanted);
  EXPECT_EQ(opened.claims.answerUrl, "https://first.example/answers");
}

TEST_F(RequestTest, MayAskForTheCodeAlone) {
  const auto text = makeWith([](RequestClaims& claims) {
    claims.wanted.clear();
    claims.answerUrl.reset();
  });
  const auto opened = open(*text).value();
  EXPECT_TRUE(opened.claims.wanted.empty());
  EXPECT_FALSE(opened.claims.answerUrl.has_value());
}

TEST_F(RequestTest, IsNotMadeOutOfRange) {
  using Claims = RequestClaims;
  void (*const faults[])(Claims&) = {
      [](Claims& c) { c.verifier = ""; },
      [](Claims& c) { c.verifier = "first hospital"; },
      [](Claims& c) { c.expiresAt = c.issuedAt; },
      [](Claims& c) { ++c.expiresAt; },
      [](Claims& c) { c.issuedAt = -1; },
      [](Claims& c) { c.nonce.resize(15); },
      [](Claims& c) { c.nonce.resize(33); },
      [](Claims& c) { c.purpose = ""; },
      [](Claims& c) { c.purpose = "Registration"; },
      [](Claims& c) { c.purpose = std::string(33, 'a'); },
      [](Claims& c) { c.answerUrl = ""; },
      [](Claims& c) { c.answerUrl = "https://a\n"; },
      [](Claims& c) { c.answerUrl = "https://" + std::string(505, 'a'); },
  };
  int number = 0;
  for (const auto fault : faults) EXPECT_REFUSED("request.shape", makeWith(fault)) << number++;
}

TEST_F(RequestTest, RefusesOtherShapes) {
  EXPECT_REFUSED("request.shape", openWith(profile::kIss, integer(1)));
  EXPECT_REFUSED("request.shape", openWith(profile::kExp, integer(kNow + 111)));
  EXPECT_REFUSED("request.shape", openWith(profile::kExp, integer(kNow + 50)));
  EXPECT_REFUSED("request.shape", openWith(profile::kNonce, forge::bytes(Bytes(15))));
  EXPECT_REFUSED("request.shape", openWith(profile::kNonce, text("0123456789abcdef")));
  EXPECT_REFUSED("request.shape", openWith(profile::kRequest, fromHex("80")));
  EXPECT_REFUSED("request.shape", openWith(profile::kSub, text("AAAAAAAA")));
  EXPECT_REFUSED("request.shape", openWithAsk(1, text("UPPER")));
  EXPECT_REFUSED("request.shape", openWithAsk(1, integer(1)));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("a0")));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("82 01 01")));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("82 03 01")));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("81 09")));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("81 00")));
  EXPECT_REFUSED("request.shape", openWithAsk(2, fromHex("81 61 31")));
  EXPECT_REFUSED("request.shape", openWithAsk(3, integer(1)));
  EXPECT_REFUSED("request.shape", openWithAsk(4, integer(1)));
  for (const auto claim : {profile::kIss, profile::kExp, profile::kIat, profile::kNonce, profile::kRequest})
    EXPECT_REFUSED("request.shape", open(request.withPayload(request.payloadMap().erase(claim)))) << claim;
  for (const std::int64_t member : {1, 2})
    EXPECT_REFUSED("request.shape", openWith(profile::kRequest, ask().erase(member).encode())) << member;
  EXPECT_REFUSED("cose.header-unknown", open(request.withUnprotected(fromHex("a1 04 4131"))));
  EXPECT_REFUSED("cose.type-wrong", open(request.withHeader(request.headerMap().set(16, text("lmp+cwt")))));
  EXPECT_REFUSED("format.wrong-kind", open(world.live()));
  EXPECT_REFUSED("format.other-system", open("https://example.org"));
}

TEST_F(RequestTest, RefusesWhoeverTheListDoesNotName) {
  EXPECT_REFUSED("verifier.unknown", openWith(profile::kIss, text("rogue")));
  EXPECT_REFUSED("verifier.unknown", openWithAsk(3, text("https://first.example/answers/")));
  EXPECT_REFUSED("verifier.unknown", openWithAsk(3, text("https://rogue.example/answers")));
  const auto rogue = makeKey(66);
  const auto header = request.headerMap().set(4, forge::bytes(rogue.publicKey().keyId8()));
  EXPECT_REFUSED("verifier.key-not-in-force", open(request.withHeader(header).signedBy(rogue)));
  EXPECT_REFUSED("verifier.signature-bad", open(request.signedBy(rogue)));
  EXPECT_REFUSED("cose.shape", open(request.withSignature({})));
}

TEST_F(RequestTest, HoldsForItsMinute) {
  EXPECT_REFUSED("time.request-future", open(world.request(), kNow + 39));
  EXPECT_REFUSED("ok", open(world.request(), kNow + 40));
  EXPECT_REFUSED("ok", open(world.request(), kNow + 109));
  EXPECT_REFUSED("time.request-expired", open(world.request(), kNow + 110));
  EXPECT_REFUSED("trust.expired", open(world.request(), trust->expiresAt));
  EXPECT_REFUSED("time.verifier-clock-suspect", open(world.request(), trust->issuedAt - 61));
}

TEST_F(RequestTest, NoBitCanBeChanged) {
  const auto token = request.encode();
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    auto flipped = token;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(open("LMR1:" + encodeBase45(flipped)).ok()) << bit;
  }
}

}  // namespace
}  // namespace liangma::test
