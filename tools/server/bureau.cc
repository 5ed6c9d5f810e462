// SPDX-License-Identifier: Apache-2.0
#include "server/bureau.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <regex>

#include "cli/id_number.h"
#include "liangma/live_code.h"
#include "liangma/verify.h"
#include "server/bureau_json.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::size_t kMaxKeyword = 32, kMaxRule = 64, kMaxRows = 100, kMaxIdNumber = 18, kMaxAreas = 300;
constexpr std::size_t kMaxTitle = 120, kMaxNewsText = 2000, kMaxUrl = 512, kIdBytes = 16;

// Who may do what.
constexpr StaffRole kCheckpoint[] = {StaffRole::Checkpoint}, kReviewer[] = {StaffRole::Reviewer},
                    kImporter[] = {StaffRole::Importer}, kAdmin[] = {StaffRole::Admin},
                    kWhoScans[] = {StaffRole::Checkpoint, StaffRole::Reviewer},
                    kWhoCounts[] = {StaffRole::Reviewer, StaffRole::Admin};

/// The facts that staff may add, and what the rules see of each. See core/SPEC.md 9.3.
struct FactKind {
  const char* kind;
  const char* facts;
};
constexpr FactKind kFactKinds[] = {{"confirmed", R"({"contact":"confirmed"})"},
                                   {"suspected", R"({"contact":"suspected"})"},
                                   {"contact", R"({"contact":"close"})"},
                                   {"journey", R"({"areaAtRisk":true})"},
                                   {"border", R"({"borderEntry":true})"}};

/// Learns the status index of a code while it is verified. The authority has no need of its own lists here:
/// a code of the past leads to the same case.
class IndexOfCode final : public StatusLookup {
 public:
  Result<StatusEntry> status(std::string_view, std::uint64_t statusIndex, UnixSeconds) const override {
    index = statusIndex;
    return StatusEntry{CredentialStatus::Valid, false};
  }
  mutable std::optional<std::uint64_t> index;
};

std::string readKeyword(const JsonBody& body, const char* name) {
  std::string word = body.text(name, kMaxKeyword);
  const bool good = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
  });
  if (!good) body.refuse(name);
  return word;
}

Fact readFact(const JsonBody& body, UnixSeconds now) {
  Fact fact;
  fact.kind = readKeyword(body, "kind");
  const bool known = std::any_of(std::begin(kFactKinds), std::end(kFactKinds),
                                 [&](const FactKind& one) { return fact.kind == one.kind; });
  if (!known) body.refuse("kind");
  fact.at = body.integer("at", 1, now);
  fact.evidence = readKeyword(body, "evidence");
  return fact;
}

std::string readIdNumber(const JsonBody& body) {
  std::string number = body.text("idNumber", kMaxIdNumber);
  if (!tools::isIdNumber(number)) body.refuse("idNumber");
  return number;
}

Colour readColour(const JsonBody& body) {
  const std::string id = body.text("colour", kMaxKeyword);
  for (const auto colour : {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red})
    if (id == colourId(colour)) return colour;
  body.refuse("colour");
}

/// Green, pending, yellow, red.
int strictness(Colour colour) {
  switch (colour) {
    case Colour::Green:
      return 0;
    case Colour::Pending:
      return 1;
    case Colour::Yellow:
      return 2;
    default:
      return 3;
  }
}

/// Where a page of a log ends; without the query's "before", behind its last record.
std::uint64_t endOfPage(const Call& call) {
  constexpr std::uint64_t kBehindAll = INT64_MAX;
  if (!call.before) return kBehindAll;
  std::uint64_t sequence = 0;
  const char* const end = call.before->data() + call.before->size();
  const auto read = std::from_chars(call.before->data(), end, sequence);
  if (read.ec != std::errc() || read.ptr != end || sequence > kBehindAll) throw malformed();
  return sequence;
}

bool isRegion(const std::string& text) {
  return text.size() == 6 && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
}

