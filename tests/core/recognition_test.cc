// SPDX-License-Identifier: Apache-2.0
//
// Whose codes a place takes, by the agreements of tools/regions/recognitions.json.
#include <fstream>

#include <nlohmann/json.hpp>

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

using Json = nlohmann::json;

Recognition readAgreement(const Json& json) {
  Recognition agreement;
  agreement.id = json.at("id").get<std::string>();
  agreement.names = json.at("names").get<Names>();
  for (const auto path : {RecognitionPath::Shared, RecognitionPath::Hub, RecognitionPath::Adopt})
    if (json.at("path") == recognitionPathId(path)) agreement.path = path;
  agreement.hosts = json.at("hosts").get<std::vector<std::string>>();
  agreement.guests = json.at("guests").get<std::vector<std::string>>();
  if (json.contains("hub")) agreement.hub = json.at("hub").get<std::string>();
  if (json.contains("group")) agreement.group = json.at("group").get<std::string>();
  agreement.since = json.at("since").get<UnixSeconds>();
  agreement.until = json.at("until").get<UnixSeconds>();
  agreement.underHostRules = json.at("rules") == "host";
  return agreement;
}

std::vector<Recognition> seedAgreements() {
  std::ifstream file("tools/regions/recognitions.json");
  std::vector<Recognition> agreements;
  const auto json = Json::parse(file);
  for (const auto& each : json.at("recognitions")) agreements.push_back(readAgreement(each));
  return agreements;
}

class RecognitionTest : public testing::Test {
 protected:
  RecognitionTest() : content(world.content()) {
    content.recognitions = seedAgreements();
    content.issuers[0].id = "CN-LOCAL";
    for (const auto& agreement : content.recognitions)
      for (const auto& host : agreement.hosts) content.issuers[0].regions.push_back(host);
    content.issuers.push_back(content.issuers[0]);
    content.issuers[1].id = "000000";
  }

  Verdict scan(std::string_view place, const std::string& issuer, const std::string& region,
               const AdmissionRules* rules = nullptr) const {
    auto claims = world.claims();
    claims.issuer = issuer;
    claims.code.region = region;
    const auto trust = world.trust(content);
    VerifyContext context{trust, kNow + 61};
    context.place = place;
    context.rules = rules;
    return verify(*makeLiveCode(world.credential(claims), world.device, kNow + 60), context);
  }
  /// "admit own", "admit yangtze-delta shared issuer" or the reason of a refusal.
  std::string by(std::string_view place, const std::string& region,
                 const std::string& issuer = "CN-LOCAL") const {
    const auto verdict = scan(place, issuer, region);
    if (verdict.decision == Decision::Refuse) return std::string(refusalId(verdict));
    const std::string decision(decisionId(verdict.decision));
    if (!verdict.agreement) return decision + " own";
    const auto& agreement = *verdict.agreement;
    return decision + " " + agreement.id + " " + std::string(recognitionPathId(agreement.path)) +
           (agreement.underHostRules ? " host" : " issuer") + (agreement.group ? " " + *agreement.group : "");
  }

  World world;
  TrustContent content;
};

TEST_F(RecognitionTest, ACodeIsThePlacesOwnWhereOneAreaLiesInTheOther) {
  EXPECT_EQ(by("330100", "330100"), "admit own");
  EXPECT_EQ(by("330110", "330100"), "admit own");
  EXPECT_EQ(by("330100", "330110"), "admit own");
  EXPECT_EQ(by("330106", "330000"), "admit own");
}

TEST_F(RecognitionTest, TheYangtzeDeltaTakesEachOthersCodes) {
  for (const auto* host : {"310000", "320000", "330000", "340000"})
    for (const auto* guest : {"310000", "320000", "330000", "340000"})
      EXPECT_EQ(by(host, guest),
                std::string_view(host) == guest ? "admit own" : "admit yangtze-delta shared issuer");
  EXPECT_EQ(by("310115", "330100"), "admit yangtze-delta shared issuer");
  EXPECT_EQ(by("330200", "330100"), "admit yangtze-delta shared issuer");
}

TEST_F(RecognitionTest, ZhejiangAndHenanTakeEachOthersUnderTheHostsOwnRules) {
  EXPECT_EQ(by("410100", "330100"), "admit zhejiang-henan shared host");
  EXPECT_EQ(by("330100", "410100"), "admit zhejiang-henan shared host");
}

TEST_F(RecognitionTest, HainanAndZhejiangNeedNoSecondApplication) {
  EXPECT_EQ(by("460100", "330100"), "admit hainan-zhejiang shared issuer");
  EXPECT_EQ(by("330100", "460100"), "admit hainan-zhejiang shared issuer");
}

