// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "liangma/entropy.h"

namespace liangma {

/// How much work a PIN costs an attacker per guess (Argon2id).
struct PinCost {
  std::uint32_t passes = 3;         ///< 1..10
  std::uint32_t memoryKiB = 65536;  ///< 8..1048576
};

/// Seals bytes under a key that only the host can produce (WebCrypto, a super-app's secure storage).
///
/// @param entropy  24 bytes
/// @param context  bound to the sealed bytes and needed to open them, such as "device-key"
/// @error misuse.argument  hostKey is not 32 bytes
/// @error misuse.entropy-missing
/// @source SPEC.md 11; XChaCha20-Poly1305
Result<Bytes> sealWithHostKey(ByteView plaintext, ByteView hostKey32, std::string_view context,
                              Entropy& entropy);

/// @error vault.shape, vault.unreadable
Result<Bytes> openWithHostKey(ByteView sealed, ByteView hostKey32, std::string_view context);

/// Seals bytes under a PIN.
///
/// @param entropy  40 bytes
/// @error misuse.argument  the PIN is empty or above 128 bytes, or the cost out of range
Result<Bytes> sealWithPin(ByteView plaintext, std::string_view pin, std::string_view context, PinCost cost,
                          Entropy& entropy);

/// @error vault.shape, vault.unreadable (a wrong PIN too), internal.error (no memory for Argon2id)
Result<Bytes> openWithPin(ByteView sealed, std::string_view pin, std::string_view context);

/// Overwrites bytes with zeros and empties them.
void wipe(Bytes& secret);

}  // namespace liangma
