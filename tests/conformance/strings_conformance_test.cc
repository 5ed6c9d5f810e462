// SPDX-License-Identifier: Apache-2.0
//
// Hostile strings in every text claim: each is refused when it is written, or comes out as it went in.
#include "liangma/base45.h"
#include "liangma/inspect.h"
#include "outside.h"
#include "vectorgen/world.h"

namespace liangma::outside {
namespace {

struct HostileStrings : OutsideTest {
  HostileStrings() : OutsideTest("strings") {}

  template <class Use>
  void forEach(Use use) {
    for (const auto& string : readJson(root / "blns.json")) use(string.get<std::string>());
  }
  /// Counts an outcome; a refusal must have this id.
  template <class T>
  bool made(const Result<T>& result, std::string_view id, const std::string& where) {
    count(where + (result.ok() ? ", taken as it is" : ", refused"));
    EXPECT_EQ(errcId(result.code()), result.ok() ? "ok" : id);
    return result.ok();
  }
};

Result<Bytes> issue(const CredentialClaims& claims) {
  const auto random = world::counting(200);
  Entropy entropy(random);
  return issueCredential(claims, world::signingKey(world::kIssuer), entropy);
}

/// What a name that was taken must be, so that a page or a terminal can show it as text.
void expectShowable(const std::string& text) {
  for (const unsigned char c : text) EXPECT_TRUE(c >= 0x20 && c != 0x7f) << text;
  EXPECT_EQ(text.find("\u202e"), text.npos);
  EXPECT_EQ(text.find("\u200b"), text.npos);
}

TEST_F(HostileStrings, InTheClaimsOfACredential) {
  forEach([&](const std::string& string) {
    auto claims = world::claims();
    claims.code.maskedName = string;
    const auto named = issue(claims);
    if (made(named, "credential.claim-invalid", "masked names")) {
      EXPECT_EQ(parseCredential(*named)->code.maskedName, string);
      expectShowable(string);
    }
    claims = world::claims();
    claims.identity[IdentityClaim::FullName] = string;
    const auto identified = issue(claims);
    if (made(identified, "credential.claim-invalid", "full names")) {
      EXPECT_EQ(parseCredential(*identified)->identity.at(IdentityClaim::FullName), string);
      expectShowable(string);
    }
    for (auto* field : {&claims.issuer, &claims.code.idTail}) {
      claims = world::claims();
      *field = string;
      (void)made(issue(claims), "credential.claim-invalid", "issuers and ID tails");
    }
    claims = world::claims();
    claims.code.region = string;
    EXPECT_EQ(errcId(issue(claims).code()), "credential.claim-invalid") << string;
  });
}

TEST_F(HostileStrings, InAMaskedName) {
  forEach([&](const std::string& string) {
    auto claims = world::claims();
    claims.code.maskedName = maskName(string);
    if (made(issue(claims), "credential.claim-invalid", "masked by us"))
      expectShowable(claims.code.maskedName);
  });
}

TEST_F(HostileStrings, InARequest) {
  forEach([&](const std::string& string) {
    for (auto* field : {"verifier", "purpose", "answerUrl"}) {
      auto claims = world::requestClaims();
      if (field == std::string_view("verifier")) claims.verifier = string;
      if (field == std::string_view("purpose")) claims.purpose = string;
      if (field == std::string_view("answerUrl")) claims.answerUrl = string;
      const auto text = makeRequest(claims, world::signingKey(world::kHospital));
      if (!made(text, "request.shape", std::string("request, ") + field)) continue;
      const auto opened = openRequest(*text, world::trust(), world::kNow + 55);
      EXPECT_EQ(opened.ok(), field == std::string_view("purpose")) << string;
      EXPECT_EQ(opened.ok() ? opened->claims.purpose : string, string);
    }
  });
}

TEST_F(HostileStrings, InATrustList) {
  forEach([&](const std::string& string) {
    const auto rootKey = world::signingKey(world::kRoot);
    const SigningKey* keys[] = {&rootKey};
    auto content = world::trustContent();
    content.issuers[0].names["en"] = string;
    if (made(signTrustList(content, keys), "trust.shape", "names of issuers")) {
      EXPECT_EQ(world::trust(content)->issuers[0].names.at("en"), string);
      expectShowable(string);
    }
    content = world::trustContent();
    content.verifiers[0].endpoints = {string};
    (void)made(signTrustList(content, keys), "trust.shape", "endpoints");
    content = world::trustContent();
    content.scenes[0].id = string;
    (void)made(signTrustList(content, keys), "trust.shape", "scenes");
  });
}

TEST_F(HostileStrings, AsATextThatIsScanned) {
  const auto trust = world::trust();
  forEach([&](const std::string& string) {
    for (const auto prefix : {std::string_view(), kLivePrefix, kPaperPrefix}) {
      const auto verdict = verify(std::string(prefix) + string, {trust, world::kNow});
      EXPECT_EQ(verdict.decision, Decision::Refuse) << string;
      EXPECT_LT(static_cast<int>(verdict.reason), 300) << string;
    }
    EXPECT_FALSE(openRequest(string, trust, world::kNow).ok());
    for (const auto& line : inspect(string).lines) expectShowable(line.value);
    count("scanned, refused");
  });
  EXPECT_EQ(counted("scanned, refused"), 515);
}

}  // namespace
}  // namespace liangma::outside
