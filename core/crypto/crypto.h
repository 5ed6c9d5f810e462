// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "liangma/bytes.h"

/// The only seam to the cryptographic library: nothing else names it. No function here draws randomness.
namespace liangma::crypto {

ByteArray<32> sha256(ByteView data);

/// Expands an RFC 8032 private key into the 64-byte form that sign() takes.
void expandSeed(const ByteArray<32>& seed32, ByteArray<32>& public32, ByteArray<64>& secret64);
ByteArray<64> sign(ByteView message, const ByteArray<64>& secret64);
/// @return false for a wrong signature, a non-canonical S, a small-order or non-canonical key
[[nodiscard]] bool verify(ByteView signature64, ByteView message, const ByteArray<32>& public32);

ByteArray<32> x25519Public(const ByteArray<32>& secret32);
/// Seals to an X25519 key (libsodium's sealed box), with an ephemeral key made from `seed32`.
/// @return nothing when the public key is of low order
std::optional<Bytes> seal(ByteView plaintext, const ByteArray<32>& recipient32, const ByteArray<32>& seed32);
std::optional<Bytes> unseal(ByteView sealed, const ByteArray<32>& public32, const ByteArray<32>& secret32);

/// XChaCha20-Poly1305; the 16-byte tag follows the ciphertext.
Bytes encrypt(ByteView plaintext, ByteView associated, const ByteArray<24>& nonce24,
              const ByteArray<32>& key32);
std::optional<Bytes> decrypt(ByteView ciphertext, ByteView associated, const ByteArray<24>& nonce24,
                             const ByteArray<32>& key32);

/// Argon2id version 1.3 with one lane.
/// @return nothing when memory is short or a cost is out of the library's range
std::optional<ByteArray<32>> argon2id(std::string_view password, const ByteArray<16>& salt16,
                                      std::uint32_t passes, std::uint32_t memoryKiB);

/// Overwrites with zeros in a way that the compiler keeps.
void wipe(void* data, std::size_t size);

}  // namespace liangma::crypto
