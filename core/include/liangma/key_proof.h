// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "liangma/key.h"

namespace liangma {

inline constexpr UnixSeconds kMaxKeyProofSeconds = 300;
inline constexpr std::size_t kMaxStatementBytes = 8192;

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

/// What a resident states to an issuer, such as a declaration.
struct Statement {
  std::string kind;     ///< keyword: "declaration", "appeal", …
  std::string content;  ///< what the resident confirmed, byte for byte: 1..8192 bytes of UTF-8
};

/// Signs a statement to an issuer, with the device key that it carries.
///
/// @param audience, nonce  as makeKeyProof()
/// @return COSE_Sign1, tag 18
/// @error  misuse.argument
/// @source SPEC.md 4.5
Result<Bytes> makeStatement(const SigningKey& deviceKey, const Statement& statement,
                            std::string_view audience, ByteView nonce, UnixSeconds now);

/// A statement and the key that signed it.
struct SignedStatement {
  Statement statement;
  PublicKey key;
};

/// Checks who signed a statement, and gives it.
///
/// @error statement.shape, and as openKeyProof()
Result<SignedStatement> openStatement(ByteView encoded, std::string_view audience, ByteView nonce,
                                      UnixSeconds now);

}  // namespace liangma