TEST_F(RecognitionTest, HunanAndSichuanTakeZhejiangsForTravellingWorkers) {
  EXPECT_EQ(by("430100", "330100"), "admit zhejiang-workers shared host workers");
  EXPECT_EQ(by("510100", "330100"), "admit zhejiang-workers shared host workers");
  EXPECT_EQ(by("330100", "430100"), "recognition.none");
}

TEST_F(RecognitionTest, TheHubsCodeIsGoodInEveryProvinceOfItsAgreement) {
  EXPECT_EQ(by("330100", "410100", "000000"), "admit national-hub hub issuer");
  EXPECT_EQ(by("500000", "330100", "000000"), "admit national-hub hub issuer");
  EXPECT_EQ(by("330100", "330100", "000000"), "admit national-hub hub issuer");
}

TEST_F(RecognitionTest, ARegionWithoutACodeAdoptsTheHubs) {
  EXPECT_EQ(by("540100", "330100", "000000"), "admit national-code adopt issuer");
  EXPECT_EQ(by("540100", "330100"), "recognition.none");
}

TEST_F(RecognitionTest, ARegionWithoutAnAgreementIsRefused) {
  EXPECT_EQ(by("500000", "330100"), "recognition.none");
  EXPECT_EQ(by("330100", "510100"), "recognition.none");
  EXPECT_EQ(by("810000", "330100", "000000"), "recognition.none");
  EXPECT_FALSE(scan("500000", "CN-LOCAL", "330100").code.has_value());
}

TEST_F(RecognitionTest, AnAgreementHoldsInItsTimeAlone) {
  content.recognitions[0].since = kNow + 62;
  EXPECT_EQ(by("310000", "330100"), "recognition.none");
  content.recognitions[0].since = kNow + 61;
  EXPECT_EQ(by("310000", "330100"), "admit yangtze-delta shared issuer");
  content.recognitions[0].until = kNow + 62;
  EXPECT_EQ(by("310000", "330100"), "admit yangtze-delta shared issuer");
  content.recognitions[0].since = kNow;
  content.recognitions[0].until = kNow + 61;
  EXPECT_EQ(by("310000", "330100"), "recognition.none");
}

TEST_F(RecognitionTest, NothingIsAskedWhereThePlaceIsNotSaid) {
  EXPECT_EQ(by("", "510100"), "admit own");
}

/// Rules that say what they were asked.
class Echo : public AdmissionRules {
 public:
  Result<Admission> admit(const AdmissionFacts& facts) const override {
    asked = std::string(facts.place) + " " + std::string(facts.issuer) + " " + std::string(facts.region) +
            " " + (facts.agreement != nullptr ? facts.agreement->id : "own");
    return answer;
  }
  mutable std::string asked;
  Result<Admission> answer = Admission{Decision::Check, "AR-1"};
};

TEST_F(RecognitionTest, TheRulesOfThePlaceSeeTheAgreementAndDecide) {
  Echo rules;
  const auto verdict = scan("410100", "CN-LOCAL", "330100", &rules);
  EXPECT_EQ(rules.asked, "410100 CN-LOCAL 330100 zhejiang-henan");
  EXPECT_EQ(summary(verdict), "check colour.green");
  EXPECT_EQ(verdict.rule, "AR-1");
  EXPECT_EQ(verdict.advice, "advice.ask-in-charge");
  for (const auto code : {Errc::RuleType, Errc::RuleBudget, Errc::SceneUnknown}) {
    rules.answer = code;
    EXPECT_REFUSED(errcId(code), scan("410100", "CN-LOCAL", "330100", &rules));
  }
}

TEST_F(RecognitionTest, TheTrustListKeepsEveryAgreementAndPackAndRefusesWrongOnes) {
  content.packs = {{"330100", 3, {}}, {"330000", 1, {}}};
  const auto trust = world.trust(content);
  ASSERT_EQ(trust->recognitions.size(), content.recognitions.size());
  EXPECT_EQ(world.signedTrust(trust.content()), world.signedTrust(content));
  EXPECT_EQ(trust->packs[0].version, 3u);

  const auto refused = [&](auto change) {
    auto changed = content;
    change(changed);
    const SigningKey* keys[] = {&world.root};
    return signTrustList(changed, keys);
  };
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[0].hosts.clear(); }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[0].hosts[0] = "33"; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[0].hub = "000000"; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[4].hub.reset(); }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[0].until = 0; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[3].group = "Workers"; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.recognitions[1].id = "yangtze-delta"; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.packs[0].version = 0; }));
  EXPECT_REFUSED("trust.shape", refused([](auto& list) { list.packs[0].id = "hangzhou"; }));
}

}  // namespace
}  // namespace liangma::test
