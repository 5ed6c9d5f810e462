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

  /// The colour and the rule that gave it.
  std::string ruleAt(std::string_view place, const char* declaration, const char* facts = "{}") const {
    const auto said = colour(place, declaration, facts);
    return std::string(colourId(said.colour)) + " " + said.rule;
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

TEST_F(Packs, HangzhouYellowEndsAfterFiveGoodCheckInsInARow) {
  const char* declared = R"({"symptoms":"none"})";
  EXPECT_EQ(colourAt("330100", declared, R"({"areaAtRisk":true,"checkIns":4})"), "yellow 7");
  EXPECT_EQ(colourAt("330100", declared, R"({"areaAtRisk":true,"checkIns":5})"), "yellow 5");
  EXPECT_EQ(colourAt("330100", declared, R"({"contact":"close","checkIns":13})"), "red 14");
}

TEST_F(Packs, HangzhouFeverAfterAnAreaAtRiskIsRed) {
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"fever"})"), "yellow CR-000000-COLOUR-YELLOW");
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"fever","areaAtRisk":true})"), "red CR-330100-FEVER-AT-RISK");
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"fever"})", R"({"areaAtRisk":true})"),
            "red CR-330100-FEVER-AT-RISK");
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"cough","areaAtRisk":true})"), "yellow CR-330000-AREA");
}

TEST_F(Packs, HangzhouATemperatureAtACheckInIsYellow) {
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"none","temperature":"high"})"), "yellow CR-330100-TEMPERATURE");
  EXPECT_EQ(
      ruleAt("330100", R"({"symptoms":"none","contact":false,"areaAtRisk":false,"temperature":"normal"})"),
      "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"none","temperature":"normal"})"), "pending ")
      << "a check-in alone says nothing of contacts";
}

// ---- Zhejiang

TEST_F(Packs, ZhejiangADeclaredContactIsRed) {
  EXPECT_EQ(ruleAt("330000", R"({"symptoms":"none","contact":true})"), "red CR-330000-CONTACT");
  EXPECT_EQ(ruleAt("330000", R"({"symptoms":"none","contact":false,"areaAtRisk":false})"),
            "green CR-000000-COLOUR-GREEN");
}

TEST_F(Packs, ZhejiangAStayInAnAreaAtRiskIsYellow) {
  EXPECT_EQ(ruleAt("330000", R"({"symptoms":"none","areaAtRisk":true})"), "yellow CR-330000-AREA");
}

TEST_F(Packs, ZhejiangAJourneyFromARegionOnTheListIsYellow) {
  const char* declared = R"({"symptoms":"none","contact":false,"areaAtRisk":false,"fromRegion":"420100"})";
  EXPECT_EQ(ruleAt("330000", declared, R"({"areasAtRisk":["420100"]})"), "yellow CR-330000-JOURNEY");
  EXPECT_EQ(ruleAt("330000", declared, R"({"areasAtRisk":["310000"]})"), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(ruleAt("330000", declared), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(ruleAt("330000", R"({"symptoms":"none","contact":false,"areaAtRisk":false})",
                   R"({"areasAtRisk":["420100"]})"),
            "green CR-000000-COLOUR-GREEN");
}

TEST_F(Packs, ZhejiangAJourneyOfMoreThanFourteenDaysAgoIsPast) {
  const auto from = [&](const std::string& day) {
    const std::string declared = R"({"symptoms":"none","contact":false,"areaAtRisk":false,)"
                                 R"("fromRegion":"420100","departedOn":")" +
                                 day + "\"}";
    return ruleAt("330000", declared.c_str(), R"({"areasAtRisk":["420100"]})");
  };
  EXPECT_EQ(from("2020-02-21"), "yellow CR-330000-JOURNEY");
  EXPECT_EQ(from("2020-02-08"), "yellow CR-330000-JOURNEY");
  EXPECT_EQ(from("2020-02-06"), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(from("2099-01-01"), "green CR-000000-COLOUR-GREEN") << "not yet";
}

TEST_F(Packs, ZhejiangABorderEntryIsYellow) {
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"none"})", R"({"borderEntry":true})"), "yellow CR-330000-BORDER");
}

TEST_F(Packs, RedAndYellowTurnGreenWhenTheirTimeHasPassed) {
  for (const auto* ended : {R"({"ended":"red"})", R"({"ended":"yellow"})"})
    EXPECT_EQ(ruleAt("330100", "{}", ended), "green CR-000000-ENDED");
  EXPECT_EQ(ruleAt("330100", R"({"symptoms":"fever"})", R"({"ended":"yellow"})"),
            "yellow CR-000000-COLOUR-YELLOW");
  EXPECT_EQ(ruleAt("330110", "{}", R"({"ended":"yellow"})"), "pending CR-330110-ACTIVATION");
}

