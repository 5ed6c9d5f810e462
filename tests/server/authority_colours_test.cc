// SPDX-License-Identifier: Apache-2.0
//
// Colours in the course of days: the real rules of the regions' packs, a real SQLite file, and the time as an
// argument.
#include "server/authority_colours.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/text_codec.h"
#include "liangma/key_proof.h"
#include "server/authority_challenges.h"
#include "server/authority_log.h"
#include "server/claimed_nonce.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr UnixSeconds kNow = 1582243200;  // 2020-02-21, 8 in the morning in Hangzhou
constexpr UnixSeconds kHour = 3600, kDay = 24 * kHour;
const Actor kReviewer = {"reviewer", "AgICAgICAgICAgICAgICAg"};
const Actor kCheckpoint = {"checkpoint", "AwMDAwMDAwMDAwMDAwMDAw"};

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

RegionPacks regionPacks() {
  RegionPacks packs;
  for (const char* region : {"000000", "330000", "330100", "330110"})
    packs.keep(RegionPack::parse(readFile(std::string("tools/regions/") + region + ".json")).value());
  return packs;
}

/// One key, whatever the issuer and the time.
class OneKey final : public KeyRing {
 public:
  std::shared_ptr<const SigningKey> at(const std::string&, UnixSeconds) const override { return key; }
  std::shared_ptr<const SigningKey> key =
      std::make_shared<const SigningKey>(SigningKey::fromSeed(Bytes(32, 0x11)).value());
};

class Colours : public testing::Test {
 protected:
  Colours()
      : store("sqlite:" + (folder() / "authority.sqlite").string(), "330100", Bytes(32, 1)),
        rules(480),
        recorder("330100", keys),
        colours(rules, recorder),
        cases(store, colours),
        log(store, recorder) {
    rules.setPacks(regionPacks());
    TrustedIssuer issuer;
    issuer.id = "330100";
    issuer.keys = {{keys.key->publicKey(), kNow - kDay, kNow + 1000 * kDay}};
    trust.issuers = {issuer};
  }
  ~Colours() override { std::filesystem::remove_all(folder()); }

  static std::filesystem::path folder() {
    const auto path =
        std::filesystem::temp_directory_path() / ("liangma-colours-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
    return path;
  }

  /// @return the new resident's id
  std::string resident(const std::string& region = "", const std::string& idNumber = "330106198504120013") {
    Resident person;
    person.id = randomText(16);
    person.region = region;
    person.identity = {{IdentityClaim::FullName, "张三丰"}, {IdentityClaim::IdNumber, idNumber}};
    person.idHash = store.idHash(idNumber);
    store.transaction([&](AuthorityTables& tables) { EXPECT_TRUE(tables.addResident(person)); });
    return person.id;
  }

  void declare(const std::string& id, const std::string& form, const std::string& json, UnixSeconds now) {
    store.transaction([&](AuthorityTables& tables) {
      Resident person = tables.lockResident(id).value();
      const std::string place = colours.placeOf(person);
      tables.cases.addDeclaration(
          id, {randomText(16), form, json, {}, now, rules.dayOf(now), rules.isWell(place, json, now)});
      colours.update(tables, person, Occasion::Declaration, "declaration", {"resident", ""}, now);
    });
  }
  void declareWell(const std::string& id, UnixSeconds now) {
    declare(id, "health", R"({"symptoms":"none","contact":false,"areaAtRisk":false})", now);
  }
  void checkIn(const std::string& id, UnixSeconds now) {
    declare(id, "check-in", R"({"symptoms":"none","temperature":"normal"})", now);
  }

  /// "red CR-000000-COLOUR-RED": what somebody finds who looks at that time.
  std::string at(const std::string& id, UnixSeconds now) {
    const Case found = cases.find(id, now);
    return std::string(colourId(found.colour)) + (found.rule.empty() ? "" : " " + found.rule);
  }

  std::string refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const Problem& problem) {
      return std::to_string(problem.status) + " " + problem.code;
    }
    return "none";
  }

  OneKey keys;
  AuthorityStore store;
  ColourRules rules;
  Recorder recorder;
  AuthorityColours colours;
  AuthorityCases cases;
  AuthorityLog log;
  TrustContent trust;
};

