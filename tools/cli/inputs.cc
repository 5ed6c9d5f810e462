// SPDX-License-Identifier: Apache-2.0
#include "cli/inputs.h"

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

/// The text of a secret file, wiped when it goes out of use.
class SecretText {
 public:
  explicit SecretText(const std::string& path) : text_(readSecretFile(path)) {}
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() { wipe(text_); }
  std::string_view get() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

SigningKey readSigningKey(const std::string& path) {
  return signingKeyFromText(SecretText(path).get(), path);
}

SealingKey readSealingKey(const std::string& path) {
  return sealingKeyFromText(SecretText(path).get(), path);
}

PublicKey publicKeyFromArgument(const std::string& text, const std::string& option) {
  const auto raw = decodeBase64url(text);
  if (!raw || raw->size() != 32)
    failUsage("cli.usage", option + ": must be a public key, 32 bytes in base64url");
  return need(PublicKey::fromRaw(*raw), option);
}

Credential readCredential(const std::string& path) {
  const std::string content = readInput(path);
  return need(parseCredential(asBytes(content)), path);
}

PersonClaims readPersonClaims(const std::string& path) {
  return personClaimsFromJson(parseJson(readInput(path), path), path);
}

TrustFile readTrustFile(const std::string& path) {
  return trustFileFromText(readInput(path), path);
}

Result<TrustList> openTrustFile(const TrustFile& trust, UnixSeconds now) {
  return openTrustList(trust.list, trust.roots, trust.version, now);
}

StatusList readStatusList(const std::string& path, const TrustList& trust) {
  const std::string content = readInput(path);
  Error error{Errc::IssuerUnknown, {}};
  for (const auto& issuer : trust->issuers) {
    auto list = openStatusList(asBytes(content), issuer);
    if (list.ok()) return std::move(list).value();
    if (error.code == Errc::IssuerUnknown || list.code() != Errc::IssuerKeyUnknown) error = list.error();
  }
  fail(error, path);
}

TrustList readTrust(const std::string& path, UnixSeconds now) {
  return need(openTrustFile(readTrustFile(path), now), path);
}

Verdict refusal(Errc reason) {
  Verdict verdict;
  verdict.reason = reason;
  verdict.advice = adviceId(reason);
  return verdict;
}

Verdict verifyIn(const std::string& sceneId, std::string_view text, VerifyContext context) {
  if (!sceneId.empty()) {
    context.scene = context.trust->findScene(sceneId);
    if (context.scene == nullptr) return refusal(Errc::SceneUnknown);
  }
  return verify(text, context);
}

}  // namespace liangma::tools
