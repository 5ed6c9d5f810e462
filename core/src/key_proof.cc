// SPDX-License-Identifier: Apache-2.0
#include "liangma/key_proof.h"

#include <algorithm>

#include "cose.h"
#include "profile.h"

namespace liangma {

using namespace profile;
using cbor::Type;

Result<Bytes> makeKeyProof(const SigningKey& deviceKey, std::string_view audience, ByteView nonce,
                           UnixSeconds now) {
  if (!isPartyId(audience) || nonce.size() < 16 || nonce.size() > 32 || !isSeconds(now))
    return Errc::MisuseArgument;
  const auto payload = cbor::Writer()
                           .map(4)
                           .integer(kAud)
                           .text(audience)
                           .integer(kIat)
                           .integer(now)
                           .integer(kCnf)
                           .map(1)
                           .integer(1)
                           .raw(deviceKey.publicKey().coseKey())
                           .integer(kNonce)
                           .bytes(nonce)
                           .take();
  return cose::sign1(makeHeader(kTypKeyProof), cbor::Writer().map(0).take(), payload, deviceKey);
}

Result<PublicKey> openKeyProof(ByteView encoded, std::string_view audience, ByteView nonce, UnixSeconds now) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  LIANGMA_CHECK(readHeaderWithoutKeyId(sign1.protectedHeader, kTypKeyProof));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload));
  const auto root = payload.root();
  if (!root.is(Type::Map) || root.count() != 4) return Errc::CoseShape;
  const auto aud = root.find(kAud), cnf = root.find(kCnf), cnonce = root.find(kNonce);
  const auto issuedAt = readSeconds(root.find(kIat));
  if (!cnf || !cnf->find(1)) return Errc::HolderKeyMissing;
  if (!aud || !cnonce || !cnonce->bytes() || !issuedAt || cnf->count() != 1) return Errc::CoseShape;
  LIANGMA_TRY(const auto key, cose::parseCoseKey(*cnf->find(1)));
  if (!cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, key))
    return Errc::HolderSignature;
  if (aud->text() != audience) return Errc::AudienceMismatch;
  const auto given = *cnonce->bytes();
  if (!std::equal(given.begin(), given.end(), nonce.begin(), nonce.end())) return Errc::NonceMismatch;
  if (now - *issuedAt > kMaxKeyProofSeconds) return Errc::TimeTooOld;
  if (*issuedAt - now > kMaxKeyProofSeconds) return Errc::TimeFuture;
  return key;
}

}  // namespace liangma