TEST_F(Colours, NobodyHasAColourBeforeTheyDeclare) {
  const auto id = resident();
  EXPECT_EQ(at(id, kNow), "pending");
  declareWell(id, kNow + 60);
  EXPECT_EQ(at(id, kNow + 60), "green CR-000000-COLOUR-GREEN");
}

TEST_F(Colours, RedLastsFourteenDaysAndThenTimeAloneTurnsItGreen) {
  const auto id = resident();
  declareWell(id, kNow);
  cases.import(randomText(16), {{"330106198504120013", {"contact", kNow - kDay, "tracing"}}}, kReviewer,
               kNow + 10);
  const UnixSeconds since = kNow + 10;
  EXPECT_EQ(at(id, since), "red CR-000000-COLOUR-RED");
  EXPECT_EQ(cases.find(id, since).until, since + 14 * kDay);
  EXPECT_EQ(at(id, since + 14 * kDay - 1), "red CR-000000-COLOUR-RED");
  EXPECT_EQ(at(id, since + 14 * kDay), "green CR-000000-ENDED");
  EXPECT_EQ(at(id, since + 100 * kDay), "green CR-000000-ENDED");
  const auto entry = cases.log(id, INT64_MAX).front();
  EXPECT_EQ(entry.actor.role, "time");
  EXPECT_EQ(entry.evidence, "time");
  EXPECT_EQ(entry.reasonClass, "time");
}

TEST_F(Colours, ColoursTurnByTimeWithoutAnybodyAsking) {
  const auto id = resident(), other = resident("330110", "330110199301010018");
  for (const auto& each : {id, other})
    declare(each, "health", R"({"symptoms":"none","contact":true,"areaAtRisk":false})", kNow);
  const auto reds = [&](UnixSeconds now) {
    std::uint64_t count = 0;
    for (const auto& region : cases.counts(now).byRegion) count += region.byColour[3];
    return count;
  };
  cases.passTime(kNow + 14 * kDay - 1);
  EXPECT_EQ(reds(kNow + 14 * kDay - 1), 2u);
  cases.passTime(kNow + 14 * kDay);
  EXPECT_EQ(reds(kNow + 14 * kDay), 0u);
  const auto records = cases.log(id, INT64_MAX);
  cases.passTime(kNow + 14 * kDay + 60);
  EXPECT_EQ(cases.log(id, INT64_MAX).size(), records.size()) << "once";
  EXPECT_EQ(records.front().actor.role, "time");
  EXPECT_EQ(records.front().rule, "CR-000000-ENDED");
}

TEST_F(Colours, YellowLastsSevenDaysAtTheMost) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":false,"areaAtRisk":true})", kNow);
  EXPECT_EQ(at(id, kNow), "yellow CR-330000-AREA");
  EXPECT_EQ(at(id, kNow + 7 * kDay - 1), "yellow CR-330000-AREA");
  EXPECT_EQ(at(id, kNow + 7 * kDay), "green CR-000000-ENDED");
}

TEST_F(Colours, FiveGoodCheckInsInARowEndYellowEarlier) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":false,"areaAtRisk":true})", kNow);
  for (int day = 1; day <= 5; ++day) {
    EXPECT_EQ(at(id, kNow + day * kDay - 1), "yellow CR-330000-AREA");
    checkIn(id, kNow + day * kDay - kHour);
  }
  EXPECT_EQ(at(id, kNow + 5 * kDay), "green CR-000000-ENDED");
}

TEST_F(Colours, AMissedOrAnUnwellDayBreaksTheRow) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":false,"areaAtRisk":true})", kNow);
  for (const int day : {1, 2, 4, 5}) checkIn(id, kNow + day * kDay - kHour);
  EXPECT_EQ(at(id, kNow + 5 * kDay), "yellow CR-330000-AREA");
  declare(id, "check-in", R"({"symptoms":"cough","temperature":"normal"})", kNow + 6 * kDay - kHour);
  EXPECT_EQ(at(id, kNow + 6 * kDay), "yellow CR-330000-AREA");
}

TEST_F(Colours, BeingWellTheNextDayEndsNothing) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":true,"areaAtRisk":false})", kNow);
  EXPECT_EQ(at(id, kNow), "red CR-330000-CONTACT");
  declareWell(id, kNow + kDay);
  EXPECT_EQ(at(id, kNow + kDay), "red CR-330000-CONTACT");
  EXPECT_EQ(cases.find(id, kNow + kDay).until, kNow + 14 * kDay);
}

