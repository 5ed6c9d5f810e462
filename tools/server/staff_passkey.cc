// SPDX-License-Identifier: Apache-2.0
#include "server/staff_passkey.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "cbor/reader.h"
#include "cli/text_codec.h"
#include "server/json_body.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

constexpr std::size_t kMaxText = 512, kMaxCredentialId = 1023;
/// rpIdHash, flags, counter
constexpr std::size_t kHeadBytes = 32 + 1 + 4;
constexpr std::uint8_t kUserPresent = 0x01, kUserVerified = 0x04, kHasCredential = 0x40,
                       kHasExtensions = 0x80;
/// AAGUID and the length of the credential's id
constexpr std::size_t kCredentialHeadBytes = 16 + 2;

/// COSE: key types, algorithms, labels. @source RFC 9053, 2.1, 7.1, 7.2
constexpr std::int64_t kKeyType = 1, kAlgorithm = 3, kCurve = -1, kX = -2, kY = -3;
constexpr std::int64_t kOkp = 1, kEc2 = 2, kEs256 = -7, kEdDsa = -8, kP256 = 1, kEd25519 = 6;

Problem refused() {
  return {400, "staff.passkey-refused"};
}

using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

ByteArray<32> sha256(ByteView data) {
  ByteArray<32> digest{};
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw internalError();
  return digest;
}

ByteView viewOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// "code.example" of "https://code.example:8443"
std::string hostOf(const std::string& origin) {
  const auto begin = origin.find("://") + 3;
  return origin.substr(begin, origin.find_first_of(":/", begin) - begin);
}

// --- what an authenticator says ---

struct AuthenticatorData {
  std::uint8_t flags = 0;
  std::uint32_t counter = 0;
  ByteView rest;
};

std::uint32_t bigEndian(ByteView bytes) {
  std::uint32_t value = 0;
  for (const auto byte : bytes) value = value << 8 | byte;
  return value;
}

/// @param client  whose origin is one of ours
AuthenticatorData readAuthenticatorData(ByteView data, const ClientData& client) {
  if (data.size() < kHeadBytes) throw refused();
  const auto site = sha256(viewOf(hostOf(client.origin)));
  if (!std::equal(site.begin(), site.end(), data.begin())) throw refused();
  AuthenticatorData read{data[32], bigEndian(data.subspan(33, 4)), data.subspan(kHeadBytes)};
  const std::uint8_t needed = kUserPresent | kUserVerified;
  if ((read.flags & needed) != needed) throw refused();
  return read;
}

std::optional<ByteView> bytesAt(const cbor::Item& map, std::int64_t key, std::size_t size) {
  const auto item = map.find(key);
  const auto bytes = item ? item->bytes() : std::nullopt;
  return bytes && bytes->size() == size ? bytes : std::nullopt;
}

bool holds(const cbor::Item& map, std::int64_t key, std::int64_t value) {
  const auto item = map.find(key);
  return item && item->integer() == value;
}

// --- keys ---

KeyPointer ed25519Key(const cbor::Item& map) {
  const auto x = bytesAt(map, kX, 32);
  if (map.count() != 4 || !holds(map, kCurve, kEd25519) || !x) throw refused();
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x->data(), x->size()), EVP_PKEY_free};
}

KeyPointer p256FromPoint(ByteView point65) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
  char group[] = "prime256v1";
  Bytes point(point65.begin(), point65.end());
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    return {nullptr, EVP_PKEY_free};
  return {key, EVP_PKEY_free};
}

KeyPointer es256Key(const cbor::Item& map) {
  const auto x = bytesAt(map, kX, 32), y = bytesAt(map, kY, 32);
  if (map.count() != 5 || !holds(map, kCurve, kP256) || !x || !y) throw refused();
  Bytes point = {4};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  return p256FromPoint(point);
}

struct VerifyingKey {
  KeyPointer key;
  const EVP_MD* digest;  ///< null: the algorithm has its own
};

