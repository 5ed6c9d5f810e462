// SPDX-License-Identifier: Apache-2.0
//
// tests/vectors/*.json: they are what tools/vectorgen makes, core does what they say, and every id is among
// them.
#include "vectorgen/vectors.h"

#include <fstream>
#include <set>
#include <sstream>

#include "cbor/reader.h"
#include "fixture.h"
#include "liangma/status_list.h"
#include "vectorgen/forge.h"
#include "vectorgen/world.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::hex;
using vectors::Json;

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Json readVectors(const std::string& name) {
  return Json::parse(readFile("tests/vectors/" + name + ".json"), nullptr, false);
}

std::string text(const Json& input, const char* field) {
  return input[field].get<std::string>();
}
Bytes bytes(const Json& input, const char* field) {
  return fromHex(text(input, field));
}

template <std::size_t N>
ByteArray<N> fixedBytes(const Json& input, const char* field) {
  ByteArray<N> fixed{};
  const auto all = bytes(input, field);
  std::copy_n(all.begin(), std::min(N, all.size()), fixed.begin());
  return fixed;
}

std::set<IdentityClaim> claimSet(const Json& names) {
  std::set<IdentityClaim> claims;
  for (const auto& name : names) claims.insert(identityClaimFromId(name.get<std::string>()).value());
  return claims;
}

Json errorJson(Errc code) {
  return {{"error", errcId(code)}};
}

/// The outcome of a Result as a record states it: an error, or what `describe` makes of the value.
template <class T, class Describe>
Json outcome(const Result<T>& result, Describe describe) {
  return result.ok() ? describe(*result) : errorJson(result.code());
}

Json okJson() {
  return {{"ok", true}};
}

Json identityJson(const Identity& identity) {
  Json members = Json::object();
  for (const auto& [claim, value] : identity) members[std::string(identityClaimId(claim))] = value;
  return members;
}

TrustList openWhenIssued(const Bytes& encoded) {
  const PublicKey pinned[] = {world::signingKey(world::kRoot).publicKey()};
  return openTrustList(encoded, pinned, 0, world::trustContent().issuedAt).value();
}

// ---- one function for each operation

Json runBase45(const Json& input) {
  const auto raw = bytes(input, "text");
  return outcome(decodeBase45({reinterpret_cast<const char*>(raw.data()), raw.size()}),
                 [](const Bytes& decoded) {
                   return Json{{"ok", true}, {"bytes", hex(decoded)}};
                 });
}

Json runCbor(const Json& input) {
  const auto encoded =
      input.contains("zeros") ? Bytes(input["zeros"].get<std::size_t>()) : bytes(input, "bytes");
  return outcome(cbor::decode(encoded), [](const auto&) { return okJson(); });
}

Json runCredential(const Json& input) {
  return outcome(parseCredential(bytes(input, "credential")), [](const Credential& credential) {
    return Json{{"ok", true},
                {"issuer", credential.issuer},
                {"region", credential.region()},
                {"colour", colourId(credential.code.colour)},
                {"maskedName", credential.code.maskedName},
                {"idTail", credential.code.idTail},
                {"identity", identityJson(credential.identity)}};
  });
}

CredentialClaims readClaims(const Json& fields) {
  CredentialClaims claims;
  claims.issuer = text(fields, "issuer");
  claims.issuedAt = fields["issuedAt"];
  claims.expiresAt = fields["expiresAt"];
  if (fields.contains("deviceKey")) claims.deviceKey = PublicKey::fromRaw(bytes(fields, "deviceKey")).value();
  const auto& code = fields["code"];
  claims.code.colour = colourFromId(text(code, "colour")).value();
  if (code.contains("region")) claims.code.region = text(code, "region");
  claims.code.maskedName = text(code, "maskedName");
  claims.code.idTail = text(code, "idTail");
  claims.code.statusIndex = code["statusIndex"];
  if (code.contains("live"))
    claims.code.live = LivePolicy{code["live"]["periodSeconds"], code["live"]["windowSeconds"], 10};
  if (fields.contains("identity"))
    for (const auto& [name, value] : fields["identity"].items())
      claims.identity[identityClaimFromId(name).value()] = value.get<std::string>();
  return claims;
}

Json runIssuer(const Json& input) {
  const auto key = SigningKey::fromSeed(bytes(input, "issuerSeed")).value();
  const auto random = bytes(input, "entropy");
  Entropy entropy(random);
  const auto claims = readClaims(input["claims"]);
  if (text(input, "operation") == "issueCredential")
    return outcome(issueCredential(claims, key, entropy), [](const Bytes& credential) {
      return Json{{"credential", hex(credential)}};
    });
  return outcome(makePaperCode({claims.issuer, claims.issuedAt, claims.expiresAt, claims.code}, key, entropy),
                 [](const std::string& code) {
                   return Json{{"text", code}};
                 });
}

