// SPDX-License-Identifier: Apache-2.0
//
// What the packs of tools/regions say, rule by rule, and what becomes of packs that are not right.
#include "liangma/region_pack.h"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr UnixSeconds kDay = 86400;
constexpr const char* kRegions[] = {"000000", "310000", "320000", "330000", "330100", "330110", "340000",
                                    "410000", "430000", "440403", "460000", "500000", "510000"};
constexpr const char* kScenes[] = {
    "public-transport", "community",    "office", "building-site", "mall",    "station",
    "motorway-exit",    "village-exit", "school", "dine-in",       "hospital"};
constexpr Colour kColours[] = {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red};

std::string packText(const std::string& region) {
  std::ifstream file("tools/regions/" + region + ".json");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

RegionPack readPack(const std::string& region) {
  PackFault fault;
  auto pack = RegionPack::parse(packText(region), &fault);
  EXPECT_TRUE(pack.ok()) << region << fault.place << " " << fault.message;
  return std::move(pack).value();
}

class Packs : public testing::Test {
 protected:
  Packs() {
    for (const auto* region : kRegions) packs.keep(readPack(region));
  }

  /// The answer to a code of the place's own: "admit", or with the rule "admit AR-330100-GREEN".
  std::string at(std::string_view place, std::string_view scene, Colour colour,
                 const Agreement* agreement = nullptr, bool withRule = false) const {
    const auto said = packs.admit({scene, place, colour, place, place, Assurance::Time, agreement, kNow});
    if (!said.ok()) return std::string(refusalId(said));
    return std::string(decisionId(said->decision)) + (withRule ? " " + said->rule : "");
  }
  void everywhereBut(std::initializer_list<std::string_view> exceptions, std::string_view place,
                     Colour colour, std::string_view expected) const {
    for (const auto* scene : kScenes) {
      if (std::find(exceptions.begin(), exceptions.end(), scene) == exceptions.end()) {
        EXPECT_EQ(at(place, scene, colour), expected) << scene;
      }
    }
  }
  Colouring colour(std::string_view place, const char* declaration, const char* facts = "{}") const {
    return packs.colour(place, declaration, facts, kNow).value();
  }
  std::string colourAt(std::string_view place, const char* declaration, const char* facts = "{}") const {
    const auto said = colour(place, declaration, facts);
    return std::string(colourId(said.colour)) + " " +
           std::to_string(said.until == 0 ? 0 : (said.until - kNow) / kDay);
  }

  RegionPacks packs;
};

// ---- Hangzhou

TEST_F(Packs, HangzhouGreenPasses) {
  everywhereBut({}, "330100", Colour::Green, "admit");
  EXPECT_EQ(at("330106", "mall", Colour::Green, nullptr, true), "admit AR-330100-GREEN");
}

TEST_F(Packs, HangzhouRedIsFourteenDaysOfIsolation) {
  EXPECT_EQ(colourAt("330100", R"({"symptoms":"none"})", R"({"contact":"close"})"), "red 14");
  everywhereBut({"hospital"}, "330100", Colour::Red, "refuse");
  EXPECT_EQ(at("330100", "hospital", Colour::Red), "check");
}

TEST_F(Packs, HangzhouYellowIsUpToSevenDaysOfIsolation) {
  EXPECT_EQ(colourAt("330100", R"({"symptoms":"none"})", R"({"areaAtRisk":true})"), "yellow 7");
  everywhereBut({"hospital", "community"}, "330100", Colour::Yellow, "refuse");
}

TEST_F(Packs, HangzhouGreenHasNoEndByTimeAlone) {
  EXPECT_EQ(colourAt("330100", R"({"symptoms":"none"})"), "green 0");
}

TEST_F(Packs, NobodyIsGreenWithoutADeclaration) {
  for (const auto* region : kRegions) EXPECT_EQ(colourAt(region, "{}"), "pending 0") << region;
}

// ---- Yuhang

TEST_F(Packs, YuhangIsActivatedAtACheckpointAfterIdComparisonAndTemperature) {
  const char* declared = R"({"symptoms":"none"})";
  EXPECT_EQ(colourAt("330110", declared), "pending 0");
  EXPECT_EQ(colourAt("330110", declared, R"({"checkpoint":{"idCompared":true}})"), "pending 0");
  EXPECT_EQ(colourAt("330110", declared, R"({"checkpoint":{"temperatureNormal":true}})"), "pending 0");
  EXPECT_EQ(colourAt("330110", declared, R"({"checkpoint":{"idCompared":true,"temperatureNormal":true}})"),
            "green 0");
  EXPECT_EQ(at("330110", "village-exit", Colour::Pending, nullptr, true), "check AR-330110-PENDING");
}

TEST_F(Packs, YuhangActivationMakesNobodyGreenWhomHangzhouCallsRed) {
  const char* facts = R"({"contact":"close","checkpoint":{"idCompared":true,"temperatureNormal":true}})";
  EXPECT_EQ(colourAt("330110", R"({"symptoms":"none"})", facts), "red 14");
}

TEST_F(Packs, YuhangFollowsHangzhouInAllElse) {
  for (const auto* scene : kScenes)
    for (const auto colour : {Colour::Green, Colour::Yellow, Colour::Red})
      EXPECT_EQ(at("330110", scene, colour), at("330100", scene, colour)) << scene;
}

// ---- Doumen

TEST_F(Packs, DoumenGreenTakesPublicTransport) {
  EXPECT_EQ(at("440403", "public-transport", Colour::Green, nullptr, true), "admit AR-440403-GREEN");
}

TEST_F(Packs, DoumenGreenEntersBuildingSitesAndCrowdsAndDinesIn) {
  for (const auto* scene : {"building-site", "mall", "dine-in"})
    EXPECT_EQ(at("440403", scene, Colour::Green, nullptr, true), "admit AR-440403-GREEN") << scene;
}

TEST_F(Packs, DoumenYellowCommutesOnly) {
  for (const auto* scene : {"office", "community"})
    EXPECT_EQ(at("440403", scene, Colour::Yellow), "admit") << scene;
  everywhereBut({"office", "community", "hospital"}, "440403", Colour::Yellow, "refuse");
}

TEST_F(Packs, DoumenYellowNeverTakesPublicTransport) {
  EXPECT_EQ(at("440403", "public-transport", Colour::Yellow, nullptr, true), "refuse AR-440403-YELLOW");
}

TEST_F(Packs, DoumenRedIsolates) {
  everywhereBut({"hospital"}, "440403", Colour::Red, "refuse");
  EXPECT_EQ(at("440403", "office", Colour::Red, nullptr, true), "refuse AR-440403-RED");
}

TEST_F(Packs, DoumenDineInTakesGreenAloneAndOneGuestLeavesNameAndContact) {
  EXPECT_EQ(at("440403", "dine-in", Colour::Green), "admit");
  for (const auto colour : {Colour::Yellow, Colour::Red})
    EXPECT_EQ(at("440403", "dine-in", colour), "refuse");
  EXPECT_TRUE(packs.findScene("440403", "dine-in")->leavesContact);
  EXPECT_FALSE(packs.findScene("330100", "dine-in")->leavesContact);
}

// ---- all

TEST_F(Packs, EveryRegionHasEverySceneInEveryLanguage) {
  for (const auto* region : kRegions) {
    EXPECT_EQ(packs.scenesAt(region).size(), std::size(kScenes)) << region;
    for (const auto* id : kScenes) {
      const auto* scene = packs.findScene(region, id);
      ASSERT_NE(scene, nullptr) << region << " " << id;
      for (const auto* language : {"zh-Hans", "en"}) EXPECT_EQ(scene->scene.names.count(language), 1u);
    }
    EXPECT_EQ(packs.recordDaysAt(region), 14u);
  }
}

TEST_F(Packs, EveryRegionAnswersEveryColourAtEveryScene) {
  for (const auto* region : kRegions)
    for (const auto* scene : kScenes) {
      for (const auto colour : kColours)
        EXPECT_EQ(at(region, scene, colour, nullptr, true).find("rule."), std::string::npos);
      EXPECT_EQ(at(region, scene, Colour::Green), "admit") << region << " " << scene;
      EXPECT_EQ(at(region, scene, Colour::Red), std::string_view(scene) == "hospital" ? "check" : "refuse")
          << region;
    }
}

TEST_F(Packs, RedIsSeenAtAHospitalEverywhere) {
  for (const auto* region : kRegions) EXPECT_EQ(at(region, "hospital", Colour::Red), "check") << region;
}

TEST_F(Packs, HunanAndSichuanTakeAWorkersZhejiangCodeWithAProofOfTheJob) {
  const Agreement workers{"zhejiang-workers", RecognitionPath::Shared, true, "workers"};
  for (const auto* host : {"430000", "510000"}) {
    EXPECT_EQ(at(host, "station", Colour::Green, &workers), "check");
    EXPECT_EQ(at(host, "station", Colour::Yellow, &workers), "refuse");
    EXPECT_EQ(at(host, "station", Colour::Green), "admit");
  }
}

TEST_F(Packs, ZhejiangAndHenanHoldGuestsToTheirOwnRules) {
  const Agreement guest{"zhejiang-henan", RecognitionPath::Shared, true, std::nullopt};
  for (const auto* host : {"330000", "410000"}) {
    EXPECT_EQ(at(host, "station", Colour::Green, &guest), "admit");
    EXPECT_EQ(at(host, "station", Colour::Yellow, &guest), "refuse");
    EXPECT_EQ(at(host, "station", Colour::Yellow), "check");
  }
}

TEST_F(Packs, ARuleOutOfItsTimeIsSilent) {
  AdmissionFacts facts{"mall", "330100", Colour::Green, "330100", "330100", Assurance::Time, nullptr, 0};
  EXPECT_EQ(packs.admit(facts).value().decision, Decision::Refuse);
  EXPECT_EQ(packs.admit(facts).value().rule, "");
  facts.now = 1580486400;  // 2020-02-01T00:00:00+08:00
  EXPECT_EQ(packs.admit(facts).value().rule, "AR-330100-GREEN");
  --facts.now;
  EXPECT_EQ(packs.admit(facts).value().rule, "");
}

TEST_F(Packs, APlaceWithoutAPackHasTheHubs) {
  EXPECT_EQ(at("110101", "mall", Colour::Yellow, nullptr, true), "check AR-000000-OPEN");
  EXPECT_EQ(packs.at("330206").front()->region(), "330000");
  EXPECT_EQ(at("330100", "casino", Colour::Green), "scene.unknown");
  EXPECT_EQ(
      RegionPacks().admit({"mall", "330100", Colour::Green, "", "", Assurance::Time, nullptr, kNow}).code(),
      Errc::SceneUnknown);
}

/// A region goes live by a JSON file alone: Xiamen, with a scene and a rule that no other has.
TEST_F(Packs, OneMoreRegionIsAJsonFileAndNothingElse) {
  const auto* text = R"({"format":1,"region":"350200","version":1,"base":"000000",
    "names":{"zh-Hans":"厦门市","en":"Xiamen"},"codeNames":{"zh-Hans":"厦门健康码","en":"Xiamen health code"},
    "scenes":[{"id":"ferry","names":{"zh-Hans":"轮渡","en":"Ferry"},"required":"time","windowSeconds":10,"assumption":true}],
    "rules":[{"identifier":"AR-350200-FERRY","type":"Admission","region":"350200","version":"1.0.0",
      "engine":"CERTLOGIC","engineVersion":"1.0.0","validFrom":"2020-02-01T00:00:00Z","validTo":"2030-01-01T00:00:00Z",
      "description":{"zh-Hans":"轮渡只认绿码","en":"Green alone takes the ferry"},"affectedFields":["code.colour","scene"],
      "assumption":true,"logic":{"if":[{"===":[{"var":"scene"},"ferry"]},
        {"if":[{"===":[{"var":"code.colour"},"green"]},"admit","refuse"]},false]}}]})";
  EXPECT_EQ(at("350203", "ferry", Colour::Green), "scene.unknown");
  World world;
  auto content = world.content();
  EXPECT_REFUSED("pack.not-listed", openRegionPack(text, content));
  content.packs = {{"350200", 1, packHash(text)}};
  const auto trust = world.trust(content);
  auto pack = openRegionPack(text, trust.content());
  ASSERT_TRUE(pack.ok()) << refusalId(pack);
  packs.keep(std::move(pack).value());
  EXPECT_EQ(at("350203", "ferry", Colour::Green, nullptr, true), "admit AR-350200-FERRY");
  EXPECT_EQ(at("350203", "ferry", Colour::Yellow), "refuse");
  EXPECT_EQ(at("350203", "mall", Colour::Yellow, nullptr, true), "check AR-000000-OPEN");
  EXPECT_EQ(packs.findScene("350203", "ferry")->scene.windowSeconds, 10u);
  EXPECT_EQ(packs.findRule("350203", "AR-350200-FERRY")->description.at("en"), "Green alone takes the ferry");
}