VerifyingKey readKey(ByteView coseKey) {
  const auto document = cbor::decode(coseKey);
  if (!document.ok() || !document->root().is(cbor::Type::Map)) throw refused();
  const auto map = document->root();
  const bool isEd25519 = holds(map, kKeyType, kOkp) && holds(map, kAlgorithm, kEdDsa);
  if (!isEd25519 && !(holds(map, kKeyType, kEc2) && holds(map, kAlgorithm, kEs256))) throw refused();
  VerifyingKey key{isEd25519 ? ed25519Key(map) : es256Key(map), isEd25519 ? nullptr : EVP_sha256()};
  if (!key.key) throw refused();
  return key;
}

bool verifies(const VerifyingKey& key, ByteView message, ByteView signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return context && EVP_DigestVerifyInit(context.get(), nullptr, key.digest, nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

// --- attestation ---

/// The `authData` of `{fmt: "none", attStmt: {}, authData: …}`.
Bytes authenticatorDataOf(ByteView attestation) {
  const auto document = cbor::decode(attestation);
  if (!document.ok() || !document->root().is(cbor::Type::Map) || document->root().count() != 3)
    throw refused();
  auto key = document->root().first();
  const auto format = key.next(), statementKey = format.next(), statement = statementKey.next();
  const auto dataKey = statement.next();
  const auto data = dataKey.next().bytes();
  const bool asAgreed = key.text() == "fmt" && format.text() == "none" && statementKey.text() == "attStmt" &&
                        statement.is(cbor::Type::Map) && statement.count() == 0 &&
                        dataKey.text() == "authData";
  if (!asAgreed || !data) throw refused();
  return {data->begin(), data->end()};
}

/// The key that fills `rest`; extensions, which nobody asked for, are refused.
Passkey readCredential(const AuthenticatorData& data) {
  if ((data.flags & kHasCredential) == 0 || (data.flags & kHasExtensions) != 0) throw refused();
  if (data.rest.size() < kCredentialHeadBytes) throw refused();
  const std::size_t idSize = bigEndian(data.rest.subspan(16, 2));
  const auto rest = data.rest.subspan(kCredentialHeadBytes);
  if (idSize == 0 || idSize > kMaxCredentialId || rest.size() <= idSize) throw refused();
  const auto key = rest.subspan(idSize);
  readKey(key);
  return {tools::encodeBase64url(rest.first(idSize)), Bytes(key.begin(), key.end()), data.counter};
}

}  // namespace

ClientData readClientData(ByteView json, std::string_view type, std::span<const std::string> origins) {
  try {
    const JsonBody body(std::string_view(reinterpret_cast<const char*>(json.data()), json.size()));
    ClientData data{body.text("type", kMaxText), body.text("challenge", kMaxText),
                    body.text("origin", kMaxText)};
    const bool ours = std::find(origins.begin(), origins.end(), data.origin) != origins.end();
    if (data.type != type || !ours || body.flag("crossOrigin")) throw refused();
    return data;
  } catch (const Problem&) {
    throw refused();
  }
}

Passkey openPasskey(const ClientData& client, ByteView attestation) {
  const Bytes data = authenticatorDataOf(attestation);
  return readCredential(readAuthenticatorData(data, client));
}

std::uint32_t checkPasskey(const Passkey& passkey, const ClientData& client, const PasskeyProof& proof) {
  const auto data = readAuthenticatorData(proof.authenticatorData, client);
  Bytes message(proof.authenticatorData.begin(), proof.authenticatorData.end());
  const auto digest = sha256(proof.clientDataJson);
  message.insert(message.end(), digest.begin(), digest.end());
  if (!verifies(readKey(passkey.coseKey), message, proof.signature)) throw refused();
  const bool counts = data.counter != 0 || passkey.counter != 0;
  if (counts && data.counter <= passkey.counter) throw refused();
  return data.counter;
}

}  // namespace liangma::server
