// SPDX-License-Identifier: Apache-2.0
#include "crypto/crypto.h"

#include <algorithm>

#include <sodium.h>

namespace liangma::crypto {
namespace {

/// Sealed boxes use the nonce BLAKE2b-24(ephemeral key | recipient key).
ByteArray<24> sealNonce(const std::uint8_t* ephemeral32, const ByteArray<32>& recipient32) {
  ByteArray<24> nonce24;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, nonce24.size());
  crypto_generichash_update(&state, ephemeral32, 32);
  crypto_generichash_update(&state, recipient32.data(), recipient32.size());
  crypto_generichash_final(&state, nonce24.data(), nonce24.size());
  return nonce24;
}

}  // namespace

ByteArray<32> sha256(ByteView data) {
  ByteArray<32> hash32;
  crypto_hash_sha256(hash32.data(), data.data(), data.size());
  return hash32;
}

void expandSeed(const ByteArray<32>& seed32, ByteArray<32>& public32, ByteArray<64>& secret64) {
  crypto_sign_seed_keypair(public32.data(), secret64.data(), seed32.data());
}

ByteArray<64> sign(ByteView message, const ByteArray<64>& secret64) {
  ByteArray<64> signature64;
  crypto_sign_detached(signature64.data(), nullptr, message.data(), message.size(), secret64.data());
  return signature64;
}

bool verify(ByteView signature64, ByteView message, const ByteArray<32>& public32) {
  return signature64.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature64.data(), message.data(), message.size(), public32.data()) ==
             0;
}

ByteArray<32> x25519Public(const ByteArray<32>& secret32) {
  ByteArray<32> public32;
  crypto_scalarmult_base(public32.data(), secret32.data());
  return public32;
}

std::optional<Bytes> seal(ByteView plaintext, const ByteArray<32>& recipient32, const ByteArray<32>& seed32) {
  ByteArray<32> ephemeral32;
  ByteArray<32> secret32;
  crypto_box_seed_keypair(ephemeral32.data(), secret32.data(), seed32.data());
  const auto nonce24 = sealNonce(ephemeral32.data(), recipient32);
  Bytes sealed(crypto_box_SEALBYTES + plaintext.size());
  std::copy(ephemeral32.begin(), ephemeral32.end(), sealed.begin());
  const int failed = crypto_box_easy(sealed.data() + ephemeral32.size(), plaintext.data(), plaintext.size(),
                                     nonce24.data(), recipient32.data(), secret32.data());
  wipe(secret32.data(), secret32.size());
  if (failed != 0) return std::nullopt;
  return sealed;
}

std::optional<Bytes> unseal(ByteView sealed, const ByteArray<32>& public32, const ByteArray<32>& secret32) {
  if (sealed.size() < crypto_box_SEALBYTES) return std::nullopt;
  const auto nonce24 = sealNonce(sealed.data(), public32);
  Bytes plaintext(sealed.size() - crypto_box_SEALBYTES);
  const int failed = crypto_box_open_easy(plaintext.data(), sealed.data() + 32, sealed.size() - 32,
                                          nonce24.data(), sealed.data(), secret32.data());
  if (failed != 0) return std::nullopt;
  return plaintext;
}

Bytes encrypt(ByteView plaintext, ByteView associated, const ByteArray<24>& nonce24,
              const ByteArray<32>& key32) {
  Bytes ciphertext(plaintext.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext.data(), nullptr, plaintext.data(), plaintext.size(),
                                             associated.data(), associated.size(), nullptr, nonce24.data(),
                                             key32.data());
  return ciphertext;
}

std::optional<Bytes> decrypt(ByteView ciphertext, ByteView associated, const ByteArray<24>& nonce24,
                             const ByteArray<32>& key32) {
  if (ciphertext.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES) return std::nullopt;
  Bytes plaintext(ciphertext.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES);
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plaintext.data(), nullptr, nullptr, ciphertext.data(), ciphertext.size(), associated.data(),
      associated.size(), nonce24.data(), key32.data());
  if (failed != 0) return std::nullopt;
  return plaintext;
}

std::optional<ByteArray<32>> argon2id(std::string_view password, const ByteArray<16>& salt16,
                                      std::uint32_t passes, std::uint32_t memoryKiB) {
  ByteArray<32> key32;
  const int failed =
      crypto_pwhash_argon2id(key32.data(), key32.size(), password.data(), password.size(), salt16.data(),
                             passes, std::size_t{memoryKiB} * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (failed != 0) return std::nullopt;
  return key32;
}

void wipe(void* data, std::size_t size) {
  sodium_memzero(data, size);
}

}  // namespace liangma::crypto
