// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "cli/passphrase.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"
#include "liangma/vault.h"

namespace liangma::tools {
namespace {

constexpr std::size_t kSealEntropy = 40;

std::string keyText(std::string_view curve, ByteView public32, ByteView secret32) {
  std::string secret = encodeBase64url(secret32);
  std::string text = "{\"kty\":\"OKP\",\"crv\":\"";
  text.reserve(256);
  text.append(curve).append("\",\"x\":\"").append(encodeBase64url(public32));
  text.append("\",\"d\":\"").append(secret).append("\"}\n");
  wipe(secret);
  return text;
}

/// Binds a sealed key to its kind and its public half.
std::string sealContext(std::string_view curve, ByteView public32) {
  return std::string(curve) + " " + encodeBase64url(public32);
}

std::string sealedKeyText(std::string_view curve, ByteView public32, ByteView secret32) {
  SystemEntropy entropy(kSealEntropy);
  const auto sealed =
      need(sealWithPin(secret32, passphrase(), sealContext(curve, public32), PinCost{}, entropy.get()));
  return "{\"kty\":\"OKP\",\"crv\":\"" + std::string(curve) + "\",\"x\":\"" + encodeBase64url(public32) +
         "\",\"sealed\":\"" + encodeBase64url(sealed) + "\"}\n";
}

struct KeyHalves {
  Bytes public32;
  SecretBytes<32> secret32;
};

Bytes openSealed(ObjectReader& reader, std::string_view curve, ByteView public32, const std::string& source) {
  const auto sealed = decodeBase64url(reader.text("sealed"));
  if (!sealed) reader.refuse("sealed", "must be base64url");
  auto secret = openWithPin(*sealed, passphrase(), sealContext(curve, public32));
  if (secret.code() == Errc::VaultUnreadable)
    throw Failure{exitCodeFor(secret.code()), std::string(errcId(secret.code())),
                  source + ": the passphrase in LIANGMA_PASSPHRASE is not that of this key"};
  Bytes key = need(std::move(secret), source);
  if (key.size() != 32) reader.refuse("sealed", "holds no key");
  return key;
}

/// Members besides these are allowed and ignored: a JWK may name its use.
/// @source RFC 7517, 4; RFC 8037, 2
KeyHalves readKey(std::string_view text, const std::string& source, std::string_view curve) {
  const Json json = parseJson(text, source);
  ObjectReader reader(json, source + ":");
  if (reader.text("kty") != "OKP") reader.refuse("kty", "must be \"OKP\"");
  if (reader.text("crv") != curve) reader.refuse("crv", "must be \"" + std::string(curve) + "\"");
  const bool isSealed = reader.find("sealed") != nullptr;
  if (!isSealed && reader.find("d") == nullptr) reader.refuse("d", "is missing: this is a public key only");
  KeyHalves halves{reader.bytes32("x"), {}};
  Bytes secret = isSealed ? openSealed(reader, curve, halves.public32, source) : reader.bytes32("d");
  std::copy(secret.begin(), secret.end(), halves.secret32.bytes().begin());
  liangma::wipe(secret);
  return halves;
}

void requireSame(ByteView stated, ByteView derived, const std::string& source) {
  if (!std::equal(stated.begin(), stated.end(), derived.begin(), derived.end()))
    failBadData("key.mismatch", source + ": \"x\" is not the public half of \"d\"");
}

}  // namespace

std::string keyFileText(const SigningKey& key, bool sealed) {
  const auto seed = key.seed32();
  return (sealed ? sealedKeyText : keyText)("Ed25519", key.publicKey().raw32(), seed.bytes());
}

std::string keyFileText(const SealingKey& key, bool sealed) {
  return (sealed ? sealedKeyText : keyText)("X25519", key.public32(), key.secret32());
}

SigningKey signingKeyFromText(std::string_view text, const std::string& source) {
  const auto halves = readKey(text, source, "Ed25519");
  auto key = needGoodData(SigningKey::fromSeed(halves.secret32.bytes()), source);
  requireSame(halves.public32, key.publicKey().raw32(), source);
  return key;
}

SealingKey sealingKeyFromText(std::string_view text, const std::string& source) {
  const auto halves = readKey(text, source, "X25519");
  auto key = needGoodData(SealingKey::fromSecret(halves.secret32.bytes()), source);
  requireSame(halves.public32, key.public32(), source);
  return key;
}

}  // namespace liangma::tools