TEST_F(Colours, SomethingStricterTurnsYellowRedAndANewContactBeginsAnew) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"cough","contact":false,"areaAtRisk":false})", kNow);
  EXPECT_EQ(at(id, kNow), "yellow CR-000000-COLOUR-YELLOW");
  declare(id, "health", R"({"symptoms":"cough","contact":true,"areaAtRisk":false})", kNow + kDay);
  EXPECT_EQ(at(id, kNow + kDay), "red CR-330000-CONTACT");
  cases.import(randomText(16), {{"330106198504120013", {"confirmed", kNow, "laboratory"}}}, kReviewer,
               kNow + 10 * kDay);
  EXPECT_EQ(cases.find(id, kNow + 10 * kDay).until, kNow + 24 * kDay);
}

TEST_F(Colours, WhatGaveAColourThatHasEndedDoesNotGiveItAgain) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"fever","contact":true,"areaAtRisk":false})", kNow);
  EXPECT_EQ(at(id, kNow + 14 * kDay), "green CR-000000-ENDED");
  checkIn(id, kNow + 15 * kDay);
  EXPECT_EQ(at(id, kNow + 15 * kDay), "green CR-000000-ENDED");
  declare(id, "health", R"({"symptoms":"fever","contact":true,"areaAtRisk":false})", kNow + 16 * kDay);
  EXPECT_EQ(at(id, kNow + 16 * kDay), "red CR-330000-CONTACT");
}

TEST_F(Colours, InYuhangACodeIsPendingUntilACheckpointActivatesIt) {
  const auto id = resident("330110");
  declareWell(id, kNow);
  EXPECT_EQ(at(id, kNow), "pending CR-330110-ACTIVATION");
  cases.activate(id, {"checkpoint", kNow, "checkpoint", true, false}, kCheckpoint, kNow + 10);
  EXPECT_EQ(at(id, kNow + 10), "pending CR-330110-ACTIVATION") << "a fever at the checkpoint";
  const Case active =
      cases.activate(id, {"checkpoint", kNow, "checkpoint", true, true}, kCheckpoint, kNow + 20);
  EXPECT_EQ(active.colour, Colour::Green);
  const auto entry = cases.log(id, INT64_MAX).front();
  EXPECT_EQ(entry.actor.role, "checkpoint");
  EXPECT_EQ(entry.actor.id, kCheckpoint.id);
  EXPECT_EQ(entry.evidence, "checkpoint");
}

