// SPDX-License-Identifier: Apache-2.0
//
// What a gate decides about codes whose signatures are good: times, scenes, colours, status.
#include "fixture.h"
#include "liangma/verify.h"
#include "profile.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::integer;
using forge::Token;

class FixedStatus : public StatusLookup {
 public:
  explicit FixedStatus(Result<StatusEntry> answer) : answer_(answer) {}
  Result<StatusEntry> status(std::string_view issuer, std::uint64_t statusIndex,
                             UnixSeconds now) const override {
    EXPECT_EQ(now, kNow + 61);
    EXPECT_EQ(issuer, "330100");
    EXPECT_EQ(statusIndex, (std::uint64_t{48} << 20) + 70000);
    return answer_;
  }

 private:
  Result<StatusEntry> answer_;
};

class VerdictTest : public testing::Test {
 protected:
  Verdict at(UnixSeconds now, std::string_view code) const { return verify(code, {trust, now}); }
  Verdict show(Colour colour, const Scene* scene = nullptr) const {
    auto claims = world.claims();
    claims.code.colour = colour;
    VerifyContext context{trust, kNow + 61};
    context.scene = scene;
    return verify(*makeLiveCode(world.credential(claims), world.device, kNow + 60), context);
  }
  Verdict withStatus(Result<StatusEntry> answer, StalePolicy stale = StalePolicy::Refuse) const {
    const FixedStatus lookup(answer);
    VerifyContext context{trust, kNow + 61};
    context.status = &lookup;
    context.stale = stale;
    return verify(world.live(), context);
  }
  /// A live code whose credential or key binding has other times, signed by those who should.
  std::string withTimes(std::int64_t claim, UnixSeconds value) const {
    const auto live = Token::readText(world.live());
    const auto credential = credentialOf(live);
    return withCredential(live, credential.withPayload(credential.payloadMap().set(claim, integer(value)))
                                    .signedBy(world.issuer))
        .signedBy(world.device)
        .asText(kLivePrefix);
  }

  World world;
  TrustList trust = world.trust();
};

TEST_F(VerdictTest, ColoursDecideAtAnOrdinaryDoor) {
  EXPECT_EQ(summary(show(Colour::Green)), "admit colour.green");
  EXPECT_EQ(summary(show(Colour::Yellow)), "check colour.yellow");
  EXPECT_EQ(summary(show(Colour::Pending)), "check colour.pending");
  EXPECT_EQ(summary(show(Colour::Red)), "refuse colour.red");
}

TEST_F(VerdictTest, AScenesRulesDecideInstead) {
  Scene scene;
  scene.byColour = {Decision::Refuse, Decision::Check, Decision::Refuse, Decision::Check};
  EXPECT_EQ(summary(show(Colour::Green, &scene)), "check colour.green");
  EXPECT_EQ(summary(show(Colour::Yellow, &scene)), "refuse colour.yellow");
  EXPECT_EQ(summary(show(Colour::Pending, &scene)), "refuse colour.pending");
  EXPECT_EQ(summary(show(Colour::Red, &scene)), "check colour.red");
}

TEST_F(VerdictTest, ASceneMayWantAnAnswerToItsOwnRequest) {
  EXPECT_EQ(summary(show(Colour::Green, trust->findScene("hospital"))),
            "refuse assurance.challenge-required");
  const auto challenge = world.challenge();
  VerifyContext context{trust, kNow + 61, trust->findScene("hospital"), &challenge};
  EXPECT_EQ(summary(verify(world.answer(), context)), "admit colour.green");
}

TEST_F(VerdictTest, ASceneShortensTheWindowAndNeverWidensIt) {
  VerifyContext context{trust, kNow + 65};
  context.scene = trust->findScene("strict");
  EXPECT_EQ(summary(verify(world.live(), context)), "admit colour.green");
  context.now = kNow + 66;
  EXPECT_REFUSED("time.too-old", verify(world.live(), context));
  Scene wide;
  wide.windowSeconds = 100;
  context.scene = &wide;
  context.now = kNow + 81;
  EXPECT_REFUSED("time.too-old", verify(world.live(), context));
}

TEST_F(VerdictTest, ACredentialsOwnPolicyStandsBeforeTheIssuers) {
  auto claims = world.claims();
  claims.code.live = LivePolicy{30, 60, LivePolicy{}.futureSeconds};
  const auto code = makeLiveCode(world.credential(claims), world.device, kNow + 60).value();
  EXPECT_EQ(summary(at(kNow + 120, code)), "admit colour.green");
  EXPECT_REFUSED("time.too-old", at(kNow + 121, code));
}

TEST_F(VerdictTest, WatchesTheCredentialsTimes) {
  EXPECT_REFUSED("time.credential-expired", at(kNow + 61, withTimes(profile::kExp, kNow + 61)));
  EXPECT_REFUSED("time.credential-not-yet", at(kNow + 61, withTimes(profile::kIat, kNow + 72)));
  EXPECT_REFUSED("time.outside-credential", at(kNow + 61, withTimes(profile::kIat, kNow + 61)));
  EXPECT_REFUSED("time.credential-life-too-long",
                 at(kNow + 61, withTimes(profile::kExp, kNow + kMaxCredentialSeconds + 1)));
}