/// The form of a BCP 47 tag; whether it is registered is not asked.
bool isLanguageTag(std::string_view tag) {
  static const std::regex form("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
  return std::regex_match(tag.begin(), tag.end(), form);
}

/// An address that leads where it seems to: no user information before the host, nothing that ends an
/// attribute.
bool isPlainLink(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return false;
  const auto host = url.substr(kScheme.size(), url.find_first_of("/?#", kScheme.size()) - kScheme.size());
  return !host.empty() && host.find('@') == host.npos &&
         std::none_of(url.begin(), url.end(), [](unsigned char c) {
           return c <= ' ' || c == 0x7f ||
                  std::string_view("\"'<>\\").find(static_cast<char>(c)) != std::string_view::npos;
         });
}

bool haveLanguageTags(const std::map<std::string, std::string>& texts) {
  return std::all_of(texts.begin(), texts.end(), [](const auto& text) { return isLanguageTag(text.first); });
}

News readNews(const JsonBody& body, UnixSeconds now) {
  News news;
  news.id = randomText(kIdBytes);
  news.kind = body.text("kind", kMaxKeyword);
  news.titles = body.textByLanguage("titles", kMaxTitle);
  news.texts = body.textByLanguage("texts", kMaxNewsText);
  news.url = body.optionalText("url", kMaxUrl).value_or("");
  news.publishedAt = now;
  const bool isLink = news.kind == "link";
  if (!isLink && news.kind != "news") body.refuse("kind");
  if (news.titles.empty() || !haveLanguageTags(news.titles)) body.refuse("titles");
  if (!haveLanguageTags(news.texts)) body.refuse("texts");
  if (news.url.empty() ? isLink : !isPlainLink(news.url)) body.refuse("url");
  return news;
}

}  // namespace

Bureau::Bureau(AuthorityCases& cases, StaffAccess& access, const ColourRules& rules, const TrustSource& trust,
               std::vector<std::string> places)
    : cases_(cases), access_(access), rules_(rules), trust_(trust), places_(std::move(places)) {}

void Bureau::addRoutes(Router& router, RateLimit& limit) {
  const auto get = [&](const char* path, Reply (Bureau::*handler)(const Call&)) {
    router.get(path, [this, handler](const Call& call) { return (this->*handler)(call); });
  };
  const auto post = [&](const char* path, Reply (Bureau::*handler)(const Call&)) {
    router.post(path, "application/json", [this, handler, &limit](const Call& call) {
      limit.spend(call.address);
      return (this->*handler)(call);
    });
  };
  post("/api/staff/cases/find", &Bureau::findCase);
  get("/api/staff/cases/{}", &Bureau::showCase);
  get("/api/staff/cases/{}/log", &Bureau::showLog);
  get("/api/staff/cases/{}/choices", &Bureau::showChoices);
  post("/api/staff/cases/{}/activate", &Bureau::activate);
  post("/api/staff/cases/{}/colour", &Bureau::changeColour);
  get("/api/staff/appeals", &Bureau::listAppeals);
  post("/api/staff/appeals/{}/decide", &Bureau::decideAppeal);
  post("/api/staff/imports", &Bureau::importRows);
  post("/api/staff/imports/{}/undo", &Bureau::undoImport);
  get("/api/staff/counts", &Bureau::showCounts);
  get("/api/staff/areas-at-risk", &Bureau::showAreas);
  post("/api/staff/areas-at-risk", &Bureau::setAreas);
  post("/api/staff/news", &Bureau::publishNews);
  post("/api/staff/news/{}/withdraw", &Bureau::withdrawNews);
  get("/api/staff/rules", &Bureau::showRules);
  get("/api/staff/members/{}/log", &Bureau::showMemberLog);
}

Actor Bureau::require(const Call& call, std::span<const StaffRole> roles) {
  const auto actor = access_.require(call, roles);
  return {staffRoleId(actor.role), actor.member.id};
}

// --- cases ---

std::string Bureau::caseOfCode(const std::string& code) {
  const auto trust = trust_.current();
  const IndexOfCode lookup;
  VerifyContext context{.trust = trust->list, .now = unixNow(), .status = &lookup};
  const Verdict verdict = verify(code, context);
  if (!verdict.code) throw problemFor(verdict.reason);
  const bool ours = std::find(places_.begin(), places_.end(), verdict.code->issuer) != places_.end();
  const auto found = ours && lookup.index ? cases_.findByStatusIndex(*lookup.index) : std::nullopt;
  if (!found) throw Problem{404, "case.unknown"};
  return *found;
}

/// Whoever looks at a case is in the log, too.
Reply Bureau::findCase(const Call& call) {
  const Actor actor = require(call, kWhoScans);
  const std::string id = caseOfCode(JsonBody(call.body).text("code", kMaxTextLength));
  cases_.note("open-case", id, actor, unixNow());
  return jsonReply(200, toJson(cases_.find(id, unixNow())));
}

Reply Bureau::showCase(const Call& call) {
  const Actor actor = require(call, kReviewer);
  const Case found = cases_.find(call.captured, unixNow());
  cases_.note("open-case", found.id, actor, unixNow());
  return jsonReply(200, toJson(found));
}

Reply Bureau::showLog(const Call& call) {
  const Actor actor = require(call, kReviewer);
  cases_.find(call.captured, unixNow());
  cases_.note("read-log", call.captured, actor, unixNow());
  return jsonReply(200, toJson(cases_.log(call.captured, endOfPage(call))));
}