TEST_F(Colours, NobodyGetsAColourThatNoRuleGives) {
  const auto id = resident();
  declareWell(id, kNow);
  const auto change = [&](Colour colour, const char* rule, const Fact& fact) {
    return refusal([&] { cases.changeColour(id, colour, rule, fact, kReviewer, kNow + 10); });
  };
  EXPECT_EQ(change(Colour::Red, "CR-000000-COLOUR-RED", {"journey", kNow, "official"}), "409 colour.no-rule");
  EXPECT_EQ(change(Colour::Red, "CR-330100-BECAUSE-I-SAY-SO", {"contact", kNow, "official"}),
            "409 colour.no-rule");
  EXPECT_EQ(change(Colour::Yellow, "CR-000000-COLOUR-RED", {"contact", kNow, "official"}),
            "409 colour.no-rule");
  EXPECT_EQ(change(Colour::Red, "DR-330100-RED", {"contact", kNow, "official"}), "409 colour.no-rule");
  EXPECT_EQ(change(Colour::Red, "CR-000000-COLOUR-RED", {"petition", kNow, "official"}),
            "400 http.malformed");
  EXPECT_EQ(at(id, kNow + 10), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(cases.log(id, INT64_MAX).size(), 1u) << "green alone";
  const auto tried = cases.log(kReviewer.id, INT64_MAX);
  ASSERT_EQ(tried.size(), 4u);
  EXPECT_EQ(tried.front().event, "colour-refused");
  EXPECT_EQ(tried.front().subject, id);
  EXPECT_EQ(change(Colour::Red, "CR-000000-COLOUR-RED", {"contact", kNow, "tracing"}), "none");
  EXPECT_EQ(at(id, kNow + 10), "red CR-000000-COLOUR-RED");
}

TEST_F(Colours, AnAppealIsDecidedOnceAndWhatItSetsAsideNoLongerCounts) {
  const auto id = resident();
  declareWell(id, kNow);
  cases.import(randomText(16), {{"330106198504120013", {"contact", kNow, "tracing"}}}, kReviewer, kNow);
  ASSERT_EQ(at(id, kNow), "red CR-000000-COLOUR-RED");
  StoredAppeal stored;
  stored.appeal = {randomText(16), id, kNow, kNow + 3 * kDay, Colour::Red, "CR-000000-COLOUR-RED",
                   "不是我",       "", ""};
  store.transaction([&](AuthorityTables& tables) {
    EXPECT_TRUE(tables.cases.addAppeal(stored));
    stored.appeal.id = randomText(16);
    EXPECT_FALSE(tables.cases.addAppeal(stored)) << "one is open";
  });
  ASSERT_EQ(cases.openAppeals().size(), 1u);
  const auto appeal = cases.openAppeals().front();
  EXPECT_EQ(cases.counts(kNow + 4 * kDay).overdueAppeals, 1u);
  EXPECT_EQ(cases.decideAppeal(appeal.id, true, "mistaken-identity", kReviewer, kNow + kDay).colour,
            Colour::Green);
  EXPECT_EQ(at(id, kNow + 2 * kDay), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(refusal([&] { cases.decideAppeal(appeal.id, false, "late", kReviewer, kNow + kDay); }),
            "409 appeal.decided");
  EXPECT_EQ(refusal([&] { cases.decideAppeal(randomText(16), true, "late", kReviewer, kNow); }),
            "404 appeal.unknown");
  std::string events;
  for (const auto& entry : cases.log(id, INT64_MAX)) events += entry.event + " ";
  EXPECT_EQ(events, "colour appeal-granted colour colour ");
}

TEST_F(Colours, AnAppealThatNobodyDecidesInTimeIsInTheLogOnceAndStaysOpen) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":true,"areaAtRisk":false})", kNow);
  StoredAppeal stored;
  stored.appeal = {randomText(16), id, kNow, kNow + 3 * kDay, Colour::Red, "CR-330000-CONTACT",
                   "我没有",       "", ""};
  store.transaction([&](AuthorityTables& tables) { tables.cases.addAppeal(stored); });
  cases.passTime(kNow + 3 * kDay - 1);
  EXPECT_EQ(cases.log(id, INT64_MAX).size(), 1u) << "not yet";
  for (int pass = 0; pass < 2; ++pass) cases.passTime(kNow + 3 * kDay + pass);
  ASSERT_EQ(cases.log(id, INT64_MAX).size(), 2u);
  const auto overdue = cases.log(id, INT64_MAX).front();
  EXPECT_EQ(overdue.event + " " + overdue.actor.role, "appeal-overdue time");
  EXPECT_EQ(overdue.subject, stored.appeal.id);
  EXPECT_EQ(overdue.until, kNow + 3 * kDay);
  EXPECT_EQ(cases.counts(kNow + 4 * kDay).overdueAppeals, 1u);
  EXPECT_EQ(
      cases.decideAppeal(stored.appeal.id, true, "person-mistaken", kReviewer, kNow + 5 * kDay).openAppeal,
      "");
  cases.passTime(kNow + 6 * kDay);
  std::string events;
  for (const auto& entry : cases.log(id, INT64_MAX)) events += entry.event + " ";
  EXPECT_EQ(events, "colour appeal-granted appeal-overdue colour ") << "decided ones are left alone";
  EXPECT_TRUE(verifyLog(store, trust).faults.empty());
}

TEST_F(Colours, AGrantedAppealSetsAsideWhatWasDeclaredAndTheResidentDeclaresAnew) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":true,"areaAtRisk":false})", kNow);
  ASSERT_EQ(at(id, kNow), "red CR-330000-CONTACT");
  StoredAppeal stored;
  stored.appeal = {randomText(16), id, kNow, kNow + 3 * kDay, Colour::Red, "CR-330000-CONTACT",
                   "填错了",       "", ""};
  store.transaction([&](AuthorityTables& tables) { tables.cases.addAppeal(stored); });
  cases.decideAppeal(stored.appeal.id, true, "declaration-corrected", kReviewer, kNow);
  EXPECT_EQ(at(id, kNow), "pending");
  declareWell(id, kNow + 60);
  EXPECT_EQ(at(id, kNow + 60), "green CR-000000-COLOUR-GREEN");
  EXPECT_TRUE(verifyLog(store, trust).faults.empty());
}

