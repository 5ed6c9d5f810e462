// SPDX-License-Identifier: Apache-2.0
// What both modules bind: trust lists, verdicts, QR symbols, error ids.
#include "bindings_common.h"

#include <emscripten/bind.h>

#include "liangma/key_proof.h"

namespace liangma::wasm {
namespace {

constexpr double kMaxWholeNumber = 9007199254740991.0;

val errorIds() {
  auto ids = val::array();
  int at = 0;
  for (const Errc code : allErrcs()) ids.set(at++, fromText(errcId(code)));
  return ids;
}

val fromIssuer(const TrustedIssuer& issuer) {
  auto out = val::object();
  out.set("id", fromText(issuer.id));
  out.set("names", fromNames(issuer.names));
  out.set("regions", fromTexts(issuer.regions));
  out.set("live", fromLivePolicy(issuer.live));
  return out;
}

val fromVerifier(const TrustedVerifier& verifier) {
  auto out = val::object();
  out.set("id", fromText(verifier.id));
  out.set("names", fromNames(verifier.names));
  out.set("kind", fromText(verifier.kind));
  out.set("endpoints", fromTexts(verifier.endpoints));
  return out;
}

val fromScene(const Scene& scene) {
  auto out = val::object();
  out.set("id", fromText(scene.id));
  out.set("names", fromNames(scene.names));
  out.set("required", fromText(assuranceId(scene.required)));
  if (scene.windowSeconds) out.set("windowSeconds", *scene.windowSeconds);
  return out;
}

val openTrust(const val& list, const val& roots, double knownVersion, double now) {
  std::vector<PublicKey> pinned;
  const auto count = roots["length"].as<unsigned>();
  for (unsigned at = 0; at < count; ++at) {
    const auto root = PublicKey::fromRaw(toBytes(roots[at]));
    if (!root.ok()) return fail(root.error());
    pinned.push_back(*root);
  }
  const auto known = static_cast<std::uint64_t>(toCount(knownVersion, INT64_MAX));
  return ownedOutcome(openTrustList(toBytes(list), pinned, known, toSeconds(now)));
}

val trustInfo(const TrustList& trust) {
  const TrustContent& content = trust.content();
  auto out = val::object();
  out.set("version", fromSeconds(static_cast<std::int64_t>(content.version)));
  out.set("issuedAt", fromSeconds(content.issuedAt));
  out.set("expiresAt", fromSeconds(content.expiresAt));
  out.set("roots", fromList(content.roots, [](const PublicKey& root) { return fromBytes(root.raw32()); }));
  out.set("issuers", fromList(content.issuers, fromIssuer));
  out.set("verifiers", fromList(content.verifiers, fromVerifier));
  out.set("scenes", fromList(content.scenes, fromScene));
  return out;
}

val fromVerifiedCode(const VerifiedCode& code) {
  auto out = val::object();
  out.set("issuer", fromText(code.issuer));
  out.set("region", fromText(code.region));
  out.set("colour", fromText(colourId(code.colour)));
  out.set("maskedName", fromText(code.maskedName));
  out.set("idTail", fromText(code.idTail));
  out.set("subject", fromText(code.subject));
  out.set("expiresAt", fromSeconds(code.expiresAt));
  out.set("identity", fromIdentity(code.identity));
  return out;
}

Result<Challenge> toChallenge(const val& in) {
  LIANGMA_TRY(auto wanted, toClaims(in["wanted"]));
  return Challenge{in["verifier"].as<std::string>(), toBytes(in["nonce"]), std::move(wanted)};
}

val makeSymbol(const std::string& text) {
  return outcome(makeQrSymbol(text), fromSymbol);
}

}  // namespace

bool isAbsent(const val& member) {
  return member.isNull() || member.isUndefined();
}

Status VerifyInput::read(const val& in) {
  const auto* trust = pointer<TrustList>(in["trust"]);
  if (trust == nullptr) return Errc::TrustMissing;
  context.emplace(VerifyContext{*trust, toSeconds(in["now"].as<double>())});
  if (const val asked = in["challenge"]; !isAbsent(asked)) {
    LIANGMA_TRY(challenge, toChallenge(asked));
    context->challenge = &challenge;
  }
  return success();
}

Status VerifyInput::readScene(const val& in) {
  const val scene = in["scene"];
  if (isAbsent(scene)) return success();
  context->scene = context->trust->findScene(scene.as<std::string>());
  return context->scene == nullptr ? Status(Errc::SceneUnknown) : success();
}

Verdict refusal(Errc reason) {
  Verdict verdict;
  verdict.reason = reason;
  verdict.advice = adviceId(reason);
  return verdict;
}

val fromVerdict(const Verdict& verdict) {
  auto out = val::object();
  out.set("decision", fromText(decisionId(verdict.decision)));
  out.set("reason", fromText(errcId(verdict.reason)));
  out.set("advice", fromText(verdict.advice));
  out.set("assurance", fromText(assuranceId(verdict.assurance)));
  if (verdict.code) out.set("code", fromVerifiedCode(*verdict.code));
  if (verdict.ageSeconds) out.set("ageSeconds", fromSeconds(*verdict.ageSeconds));
  return out;
}

Bytes toBytes(const val& array) {
  Bytes bytes(array["length"].as<unsigned>());
  if (!bytes.empty()) val(emscripten::typed_memory_view(bytes.size(), bytes.data())).call<void>("set", array);
  return bytes;
}

std::int64_t toCount(double number, std::int64_t otherwise) {
  return number >= 0 && number <= kMaxWholeNumber ? static_cast<std::int64_t>(number) : otherwise;
}

UnixSeconds toSeconds(double now) {
  return toCount(now, 0);
}

Result<std::set<IdentityClaim>> toClaims(const val& ids) {
  std::set<IdentityClaim> claims;
  const auto count = ids["length"].as<unsigned>();
  for (unsigned at = 0; at < count; ++at) {
    const auto claim = identityClaimFromId(ids[at].as<std::string>());
    if (!claim) return Error{Errc::MisuseArgument, "claim"};
    claims.insert(*claim);
  }
  return claims;
}

val fromText(std::string_view text) {
  return val(std::string(text));
}

val fromBytes(ByteView bytes) {
  return val(emscripten::typed_memory_view(bytes.size(), bytes.data())).call<val>("slice");
}

val fromSeconds(std::int64_t seconds) {
  return val(static_cast<double>(seconds));
}

val fromNames(const Names& names) {
  auto out = val::object();
  for (const auto& [locale, name] : names) out.set(locale, fromText(name));
  return out;
}

val fromTexts(const std::vector<std::string>& texts) {
  return fromList(texts, fromText);
}

val fromClaims(const std::set<IdentityClaim>& claims) {
  return fromList(claims, [](IdentityClaim claim) { return fromText(identityClaimId(claim)); });
}

val fromIdentity(const Identity& identity) {
  auto out = val::object();
  for (const auto& [claim, value] : identity) out.set(fromText(identityClaimId(claim)), fromText(value));
  return out;
}

val fromLivePolicy(const LivePolicy& policy) {
  auto out = val::object();
  out.set("periodSeconds", policy.periodSeconds);
  out.set("windowSeconds", policy.windowSeconds);
  out.set("futureSeconds", policy.futureSeconds);
  return out;
}

val fromSymbol(const QrSymbol& symbol) {
  auto out = val::object();
  out.set("sizeModules", symbol.sizeModules);
  out.set("modules", fromBytes(symbol.modules));
  return out;
}

val succeed(val value) {
  auto out = val::object();
  out.set("ok", true);
  out.set("value", value);
  return out;
}

val fail(Error error) {
  auto out = val::object();
  out.set("ok", false);
  out.set("code", fromText(errcId(error.code)));
  out.set("detail", fromText(error.detail));
  return out;
}

val textOutcome(const Result<std::string>& result) {
  return result.ok() ? succeed(fromText(*result)) : fail(result.error());
}

val bytesOutcome(const Result<Bytes>& result) {
  return result.ok() ? succeed(fromBytes(*result)) : fail(result.error());
}

val statusOutcome(const Status& status) {
  return status.ok() ? succeed(val(true)) : fail(status.error());
}

// --- a device's key pair ---

val generateKey(const val& entropy) {
  const SecretInput drawn(entropy);
  Entropy source(drawn.bytes());
  return ownedOutcome(SigningKey::generate(source));
}

val keyOfSeed(Result<Bytes> seed) {
  if (!seed.ok()) return fail(seed.error());
  auto key = SigningKey::fromSeed(*seed);
  wipe(*seed);
  return ownedOutcome(std::move(key));
}

val openKeyWithHostKey(const val& sealed, const val& hostKey32) {
  const SecretInput hostKey(hostKey32);
  return keyOfSeed(openWithHostKey(toBytes(sealed), hostKey.bytes(), kVaultContext));
}

val publicKeyOf(const SigningKey& key) {
  return fromBytes(key.publicKey().raw32());
}

val sealKeyWithHostKey(const SigningKey& key, const val& hostKey32, const val& entropy) {
  const SecretInput hostKey(hostKey32);
  const Bytes drawn = toBytes(entropy);
  Entropy source(drawn);
  return bytesOutcome(sealWithHostKey(key.seed32().bytes(), hostKey.bytes(), kVaultContext, source));
}

val proveKey(const SigningKey& key, const std::string& audience, const val& nonce, double now) {
  return bytesOutcome(makeKeyProof(key, audience, toBytes(nonce), toSeconds(now)));
}

EMSCRIPTEN_BINDINGS(liangma_common) {
  emscripten::class_<TrustList>("Trust").class_function("open", &openTrust).function("info", &trustInfo);
  emscripten::function("errorIds", &errorIds);
  emscripten::function("makeQrSymbol", &makeSymbol);
}

}  // namespace liangma::wasm
