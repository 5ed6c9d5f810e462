// SPDX-License-Identifier: Apache-2.0
#include "server/demo_people.h"

#include "cli/id_number.h"

namespace liangma::server {
namespace {

struct Entry {
  const char* fullName;
  const char* division;   // GB/T 2260
  const char* birthDate;  // YYYYMMDD
  const char* sequence;   // odd: male, even: female
  Colour colour;
  const char* region;  // nullptr: the authority's own
  const char* note;
  const char* issuer = nullptr;  // nullptr: the authority itself
};

constexpr Entry kEntries[] = {
    {"张三丰", "330106", "19850412", "001", Colour::Green, nullptr, "an adult"},
    {"李娜", "330102", "19920226", "002", Colour::Green, nullptr, "a name of two characters"},
    {"王建国", "330108", "19681001", "003", Colour::Yellow, nullptr, "yellow: goes to the fever clinic"},
    {"陈晓红", "330110", "19790819", "004", Colour::Red, nullptr, "red: goes to the fever clinic"},
    {"周杰", "330109", "20011130", "005", Colour::Pending, nullptr, "not coloured yet"},
    {"赵小宝", "330106", "20190601", "007", Colour::Green, nullptr, "a child, kept in a parent's wallet"},
    {"钱秀英", "330105", "19410305", "008", Colour::Green, nullptr,
     "an old parent, kept in a child's wallet"},
    {"阿卜杜热合曼·吾布力喀斯木", "653101", "19950717", "009", Colour::Green, nullptr, "a long name"},
    {"Wilhelmina Featherstonehaugh-Montgomery", "810000", "19880229", "010", Colour::Green, nullptr,
     "a long name in Latin letters"},
    {"吴思远", "330113", "19971224", "011", Colour::Green, "330113", "a code of one district"},
    {"沈佳怡", "310101", "19900615", "012", Colour::Green, nullptr,
     "from Shanghai: the Yangtze Delta's agreement", "310000"},
    {"郑凯", "410105", "19880308", "013", Colour::Green, nullptr,
     "from Henan: a guest under Zhejiang's rules", "410000"},
    {"唐志强", "430102", "19860921", "015", Colour::Green, nullptr,
     "a worker from Hunan: no agreement takes this code to Zhejiang", "430000"},
    {"何美玲", "440403", "19930530", "014", Colour::Yellow, "440403", "yellow in Doumen: commutes, by no bus",
     "440400"},
    {"符海燕", "460105", "19960102", "016", Colour::Green, nullptr, "from Hainan: no second application",
     "460000"},
    {"马文博", "420106", "19840717", "017", Colour::Green, "420000", "a code that the national hub made",
     "000000"},
    {"徐安然", "330110", "19930118", "018", Colour::Pending, "330110",
     "in Yuhang: pending until a checkpoint activates the code"},
};

constexpr const char* kIdCard = "01";  // resident ID card, WS 364.3-2011, CV02.01.101

std::string isoDate(const std::string& digits8) {
  return digits8.substr(0, 4) + "-" + digits8.substr(4, 2) + "-" + digits8.substr(6, 2);
}

/// What gives a colour by the rules of every region.
void giveColour(DemoPerson& person, Colour colour) {
  constexpr UnixSeconds kLongAgo = 1580515200;  // 2020-02-01
  if (colour != Colour::Pending)
    person.declarationJson = R"({"symptoms":"none","contact":false,"areaAtRisk":false})";
  if (colour == Colour::Yellow) person.facts = {{"journey", kLongAgo, "demo"}};
  if (colour == Colour::Red) person.facts = {{"contact", kLongAgo, "demo"}};
}

DemoPerson personFrom(const Entry& entry) {
  const std::string digits17 = std::string(entry.division) + entry.birthDate + entry.sequence;
  const bool male = (entry.sequence[2] - '0') % 2 == 1;
  DemoPerson person;
  giveColour(person, entry.colour);
  Resident& resident = person.resident;
  if (entry.region != nullptr) resident.region = entry.region;
  if (entry.issuer != nullptr) resident.issuer = entry.issuer;
  resident.note = entry.note;
  resident.identity = {
      {IdentityClaim::FullName, entry.fullName},
      {IdentityClaim::IdType, kIdCard},
      {IdentityClaim::IdNumber, digits17 + tools::idNumberCheckCharacter(digits17)},
      {IdentityClaim::Phone, std::string("10000000") + entry.sequence},
      {IdentityClaim::BirthDate, isoDate(entry.birthDate)},
      {IdentityClaim::Sex, male ? "1" : "2"},  // GB/T 2261.1
      {IdentityClaim::InsuredRegion, "330100"},
      {IdentityClaim::CardNumber, std::string("A00000") + entry.sequence},
  };
  return person;
}

}  // namespace

std::vector<DemoPerson> demoPeople() {
  std::vector<DemoPerson> people;
  for (const auto& entry : kEntries) people.push_back(personFrom(entry));
  return people;
}

}  // namespace liangma::server
