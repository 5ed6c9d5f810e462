// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"
#include "liangma/base45.h"
#include "profile.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using Seeds = std::map<std::string, Bytes>;

Bytes bytesOf(std::string_view text) {
  return {text.begin(), text.end()};
}

/// One field of every record of a file, hex taken off, or what stands behind a text's prefix.
Seeds fieldsOf(const File& file, const char* field) {
  Seeds seeds;
  for (const auto& entry : file.content["records"]) {
    const auto& input = entry["input"];
    if (input.contains(field)) seeds[entry["name"]] = forge::fromHex(input[field].get<std::string>());
  }
  return seeds;
}

Seeds textsOf(const File& file) {
  Seeds seeds;
  for (const auto& entry : file.content["records"])
    if (entry["input"].contains("text"))
      seeds[entry["name"]] = bytesOf(entry["input"]["text"].get<std::string>());
  return seeds;
}

Seeds tokensOf(const File& file) {
  Seeds seeds;
  for (const auto& [name, text] : textsOf(file)) {
    const std::string_view view(reinterpret_cast<const char*>(text.data()), text.size());
    const auto bytes = decodeBase45(view.substr(view.find(':') + 1));
    if (bytes.ok() && !bytes->empty()) seeds[name] = *bytes;
  }
  return seeds;
}

/// The payloads of tokens beside the tokens.
Seeds withPayloads(Seeds tokens) {
  Seeds seeds = tokens;
  for (const auto& [name, token] : tokens) {
    const auto document = cbor::decode(token);
    if (!document.ok() || !document->root().is(cbor::Type::Tag) || !document->root().first().isArray(4))
      continue;
    const auto payload = document->root().first().at(2).bytes();
    if (payload) seeds[name + ".payload"] = Bytes(payload->begin(), payload->end());
  }
  return seeds;
}

Bytes signedParts(std::string_view text) {
  const auto live = forge::Token::readText(text);
  const auto credential = forge::credentialOf(live);
  return forge::array({credential.payload, credential.unprotected, live.payload});
}

Seeds signedSeeds() {
  Seeds seeds = {{"live", signedParts(world::live())}, {"answer", signedParts(world::answer())}};
  const auto file = verifyVectors();
  for (const auto& entry : file.content["records"]) {
    const auto& input = entry["input"];
    if (!input.contains("credential")) continue;
    const auto token = forge::Token::readText(input["text"].get<std::string>());
    const auto document = cbor::decode(token.headerMap().at(13));
    if (document.ok() && document->root().is(cbor::Type::Tag))
      seeds[entry["name"]] = signedParts(input["text"].get<std::string>());
  }
  return seeds;
}

Seeds redactionSeeds() {
  const auto parts = [](const Bytes& encoded) {
    const auto credential = parseCredential(encoded).value();
    cbor::Writer writer;
    writer.array(1 + credential.disclosures.size()).raw(credential.payload);
    for (const auto& disclosure : credential.disclosures) writer.bytes(disclosure);
    return writer.take();
  };
  return {{"whole", parts(world::issue(world::claims()))},
          {"bare", parts(*presentCredential(world::credential(), {}))},
          {"array", forge::fromHex("82 81 d83c 5820" + std::string(64, '0') + "43 010203")}};
}

Seeds ruleSeeds() {
  const std::string logic = R"({"if":[{"===":[{"var":"code.colour"},"yellow"]},"check",false]})";
  const std::string names = R"({"zh-Hans":"杭州市","en":"Hangzhou"})";
  const std::string pack =
      R"({"format":1,"region":"330100","version":1,"names":)" + names + R"(,"codeNames":)" + names +
      R"(,"scenes":[{"id":"mall","names":)" + names +
      R"(,"required":"time","assumption":true}],"rules":[{"identifier":"A-1","type":"Admission","region":"330100",)" +
      R"("version":"1.0.0","engine":"CERTLOGIC","engineVersion":"1.0.0","validFrom":"2020-01-01T00:00:00Z",)" +
      R"("validTo":"2030-01-01T00:00:00Z","description":)" + names +
      R"(,"affectedFields":[],"assumption":true,"logic":)" + logic + "}]}";
  return {
      {"logic", bytesOf(logic)},
      {"pack", bytesOf(pack)},
      {"reduce", bytesOf(R"({"reduce":[[1,2],{"+":[{"var":"accumulator"},{"var":"current"}]},0]})")},
      {"time", bytesOf(R"({"after":[{"plusTime":["2020-02-29",1,"month"]},{"dccDateOfBirth":["2020"]}]})")}};
}

Seeds merged(std::initializer_list<Seeds> all) {
  Seeds seeds;
  for (const auto& part : all) seeds.insert(part.begin(), part.end());
  return seeds;
}

}  // namespace

std::map<std::string, std::map<std::string, Bytes>> allSeeds() {
  const auto cbor = fieldsOf(cborVectors(), "bytes"),
             credential = fieldsOf(credentialVectors(), "credential");
  const auto verifyTokens = tokensOf(verifyVectors());
  return {{"base45", merged({fieldsOf(base45Vectors(), "text"), {{"live", bytesOf(world::live())}}})},
          {"cbor", merged({cbor, {{"trust", world::signTrust(world::trustContent())}}})},
          {"credential", credential},
          {"inspect", merged({textsOf(verifyVectors()), credential, {{"proof", world::keyProof()}}})},
          {"colour_record", withPayloads({{"red", world::colourRecord()}})},
          {"statement", withPayloads({{"declaration", world::statement()}})},
          {"key_proof", withPayloads(fieldsOf(keyProofVectors(), "proof"))},
          {"live", verifyTokens},
          {"paper",
           withPayloads(tokensOf({"", {{"records", {record("paper", {{"text", world::paper()}}, {})}}}}))},
          {"request", withPayloads(tokensOf(requestVectors()))},
          {"rules", ruleSeeds()},
          {"sd_cwt", redactionSeeds()},
          {"sealed", tokensOf(sealedVectors())},
          {"signed_live", signedSeeds()},
          {"status_list", withPayloads(fieldsOf(statusVectors(), "token"))},
          {"text", merged({textsOf(verifyVectors()), textsOf(requestVectors()), textsOf(sealedVectors())})},
          {"trust", withPayloads(fieldsOf(trustVectors(), "trust"))},
          {"vault", fieldsOf(vaultVectors(), "sealed")}};
}

}  // namespace liangma::vectors
