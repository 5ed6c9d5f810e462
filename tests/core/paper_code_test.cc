// SPDX-License-Identifier: Apache-2.0
#include "liangma/paper_code.h"

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

class PaperCodeTest : public testing::Test {
 protected:
  Result<std::string> make(const PaperClaims& claims) const {
    const auto random = noise(6);
    Entropy entropy(random);
    return makePaperCode(claims, world.issuer, entropy);
  }
  PaperClaims claims() const { return {"330100", kNow, kNow + kMaxPaperSeconds, world.claims().code}; }
  Verdict at(UnixSeconds now, std::string_view shown) const { return verify(shown, {trust, now}); }
  Verdict show(const Token& token) const { return at(kNow + 60, token.asText(kPaperPrefix)); }
  Verdict showWith(std::int64_t claim, const Bytes& value) const {
    return show(paper.withPayload(paper.payloadMap().set(claim, value)).signedBy(world.issuer));
  }

  World world;
  TrustList trust = world.trust();
  std::string code = make(claims()).value();
  Token paper = Token::readText(code);
};

TEST_F(PaperCodeTest, IsNeverMoreThanAReasonToCheckTheId) {
  const auto verdict = at(kNow + 60, code);
  EXPECT_EQ(summary(verdict), "check paper.check-id");
  EXPECT_EQ(verdict.assurance, Assurance::Paper);
  EXPECT_EQ(verdict.code->maskedName, "张*三");
  EXPECT_EQ(verdict.advice, "advice.check-id");
}

TEST_F(PaperCodeTest, IsRefusedWhenRed) {
  auto red = claims();
  red.code.colour = Colour::Red;
  EXPECT_EQ(summary(at(kNow + 60, *make(red))), "refuse colour.red");
}

TEST_F(PaperCodeTest, AnswersNoChallenge) {
  const auto challenge = world.challenge();
  VerifyContext context{trust, kNow + 60};
  context.challenge = &challenge;
  EXPECT_REFUSED("assurance.challenge-required", verify(code, context));
  VerifyContext hospital{trust, kNow + 60};
  hospital.scene = trust->findScene("hospital");
  EXPECT_REFUSED("assurance.challenge-required", verify(code, hospital));
}

TEST_F(PaperCodeTest, HoldsForItsTime) {
  EXPECT_REFUSED("time.credential-not-yet", at(kNow - 11, code));
  EXPECT_EQ(summary(at(kNow + kMaxPaperSeconds - 1, code)), "check paper.check-id");
  EXPECT_REFUSED("time.credential-expired", at(kNow + kMaxPaperSeconds, code));
  EXPECT_REFUSED("time.credential-life-too-long",
                 showWith(profile::kExp, integer(kNow + kMaxPaperSeconds + 1)));
}

TEST_F(PaperCodeTest, IsNotMadeWithClaimsOutOfRange) {
  auto wrong = claims();
  wrong.issuer = "no spaces";
  EXPECT_REFUSED("credential.claim-invalid", make(wrong));
  wrong = claims();
  wrong.code.live = LivePolicy{};
  EXPECT_REFUSED("credential.claim-invalid", make(wrong));
  wrong = claims();
  wrong.expiresAt = wrong.issuedAt;
  EXPECT_REFUSED("credential.claim-invalid", make(wrong));
  wrong = claims();
  ++wrong.expiresAt;
  EXPECT_REFUSED("time.credential-life-too-long", make(wrong));
}

TEST_F(PaperCodeTest, RefusesOtherShapes) {
  EXPECT_REFUSED("paper.shape", showWith(profile::kIss, integer(1)));
  EXPECT_REFUSED("paper.shape", showWith(profile::kSub, text("short")));
  EXPECT_REFUSED("paper.shape", showWith(profile::kExp, integer(kNow)));
  EXPECT_REFUSED("paper.shape", showWith(profile::kIat, text("now")));
  EXPECT_REFUSED("paper.shape", showWith(profile::kCnf, fromHex("a0")));
  for (const auto claim : {profile::kIss, profile::kSub, profile::kExp, profile::kIat, profile::kCode})
    EXPECT_REFUSED("paper.shape", show(paper.withPayload(paper.payloadMap().erase(claim)))) << claim;
  const auto policy = forge::Map::read(paper.payloadMap().at(profile::kCode)).set(6, fromHex("82 05 14"));
  EXPECT_REFUSED("paper.shape", showWith(profile::kCode, policy.encode()));
  EXPECT_REFUSED("credential.claim-invalid", showWith(profile::kCode, fromHex("80")));
  EXPECT_REFUSED("cose.header-unknown", show(paper.withUnprotected(fromHex("a1 04 4131"))));
  EXPECT_REFUSED("cose.shape", show(paper.withSignature({})));
}

TEST_F(PaperCodeTest, RefusesForgery) {
  EXPECT_REFUSED("issuer.signature-bad", show(paper.signedBy(world.device)));
  EXPECT_REFUSED("issuer.unknown", showWith(profile::kIss, text("110000")));
  const auto far = forge::Map::read(paper.payloadMap().at(profile::kCode)).set(2, text("110000"));
  EXPECT_REFUSED("issuer.region-not-allowed", showWith(profile::kCode, far.encode()));
  const auto token = paper.encode();
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    auto flipped = token;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_EQ(at(kNow + 60, "LMP1:" + encodeBase45(flipped)).decision, Decision::Refuse) << bit;
  }
}

}  // namespace
}  // namespace liangma::test
