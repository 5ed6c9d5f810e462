// SPDX-License-Identifier: Apache-2.0
// The wallet's module: device keys, the vault, credentials, live codes, answers.
#include <emscripten/bind.h>

#include "bindings_common.h"
#include "liangma/answer.h"
#include "liangma/colour_record.h"
#include "liangma/key_proof.h"

namespace liangma::wasm {
namespace {

/// Bound to whatever else is sealed.
constexpr std::string_view kRecordContext = "record";

// --- DeviceKey ---

val openKeyWithPin(const val& sealed, const val& pinUtf8) {
  const SecretInput pin(pinUtf8);
  return keyOfSeed(openWithPin(toBytes(sealed), pin.text(), kVaultContext));
}

val sealKeyWithPin(const SigningKey& key, const val& pinUtf8, std::uint32_t passes, std::uint32_t memoryKiB,
                   const val& entropy) {
  const SecretInput pin(pinUtf8);
  const Bytes drawn = toBytes(entropy);
  Entropy source(drawn);
  return bytesOutcome(
      sealWithPin(key.seed32().bytes(), pin.text(), kVaultContext, {passes, memoryKiB}, source));
}

val makeStatementOf(const SigningKey& key, const std::string& kind, const std::string& content,
                    const std::string& audience, const val& nonce, double now) {
  return bytesOutcome(makeStatement(key, {kind, content}, audience, toBytes(nonce), toSeconds(now)));
}

// --- records ---

/// An outcome of bytes that are zeroed here.
val secretOutcome(Result<Bytes> result) {
  const val given = bytesOutcome(result);
  if (result.ok()) wipe(*result);
  return given;
}

val sealRecord(const val& plaintext, const val& key32, const val& entropy) {
  const SecretInput secret(plaintext);
  const SecretInput key(key32);
  const Bytes drawn = toBytes(entropy);
  Entropy source(drawn);
  return bytesOutcome(sealWithHostKey(secret.bytes(), key.bytes(), kRecordContext, source));
}

val openRecord(const val& sealed, const val& key32) {
  const SecretInput key(key32);
  return secretOutcome(openWithHostKey(toBytes(sealed), key.bytes(), kRecordContext));
}

val sealRecordWithPin(const val& plaintext, const val& pinUtf8, std::uint32_t passes, std::uint32_t memoryKiB,
                      const val& entropy) {
  const SecretInput secret(plaintext);
  const SecretInput pin(pinUtf8);
  const Bytes drawn = toBytes(entropy);
  Entropy source(drawn);
  return bytesOutcome(sealWithPin(secret.bytes(), pin.text(), kRecordContext, {passes, memoryKiB}, source));
}

val openRecordWithPin(const val& sealed, const val& pinUtf8) {
  const SecretInput pin(pinUtf8);
  return secretOutcome(openWithPin(toBytes(sealed), pin.text(), kRecordContext));
}

val verifyCode(const std::string& text, const val& in) {
  VerifyInput input;
  auto read = input.read(in);
  if (read.ok()) read = input.readScene(in);
  return fromVerdict(read.ok() ? verify(text, *input.context) : refusal(read.code()));
}

// --- Credential ---

val parse(const val& encoded) {
  return ownedOutcome(parseCredential(toBytes(encoded)));
}

val credentialInfo(const Credential& credential) {
  auto out = val::object();
  out.set("issuer", fromText(credential.issuer));
  out.set("region", fromText(credential.region()));
  out.set("colour", fromText(colourId(credential.code.colour)));
  out.set("maskedName", fromText(credential.code.maskedName));
  out.set("idTail", fromText(credential.code.idTail));
  out.set("subject", fromText(credential.subject));
  out.set("issuedAt", fromSeconds(credential.issuedAt));
  out.set("expiresAt", fromSeconds(credential.expiresAt));
  if (credential.code.live) out.set("live", fromLivePolicy(*credential.code.live));
  out.set("identity", fromIdentity(credential.identity));
  return out;
}

val check(const Credential& credential, const TrustList& trust, const val& publicKey, double now) {
  const auto key = PublicKey::fromRaw(toBytes(publicKey));
  if (!key.ok()) return fail(key.error());
  return outcome(checkCredential(credential, trust, *key, toSeconds(now)),
                 [](std::monostate) { return val(true); });
}

// --- why a code has its colour ---

void setText(val& out, const char* name, const std::optional<std::string>& text) {
  if (text) out.set(name, fromText(*text));
}

val fromColourRecord(const ColourRecord& record) {
  auto out = val::object();
  out.set("issuer", fromText(record.issuer));
  out.set("madeAt", fromSeconds(record.madeAt));
  if (record.colour) out.set("colour", fromText(colourId(*record.colour)));
  setText(out, "region", record.region);
  setText(out, "rule", record.rule);
  setText(out, "reasonClass", record.reasonClass);
  if (record.until) out.set("until", fromSeconds(*record.until));
  return out;
}

val openRecordOfColour(const val& encoded, const TrustList& trust) {
  return outcome(openColourRecord(toBytes(encoded), trust.content()), fromColourRecord);
}

val digest(const val& bytes) {
  return fromBytes(colourRecordDigest(toBytes(bytes)));
}

val trustedPacks(const TrustList& trust) {
  return fromList(trust.content().packs, [](const TrustedPack& pack) {
    auto out = val::object();
    out.set("region", fromText(pack.id));
    out.set("version", fromSeconds(static_cast<std::int64_t>(pack.version)));
    out.set("sha256", fromBytes(pack.sha256));
    return out;
  });
}

// --- live codes and answers ---

ClockTrust clockTrust(bool confirmed) {
  return confirmed ? ClockTrust::Confirmed : ClockTrust::Unconfirmed;
}

val liveCode(const Credential& credential, const SigningKey& deviceKey, double now, bool clockConfirmed) {
  return textOutcome(makeLiveCode(credential, deviceKey, toSeconds(now), clockTrust(clockConfirmed)));
}

val liveFrame(const Credential& credential, const SigningKey& deviceKey, double now, bool clockConfirmed) {
  const auto text = makeLiveCode(credential, deviceKey, toSeconds(now), clockTrust(clockConfirmed));
  if (!text.ok()) return fail(text.error());
  return outcome(makeQrSymbol(*text), [&](const QrSymbol& symbol) {
    auto out = fromSymbol(symbol);
    out.set("text", fromText(*text));
    return out;
  });
}

val readRequest(const std::string& text, const TrustList& trust, double now) {
  return ownedOutcome(openRequest(text, trust, toSeconds(now)));
}

val requestInfo(const TrustedRequest& request) {
  auto out = val::object();
  out.set("verifier", fromText(request.verifier.id));
  out.set("names", fromNames(request.verifier.names));
  out.set("kind", fromText(request.verifier.kind));
  out.set("purpose", fromText(request.claims.purpose));
  out.set("wanted", fromClaims(request.claims.wanted));
  if (request.claims.answerUrl) out.set("answerUrl", fromText(*request.claims.answerUrl));
  out.set("issuedAt", fromSeconds(request.claims.issuedAt));
  out.set("expiresAt", fromSeconds(request.claims.expiresAt));
  out.set("nonce", fromBytes(request.claims.nonce));
  return out;
}

Result<std::string> answerText(const TrustedRequest& request, const Credential& credential,
                               const SigningKey& deviceKey, const val& agreed, double now,
                               bool clockConfirmed) {
  LIANGMA_TRY(const auto claims, toClaims(agreed));
  return makeAnswer(request, credential, deviceKey, claims, toSeconds(now), clockTrust(clockConfirmed));
}

val answer(const TrustedRequest& request, const Credential& credential, const SigningKey& deviceKey,
           const val& agreed, double now, bool clockConfirmed) {
  return textOutcome(answerText(request, credential, deviceKey, agreed, now, clockConfirmed));
}

val sealedAnswer(const TrustedRequest& request, const Credential& credential, const SigningKey& deviceKey,
                 const val& agreed, double now, bool clockConfirmed, const val& entropy) {
  const auto text = answerText(request, credential, deviceKey, agreed, now, clockConfirmed);
  if (!text.ok()) return fail(text.error());
  const SecretInput drawn(entropy);
  Entropy source(drawn.bytes());
  return textOutcome(sealAnswer(*text, request.verifier.sealingKey32, source));
}

}  // namespace

EMSCRIPTEN_BINDINGS(liangma_wallet) {
  emscripten::class_<SigningKey>("DeviceKey")
      .class_function("generate", &generateKey)
      .class_function("openHost", &openKeyWithHostKey)
      .class_function("openPin", &openKeyWithPin)
      .function("publicKey", &publicKeyOf)
      .function("sealHost", &sealKeyWithHostKey)
      .function("sealPin", &sealKeyWithPin)
      .function("proof", &proveKey)
      .function("statement", &makeStatementOf);
  emscripten::class_<Credential>("Credential")
      .class_function("parse", &parse)
      .function("info", &credentialInfo)
      .function("check", &check);
  emscripten::class_<TrustedRequest>("TrustedRequest").function("info", &requestInfo);
  emscripten::function("sealRecord", &sealRecord);
  emscripten::function("openRecord", &openRecord);
  emscripten::function("sealRecordWithPin", &sealRecordWithPin);
  emscripten::function("openRecordWithPin", &openRecordWithPin);
  emscripten::function("verify", &verifyCode);
  emscripten::function("makeLiveCode", &liveCode);
  emscripten::function("makeLiveFrame", &liveFrame);
  emscripten::function("openColourRecord", &openRecordOfColour);
  emscripten::function("trustedPacks", &trustedPacks);
  emscripten::function("sha256", &digest);
  emscripten::function("openRequest", &readRequest);
  emscripten::function("makeAnswer", &answer);
  emscripten::function("makeSealedAnswer", &sealedAnswer);
}

}  // namespace liangma::wasm