TEST_F(Colours, ACheckInAloneColoursNobody) {
  const auto id = resident();
  checkIn(id, kNow);
  EXPECT_EQ(at(id, kNow), "pending");
  declareWell(id, kNow + 60);
  EXPECT_EQ(at(id, kNow + 60), "green CR-000000-COLOUR-GREEN");
}

TEST_F(Colours, AnAreaAtRiskIsMetByAPlaceInsideItAndByOneThatHoldsIt) {
  cases.setAreasAtRisk({"420100"}, kReviewer, kNow);
  const std::map<std::string, std::string> expected = {{"420100", "yellow"},
                                                       {"420106", "yellow"},
                                                       {"420000", "yellow"},
                                                       {"420200", "green"},
                                                       {"310000", "green"}};
  std::uint64_t n = 0;
  for (const auto& [from, colour] : expected) {
    const auto id = resident("", "place-" + std::to_string(++n));
    declareWell(id, kNow);
    declare(id, "journey",
            R"({"fromRegion":")" + from +
                R"(","toRegion":"330100","departedOn":"2020-02-20","transport":"train"})",
            kNow);
    EXPECT_EQ(at(id, kNow).substr(0, colour.size()), colour) << from;
  }
}

TEST_F(Colours, ChangesAreCountedByTheDaysOfThePlace) {
  const UnixSeconds midnight = kNow - 8 * 3600;  // in Hangzhou
  declareWell(resident("", "before"), midnight - 1);
  declareWell(resident("", "after"), midnight);
  const auto days = cases.counts(kNow).changesByDay;
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].name + " " + days[1].name, "2020-02-20 2020-02-21");
}

TEST_F(Colours, ARefusedAppealChangesNothing) {
  const auto id = resident();
  declare(id, "health", R"({"symptoms":"none","contact":true,"areaAtRisk":false})", kNow);
  StoredAppeal stored;
  stored.appeal = {randomText(16), id, kNow, kNow + 3 * kDay, Colour::Red, "CR-330000-CONTACT",
                   "我没有",       "", ""};
  store.transaction([&](AuthorityTables& tables) { tables.cases.addAppeal(stored); });
  cases.decideAppeal(stored.appeal.id, false, "evidence-stands", kReviewer, kNow + kDay);
  EXPECT_EQ(at(id, kNow + kDay), "red CR-330000-CONTACT");
  EXPECT_EQ(cases.log(id, INT64_MAX).front().event, "appeal-refused");
}

