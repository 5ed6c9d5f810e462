// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cbor/reader.h"
#include "liangma/key.h"

/// COSE_Sign1 and COSE_Sign as LM1 uses them: Ed25519, everything in the protected header.
namespace liangma::cose {

inline constexpr std::int64_t kAlgEd25519 = -19;  ///< RFC 9864
inline constexpr std::int64_t kAlgEdDsa = -8;     ///< RFC 9053; accepted, never written
inline constexpr std::int64_t kHeaderAlg = 1, kHeaderCrit = 2, kHeaderKid = 4, kHeaderKcwt = 13,
                              kHeaderTyp = 16, kHeaderSdClaims = 17;
inline constexpr std::uint64_t kTagSign = 98, kTagSign1 = 18;

/// The parts of a COSE_Sign1, as views into the decoded bytes. Nothing is verified.
struct Sign1 {
  ByteView protectedHeader;  ///< the encoded map; empty for an empty header
  cbor::Item unprotected;
  ByteView payload;
  ByteView signature;
};

/// Takes the four parts apart.
///
/// @error cose.shape  not tag 18 around an array of bstr, map, bstr, bstr
Result<Sign1> parseSign1(cbor::Item item);

/// The algorithm of a protected header.
///
/// @param header  the decoded protected header, a map
/// @return success for Ed25519 (-19) and EdDSA (-8)
/// @error cose.header-unknown         `crit` is present
/// @error cose.algorithm-unsupported  another one, or none
Status checkAlgorithm(cbor::Item header);

/// What is signed: ["Signature1", protected, h'', payload].
/// @source RFC 9052, 4.4
Bytes toBeSigned(ByteView protectedHeader, ByteView payload);

/// Builds and signs, with an encoded unprotected header.
/// @return 18([protected, unprotected, payload, signature])
Bytes sign1(ByteView protectedHeader, ByteView unprotected, ByteView payload, const SigningKey& key);

/// Assembles the four parts under tag 18.
Bytes assembleSign1(ByteView protectedHeader, ByteView unprotected, ByteView payload, ByteView signature);

[[nodiscard]] bool verifySign1(ByteView protectedHeader, ByteView payload, ByteView signature,
                               const PublicKey& key);

/// One signer of a COSE_Sign.
struct Signer {
  ByteView protectedHeader;
  ByteView signature;
};

/// The parts of a COSE_Sign whose body header and unprotected headers are empty.
struct Sign {
  ByteView protectedHeader;
  ByteView payload;
  std::vector<Signer> signers;
};

/// @error cose.shape
Result<Sign> parseSign(cbor::Item item);

/// What one signer signs: ["Signature", body protected, signer protected, h'', payload].
/// @source RFC 9052, 4.4
Bytes toBeSignedBy(ByteView bodyProtected, ByteView signerProtected, ByteView payload);

/// Reads `{1: 1, -1: 6, -2: x}` and nothing else.
/// @error cose.key-shape
Result<PublicKey> parseCoseKey(cbor::Item item);

}  // namespace liangma::cose