/// The facts that would make a case stricter, each with the rule by which it would.
Reply Bureau::showChoices(const Call& call) {
  const Actor actor = require(call, kReviewer);
  const UnixSeconds now = unixNow();
  const Case found = cases_.find(call.captured, now);
  cases_.note("read-choices", found.id, actor, now);
  const auto packs = rules_.packs();
  auto choices = nlohmann::ordered_json::array();
  for (const auto& kind : kFactKinds) {
    const auto coloured = need(packs->colour(found.region, "{}", kind.facts, now));
    if (coloured.rule.empty() || strictness(coloured.colour) <= strictness(found.colour)) continue;
    choices.push_back(choiceJson(kind.kind, coloured));
  }
  return jsonReply(200, {{"choices", choices}});
}

Reply Bureau::activate(const Call& call) {
  const Actor actor = require(call, kCheckpoint);
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  Fact fact;
  fact.kind = fact.evidence = "checkpoint";
  fact.at = now;
  fact.idCompared = body.flag("idCompared");
  fact.temperatureNormal = body.flag("temperatureNormal");
  return jsonReply(200, toJson(cases_.activate(call.captured, fact, actor, now)));
}

Reply Bureau::changeColour(const Call& call) {
  const Actor actor = require(call, kReviewer);
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const Fact fact = readFact(body.inner("fact"), now);
  return jsonReply(200, toJson(cases_.changeColour(call.captured, readColour(body),
                                                   body.text("rule", kMaxRule), fact, actor, now)));
}

// --- appeals ---

Reply Bureau::listAppeals(const Call& call) {
  cases_.note("read-appeals", "", require(call, kReviewer), unixNow());
  auto list = nlohmann::ordered_json::array();
  for (const auto& appeal : cases_.openAppeals()) list.push_back(toJson(appeal));
  return jsonReply(200, {{"appeals", list}});
}

Reply Bureau::decideAppeal(const Call& call) {
  const Actor actor = require(call, kReviewer);
  const JsonBody body(call.body);
  const std::string outcome = body.text("outcome", kMaxKeyword);
  if (outcome != "granted" && outcome != "refused") body.refuse("outcome");
  return jsonReply(200, toJson(cases_.decideAppeal(call.captured, outcome == "granted",
                                                   readKeyword(body, "reasonClass"), actor, unixNow())));
}

// --- lists ---

Reply Bureau::importRows(const Call& call) {
  const Actor actor = require(call, kImporter);
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  std::vector<ImportRow> rows;
  for (const auto& row : body.objects("rows", kMaxRows))
    rows.push_back({readIdNumber(row), readFact(row, now)});
  const std::string batch = body.text("batch", 22);
  return jsonReply(200, toJson(cases_.import(batch, rows, actor, now)));
}

Reply Bureau::undoImport(const Call& call) {
  const Actor actor = require(call, kImporter);
  return jsonReply(200, toJson(cases_.undoImport(call.captured, actor, unixNow())));
}

Reply Bureau::showAreas(const Call& call) {
  cases_.note("read-areas", "", require(call, kImporter), unixNow());
  return jsonReply(200, {{"regions", cases_.areasAtRisk()}});
}

Reply Bureau::setAreas(const Call& call) {
  const Actor actor = require(call, kImporter);
  const JsonBody body(call.body);
  const auto regions = body.optionalTexts("regions", kMaxAreas, 6);
  if (!std::all_of(regions.begin(), regions.end(), isRegion)) body.refuse("regions");
  cases_.setAreasAtRisk(regions, actor, unixNow());
  return jsonReply(200, {{"regions", cases_.areasAtRisk()}});
}

// --- figures, news, words ---

Reply Bureau::showCounts(const Call& call) {
  cases_.note("read-figures", "", require(call, kWhoCounts), unixNow());
  return jsonReply(200, toJson(cases_.counts(unixNow())));
}

Reply Bureau::publishNews(const Call& call) {
  const Actor actor = require(call, kAdmin);
  const UnixSeconds now = unixNow();
  const News news = readNews(JsonBody(call.body), now);
  cases_.publishNews(news, actor, now);
  return jsonReply(201, {{"id", news.id}});
}

Reply Bureau::withdrawNews(const Call& call) {
  const Actor actor = require(call, kAdmin);
  cases_.withdrawNews(call.captured, actor, unixNow());
  return jsonReply(200, nlohmann::ordered_json::object());
}

Reply Bureau::showRules(const Call& call) {
  require(call, kStaffRoles);
  return jsonReply(200, wordsOfRules(*rules_.packs(), places_, trust_.current()->list.content().packs));
}

Reply Bureau::showMemberLog(const Call& call) {
  const Actor actor = require(call, kAdmin);
  const auto answer = toJson(cases_.log(call.captured, endOfPage(call)));
  cases_.note("read-staff-log", call.captured, actor, unixNow());
  return jsonReply(200, answer);
}

}  // namespace liangma::server
