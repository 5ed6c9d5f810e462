// SPDX-License-Identifier: Apache-2.0
#include "liangma/answer.h"

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

class AnswerTest : public testing::Test {
 protected:
  Result<std::string> answer(const std::set<IdentityClaim>& agreed, UnixSeconds now = kNow + 60) const {
    return makeAnswer(request, credential, world.device, agreed, now);
  }
  std::string sealed() const {
    const auto random = noise(32);
    Entropy entropy(random);
    return sealAnswer(world.answer(), world.sealing.public32(), entropy).value();
  }

  World world;
  TrustedRequest request = openRequest(world.request(), world.trust(), kNow + 55).value();
  Credential credential = world.credential();
  const std::set<IdentityClaim> wanted = request.claims.wanted;
};

TEST_F(AnswerTest, NeedsConsentToAllOfItAndToNothingElse) {
  auto less = wanted, more = wanted;
  less.erase(IdentityClaim::Phone);
  more.insert(IdentityClaim::BirthDate);
  EXPECT_REFUSED("ok", answer(wanted));
  EXPECT_REFUSED("disclosure.missing", answer(less));
  EXPECT_REFUSED("disclosure.missing", answer({}));
  EXPECT_REFUSED("disclosure.unasked", answer(more));
  EXPECT_REFUSED("disclosure.unasked", answer({IdentityClaim::Sex}));
}

TEST_F(AnswerTest, NeedsACredentialThatHoldsWhatIsWanted) {
  auto claims = world.claims();
  claims.identity.erase(IdentityClaim::Phone);
  credential = world.credential(claims);
  EXPECT_REFUSED("disclosure.missing", answer(wanted));
}

TEST_F(AnswerTest, IsNotMadeAfterTheRequestHasExpired) {
  EXPECT_REFUSED("ok", answer(wanted, kNow + 109));
  EXPECT_REFUSED("time.request-expired", answer(wanted, kNow + 110));
}

TEST_F(AnswerTest, OpensForTheAskingVerifierAlone) {
  EXPECT_EQ(unsealAnswer(sealed(), world.sealing).value(), world.answer());
  const auto other = SealingKey::fromSecret(noise(32, 15)).value();
  EXPECT_REFUSED("answer.unreadable", unsealAnswer(sealed(), other));
  EXPECT_EQ(sealed().find(world.answer().substr(4, 40)), std::string::npos);
}

TEST_F(AnswerTest, RefusesASealedTextThatWasChanged) {
  const auto box = decodeBase45(std::string_view(sealed()).substr(5)).value();
  for (std::size_t i = 0; i < box.size(); ++i) {
    auto changed = box;
    changed[i] ^= 1;
    ASSERT_REFUSED("answer.unreadable", unsealAnswer("LMS1:" + encodeBase45(changed), world.sealing)) << i;
  }
  for (std::size_t size = 0; size < box.size(); size += 7)
    ASSERT_REFUSED("answer.unreadable",
                   unsealAnswer("LMS1:" + encodeBase45(ByteView(box).first(size)), world.sealing));
  EXPECT_REFUSED("format.wrong-kind", unsealAnswer(world.answer(), world.sealing));
}

TEST_F(AnswerTest, SealsNothingButALiveCodeToAGoodKey) {
  const auto random = noise(32);
  Entropy entropy(random);
  EXPECT_REFUSED("format.wrong-kind", sealAnswer(world.request(), world.sealing.public32(), entropy));
  EXPECT_REFUSED("key.invalid", sealAnswer(world.answer(), ByteArray<32>{}, entropy));
}

}  // namespace
}  // namespace liangma::test
