// SPDX-License-Identifier: Apache-2.0
// What a resident's phone does, for the tests of the server: reads one JSON command a line, answers with one
// line.

#include <iostream>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "cli/failure.h"
#include "cli/json_io.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"
#include "liangma/answer.h"
#include "liangma/colour_record.h"
#include "liangma/key_proof.h"
#include "liangma/request.h"
#include "liangma/status_list.h"
#include "liangma/verify.h"
#include "server/authority_schema.h"
#include "server/database.h"

namespace liangma::tests {
namespace {

using tools::Json;
using tools::need;
using tools::OrderedJson;

Bytes bytes(const Json& command, const char* name) {
  auto decoded = tools::decodeBase64url(command.at(name).get<std::string>());
  if (!decoded) tools::failBadData("test.base64url", name);
  return *decoded;
}

SigningKey deviceKey(const Json& command) {
  return need(SigningKey::fromSeed(bytes(command, "key")));
}

TrustList trustList(const Json& command) {
  std::vector<PublicKey> roots;
  for (const auto& root : command.at("roots"))
    roots.push_back(need(PublicKey::fromRaw(*tools::decodeBase64url(root.get<std::string>()))));
  return need(openTrustList(bytes(command, "trust"), roots, 0, command.at("now").get<UnixSeconds>()));
}

OrderedJson newKey(const Json&) {
  tools::SystemEntropy entropy(32);
  const auto key = need(SigningKey::generate(entropy.get()));
  return {{"key", tools::encodeBase64url(key.seed32().bytes())},
          {"public", tools::encodeBase64url(key.publicKey().raw32())}};
}

OrderedJson proof(const Json& command) {
  const auto encoded = need(makeKeyProof(deviceKey(command), command.at("audience").get<std::string>(),
                                         bytes(command, "nonce"), command.at("now").get<UnixSeconds>()));
  return {{"proof", tools::encodeBase64url(encoded)}};
}

OrderedJson statement(const Json& command) {
  const auto encoded = need(makeStatement(
      deviceKey(command), {command.at("kind").get<std::string>(), command.at("content").get<std::string>()},
      command.at("audience").get<std::string>(), bytes(command, "nonce"),
      command.at("now").get<UnixSeconds>()));
  return {{"statement", tools::encodeBase64url(encoded)}};
}

/// Reads a record and checks who signed it.
OrderedJson record(const Json& command) {
  const auto read = need(openColourRecord(bytes(command, "record"), trustList(command).content()));
  return {{"event", read.event},
          {"at", read.madeAt},
          {"sequence", read.sequence},
          {"colour", read.colour ? colourId(*read.colour) : ""},
          {"rule", read.rule.value_or("")},
          {"reasonClass", read.reasonClass.value_or("")},
          {"evidence", read.evidence.value_or("")},
          {"actor", read.actorRole},
          {"region", read.region.value_or("")},
          {"until", read.until.value_or(0)}};
}

/// Reads a credential and checks it as a wallet does.
OrderedJson credential(const Json& command) {
  const auto parsed = need(parseCredential(bytes(command, "credential")));
  const auto now = command.at("now").get<UnixSeconds>();
  const auto checked = checkCredential(parsed, trustList(command), deviceKey(command).publicKey(), now);
  return {{"check", errcId(checked.code())},
          {"issuer", parsed.issuer},
          {"subject", parsed.subject},
          {"statusIndex", parsed.code.statusIndex},
          {"colour", colourId(parsed.code.colour)},
          {"maskedName", parsed.code.maskedName},
          {"region", parsed.region()},
          {"lifeSeconds", parsed.expiresAt - parsed.issuedAt},
          {"identity", tools::identityToJson(parsed.identity)}};
}

/// A live code, and what a gate says of it.
OrderedJson show(const Json& command) {
  const auto now = command.at("now").get<UnixSeconds>();
  const auto text =
      need(makeLiveCode(need(parseCredential(bytes(command, "credential"))), deviceKey(command), now));
  const auto verdict = verify(text, {.trust = trustList(command), .now = now});
  return {{"text", text}, {"verdict", tools::verdictToJson(verdict)}};
}

/// What a gate reads in a status list: of one code, and of the list itself.
OrderedJson status(const Json& command) {
  const auto trust = trustList(command);
  const auto* issuer = trust->findIssuer(command.at("issuer").get<std::string>());
  const auto list = need(openStatusList(bytes(command, "token"), *issuer));
  StatusLists lists;
  need(lists.keep(list));
  const auto now = command.at("now").get<UnixSeconds>();
  const auto entry = need(lists.status(issuer->id, command.at("statusIndex").get<std::uint64_t>(), now));
  return {{"value", static_cast<int>(entry.status)},
          {"freshness", freshnessId(list.freshness(now))},
          {"issuedAt", list.claims().issuedAt},
          {"ttlSeconds", list.claims().ttlSeconds},
          {"lifeSeconds", list.claims().expiresAt - list.claims().issuedAt}};
}

/// A credential of any time, signed with the authority's own key.
OrderedJson issue(const Json& command) {
  CredentialClaims claims;
  claims.issuer = "330100";
  claims.issuedAt = command.at("issuedAt").get<UnixSeconds>();
  claims.expiresAt = claims.issuedAt + kMaxCredentialSeconds;
  claims.deviceKey = deviceKey(command).publicKey();
  claims.code = {Colour::Green, {}, "张*三", "0013", 0xFFFFF, {}};
  claims.identity = {{IdentityClaim::FullName, "张三三"},
                     {IdentityClaim::IdNumber, "330106198504120013"},
                     {IdentityClaim::Phone, "10000000001"}};
  if (command.contains("identity")) {
    tools::ObjectReader reader(command.at("identity"), "identity:");
    claims.identity.clear();
    for (const auto claim : {IdentityClaim::FullName, IdentityClaim::IdNumber, IdentityClaim::Phone})
      claims.identity[claim] = reader.text(identityClaimId(claim));
  }
  tools::SystemEntropy entropy(256);
  const auto issuerKey = need(SigningKey::fromSeed(bytes(command, "issuerKey")));
  return {{"credential", tools::encodeBase64url(need(issueCredential(claims, issuerKey, entropy.get())))}};
}

std::set<IdentityClaim> agreedClaims(const Json& command, const TrustedRequest& request) {
  if (!command.contains("agreed")) return request.claims.wanted;
  std::set<IdentityClaim> claims;
  for (const auto& id : command.at("agreed"))
    claims.insert(identityClaimFromId(id.get<std::string>()).value());
  return claims;
}

/// Answers a request, at `signedAt` if given; sealed to its maker, or to another verifier if `sealTo` names
/// one.
OrderedJson answer(const Json& command) {
  const auto trust = trustList(command);
  const auto request = need(
      openRequest(command.at("request").get<std::string>(), trust, command.at("now").get<UnixSeconds>()));
  const auto open = need(makeAnswer(request, need(parseCredential(bytes(command, "credential"))),
                                    deviceKey(command), agreedClaims(command, request),
                                    command.value("signedAt", command.at("now").get<UnixSeconds>())));
  const auto* sealTo = trust->findVerifier(command.value("sealTo", request.claims.verifier));
  tools::SystemEntropy entropy(32);
  return {{"open", open},
          {"sealed", need(sealAnswer(open, sealTo->sealingKey32, entropy.get()))},
          {"answerUrl", request.claims.answerUrl.value_or("")},
          {"verifier", request.claims.verifier},
          {"purpose", request.claims.purpose},
          {"wanted", tools::identityClaimIds(request.claims.wanted)}};
}

/// Runs a statement of the test's own on a database, and gives the rows as text.
OrderedJson sql(const Json& command) {
  std::string address = command.at("database").get<std::string>();
  soci::session session;
  if (address.starts_with("postgresql:")) {
    session.open(soci::postgresql, address);
  } else {
    if (address.starts_with("sqlite:")) address.erase(0, 7);
    session.open(soci::sqlite3, "dbname=\"" + address + "\" timeout=5");
  }
  const soci::rowset<soci::row> rows = session.prepare << command.at("statement").get<std::string>();
  OrderedJson result = OrderedJson::array();
  for (const auto& row : rows) {
    OrderedJson cells = OrderedJson::array();
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(row.get<std::string>(i));
    result.push_back(cells);
  }
  return {{"rows", result}};
}

/// A database as the first version of the authority left it: so many people, each with a ticket that a device
/// used and the credential that it got; the first one's device is given. `withdrawn`: as the second version
/// left it, with one code withdrawn.
OrderedJson oldAuthority(const Json& command) {
  server::Database database(command.at("database").get<std::string>(),
                            server::authorityMigrations().first(1));
  const auto people = command.at("people").get<long long>();
  database.transaction([&](soci::session& session) {
    for (long long i = 1; i <= people; ++i) {
      const auto device = i == 1 ? command.at("device").get<std::string>() : "device-" + std::to_string(i);
      const auto number = i == 1 ? std::string("330106198504120013") : "number-" + std::to_string(i);
      session << "INSERT INTO resident VALUES (:id, '张三三', 'id-card', :number,"
                 " '10000000001', '1985-04-12', 'male', '330100', '', 1, NULL, 'old')",
          soci::use(i, "id"), soci::use(number, "number");
      session << "INSERT INTO ticket VALUES ('digest-' || CAST(:id AS TEXT), :id, 1, 2, :device, 1)",
          soci::use(i, "id"), soci::use(device, "device");
      session << "INSERT INTO device VALUES (:device, :id, 1)", soci::use(device, "device"),
          soci::use(i, "id");
      session << "INSERT INTO issuance VALUES (:id, :id, :device, 'subject-' || CAST(:id AS TEXT), 1, 2)",
          soci::use(i, "id"), soci::use(device, "device");
    }
  });
  if (command.at("withdrawn").get<bool>())
    server::Database(command.at("database").get<std::string>(), server::authorityMigrations().first(2))
        .transaction([](soci::session& session) { session << "INSERT INTO withdrawal VALUES (2, 1, 1)"; });
  return {{"people", people}};
}

OrderedJson run(const Json& command) {
  const auto what = command.at("do").get<std::string>();
  if (what == "newKey") return newKey(command);
  if (what == "proof") return proof(command);
  if (what == "statement") return statement(command);
  if (what == "record") return record(command);
  if (what == "credential") return credential(command);
  if (what == "show") return show(command);
  if (what == "status") return status(command);
  if (what == "issue") return issue(command);
  if (what == "answer") return answer(command);
  if (what == "sql") return sql(command);
  if (what == "oldAuthority") return oldAuthority(command);
  tools::failBadData("test.command", what);
}

OrderedJson runLine(const std::string& line) {
  try {
    return run(Json::parse(line));
  } catch (const tools::Failure& failure) {
    return {{"error", failure.id}, {"message", failure.message}};
  } catch (const std::exception& error) {
    return {{"error", "test.exception"}, {"message", error.what()}};
  }
}

}  // namespace
}  // namespace liangma::tests

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << liangma::tools::jsonLine(liangma::tests::runLine(line)) << std::endl;
}