TEST_F(Packs, HangzhouGreenHasNoEndByTimeAlone) {
  EXPECT_EQ(colourAt("330100", R"({"symptoms":"none","contact":false,"areaAtRisk":false})"), "green 0");
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

TEST_F(Packs, DoumenGreenEntersBuildingSites) {
  EXPECT_EQ(at("440403", "building-site", Colour::Green, nullptr, true), "admit AR-440403-GREEN");
}

TEST_F(Packs, DoumenGreenEntersCrowds) {
  EXPECT_EQ(at("440403", "mall", Colour::Green, nullptr, true), "admit AR-440403-GREEN");
}

TEST_F(Packs, DoumenGreenDinesIn) {
  EXPECT_EQ(at("440403", "dine-in", Colour::Green, nullptr, true), "admit AR-440403-GREEN");
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

TEST_F(Packs, DoumenDineInTakesNeitherYellowNorRed) {
  for (const auto colour : {Colour::Yellow, Colour::Red})
    EXPECT_EQ(at("440403", "dine-in", colour), "refuse");
}

TEST_F(Packs, DoumenDineInHasOneGuestATableLeaveNameAndContact) {
  EXPECT_TRUE(packs.findScene("440403", "dine-in")->leavesContact);
  EXPECT_FALSE(packs.findScene("330100", "dine-in")->leavesContact);
}

// ---- all

TEST_F(Packs, RedLastsFourteenDaysAndYellowSevenEverywhere) {
  for (const auto* region : kRegions) {
    EXPECT_EQ(colourAt(region, R"({"symptoms":"none"})", R"({"contact":"close"})"), "red 14") << region;
    EXPECT_EQ(colourAt(region, R"({"symptoms":"none"})", R"({"areaAtRisk":true})"), "yellow 7") << region;
  }
}

TEST_F(Packs, JiangsusCodeIsTheSukangCode) {
  EXPECT_EQ(packs.at("320100").front()->codeNames().at("zh-Hans"), "苏康码");
}

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

TEST_F(Packs, WhereAListedPackIsMissingNoOtherOneDecides) {
  World world;
  auto content = world.content();
  content.packs = {{"000000", 1, {}}, {"330100", 1, {}}, {"330106", 1, {}}};
  const auto trust = world.trust(content);
  EXPECT_EQ(packs.missingAt("330110", trust.content()), nullptr);
  ASSERT_NE(packs.missingAt("330106", trust.content()), nullptr);
  EXPECT_EQ(packs.missingAt("330106", trust.content())->id, "330106");
  EXPECT_EQ(RegionPacks().missingAt("110101", trust.content())->id, "000000");
  RegionPacks baseless;
  baseless.keep(readPack("330110"));
  content.packs = {{"330110", 1, {}}, {readPack("330110").base(), 1, {}}};
  EXPECT_EQ(baseless.missingAt("330110", content)->id, readPack("330110").base());

  AdmissionFacts facts{"mall", "330106", Colour::Green, "330100", "330100", Assurance::Time, nullptr, kNow};
  EXPECT_TRUE(packs.admit(facts).ok()) << "without a list, what is at hand is all there is";
  facts.trust = &trust.content();
  EXPECT_REFUSED("pack.missing", packs.admit(facts));

  VerifyContext context{trust, kNow + 60, &packs.findScene("330100", "mall")->scene};
  context.rules = &packs;
  context.place = "330110";
  EXPECT_EQ(verify(world.live(), context).decision, Decision::Admit);
  context.place = "330106";
  const auto verdict = verify(world.live(), context);
  EXPECT_REFUSED("pack.missing", verdict);
  EXPECT_EQ(verdict.advice, "advice.update-gate");
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

// ---- forms and directories

TEST_F(Packs, EveryRegionHasFormsForHealthJourneysAndCheckIns) {
  for (const auto* region : kRegions)
    for (const auto* id : {"health", "journey", "check-in"}) {
      const auto* form = packs.findForm(region, id);
      ASSERT_NE(form, nullptr) << region << " " << id;
      EXPECT_FALSE(form->fields.empty());
    }
  EXPECT_EQ(packs.findForm("330110", "health")->names.at("en"), "Yuhang: declare your health");
  EXPECT_EQ(packs.findForm("330106", "health")->names.at("en"), "Hangzhou: declare your health");
  EXPECT_EQ(packs.findForm("330206", "health")->names.at("en"), "Zhejiang: declare your health");
  EXPECT_EQ(packs.findForm("310000", "health")->names.at("en"), "Declare your health");
  EXPECT_EQ(packs.findForm("330100", "tax"), nullptr);
}

/// A declaration that fills in every required field: the first choice, no, today, this region.
Json filledIn(const DeclarationForm& form) {
  Json declaration = Json::object();
  for (const auto& field : form.fields) {
    if (!field.isRequired) continue;
    if (field.type == FieldType::Choice) declaration[field.id] = field.choices.front().id;
    if (field.type == FieldType::Choices) declaration[field.id] = {field.choices.front().id};
    if (field.type == FieldType::YesNo) declaration[field.id] = false;
    if (field.type == FieldType::Text) declaration[field.id] = "x";
    if (field.type == FieldType::Date) declaration[field.id] = "2020-02-21";
    if (field.type == FieldType::Region) declaration[field.id] = "330106";
  }
  return declaration;
}

TEST_F(Packs, AHealthFormFilledInGivesAColourEverywhere) {
  for (const auto* region : kRegions) {
    const auto declaration = filledIn(*packs.findForm(region, "health")).dump();
    EXPECT_TRUE(checkDeclaration(*packs.findForm(region, "health"), declaration).ok()) << region;
    EXPECT_EQ(ruleAt(region, declaration.c_str()), std::string_view(region) == "330110"
                                                       ? "pending CR-330110-ACTIVATION"
                                                       : "green CR-000000-COLOUR-GREEN");
  }
}

TEST_F(Packs, ADeclarationThatIsNotOfItsFormIsRefusedWithItsPlace) {
  const auto& form = *packs.findForm("330100", "journey");
  const auto faultAfter = [&](auto change) {
    auto declaration = filledIn(form);
    change(declaration);
    PackFault fault;
    const auto status = checkDeclaration(form, declaration.dump(), &fault);
    return std::string(refusalId(status)) + " " + fault.place;
  };
  EXPECT_EQ(faultAfter([](Json&) {}), "ok ");
  EXPECT_EQ(faultAfter([](Json& json) { json["transportNumber"] = "G1234"; }), "ok ");
  EXPECT_EQ(faultAfter([](Json& json) { json["wings"] = true; }), "declaration.shape ");
  EXPECT_EQ(faultAfter([](Json& json) { json.erase("transport"); }), "declaration.shape /transport");
  EXPECT_EQ(faultAfter([](Json& json) { json["transport"] = "broom"; }), "declaration.shape /transport");
  EXPECT_EQ(faultAfter([](Json& json) { json["transport"] = {"train"}; }), "declaration.shape /transport");
  EXPECT_EQ(faultAfter([](Json& json) { json["departedOn"] = "2020-02-30"; }),
            "declaration.shape /departedOn");
  EXPECT_EQ(faultAfter([](Json& json) { json["departedOn"] = "2020"; }), "declaration.shape /departedOn");
  EXPECT_EQ(faultAfter([](Json& json) { json["fromRegion"] = "33010"; }), "declaration.shape /fromRegion");
  EXPECT_EQ(faultAfter([](Json& json) { json["transportNumber"] = std::string(201, 'x'); }),
            "declaration.shape /transportNumber");
  EXPECT_EQ(faultAfter([](Json& json) { json["transportNumber"] = "a\nb"; }),
            "declaration.shape /transportNumber");
  EXPECT_EQ(faultAfter([](Json& json) { json = Json::array(); }), "declaration.shape ");
  EXPECT_REFUSED("json.malformed", checkDeclaration(form, "{"));
}

TEST(DeclarationTest, ChoicesAreAnArrayWithoutTwinsAndYesOrNoIsABoolean) {
  const DeclarationForm form{"health",
                             {},
                             {{"signs", {}, FieldType::Choices, true, {{"fever", {}}, {"cough", {}}}},
                              {"ill", {}, FieldType::YesNo, false, {}}}};
  for (const auto* good : {R"({"signs":[]})", R"({"signs":["cough","fever"],"ill":true})"})
    EXPECT_TRUE(checkDeclaration(form, good).ok()) << good;
  for (const auto* bad :
       {R"({"signs":["fever","fever"]})", R"({"signs":["hope"]})", R"({"signs":"fever"})",
        R"({"signs":{"fever":1}})", R"({"signs":[],"ill":"true"})", R"({"signs":[],"ill":1})"})
    EXPECT_REFUSED("declaration.shape", checkDeclaration(form, bad)) << bad;
}

TEST_F(Packs, ARegionListsItsOwnAndItsBases) {
  const auto ids = [&](std::string_view place, ListingKind kind) {
    std::string text;
    for (const auto* listing : packs.listingsAt(place, kind)) text += listing->id + " ";
    return text;
  };
  EXPECT_EQ(ids("330110", ListingKind::Service), "checkpoints appeal government-services ");
  EXPECT_EQ(ids("330106", ListingKind::Hospital), "hz-first hz-west ");
  EXPECT_EQ(ids("330106", ListingKind::HelpLine), "government-line ambulance health-line ");
  EXPECT_EQ(ids("330106", ListingKind::News), "start ");
  EXPECT_EQ(ids("310000", ListingKind::Service), "");
  const auto& hospital = *packs.listingsAt("330106", ListingKind::Hospital).front();
  EXPECT_EQ(hospital.verifier, "hz-first");
  EXPECT_EQ(packs.listingsAt("330106", ListingKind::HelpLine).front()->names.at("en"),
            "Hangzhou citizens' line");
  EXPECT_EQ(packs.listingsAt("330106", ListingKind::News).front()->publishedAt, 1581350400);
}

TEST_F(Packs, EveryRegionSaysHowLongTheAuthorityKeepsWhat) {
  for (const auto* region : kRegions) {
    EXPECT_EQ(packs.retentionDaysAt(region, "declaration"), 30u);
    EXPECT_EQ(packs.retentionDaysAt(region, "appeal"), 180u);
    EXPECT_EQ(packs.retentionDaysAt(region, "curiosity"), 0u);
  }
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

TEST_F(PackReading, NamesThePlaceOfWhatIsWrongInFormsAndDirectories) {
  const auto hangzhou = [](auto change) {
    auto json = Json::parse(packText("330100"));
    change(json);
    PackFault fault;
    const auto pack = RegionPack::parse(json.dump(), &fault);
    return std::string(refusalId(pack)) + " " + fault.place;
  };
  EXPECT_EQ(hangzhou([](Json&) {}), "ok ");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0].erase("assumption"); }), "pack.shape /forms/0/source");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"].push_back(pack["forms"][0]); }), "pack.shape /forms");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][1]["type"] = "essay"; }),
            "pack.shape /forms/0/fields/1/type");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][1]["id"] = "1st"; }),
            "pack.shape /forms/0/fields/1/id");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][0].erase("choices"); }),
            "pack.shape /forms/0/fields/0/choices");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][0]["choices"] = Json::array(); }),
            "pack.shape /forms/0/fields/0/choices");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][0]["choices"][0]["names"].erase("en"); }),
            "pack.shape /forms/0/fields/0/choices/0/names");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"][1]["choices"] = Json::array(); }),
            "pack.shape /forms/0/fields/1");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["forms"][0]["fields"].push_back(pack["forms"][0]["fields"][0]); }),
            "pack.shape /forms/0/fields");
  for (const auto* address :
       {"http://a.example/", "https://", "javascript:alert(1)", "https://a b", "https://a\"b"})
    EXPECT_EQ(hangzhou([&](Json& pack) { pack["services"][0]["url"] = address; }),
              "pack.shape /services/0/url")
        << address;
  EXPECT_EQ(hangzhou([](Json& pack) { pack["services"][0].erase("url"); }), "pack.shape /services/0/url");
  for (const auto* phone : {"", "+", "110;drop", "call"})
    EXPECT_EQ(hangzhou([&](Json& pack) { pack["helpLines"][0]["phone"] = phone; }),
              "pack.shape /helpLines/0/phone")
        << phone;
  EXPECT_EQ(hangzhou([](Json& pack) { pack["hospitals"][0]["verifier"] = "hz first"; }),
            "pack.shape /hospitals/0/verifier");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["services"][0]["verifier"] = "hz-first"; }),
            "pack.shape /services/0");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["hospitals"].push_back(pack["hospitals"][0]); }),
            "pack.shape /hospitals");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["news"][0].erase("text"); }), "pack.shape /news/0/text");
  EXPECT_EQ(hangzhou([](Json& pack) { pack["news"][0]["publishedAt"] = "soon"; }),
            "pack.shape /news/0/publishedAt");
  EXPECT_EQ(hangzhou([](Json& pack) {
              pack["retention"] = {{{"purpose", "declaration"}, {"days", 0}}};
            }),
            "pack.shape /retention/0/days");
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
