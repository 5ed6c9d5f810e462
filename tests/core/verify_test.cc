// SPDX-License-Identifier: Apache-2.0
#include "liangma/verify.h"

#include "fixture.h"

namespace liangma::test {
namespace {

class VerifyTest : public testing::Test {
 protected:
  Verdict at(UnixSeconds now, std::string_view text) { return verify(text, {trust, now}); }

  World world;
  TrustList trust = world.trust();
  std::string live = world.live(kNow + 60);
};

TEST_F(VerifyTest, AdmitsAGreenLiveCode) {
  const auto verdict = at(kNow + 62, live);
  EXPECT_EQ(decisionId(verdict.decision), "admit");
  EXPECT_EQ(errcId(verdict.reason), "colour.green");
  EXPECT_EQ(verdict.assurance, Assurance::Time);
  ASSERT_TRUE(verdict.code.has_value());
  EXPECT_EQ(verdict.code->maskedName, "张*三");
  EXPECT_EQ(verdict.code->region, "330100");
  EXPECT_EQ(verdict.ageSeconds, 2);
  EXPECT_TRUE(verdict.code->identity.empty());
}

TEST_F(VerifyTest, FitsVersion13) {
  EXPECT_LE(live.size(), 483u);
}

TEST_F(VerifyTest, RefusesScreenshotAfterWindow) {
  EXPECT_EQ(at(kNow + 80, live).decision, Decision::Admit);
  const auto late = at(kNow + 81, live);
  EXPECT_EQ(late.decision, Decision::Refuse);
  EXPECT_EQ(errcId(late.reason), "time.too-old");
  EXPECT_FALSE(late.code.has_value());
}

TEST_F(VerifyTest, RefusesCodeFromTheFuture) {
  EXPECT_EQ(at(kNow + 50, live).decision, Decision::Admit);
  EXPECT_EQ(errcId(at(kNow + 49, live).reason), "time.future");
}

TEST_F(VerifyTest, AdvisesInsteadOfAccusingWhenTheClockWasNeverConfirmed) {
  const auto text =
      makeLiveCode(world.credential(), world.device, kNow + 60, ClockTrust::Unconfirmed).value();
  EXPECT_LE(text.size(), 528u);
  EXPECT_EQ(at(kNow + 60, text).decision, Decision::Admit);
  EXPECT_EQ(errcId(at(kNow + 660, text).reason), "time.clock-suspect");
  EXPECT_EQ(at(kNow + 660, text).advice, "advice.correct-clock");
  EXPECT_EQ(errcId(at(kNow + 1, text).reason), "time.clock-suspect");
}

TEST_F(VerifyTest, RemembersWhatItHasSeen) {
  SeenCodes seen;
  VerifyContext context{trust, kNow + 61};
  context.seen = &seen;
  EXPECT_EQ(verify(live, context).decision, Decision::Admit);
  EXPECT_EQ(errcId(verify(live, context).reason), "replay.seen-before");
}

TEST_F(VerifyTest, RefusesEveryFlippedBit) {
  const auto token = decodeBase45(std::string_view(live).substr(4)).value();
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    Bytes flipped = token;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    const auto verdict = at(kNow + 62, "LM1:" + encodeBase45(flipped));
    ASSERT_EQ(verdict.decision, Decision::Refuse) << "bit " << bit;
    ASSERT_NE(verdict.reason, Errc::Internal) << "bit " << bit;
  }
}

TEST_F(VerifyTest, RefusesEveryFlippedBitOfTheText) {
  for (std::size_t bit = 0; bit < live.size() * 8; ++bit) {
    std::string flipped = live;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(at(kNow + 62, flipped).decision, Decision::Refuse) << "bit " << bit;
  }
}

TEST_F(VerifyTest, RefusesEveryTruncation) {
  const auto token = decodeBase45(std::string_view(live).substr(4)).value();
  for (std::size_t size = 0; size < token.size(); ++size) {
    const auto verdict = at(kNow + 62, "LM1:" + encodeBase45(ByteView(token).first(size)));
    ASSERT_EQ(errcId(verdict.reason), "cbor.truncated") << size;
  }
  for (std::size_t size = 0; size < live.size(); ++size)
    ASSERT_EQ(at(kNow + 62, std::string_view(live).substr(0, size)).decision, Decision::Refuse) << size;
}

TEST_F(VerifyTest, OpensASealedAnswerWithItsNonceAndIdentity) {
  const auto random = noise(32, 77);
  Entropy entropy(random);
  const auto sealed = sealAnswer(world.answer(), world.sealing.public32(), entropy).value();
  const auto answer = unsealAnswer(sealed, world.sealing).value();
  const auto challenge = world.challenge();
  VerifyContext context{trust, kNow + 61};
  context.challenge = &challenge;
  const auto verdict = verify(answer, context);
  EXPECT_EQ(errcId(verdict.reason), "colour.green");
  EXPECT_EQ(verdict.assurance, Assurance::Challenge);
  EXPECT_EQ(verdict.code->identity.at(IdentityClaim::IdNumber), "330106199001011239");
  EXPECT_EQ(verdict.code->identity.size(), 3u);
  EXPECT_EQ(errcId(at(kNow + 61, answer).reason), "audience.mismatch");
}

}  // namespace
}  // namespace liangma::test
