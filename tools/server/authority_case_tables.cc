// SPDX-License-Identifier: Apache-2.0
#include "server/authority_case_tables.h"

#include <nlohmann/json.hpp>

#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr UnixSeconds kDay = 24 * 3600;
constexpr int kDaysCounted = 30;
/// A smaller organisation would tell its people's colours.
constexpr int kLeastMembers = 5;

Bytes bytesFrom(const std::string& text) {
  if (text.empty()) return {};
  auto bytes = tools::decodeBase64url(text);
  if (!bytes) throw internalError();
  return std::move(*bytes);
}

std::string dayText(std::int64_t day) {
  const std::time_t seconds = day * kDay;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

/// Adds up rows of a name, a colour and a number.
std::vector<Counts::Colours> addUp(soci::session& sql, const std::string& query, const std::string& authority,
                                   std::int64_t from, std::string (*nameOf)(const std::string&)) {
  std::vector<Counts::Colours> list;
  std::string name;
  int colour = 0;
  std::uint64_t number = 0;
  soci::statement statement =
      (sql.prepare << query, use(authority), use(from), into(name), into(colour), into(number));
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    if (list.empty() || list.back().name != nameOf(name)) list.push_back({nameOf(name)});
    list.back().byColour[colour & 3] += number;
  }
  return list;
}

nlohmann::json toJson(const News& news) {
  return {{"titles", news.titles}, {"texts", news.texts}};
}

}  // namespace

// ---- declarations and facts

void CaseTables::addDeclaration(const std::string& resident, const Declaration& declaration) {
  const std::string statement = tools::encodeBase64url(declaration.statement);
  const int isWell = declaration.isWell ? 1 : 0;
  // The number says which of several in one second came last.
  sql << "INSERT INTO declaration (authority, id, resident, form, content, statement, number, made_at, day, "
         "is_well)"
         " SELECT :authority, :id, :resident, :form, :content, :statement, COALESCE(max(number), 0) + 1, "
         ":made, :day,"
         " :well FROM declaration WHERE authority = :same AND resident = :who",
      use(authority), use(declaration.id), use(resident), use(declaration.form), use(declaration.json),
      use(statement), use(declaration.madeAt), use(declaration.day), use(isWell), use(authority),
      use(resident);
}

std::vector<Declaration> CaseTables::declarationsSince(const std::string& resident, UnixSeconds from) {
  Declaration row;
  int isWell = 0;
  soci::statement statement =
      (sql.prepare << "SELECT id, form, content, made_at, day, is_well FROM declaration WHERE authority = "
                      ":authority AND"
                      " resident = :resident AND made_at >= :from ORDER BY made_at, number",
       use(authority), use(resident), use(from), into(row.id), into(row.form), into(row.json),
       into(row.madeAt), into(row.day), into(isWell));
  std::vector<Declaration> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.isWell = isWell != 0;
    rows.push_back(row);
  }
  return rows;
}

bool CaseTables::addFact(const StoredFact& stored) {
  const Fact& fact = stored.fact;
  const int idCompared = fact.idCompared ? 1 : 0, temperatureNormal = fact.temperatureNormal ? 1 : 0;
  const int isColoured = stored.batch.empty() ? 1 : 0;
  std::string added;
  sql << "INSERT INTO fact (authority, id, id_hash, kind, happened_at, known_at, evidence, id_compared, "
         "temperature_normal, batch, is_coloured) VALUES (:authority, :id, :hash, :kind, :happened, :known, "
         ":evidence,"
         " :compared, :normal, :batch, :coloured) ON CONFLICT DO NOTHING RETURNING id",
      use(authority), use(stored.id), use(stored.idHash), use(fact.kind), use(fact.at), use(stored.knownAt),
      use(fact.evidence), use(idCompared), use(temperatureNormal), use(stored.batch), use(isColoured),
      into(added);
  return sql.got_data();
}

std::vector<StoredFact> CaseTables::factsSince(const std::string& idHash, UnixSeconds from) {
  StoredFact row;
  row.idHash = idHash;
  int idCompared = 0, temperatureNormal = 0;
  soci::statement statement =
      (sql.prepare
           << "SELECT id, kind, happened_at, known_at, evidence, id_compared, temperature_normal, batch FROM"
              " fact WHERE authority = :authority AND id_hash = :hash AND set_aside_at = 0 AND (known_at >= "
              ":from"
              " OR kind = 'checkpoint') ORDER BY known_at, id",
       use(authority), use(idHash), use(from), into(row.id), into(row.fact.kind), into(row.fact.at),
       into(row.knownAt), into(row.fact.evidence), into(idCompared), into(temperatureNormal),
       into(row.batch));
  std::vector<StoredFact> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    row.fact.idCompared = idCompared != 0;
    row.fact.temperatureNormal = temperatureNormal != 0;
    rows.push_back(row);
  }
  return rows;
}

