// SPDX-License-Identifier: Apache-2.0
#include "vectorgen/world.h"

#include <numeric>

#include "liangma/status_list.h"

namespace liangma::world {
namespace {

constexpr UnixSeconds kDay = 24 * 3600;

DatedKey datedKey(std::uint8_t fill) {
  return {signingKey(fill).publicKey(), kNow - 1000, kNow + 90 * kDay};
}

}  // namespace

Bytes counting(std::size_t size, std::uint8_t from) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), from);
  return bytes;
}

SigningKey signingKey(std::uint8_t fill) {
  return SigningKey::fromSeed(Bytes(32, fill)).value();
}
SealingKey sealingKey(std::uint8_t fill) {
  return SealingKey::fromSecret(Bytes(32, fill)).value();
}

CredentialClaims claims() {
  CredentialClaims claims;
  claims.issuer = "330100";
  claims.issuedAt = kNow;
  claims.expiresAt = kNow + kDay;
  claims.deviceKey = signingKey(kDevice).publicKey();
  claims.code.colour = Colour::Green;
  claims.code.maskedName = "张*三";
  claims.code.idTail = "1239";
  claims.code.statusIndex = (std::uint64_t{48} << 20) + 70000;
  claims.identity = {{IdentityClaim::FullName, "张小三"},
                     {IdentityClaim::IdNumber, "330106199001011239"},
                     {IdentityClaim::Phone, "13900000000"}};
  return claims;
}

Bytes issue(const CredentialClaims& claims, std::uint8_t entropyFrom) {
  const auto random = counting(200, entropyFrom);
  Entropy entropy(random);
  return issueCredential(claims, signingKey(kIssuer), entropy).value();
}

Credential credential() {
  return parseCredential(issue(claims())).value();
}

std::string live(UnixSeconds now) {
  return makeLiveCode(credential(), signingKey(kDevice), now).value();
}

RequestClaims requestClaims() {
  return {"hz-first",
          kNow + 50,
          kNow + 110,
          Bytes(16, 0x15),
          "registration",
          {IdentityClaim::FullName, IdentityClaim::IdNumber, IdentityClaim::Phone},
          "https://first.example/answers"};
}

std::string request() {
  return makeRequest(requestClaims(), signingKey(kHospital)).value();
}

std::string answer() {
  const auto opened = openRequest(request(), trust(), kNow + 50).value();
  return makeAnswer(opened, credential(), signingKey(kDevice), opened.claims.wanted, kNow + 60).value();
}

std::string sealedAnswer() {
  const auto random = counting(32, 0x80);
  Entropy entropy(random);
  return sealAnswer(answer(), sealingKey(kSealing).public32(), entropy).value();
}

std::string paper() {
  const auto random = counting(6);
  Entropy entropy(random);
  return makePaperCode({"330100", kNow, kNow + 7 * kDay, claims().code}, signingKey(kIssuer), entropy)
      .value();
}

Bytes keyProof() {
  return makeKeyProof(signingKey(kDevice), "330100", Bytes(16, 0x15), kNow).value();
}

Bytes statement() {
  const Statement declared{"declaration", R"({"form":"health","fields":{"symptoms":"none"}})"};
  return makeStatement(signingKey(kDevice), declared, "330100", Bytes(16, 0x15), kNow).value();
}

Bytes colourRecord() {
  ColourRecord record;
  record.issuer = "330100";
  record.madeAt = kNow;
  record.chain16.fill(0x16);
  record.event = "colour";
  record.actorRole = "rules";
  record.colour = Colour::Red;
  record.region = "330100";
  record.rule = "CR-000000-COLOUR-RED";
  record.reasonClass = "contact";
  record.evidence = "import";
  record.until = kNow + 14 * kDay;
  return signColourRecord(record, signingKey(kIssuer)).value();
}

TrustContent trustContent() {
  TrustContent content;
  content.version = 7;
  content.issuedAt = kNow - 100;
  content.expiresAt = kNow + 30 * kDay;
  content.roots = {signingKey(kRoot).publicKey()};
  content.issuers = {
      {"330100", {{"en", "Hangzhou"}, {"zh-Hans", "杭州市"}}, {datedKey(kIssuer)}, std::nullopt, {}, {}}};
  content.verifiers = {{"hz-first",
                        {{"en", "Hangzhou First Hospital"}, {"zh-Hans", "杭州第一医院"}},
                        "hospital",
                        {datedKey(kHospital)},
                        sealingKey(kSealing).public32(),
                        {"https://first.example/answers"}}};
  Scene hospital;
  hospital.id = "hospital";
  hospital.required = Assurance::Challenge;
  content.scenes = {hospital};
  return content;
}

TrustContent statusContent() {
  auto content = trustContent();
  content.issuers[0].statusUrl = "https://330100.example/status/{list}";
  return content;
}

Bytes statusList() {
  auto statuses = StatusBits::create(2, 8).value();
  for (std::uint8_t position = 0; position < 4; ++position) (void)statuses.set(position, position);
  return signStatusList({statusListUri(statusContent().issuers[0], 48), kNow, kNow + kDay, 3600}, statuses,
                        signingKey(kIssuer))
      .value();
}

Bytes signTrust(const TrustContent& content, std::initializer_list<std::uint8_t> roots) {
  std::vector<SigningKey> keys;
  for (const auto fill : roots) keys.push_back(signingKey(fill));
  std::vector<const SigningKey*> pointers;
  for (const auto& key : keys) pointers.push_back(&key);
  return signTrustList(content, pointers).value();
}

TrustList trust() {
  return trust(trustContent());
}

TrustList trust(const TrustContent& content) {
  const PublicKey pinned[] = {signingKey(kRoot).publicKey()};
  return openTrustList(signTrust(content), pinned, 0, content.issuedAt).value();
}

}  // namespace liangma::world