// ---- packs that are not right

class PackReading : public testing::Test {
 protected:
  /// The id and the place of the fault, after `change` was made to Doumen's pack.
  template <class Change>
  std::string faultAfter(Change change) const {
    auto json = Json::parse(packText("440403"));
    change(json);
    PackFault fault;
    const auto pack = RegionPack::parse(json.dump(), &fault);
    return std::string(refusalId(pack)) + " " + fault.place;
  }
};

TEST_F(PackReading, NamesThePlaceOfWhatIsWrong) {
  EXPECT_EQ(faultAfter([](Json&) {}), "ok ");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["extra"] = 1; }), "pack.shape ");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["format"] = 2; }), "pack.shape /format");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["region"] = "44040"; }), "pack.shape /region");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["base"] = "440403"; }), "pack.shape /base");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["names"].erase("en"); }), "pack.shape /names");
  EXPECT_EQ(faultAfter([](Json& pack) { pack.erase("scenes"); }), "pack.shape /scenes");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["scenes"][0]["required"] = "paper"; }),
            "pack.shape /scenes/0/required");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["scenes"][0]["windowSeconds"] = 0; }),
            "pack.shape /scenes/0/windowSeconds");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["scenes"].push_back(pack["scenes"][0]); }),
            "pack.shape /scenes");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"].push_back(pack["rules"][0]); }), "pack.shape /rules");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"][1]["region"] = "330100"; }),
            "pack.shape /rules/1/region");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"][1].erase("source"); }), "pack.shape /rules/1/source");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"][1]["validTo"] = "soon"; }),
            "pack.shape /rules/1/validTo");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"][0]["engineVersion"] = "1"; }),
            "pack.shape /rules/0/engineVersion");
}

