// SPDX-License-Identifier: Apache-2.0
#include "cli/inputs.h"

#include <filesystem>

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

namespace {

/// Unwraps a pack, or names the place of its fault.
RegionPack needPack(Result<RegionPack> pack, const PackFault& fault, const std::string& path) {
  if (pack.ok() || fault.message.empty()) return need(std::move(pack), path);
  failBadData(errcId(pack.code()), path + ": " + printable(fault.place + " " + fault.message));
}

RegionPack readPack(const std::string& path) {
  PackFault fault;
  auto pack = RegionPack::parse(readInput(path), &fault);
  return needPack(std::move(pack), fault, path);
}

}  // namespace

RegionPack readTrustedPack(const std::string& path, const TrustList& trust) {
  PackFault fault;
  auto pack = openRegionPack(readInput(path), trust.content(), &fault);
  return needPack(std::move(pack), fault, path);
}

TrustedPack trustedPackOf(const std::string& path) {
  const auto pack = readPack(path);
  return {pack.region(), pack.version(), packHash(readInput(path))};
}

std::string keepPackAndBases(const std::string& path, RegionPacks& packs) {
  const auto pack = readPack(path);
  packs.keep(pack);
  if (pack.base().empty() || packs.find(pack.base()) != nullptr) return pack.region();
  const auto base = std::filesystem::path(path).replace_filename(pack.base() + ".json");
  keepPackAndBases(base.string(), packs);
  return pack.region();
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