void CaseTables::setFactsAside(const std::string& idHash, UnixSeconds now) {
  sql << "UPDATE fact SET set_aside_at = :now WHERE authority = :authority AND id_hash = :hash AND "
         "set_aside_at = "
         "0 AND"
         " kind <> 'checkpoint'",
      use(now), use(authority), use(idHash);
}

// ---- imports

bool CaseTables::addBatch(const std::string& batch, const std::string& member, UnixSeconds now) {
  sql << "INSERT INTO import_batch (authority, id, made_at) VALUES (:authority, :id, :now) ON CONFLICT "
         "(authority, id) DO UPDATE SET undone_at = 0",
      use(authority), use(batch), use(now);
  std::string added;
  sql << "INSERT INTO import_member (authority, batch, member) VALUES (:authority, :batch, :member) ON "
         "CONFLICT DO NOTHING RETURNING member",
      use(authority), use(batch), use(member), into(added);
  return sql.got_data();
}

bool CaseTables::hasBatch(const std::string& batch) {
  int count = 0;
  sql << "SELECT count(*) FROM import_batch WHERE authority = :authority AND id = :id", use(authority),
      use(batch), into(count);
  return count > 0;
}

bool CaseTables::undoBatch(const std::string& batch, UnixSeconds now) {
  std::string undone;
  sql << "UPDATE import_batch SET undone_at = :now WHERE authority = :authority AND id = :id AND undone_at ="
         " 0 RETURNING id",
      use(now), use(authority), use(batch), into(undone);
  if (!sql.got_data()) return false;
  sql << "DELETE FROM import_member WHERE authority = :authority AND batch = :batch", use(authority),
      use(batch);
  sql << "UPDATE fact SET set_aside_at = :now, is_coloured = 0 WHERE authority = :authority AND batch = "
         ":batch AND"
         " set_aside_at = 0",
      use(now), use(authority), use(batch);
  return true;
}

std::uint64_t CaseTables::countUncolouredOf(const std::string& batch) {
  std::uint64_t count = 0;
  sql << "SELECT count(DISTINCT id_hash) FROM fact WHERE authority = :authority AND batch = :batch AND "
         "is_coloured = 0",
      use(authority), use(batch), into(count);
  return count;
}

std::vector<std::string> CaseTables::uncolouredOf(const std::string& batch, std::size_t atMost) {
  const soci::rowset<std::string> rows = (sql.prepare << "SELECT DISTINCT id_hash FROM fact WHERE authority "
                                                         "= :authority AND batch = :batch AND is_coloured ="
                                                         " 0 ORDER BY id_hash LIMIT :most",
                                          use(authority), use(batch), use(atMost));
  return {rows.begin(), rows.end()};
}

void CaseTables::markColoured(const std::string& batch, const std::string& idHash) {
  sql << "UPDATE fact SET is_coloured = 1 WHERE authority = :authority AND batch = :batch AND id_hash = "
         ":hash AND is_coloured = 0",
      use(authority), use(batch), use(idHash);
}

std::vector<std::string> CaseTables::areasAtRisk() {
  const soci::rowset<std::string> rows =
      (sql.prepare << "SELECT region FROM area_at_risk WHERE authority = :authority ORDER BY region",
       use(authority));
  return {rows.begin(), rows.end()};
}

void CaseTables::setAreasAtRisk(const std::vector<std::string>& regions) {
  sql << "DELETE FROM area_at_risk WHERE authority = :authority", use(authority);
  for (const auto& region : regions)
    sql << "INSERT INTO area_at_risk (authority, region) VALUES (:authority, :region) ON CONFLICT DO NOTHING",
        use(authority), use(region);
}

// ---- appeals

template <class... Values>
std::vector<StoredAppeal> CaseTables::appealsWhere(const std::string& condition, const Values&... values) {
  StoredAppeal row;
  Appeal& appeal = row.appeal;
  int colour = 0;
  std::string encoded;
  auto query = sql.prepare << "SELECT id, resident, made_at, deadline, colour, rule, words, form, corrected, "
                              "statement, outcome, decided_at FROM appeal WHERE authority = :authority AND "
                           << condition;
  query, use(authority);
  ((query, use(values)), ...);
  soci::statement statement =
      (query, into(appeal.id), into(appeal.caseId), into(appeal.madeAt), into(appeal.deadline), into(colour),
       into(appeal.rule), into(appeal.text), into(row.form), into(appeal.correctedJson), into(encoded),
       into(appeal.outcome), into(row.decidedAt));
  std::vector<StoredAppeal> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    appeal.colour = static_cast<Colour>(colour);
    row.statement = bytesFrom(encoded);
    rows.push_back(row);
  }
  return rows;
}