TEST_F(PackReading, NamesThePlaceOfAMalformedRule) {
  EXPECT_EQ(faultAfter([](Json& pack) {
              pack["rules"][2]["logic"] = {{"or", {true, false}}};
            }),
            "rule.malformed /rules/2/logic");
  EXPECT_EQ(faultAfter([](Json& pack) { pack["rules"][0]["logic"]["if"][0]["and"][1] = nullptr; }),
            "rule.malformed /rules/0/logic/if/0/and/1");
}

TEST_F(PackReading, RefusesWhatIsNoJson) {
  for (const auto text : {"", "{", "[]x", R"({"format":1,"format":1})"})
    EXPECT_REFUSED("json.malformed", RegionPack::parse(text)) << text;
  EXPECT_REFUSED("pack.shape", RegionPack::parse("[]"));
  EXPECT_REFUSED("pack.shape", RegionPack::parse("1"));
}

TEST_F(PackReading, ARuleThatGivesNoAnswerOfItsKindRefuses) {
  for (const auto* answer : {R"("perhaps")", "1", "true"}) {
    auto json = Json::parse(packText("000000"));
    json["rules"][0]["logic"] = Json::parse(answer);
    RegionPacks packs;
    packs.keep(RegionPack::parse(json.dump()).value());
    EXPECT_REFUSED("rule.type",
                   packs.admit({"mall", "000000", Colour::Green, "", "", Assurance::Time, nullptr, kNow}))
        << answer;
  }
}

}  // namespace
}  // namespace liangma::test