TEST_F(Colours, AnImportFindsPeopleByAKeyedHashAndCanBeTakenBack) {
  const auto id = resident();
  declareWell(id, kNow);
  const std::string batch = randomText(16);
  const std::vector<ImportRow> rows = {{"330106198504120013", {"journey", kNow, "railway"}},
                                       {"330102199202260022", {"journey", kNow, "railway"}}};
  auto result = cases.import(batch, rows, kReviewer, kNow);
  EXPECT_EQ(result.kept, 2u);
  EXPECT_EQ(result.matched, 1u);
  EXPECT_EQ(result.coloured, 1u);
  EXPECT_EQ(at(id, kNow), "yellow CR-000000-COLOUR-YELLOW");
  result = cases.import(batch, rows, kReviewer, kNow + 1);
  EXPECT_EQ(result.kept + result.matched + result.coloured, 0u) << "the same again";
  EXPECT_EQ(cases.undoImport(batch, kReviewer, kNow + 2).coloured, 1u);
  EXPECT_EQ(at(id, kNow + 2), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(refusal([&] { cases.undoImport(randomText(16), kReviewer, kNow); }), "404 import.unknown");
  const std::string bytes = readFile((folder() / "authority.sqlite").string()) +
                            readFile((folder() / "authority.sqlite-wal").string());
  EXPECT_EQ(bytes.find("330102199202260022"), bytes.npos) << "an ID number of a list is kept";
}

TEST_F(Colours, WhoEnrolsLaterIsFoundByWhatWasImportedBefore) {
  cases.import(randomText(16), {{"330102199202260022", {"contact", kNow, "tracing"}}}, kReviewer, kNow);
  const auto id = resident("", "330102199202260022");
  EXPECT_EQ(at(id, kNow + kDay), "red CR-000000-COLOUR-RED");
}

TEST_F(Colours, EveryChangeIsInAChainThatVerifiesAndTheAuthorityChainsThemAll) {
  const auto a = resident(), b = resident("330110", "330102199202260022");
  declareWell(a, kNow);
  declareWell(b, kNow);
  cases.activate(b, {"checkpoint", kNow, "checkpoint", true, true}, kCheckpoint, kNow);
  cases.import(randomText(16), {{"330106198504120013", {"contact", kNow, "tracing"}}}, kReviewer, kNow);
  at(a, kNow + 14 * kDay);
  log.seal(kNow + 14 * kDay);
  log.seal(kNow + 15 * kDay);
  const auto report = verifyLog(store, trust);
  EXPECT_TRUE(report.faults.empty()) << report.faults.front();
  EXPECT_EQ(report.logs, 5u) << "two residents, two of the staff, the authority's own";
  EXPECT_EQ(report.sealed + 1, report.records) << "all but the head that was signed last";
  EXPECT_EQ(report.days, 2u);
}

TEST_F(Colours, ALongListIsTakenBackInParts) {
  const auto id = resident();
  declareWell(id, kNow);
  const std::string batch = randomText(16);
  cases.import(batch, {{"330106198504120013", {"confirmed", kNow, "laboratory"}}}, kReviewer, kNow);
  ASSERT_EQ(at(id, kNow), "red CR-000000-COLOUR-RED");
  std::vector<ImportRow> strangers;
  for (int i = 0; i < 120; ++i) strangers.push_back({std::to_string(i), {"contact", kNow, "tracing"}});
  cases.import(batch, strangers, kReviewer, kNow);
  std::vector<std::uint64_t> left;
  std::uint64_t coloured = 0;
  do {
    const auto part = cases.undoImport(batch, kReviewer, kNow + 1);
    left.push_back(part.left);
    coloured += part.coloured;
  } while (left.back() > 0);
  EXPECT_EQ(left, (std::vector<std::uint64_t>{21, 0}));
  EXPECT_EQ(coloured, 1u);
  EXPECT_EQ(at(id, kNow + 1).substr(0, 5), "green");
  const auto entries = cases.log(kReviewer.id, INT64_MAX);
  const auto isUndo = [](const LogEntry& entry) { return entry.event == "undo-import"; };
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(), isUndo), 1);
}

TEST_F(Colours, AChangedAMissingAndAnInsertedRecordAreFound) {
  const auto id = resident();
  declareWell(id, kNow);
  declare(id, "health", R"({"symptoms":"cough","contact":false,"areaAtRisk":false})", kNow + 1);
  log.seal(kNow + kDay);
  ASSERT_TRUE(verifyLog(store, trust).faults.empty());
  const auto withSql = [&](const char* statement) {
    store.database().transaction([&](soci::session& sql) { sql << statement; });
    return verifyLog(store, trust).faults.size();
  };
  EXPECT_GT(withSql("UPDATE record SET content = (SELECT content FROM record WHERE sequence = 0 LIMIT 1) "
                    "WHERE sequence = 1"),
            0u);
  EXPECT_GT(withSql("DELETE FROM record WHERE sequence = 1"), 0u);
}

TEST_F(Colours, ADayWhoseHeadIsGoneIsFound) {
  declareWell(resident(), kNow);
  for (const int days : {1, 2}) log.seal(kNow + days * kDay);
  ASSERT_EQ(verifyLog(store, trust).days, 2u);
  ASSERT_TRUE(verifyLog(store, trust).faults.empty());
  store.database().transaction(
      [](soci::session& sql) { sql << "DELETE FROM day_head WHERE day = (SELECT max(day) FROM day_head)"; });
  EXPECT_EQ(verifyLog(store, trust).faults,
            std::vector<std::string>{std::string(kAuthorityChain) + " record.chain-broken"});
}