bool CaseTables::addAppeal(const StoredAppeal& stored) {
  const Appeal& appeal = stored.appeal;
  const int colour = static_cast<int>(appeal.colour);
  const std::string statement = tools::encodeBase64url(stored.statement);
  std::string added;
  sql << "INSERT INTO appeal (authority, id, resident, made_at, deadline, colour, rule, words, form, "
         "corrected, "
         "statement) VALUES (:authority, :id, :resident, :made, :deadline, :colour, :rule, :words, :form, "
         ":corrected,"
         " :statement) ON CONFLICT DO NOTHING RETURNING id",
      use(authority), use(appeal.id), use(appeal.caseId), use(appeal.madeAt), use(appeal.deadline),
      use(colour), use(appeal.rule), use(appeal.text), use(stored.form), use(appeal.correctedJson),
      use(statement), into(added);
  return sql.got_data();
}

std::optional<StoredAppeal> CaseTables::findAppeal(const std::string& id) {
  auto rows = appealsWhere(std::string("id = :id") + forUpdate(), id);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::optional<StoredAppeal> CaseTables::lastAppeal(const std::string& resident) {
  auto rows = appealsWhere(
      "resident = :resident ORDER BY CASE WHEN outcome = '' THEN 0 ELSE 1 END, made_at DESC, id LIMIT 1",
      resident);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<Appeal> CaseTables::openAppeals(std::size_t atMost) {
  std::vector<Appeal> appeals;
  for (auto& row : appealsWhere("outcome = '' ORDER BY deadline, id LIMIT :most", atMost))
    appeals.push_back(std::move(row.appeal));
  return appeals;
}

std::vector<Appeal> CaseTables::appealsToNoteOverdue(UnixSeconds now, std::size_t atMost) {
  std::vector<Appeal> appeals;
  for (auto& row :
       appealsWhere("outcome = '' AND is_overdue = 0 AND deadline <= :now ORDER BY deadline, id LIMIT :most",
                    now, atMost))
    appeals.push_back(std::move(row.appeal));
  return appeals;
}

bool CaseTables::markOverdue(const std::string& id) {
  std::string marked;
  sql << "UPDATE appeal SET is_overdue = 1 WHERE authority = :authority AND id = :id AND outcome = '' AND "
         "is_overdue = 0 RETURNING id",
      use(authority), use(id), into(marked);
  return sql.got_data();
}

void CaseTables::decideAppeal(const std::string& id, const std::string& outcome, UnixSeconds now) {
  sql << "UPDATE appeal SET outcome = :outcome, decided_at = :now WHERE authority = :authority AND id = :id",
      use(outcome), use(now), use(authority), use(id);
}

// ---- news

void CaseTables::addNews(const News& news) {
  const std::string content = toJson(news).dump();
  sql << "INSERT INTO news (authority, id, kind, content, url, published_at) VALUES (:authority, :id, :kind, "
         ":content,"
         " :url, :published) ON CONFLICT DO NOTHING",
      use(authority), use(news.id), use(news.kind), use(content), use(news.url), use(news.publishedAt);
}

bool CaseTables::withdrawNews(const std::string& id, UnixSeconds now) {
  std::string withdrawn;
  sql << "UPDATE news SET withdrawn_at = :now WHERE authority = :authority AND id = :id AND withdrawn_at = 0 "
         "RETURNING id",
      use(now), use(authority), use(id), into(withdrawn);
  return sql.got_data();
}

std::vector<News> CaseTables::news(std::size_t atMost) {
  News row;
  std::string content;
  soci::statement statement = (sql.prepare << "SELECT id, kind, content, url, published_at FROM news WHERE "
                                              "authority = :authority AND withdrawn_at"
                                              " = 0 ORDER BY published_at DESC, id LIMIT :most",
                               use(authority), use(atMost), into(row.id), into(row.kind), into(content),
                               into(row.url), into(row.publishedAt));
  std::vector<News> rows;
  for (bool more = statement.execute(true); more; more = statement.fetch()) {
    const auto json = nlohmann::json::parse(content);
    row.titles = json.at("titles").get<decltype(row.titles)>();
    row.texts = json.at("texts").get<decltype(row.texts)>();
    rows.push_back(row);
  }
  return rows;
}

// ---- counts and erasure

Counts CaseTables::counts(UnixSeconds now, std::int64_t offset) {
  const auto asIs = [](const std::string& name) { return name; };
  const auto asDay = [](const std::string& name) { return dayText(std::stoll(name)); };
  const std::int64_t firstDay = ((now + offset) / kDay - kDaysCounted + 1) * kDay - offset, always = 0;
  const std::string day = "(made_at + " + std::to_string(offset) + ") / 86400";
  Counts counts;
  counts.byRegion =
      addUp(sql,
            "SELECT region, colour, count(*) FROM resident WHERE authority = :authority AND since >= :from"
            " GROUP BY region, colour ORDER BY region, colour",
            authority, always, asIs);
  counts.changesByDay =
      addUp(sql,
            "SELECT CAST(" + day +
                " AS TEXT), colour, count(*) FROM record WHERE authority = :authority AND event ="
                " 'colour' AND made_at >= :from GROUP BY " +
                day + ", colour ORDER BY " + day + ", colour",
            authority, firstDay, asDay);
  counts.byOrganisation =
      addUp(sql,
            "SELECT organisation, colour, count(*) FROM resident WHERE authority = :authority AND since >= "
            ":from AND"
            " organisation <> '' GROUP BY organisation, colour ORDER BY organisation, colour",
            authority, always, asIs);
  std::erase_if(counts.byOrganisation, [](const Counts::Colours& each) {
    return each.byColour[0] + each.byColour[1] + each.byColour[2] + each.byColour[3] < kLeastMembers;
  });
  sql << "SELECT count(*), COALESCE(sum(CASE WHEN deadline <= :now THEN 1 ELSE 0 END), 0) FROM appeal WHERE "
         "authority"
         " = :authority AND outcome = ''",
      use(now), use(authority), into(counts.openAppeals), into(counts.overdueAppeals);
  return counts;
}

std::vector<std::string> CaseTables::remove(const char* statement, UnixSeconds before, std::size_t atMost) {
  const soci::rowset<std::string> rows =
      (sql.prepare << statement, use(authority), use(authority), use(before), use(atMost));
  return {rows.begin(), rows.end()};
}

std::vector<std::string> CaseTables::eraseDeclarations(UnixSeconds before, std::size_t atMost) {
  return remove(
      "DELETE FROM declaration WHERE authority = :authority AND id IN (SELECT id FROM declaration WHERE"
      " authority = :same AND made_at < :before ORDER BY id LIMIT :most) RETURNING id",
      before, atMost);
}

std::vector<std::string> CaseTables::eraseFacts(UnixSeconds before, std::size_t atMost) {
  return remove(
      "DELETE FROM fact WHERE authority = :authority AND id IN (SELECT id FROM fact WHERE authority = :same"
      " AND known_at < :before ORDER BY id LIMIT :most) RETURNING id",
      before, atMost);
}

std::vector<std::string> CaseTables::eraseAppeals(UnixSeconds before, std::size_t atMost) {
  return remove(
      "DELETE FROM appeal WHERE authority = :authority AND id IN (SELECT id FROM appeal WHERE authority ="
      " :same AND CASE WHEN outcome = '' THEN deadline ELSE decided_at END < :before ORDER BY id LIMIT "
      ":most) RETURNING id",
      before, atMost);
}

std::vector<std::string> CaseTables::eraseIssuances(UnixSeconds before, std::size_t atMost) {
  return remove(
      "UPDATE issuance SET resident = '', device_key = '', subject = '' WHERE authority = :authority AND"
      " status_index IN (SELECT status_index FROM issuance WHERE authority = :same AND expires_at < :before"
      " AND resident <> '' ORDER BY status_index LIMIT :most) RETURNING CAST(status_index AS TEXT)",
      before, atMost);
}

std::vector<std::string> CaseTables::residentsWithoutCode(UnixSeconds before, std::size_t atMost) {
  const soci::rowset<std::string> rows =
      (sql.prepare
           << "SELECT r.id FROM resident r WHERE r.authority = :authority AND NOT EXISTS (SELECT 1 FROM "
              "issuance"
              " i WHERE i.authority = r.authority AND i.resident = r.id AND i.expires_at >= :before) AND"
              " r.since < :then ORDER BY r.id LIMIT :most",
       use(authority), use(before), use(before), use(atMost));
  return {rows.begin(), rows.end()};
}

}  // namespace liangma::server
