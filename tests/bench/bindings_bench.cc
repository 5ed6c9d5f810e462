// SPDX-License-Identifier: Apache-2.0
// What the shipped modules do not bind but the benchmarks need: issuing, symbols of every version and level.
#include <emscripten/bind.h>

#include "bindings_common.h"

namespace liangma::wasm {
namespace {

val issuerKey(const val& seed32) {
  const SecretInput seed(seed32);
  return ownedOutcome(SigningKey::fromSeed(seed.bytes()));
}

Identity toIdentity(const val& pairs) {
  Identity identity;
  const auto count = pairs["length"].as<unsigned>();
  for (unsigned at = 0; at < count; ++at)
    identity[static_cast<IdentityClaim>(pairs[at][0].as<unsigned>())] = pairs[at][1].as<std::string>();
  return identity;
}

Result<CredentialClaims> toCredentialClaims(const val& in) {
  CredentialClaims claims;
  claims.issuer = in["issuer"].as<std::string>();
  claims.issuedAt = toSeconds(in["issuedAt"].as<double>());
  claims.expiresAt = toSeconds(in["expiresAt"].as<double>());
  LIANGMA_TRY(claims.deviceKey, PublicKey::fromRaw(toBytes(in["deviceKey"])));
  claims.code.colour = static_cast<Colour>(in["colour"].as<unsigned>());
  claims.code.maskedName = in["maskedName"].as<std::string>();
  claims.code.idTail = in["idTail"].as<std::string>();
  claims.code.statusIndex = static_cast<std::uint64_t>(toCount(in["statusIndex"].as<double>(), 0));
  claims.identity = toIdentity(in["identity"]);
  return claims;
}

val issue(const SigningKey& key, const val& in, const val& drawn) {
  const auto claims = toCredentialClaims(in);
  if (!claims.ok()) return fail(claims.error());
  const SecretInput random(drawn);
  Entropy entropy(random.bytes());
  return bytesOutcome(issueCredential(*claims, key, entropy));
}

val drawSymbol(const std::string& text, unsigned level, int minVersion) {
  return outcome(makeQrSymbol(text, static_cast<QrLevel>(level), minVersion), fromSymbol);
}

}  // namespace

EMSCRIPTEN_BINDINGS(liangma_bench) {
  emscripten::class_<SigningKey>("IssuerKey")
      .class_function("fromSeed", &issuerKey)
      .function("issue", &issue);
  emscripten::function("drawSymbol", &drawSymbol);
}

}  // namespace liangma::wasm
