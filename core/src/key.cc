// SPDX-License-Identifier: Apache-2.0
#include "liangma/key.h"

#include "cbor/writer.h"
#include "crypto/crypto.h"

namespace liangma {

template <std::size_t N>
void SecretBytes<N>::wipe() {
  crypto::wipe(bytes_.data(), N);
}
template class SecretBytes<32>;
template class SecretBytes<64>;

Result<PublicKey> PublicKey::fromRaw(ByteView raw32) {
  if (raw32.size() != 32) return Errc::KeyInvalid;
  PublicKey key;
  std::copy(raw32.begin(), raw32.end(), key.raw32_.begin());
  return key;
}

Bytes PublicKey::coseKey() const {
  return cbor::Writer().map(3).integer(1).integer(1).integer(-1).integer(6).integer(-2).bytes(raw32_).take();
}

ByteArray<32> PublicKey::thumbprint32() const {
  return crypto::sha256(coseKey());
}

KeyId8 PublicKey::keyId8() const {
  const auto hash32 = thumbprint32();
  KeyId8 id;
  std::copy_n(hash32.begin(), id.size(), id.begin());
  return id;
}

Result<SigningKey> SigningKey::generate(Entropy& entropy) {
  SecretBytes<32> seed;
  LIANGMA_CHECK(entropy.fill(seed.bytes()));
  return fromSeed(seed.bytes());
}

Result<SigningKey> SigningKey::fromSeed(ByteView seed32) {
  if (seed32.size() != 32) return Errc::KeyInvalid;
  SecretBytes<32> seed;
  std::copy(seed32.begin(), seed32.end(), seed.bytes().begin());
  ByteArray<32> public32;
  SigningKey key;
  crypto::expandSeed(seed.bytes(), public32, key.secret_.bytes());
  key.publicKey_ = PublicKey::fromRaw(public32).value();
  return key;
}

Signature64 SigningKey::sign(ByteView message) const {
  return crypto::sign(message, secret_.bytes());
}

SecretBytes<32> SigningKey::seed32() const {
  SecretBytes<32> seed;
  std::copy_n(secret_.bytes().begin(), 32, seed.bytes().begin());
  return seed;
}

Result<SealingKey> SealingKey::generate(Entropy& entropy) {
  SecretBytes<32> secret;
  LIANGMA_CHECK(entropy.fill(secret.bytes()));
  return fromSecret(secret.bytes());
}

Result<SealingKey> SealingKey::fromSecret(ByteView secret32) {
  if (secret32.size() != 32) return Errc::KeyInvalid;
  SealingKey key;
  std::copy(secret32.begin(), secret32.end(), key.secret_.bytes().begin());
  key.public32_ = crypto::x25519Public(key.secret_.bytes());
  return key;
}

}  // namespace liangma
