// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

std::string keyText(std::string_view curve, ByteView public32, ByteView secret32) {
  std::string secret = encodeBase64url(secret32);
  std::string text = "{\"kty\":\"OKP\",\"crv\":\"";
  text.reserve(256);
  text.append(curve).append("\",\"x\":\"").append(encodeBase64url(public32));
  text.append("\",\"d\":\"").append(secret).append("\"}\n");
  wipe(secret);
  return text;
}

struct KeyHalves {
  Bytes public32;
  SecretBytes<32> secret32;
};

/// Members besides these four are allowed and ignored: a JWK may name its use.
/// @source RFC 7517, 4; RFC 8037, 2
KeyHalves readKey(std::string_view text, const std::string& source, std::string_view curve) {
  const Json json = parseJson(text, source);
  ObjectReader reader(json, source + ":");
  if (reader.text("kty") != "OKP") reader.refuse("kty", "must be \"OKP\"");
  if (reader.text("crv") != curve) reader.refuse("crv", "must be \"" + std::string(curve) + "\"");
  if (reader.find("d") == nullptr) reader.refuse("d", "is missing: this is a public key only");
  KeyHalves halves{reader.bytes32("x"), {}};
  const Bytes secret = reader.bytes32("d");
  std::copy(secret.begin(), secret.end(), halves.secret32.bytes().begin());
  return halves;
}

void requireSame(ByteView stated, ByteView derived, const std::string& source) {
  if (!std::equal(stated.begin(), stated.end(), derived.begin(), derived.end()))
    failBadData("key.mismatch", source + ": \"x\" is not the public half of \"d\"");
}

}  // namespace

std::string keyFileText(const SigningKey& key) {
  const auto seed = key.seed32();
  return keyText("Ed25519", key.publicKey().raw32(), seed.bytes());
}

std::string keyFileText(const SealingKey& key) {
  return keyText("X25519", key.public32(), key.secret32());
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