TEST_F(Colours, ACodeOfAColourThatWasNeverRecordedIsFound) {
  const auto id = resident();
  declareWell(id, kNow);
  const auto give = [&](std::uint64_t statusIndex, Colour colour) {
    store.transaction([&](AuthorityTables& tables) {
      const auto record = tables.log.latest(id, "colour").value();
      EXPECT_TRUE(tables.addIssuance(
          {statusIndex, id, "device", "subject", kNow, kNow + kDay, colour, record.sequence}));
    });
    return verifyLog(store, trust).faults;
  };
  EXPECT_EQ(give(1, Colour::Green), std::vector<std::string>{});
  EXPECT_EQ(give(2, Colour::Red), (std::vector<std::string>{id + " record.chain-broken"}));
}

TEST_F(Colours, TheDaysAreSignedOnceAndPublishedWhole) {
  const auto id = resident();
  declareWell(id, kNow);
  std::map<std::string, Bytes> files;
  const auto put = [&](const std::string& name, const Bytes& content) { files[name] = content; };
  log.seal(kNow);
  log.publish(put);
  EXPECT_EQ(files.size(), 1u) << "the day before, which is over";
  declare(id, "health", R"({"symptoms":"cough","contact":false,"areaAtRisk":false})", kNow + kDay);
  log.seal(kNow + kDay);
  log.seal(kNow + kDay + 1);
  log.publish(put);
  ASSERT_TRUE(files.contains("log/2020-02-21.cbor"));
  EXPECT_EQ(files.size(), 2u);
  EXPECT_TRUE(verifyLog(store, trust).faults.empty());
}

TEST_F(Colours, OneProcessAtATimeSeals) {
  const auto id = resident();
  declareWell(id, kNow);
  AuthorityLog other(store, recorder);
  log.seal(kNow);
  declare(id, "health", R"({"symptoms":"cough","contact":false,"areaAtRisk":false})", kNow + 1);
  other.seal(kNow + 1);
  EXPECT_EQ(verifyLog(store, trust).sealed, 1u) << "the lease is the first one's";
  other.seal(kNow + 31);
  EXPECT_EQ(verifyLog(store, trust).sealed, 3u) << "and yellow, and the head";
}

TEST_F(Colours, WhatAPurposeNoLongerNeedsIsErasedAndTheLogSaysSo) {
  const auto id = resident();
  declareWell(id, kNow);
  declareWell(id, kNow + 20 * kDay);
  EXPECT_EQ(erasePurpose(store, recorder, "declaration", kNow + 10 * kDay, kNow + 40 * kDay), 1u);
  EXPECT_EQ(erasePurpose(store, recorder, "declaration", kNow + 10 * kDay, kNow + 40 * kDay), 0u);
  const auto entry = cases.log(kAuthorityChain, INT64_MAX).front();
  EXPECT_EQ(entry.event, "erasure");
  EXPECT_EQ(at(id, kNow + 40 * kDay), "green CR-000000-COLOUR-GREEN");
  EXPECT_EQ(erasePurpose(store, recorder, "identity", kNow + 50 * kDay, kNow + 50 * kDay), 1u);
  EXPECT_EQ(refusal([&] { cases.find(id, kNow + 50 * kDay); }), "404 case.unknown");
  EXPECT_TRUE(verifyLog(store, trust).faults.empty()) << "the log holds without the person";
  EXPECT_EQ(refusal([&] { erasePurpose(store, recorder, "everything", kNow, kNow); }), "400 http.malformed");
}

TEST_F(Colours, ChallengesAreTheAuthoritysOwnAndEndAfterFiveMinutes) {
  const Challenges ours(Bytes(32, 1)), others(Bytes(32, 2));
  const auto nonce = ours.make(randomBytes(8), kNow);
  EXPECT_EQ(ours.end(nonce, kNow), kNow + 300);
  EXPECT_EQ(ours.end(nonce, kNow + 299), kNow + 300);
  EXPECT_FALSE(ours.end(nonce, kNow + 300));
  EXPECT_FALSE(others.end(nonce, kNow));
  EXPECT_FALSE(ours.end("", kNow));
  for (std::size_t at = 0; at < nonce.size(); ++at) {
    auto changed = nonce;
    changed[at] = changed[at] == 'B' ? 'C' : 'B';
    EXPECT_FALSE(ours.end(changed, kNow)) << at;
  }
}

}  // namespace
}  // namespace liangma::server