Json textJson(const Result<std::string>& result) {
  return outcome(result, [](const std::string& made) { return Json{{"text", made}}; });
}

Json runHolder(const Json& input) {
  const auto operation = text(input, "operation");
  if (operation == "sealAnswer") {
    const auto random = bytes(input, "entropy");
    Entropy entropy(random);
    return textJson(sealAnswer(text(input, "text"), fixedBytes<32>(input, "sealingKey"), entropy));
  }
  const auto device = SigningKey::fromSeed(bytes(input, "deviceSeed")).value();
  const UnixSeconds now = input["now"];
  if (operation == "makeKeyProof")
    return outcome(makeKeyProof(device, text(input, "audience"), bytes(input, "nonce"), now),
                   [](const Bytes& proof) {
                     return Json{{"proof", hex(proof)}};
                   });
  const auto credential = parseCredential(bytes(input, "credential")).value();
  if (operation == "makeLiveCode") {
    const auto clock = input["clockConfirmed"].get<bool>() ? ClockTrust::Confirmed : ClockTrust::Unconfirmed;
    return textJson(makeLiveCode(credential, device, now, clock));
  }
  const auto request =
      openRequest(text(input, "request"), openWhenIssued(bytes(input, "trust")), now - 10).value();
  return textJson(makeAnswer(request, credential, device, claimSet(input["agreed"]), now));
}

Json runKeyProof(const Json& input) {
  return outcome(
      openKeyProof(bytes(input, "proof"), text(input, "audience"), bytes(input, "nonce"), input["now"]),
      [](const PublicKey& key) {
        return Json{{"ok", true}, {"key", hex(key.raw32())}};
      });
}

Json runRequest(const Json& input) {
  const auto opened = openRequest(text(input, "text"), openWhenIssued(bytes(input, "trust")), input["now"]);
  return outcome(opened, [](const TrustedRequest& request) {
    Json wanted = Json::array();
    for (const auto claim : request.claims.wanted) wanted.push_back(identityClaimId(claim));
    return Json{{"ok", true},
                {"verifier", request.claims.verifier},
                {"purpose", request.claims.purpose},
                {"wanted", wanted},
                {"nonce", hex(request.claims.nonce)},
                {"answerUrl", request.claims.answerUrl.value_or("")}};
  });
}

Json runSealed(const Json& input) {
  const auto key = SealingKey::fromSecret(bytes(input, "secret")).value();
  return outcome(unsealAnswer(text(input, "text"), key), [](const std::string& code) {
    return Json{{"ok", true}, {"text", code}};
  });
}

Json runTrust(const Json& input) {
  std::vector<PublicKey> roots;
  for (const auto& root : input["roots"])
    roots.push_back(PublicKey::fromRaw(fromHex(root.get<std::string>())).value());
  return outcome(openTrustList(bytes(input, "trust"), roots, input["knownVersion"], input["now"]),
                 [](const TrustList& list) {
                   return Json{{"ok", true}, {"version", list->version}};
                 });
}

Json runVault(const Json& input) {
  const auto sealed = bytes(input, "sealed");
  const auto context = text(input, "context");
  return outcome(input.contains("hostKey") ? openWithHostKey(sealed, bytes(input, "hostKey"), context)
                                           : openWithPin(sealed, text(input, "pin"), context),
                 [](const Bytes& opened) {
                   return Json{{"ok", true}, {"bytes", hex(opened)}};
                 });
}

constexpr std::string_view kStatusNames[] = {"valid", "invalid", "suspended", "superseded"};

class StatedStatus : public StatusLookup {
 public:
  explicit StatedStatus(std::string stated) : stated_(std::move(stated)) {}
  Result<StatusEntry> status(std::string_view, std::uint64_t, UnixSeconds) const override {
    if (stated_ == "status.stale") return StatusEntry{CredentialStatus::Valid, true};
    for (std::uint8_t i = 0; i < 4; ++i)
      if (stated_ == kStatusNames[i]) return StatusEntry{static_cast<CredentialStatus>(i)};
    return errcFromId(stated_).value();
  }

 private:
  std::string stated_;
};

Json runStatus(const Json& input) {
  const auto trust = openWhenIssued(bytes(input, "trust"));
  const std::uint64_t index = input["index"];
  const UnixSeconds now = input["now"];
  auto opened = openStatusList(bytes(input, "token"), trust->issuers[0]);
  if (!opened.ok()) return errorJson(opened.code());
  const auto freshness = opened->freshness(now);
  StatusLists lists;
  EXPECT_TRUE(lists.keep(std::move(opened).value()).ok());
  return outcome(lists.status("330100", index, now), [&](const StatusEntry& entry) {
    EXPECT_EQ(entry.isStale, freshness == Freshness::Stale);
    return Json{{"ok", true},
                {"status", kStatusNames[static_cast<std::size_t>(entry.status)]},
                {"freshness", freshnessId(freshness)}};
  });
}

