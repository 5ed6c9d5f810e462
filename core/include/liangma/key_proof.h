// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/key.h"

namespace liangma {

inline constexpr UnixSeconds kMaxKeyProofSeconds = 300;

/// Proves to an issuer that this device holds its key: a CWT that carries the key in `cnf`, signed by it.
///
/// @param audience  the issuer's id, 1..16 characters
/// @param nonce     the issuer's challenge, 16..32 bytes
/// @return COSE_Sign1, tag 18
/// @error  misuse.argument
/// @source SPEC.md 4.4
Result<Bytes> makeKeyProof(const SigningKey& deviceKey, std::string_view audience, ByteView nonce,
                           UnixSeconds now);

/// Checks a proof and gives the key it proves.
///
/// @error cbor.*, cose.*, holder.key-missing, holder.signature-bad, audience.mismatch, nonce.mismatch
/// @error time.too-old, time.future  more than 300 s from now
Result<PublicKey> openKeyProof(ByteView encoded, std::string_view audience, ByteView nonce, UnixSeconds now);

}  // namespace liangma
