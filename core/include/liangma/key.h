// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/bytes.h"
#include "liangma/entropy.h"
#include "liangma/result.h"

namespace liangma {

using Signature64 = ByteArray<64>;
using KeyId8 = ByteArray<8>;

/// Bytes that are overwritten with zeros when they go out of use. Moves, never copies.
template <std::size_t N>
class SecretBytes {
 public:
  SecretBytes() = default;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  ~SecretBytes() { wipe(); }

  ByteArray<N>& bytes() { return bytes_; }
  const ByteArray<N>& bytes() const { return bytes_; }
  void wipe();

 private:
  ByteArray<N> bytes_{};
};

/// An Ed25519 public key.
class PublicKey {
 public:
  /// @error key.invalid  not 32 bytes
  static Result<PublicKey> fromRaw(ByteView raw32);

  const ByteArray<32>& raw32() const { return raw32_; }

  /// The COSE_Key `{1: 1, -1: 6, -2: x}`, deterministically encoded; 40 bytes.
  /// @source RFC 9053, 7.2
  Bytes coseKey() const;

  /// SHA-256 of `coseKey()`.
  /// @source RFC 9679, 3
  ByteArray<32> thumbprint32() const;

  /// The first 8 bytes of the thumbprint: what LM1 puts into `kid`.
  KeyId8 keyId8() const;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
  friend bool operator<(const PublicKey& a, const PublicKey& b) { return a.raw32_ < b.raw32_; }

 private:
  ByteArray<32> raw32_{};
};

/// An Ed25519 key pair. The secret half is zeroed when the object dies.
class SigningKey {
 public:
  /// Draws a fresh key.
  /// @error misuse.entropy-missing
  static Result<SigningKey> generate(Entropy& entropy);

  /// @param seed32  the RFC 8032 private key
  /// @error key.invalid  not 32 bytes
  static Result<SigningKey> fromSeed(ByteView seed32);

  const PublicKey& publicKey() const { return publicKey_; }

  /// Signs bytes; deterministic.
  /// @source RFC 8032, 5.1.6
  Signature64 sign(ByteView message) const;

  /// The RFC 8032 private key, for sealing it away.
  SecretBytes<32> seed32() const;

 private:
  PublicKey publicKey_;
  SecretBytes<64> secret_;
};

/// An X25519 key pair: opens what was sealed to its public half.
class SealingKey {
 public:
  /// @error misuse.entropy-missing
  static Result<SealingKey> generate(Entropy& entropy);

  /// @param secret32  the X25519 scalar
  /// @error key.invalid  not 32 bytes
  static Result<SealingKey> fromSecret(ByteView secret32);

  const ByteArray<32>& public32() const { return public32_; }
  const ByteArray<32>& secret32() const { return secret_.bytes(); }

 private:
  ByteArray<32> public32_{};
  SecretBytes<32> secret_;
};

}  // namespace liangma
