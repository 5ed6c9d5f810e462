// SPDX-License-Identifier: Apache-2.0
#include "liangma/vault.h"

#include "cbor/reader.h"
#include "cbor/writer.h"
#include "crypto/crypto.h"
#include "liangma/key.h"

namespace liangma {
namespace {

using cbor::Item;

/// A sealed box is [version 1, how the key comes about, nonce, ciphertext]; all but the ciphertext, and the
/// context, are authenticated.
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxPlaintext = 1 << 20;
constexpr cbor::Limits kLimits{kMaxPlaintext + 1024, 4};

/// The second member: null-like empty array for a host key, [salt, passes, KiB] for a PIN.
Bytes hostKeyRecipe() {
  return cbor::Writer().array(0).take();
}
Bytes pinRecipe(const ByteArray<16>& salt16, PinCost cost) {
  return cbor::Writer()
      .array(3)
      .bytes(salt16)
      .unsignedInteger(cost.passes)
      .unsignedInteger(cost.memoryKiB)
      .take();
}

Bytes associatedData(ByteView recipe, std::string_view context) {
  return cbor::Writer().array(3).integer(kVersion).raw(recipe).text(context).take();
}

bool inRange(PinCost cost) {
  return cost.passes >= 1 && cost.passes <= 10 && cost.memoryKiB >= 8 && cost.memoryKiB <= 1048576;
}

Result<Bytes> seal(ByteView plaintext, const SecretBytes<32>& key, ByteView recipe, std::string_view context,
                   Entropy& entropy) {
  if (plaintext.size() > kMaxPlaintext) return Errc::MisuseTooLarge;
  LIANGMA_TRY(const auto nonce24, entropy.take<24>());
  const auto ciphertext = crypto::encrypt(plaintext, associatedData(recipe, context), nonce24, key.bytes());
  return cbor::Writer().array(4).integer(kVersion).raw(recipe).bytes(nonce24).bytes(ciphertext).take();
}

/// A sealed box taken apart, as views into the input.
struct Box {
  ByteView recipe;
  ByteArray<24> nonce24;
  ByteView ciphertext;
};

Result<Box> parseBox(Item root) {
  if (!root.isArray(4) || root.at(0).integer() != kVersion) return Errc::VaultShape;
  const auto nonce = root.at(2).bytes(), ciphertext = root.at(3).bytes();
  if (!nonce || nonce->size() != 24 || !ciphertext) return Errc::VaultShape;
  Box box{root.at(1).encoded(), {}, *ciphertext};
  std::copy(nonce->begin(), nonce->end(), box.nonce24.begin());
  return box;
}

Result<Bytes> open(const Box& box, const SecretBytes<32>& key, std::string_view context) {
  auto plaintext =
      crypto::decrypt(box.ciphertext, associatedData(box.recipe, context), box.nonce24, key.bytes());
  if (!plaintext) return Errc::VaultUnreadable;
  return std::move(*plaintext);
}

Result<SecretBytes<32>> copyHostKey(ByteView hostKey32) {
  if (hostKey32.size() != 32) return Error{Errc::MisuseArgument, "hostKey32"};
  SecretBytes<32> key;
  std::copy(hostKey32.begin(), hostKey32.end(), key.bytes().begin());
  return key;
}

Result<SecretBytes<32>> deriveKey(std::string_view pin, const ByteArray<16>& salt16, PinCost cost) {
  if (pin.empty() || pin.size() > 128) return Error{Errc::MisuseArgument, "pin"};
  auto derived = crypto::argon2id(pin, salt16, cost.passes, cost.memoryKiB);
  if (!derived) return Error{Errc::Internal, "argon2id"};
  SecretBytes<32> key;
  key.bytes() = *derived;
  crypto::wipe(derived->data(), derived->size());
  return key;
}

Result<SecretBytes<32>> keyFromRecipe(Item recipe, std::string_view pin) {
  if (!recipe.isArray(3)) return Errc::VaultShape;
  const auto salt = recipe.at(0).bytes();
  const auto passes = recipe.at(1).unsignedInteger(), memoryKiB = recipe.at(2).unsignedInteger();
  if (!salt || salt->size() != 16 || !passes || *passes > 10 || !memoryKiB || *memoryKiB > 1048576)
    return Errc::VaultShape;
  const PinCost cost{static_cast<std::uint32_t>(*passes), static_cast<std::uint32_t>(*memoryKiB)};
  if (!inRange(cost)) return Errc::VaultShape;
  ByteArray<16> salt16;
  std::copy(salt->begin(), salt->end(), salt16.begin());
  return deriveKey(pin, salt16, cost);
}

}  // namespace

Result<Bytes> sealWithHostKey(ByteView plaintext, ByteView hostKey32, std::string_view context,
                              Entropy& entropy) {
  LIANGMA_TRY(const auto key, copyHostKey(hostKey32));
  return seal(plaintext, key, hostKeyRecipe(), context, entropy);
}

Result<Bytes> openWithHostKey(ByteView sealed, ByteView hostKey32, std::string_view context) {
  LIANGMA_TRY(const auto key, copyHostKey(hostKey32));
  const auto document = cbor::decode(sealed, kLimits);
  if (!document.ok()) return Errc::VaultShape;
  LIANGMA_TRY(const auto box, parseBox(document->root()));
  if (!document->root().at(1).isArray(0)) return Errc::VaultShape;
  return open(box, key, context);
}

Result<Bytes> sealWithPin(ByteView plaintext, std::string_view pin, std::string_view context, PinCost cost,
                          Entropy& entropy) {
  if (!inRange(cost)) return Error{Errc::MisuseArgument, "cost"};
  LIANGMA_TRY(const auto salt16, entropy.take<16>());
  LIANGMA_TRY(const auto key, deriveKey(pin, salt16, cost));
  return seal(plaintext, key, pinRecipe(salt16, cost), context, entropy);
}

Result<Bytes> openWithPin(ByteView sealed, std::string_view pin, std::string_view context) {
  const auto document = cbor::decode(sealed, kLimits);
  if (!document.ok()) return Errc::VaultShape;
  LIANGMA_TRY(const auto box, parseBox(document->root()));
  LIANGMA_TRY(const auto key, keyFromRecipe(document->root().at(1), pin));
  return open(box, key, context);
}

void wipe(Bytes& secret) {
  crypto::wipe(secret.data(), secret.size());
  secret.clear();
}

}  // namespace liangma