Json verdictJson(const Verdict& verdict) {
  Json described = {{"decision", decisionId(verdict.decision)}, {"reason", errcId(verdict.reason)}};
  if (!verdict.code) return described;
  const auto& code = *verdict.code;
  described["assurance"] = assuranceId(verdict.assurance);
  described["code"] = {{"issuer", code.issuer},           {"region", code.region},
                       {"colour", colourId(code.colour)}, {"maskedName", code.maskedName},
                       {"idTail", code.idTail},           {"identity", identityJson(code.identity)}};
  return described;
}

Json runVerify(const Json& input, const Json& trustLists) {
  const auto trust = openWhenIssued(fromHex(trustLists[text(input, "trust")].get<std::string>()));
  VerifyContext context{trust, input["now"]};
  if (input.contains("scene")) context.scene = trust->findScene(text(input, "scene"));
  Challenge challenge;
  if (input.contains("challenge")) {
    const auto& asked = input["challenge"];
    challenge = {text(asked, "verifier"), bytes(asked, "nonce"), claimSet(asked["wanted"])};
    context.challenge = &challenge;
  }
  SeenCodes seen;
  if (input.contains("seen")) {
    context.seen = &seen;
    EXPECT_EQ(verify(text(input, "text"), context).decision, Decision::Admit);
  }
  const StatedStatus status(input.value("status", ""));
  if (input.contains("status")) context.status = &status;
  if (input.value("stale", "") == "check") context.stale = StalePolicy::Check;
  return verdictJson(verify(text(input, "text"), context));
}

Json run(const std::string& file, const Json& input, const Json& content) {
  if (file == "verify") return runVerify(input, content["trustLists"]);
  const std::map<std::string, Json (*)(const Json&)> operations = {{"base45", runBase45},
                                                                   {"cbor", runCbor},
                                                                   {"credential", runCredential},
                                                                   {"holder", runHolder},
                                                                   {"issuer", runIssuer},
                                                                   {"key-proof", runKeyProof},
                                                                   {"request", runRequest},
                                                                   {"sealed-answer", runSealed},
                                                                   {"status-list", runStatus},
                                                                   {"trust", runTrust},
                                                                   {"vault", runVault}};
  return operations.at(file)(input);
}

TEST(VectorsTest, AreWhatVectorgenMakes) {
  for (const auto& file : vectors::allVectors())
    EXPECT_EQ(readFile("tests/vectors/" + file.name + ".json"), file.content.dump(1) + "\n")
        << file.name << ": run build/dev/bin/liangma-vectorgen vectors tests/vectors";
}

TEST(VectorsTest, AreWhatCoreDoes) {
  std::size_t count = 0;
  for (const auto& file : vectors::allVectors()) {
    const auto content = readVectors(file.name);
    ASSERT_FALSE(content.is_discarded()) << file.name;
    for (const auto& entry : content["records"]) {
      EXPECT_EQ(run(file.name, entry["input"], content), entry["expected"])
          << file.name << " " << entry["name"];
      ++count;
    }
  }
  std::cout << "vectors: " << count << " records\n";
  EXPECT_GT(count, 200u);
}

TEST(VectorsTest, NameEveryRecordOnce) {
  for (const auto& file : vectors::allVectors()) {
    std::set<std::string> names;
    for (const auto& entry : file.content["records"])
      EXPECT_TRUE(names.insert(entry["name"]).second) << file.name << " " << entry["name"];
  }
}

TEST(VectorsTest, HoldEveryIdAndManySuccesses) {
  std::set<std::string> ids;
  std::size_t successes = 0;
  for (const auto& file : vectors::allVectors()) {
    for (const auto& entry : file.content["records"]) {
      const auto& expected = entry["expected"];
      if (expected.contains("error")) ids.insert(expected["error"]);
      if (expected.contains("reason")) ids.insert(expected["reason"]);
      if (!expected.contains("error") && expected.value("decision", "") != "refuse") ++successes;
    }
  }
  const std::set<std::string> elsewhere = {
      "trust.missing", "scene.unknown",   "recognition.none",    "rule.malformed",  "json.malformed",
      "pack.shape",    "rule.type",       "rule.budget",         "pack.not-listed", "declaration.shape",
      "record.shape",  "statement.shape", "record.chain-broken", "colour.no-rule",  "pack.missing",
  };
  for (const Errc code : allErrcs()) {
    const std::string id(errcId(code));
    if (static_cast<int>(code) < 100 || static_cast<int>(code) >= 600) continue;
    EXPECT_NE(ids.count(id), elsewhere.count(id)) << id;
  }
  EXPECT_GT(successes, 40u);
}

}  // namespace
}  // namespace liangma::test