TEST_F(VerdictTest, ALastCodeDoesNotOutliveItsCredential) {
  const auto credential = world.credential();
  const auto last = makeLiveCode(credential, world.device, credential.expiresAt - 1).value();
  EXPECT_EQ(summary(at(credential.expiresAt - 1, last)), "admit colour.green");
  EXPECT_REFUSED("time.credential-expired", at(credential.expiresAt, last));
}

TEST_F(VerdictTest, NamesAClockThatWasNeverConfirmed) {
  const auto unconfirmed =
      makeLiveCode(world.credential(), world.device, kNow + 60, ClockTrust::Unconfirmed).value();
  EXPECT_EQ(summary(at(kNow + 61, unconfirmed)), "admit colour.green");
  EXPECT_REFUSED("time.clock-suspect", at(kNow + 81, unconfirmed));
  EXPECT_REFUSED("time.clock-suspect", at(kNow + 49, unconfirmed));
  EXPECT_REFUSED("time.future", at(kNow + 49, world.live()));
}

TEST_F(VerdictTest, ObeysTheStatusList) {
  EXPECT_EQ(summary(withStatus(StatusEntry{CredentialStatus::Valid})), "admit colour.green");
  EXPECT_REFUSED("status.invalid", withStatus(StatusEntry{CredentialStatus::Invalid}));
  EXPECT_REFUSED("status.suspended", withStatus(StatusEntry{CredentialStatus::Suspended}));
  EXPECT_REFUSED("status.superseded", withStatus(StatusEntry{CredentialStatus::Superseded}));
  EXPECT_REFUSED("status.invalid", withStatus(StatusEntry{static_cast<CredentialStatus>(4)}));
}

TEST_F(VerdictTest, TakesAMissingStatusForNoGoodStatus) {
  for (const auto code : {Errc::StatusStale, Errc::StatusOutOfRange, Errc::StatusUnavailable})
    EXPECT_REFUSED(errcId(code), withStatus(code));
}

TEST_F(VerdictTest, ShowsNothingOfACodeThatIsRefused) {
  for (const auto& verdict :
       {at(kNow + 1000, world.live()), withStatus(StatusEntry{CredentialStatus::Invalid}), at(kNow, "")})
    EXPECT_FALSE(verdict.code.has_value());
  EXPECT_EQ(at(kNow + 1000, world.live()).ageSeconds, 940);
  EXPECT_FALSE(at(kNow, "").ageSeconds.has_value());
}

TEST_F(VerdictTest, AdvisesWhatToDo) {
  EXPECT_EQ(at(kNow + 1000, world.live()).advice, "advice.open-live-code");
  EXPECT_EQ(at(kNow, "hello").advice, "advice.show-liangma-code");
  EXPECT_EQ(withStatus(StatusEntry{CredentialStatus::Superseded}).advice, "advice.renew");
  EXPECT_EQ(withStatus(StatusEntry{CredentialStatus::Invalid}).advice, "advice.do-not-admit");
  EXPECT_EQ(at(trust->expiresAt, world.live()).advice, "advice.update-gate");
  EXPECT_EQ(show(Colour::Green).advice, "");
  for (const Errc code : allErrcs()) {
    const auto advice = adviceId(code);
    const bool good = code == Errc::Ok || code == Errc::ColourGreen;
    EXPECT_EQ(advice.empty(), good) << errcId(code);
    EXPECT_TRUE(good || advice.starts_with("advice.")) << errcId(code);
  }
}

TEST_F(VerdictTest, GivesAVerdictOnAnyText) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    const auto bytes = noise(seed % 90, seed);
    const std::string raw(bytes.begin(), bytes.end());
    for (const std::string_view prefix : {"", "LM1:", "LMP1:", "LMR1:", "LMS1:"}) {
      ASSERT_EQ(at(kNow, std::string(prefix) + raw).decision, Decision::Refuse);
      ASSERT_EQ(at(kNow, std::string(prefix) + encodeBase45(bytes)).decision, Decision::Refuse);
    }
  }
}

TEST_F(VerdictTest, NamesDecisionsAssurancesAndColours) {
  EXPECT_EQ(decisionId(Decision::Admit), "admit");
  EXPECT_EQ(decisionId(Decision::Check), "check");
  EXPECT_EQ(decisionId(Decision::Refuse), "refuse");
  EXPECT_EQ(assuranceId(Assurance::None), "none");
  EXPECT_EQ(assuranceId(Assurance::Challenge), "challenge");
  for (const auto colour : {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red})
    EXPECT_EQ(colourFromId(colourId(colour)), colour);
  EXPECT_FALSE(colourFromId("blue").has_value());
  for (int number = 1; number <= 8; ++number) {
    const auto claim = static_cast<IdentityClaim>(number);
    EXPECT_EQ(identityClaimFromId(identityClaimId(claim)), claim);
  }
  EXPECT_FALSE(identityClaimFromId("unknown").has_value());
  EXPECT_EQ(identityClaimId(static_cast<IdentityClaim>(9)), "unknown");
}

}  // namespace
}  // namespace liangma::test
