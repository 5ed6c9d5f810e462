// SPDX-License-Identifier: Apache-2.0
#include "liangma/key_proof.h"

#include <algorithm>

#include "cose.h"
#include "profile.h"

namespace liangma {
namespace {

using namespace profile;
using cbor::Item;
using cbor::Type;

constexpr std::size_t kProofClaims = 4;

bool isStatement(const Statement& statement) {
  return isKeyword(statement.kind) && !statement.content.empty() &&
         statement.content.size() <= kMaxStatementBytes && cbor::isUtf8(statement.content);
}

/// @param more  encoded claims behind the usual ones, in order
Result<Bytes> sign(const SigningKey& deviceKey, std::string_view typ, std::string_view audience,
                   ByteView nonce, UnixSeconds now, ByteView more, std::size_t moreCount) {
  if (!isPartyId(audience) || nonce.size() < 16 || nonce.size() > 32 || !isSeconds(now))
    return Errc::MisuseArgument;
  const auto payload = cbor::Writer()
                           .map(kProofClaims + moreCount)
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
                           .raw(more)
                           .take();
  return cose::sign1(makeHeader(typ), cbor::Writer().map(0).take(), payload, deviceKey);
}

struct Expected {
  std::string_view audience;
  ByteView nonce;
  UnixSeconds now;
};

Status checkClaims(Item root, const Expected& expected, UnixSeconds issuedAt) {
  if (root.find(kAud)->text() != expected.audience) return Errc::AudienceMismatch;
  const auto given = *root.find(kNonce)->bytes();
  if (!std::equal(given.begin(), given.end(), expected.nonce.begin(), expected.nonce.end()))
    return Errc::NonceMismatch;
  if (expected.now - issuedAt > kMaxKeyProofSeconds) return Errc::TimeTooOld;
  if (issuedAt - expected.now > kMaxKeyProofSeconds) return Errc::TimeFuture;
  return success();
}

/// The key that signed a token whose payload is `root` and which it carries itself.
Result<PublicKey> openProof(const cose::Sign1& sign1, Item root, std::size_t claims,
                            const Expected& expected) {
  if (!root.is(Type::Map) || root.count() != claims) return Errc::CoseShape;
  const auto aud = root.find(kAud), cnf = root.find(kCnf), cnonce = root.find(kNonce);
  const auto issuedAt = readSeconds(root.find(kIat));
  if (!cnf || !cnf->find(1)) return Errc::HolderKeyMissing;
  if (!aud || !cnonce || !cnonce->bytes() || !issuedAt || cnf->count() != 1) return Errc::CoseShape;
  LIANGMA_TRY(const auto key, cose::parseCoseKey(*cnf->find(1)));
  if (!cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, key))
    return Errc::HolderSignature;
  LIANGMA_CHECK(checkClaims(root, expected, *issuedAt));
  return key;
}

Result<cose::Sign1> parseToken(Item item, std::string_view typ) {
  LIANGMA_TRY(const auto sign1, cose::parseSign1(item));
  LIANGMA_CHECK(readHeaderWithoutKeyId(sign1.protectedHeader, typ));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  return sign1;
}

Result<Statement> readStatement(Item root) {
  const auto claim = root.find(kStatement);
  if (!claim || !claim->isArray(2)) return Errc::StatementShape;
  const auto kind = claim->at(0).text(), content = claim->at(1).text();
  if (!kind || !content) return Errc::StatementShape;
  Statement statement{std::string(*kind), std::string(*content)};
  if (!isStatement(statement)) return Errc::StatementShape;
  return statement;
}

}  // namespace

Result<Bytes> makeKeyProof(const SigningKey& deviceKey, std::string_view audience, ByteView nonce,
                           UnixSeconds now) {
  return sign(deviceKey, kTypKeyProof, audience, nonce, now, {}, 0);
}

Result<PublicKey> openKeyProof(ByteView encoded, std::string_view audience, ByteView nonce, UnixSeconds now) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, parseToken(document.root(), kTypKeyProof));
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload));
  return openProof(sign1, payload.root(), kProofClaims, {audience, nonce, now});
}

Result<Bytes> makeStatement(const SigningKey& deviceKey, const Statement& statement,
                            std::string_view audience, ByteView nonce, UnixSeconds now) {
  if (!isStatement(statement)) return Errc::MisuseArgument;
  const auto claim =
      cbor::Writer().integer(kStatement).array(2).text(statement.kind).text(statement.content).take();
  return sign(deviceKey, kTypStatement, audience, nonce, now, claim, 1);
}

Result<SignedStatement> openStatement(ByteView encoded, std::string_view audience, ByteView nonce,
                                      UnixSeconds now) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, parseToken(document.root(), kTypStatement));
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload));
  const Item root = payload.root();
  if (!root.is(Type::Map)) return Errc::CoseShape;
  LIANGMA_TRY(auto statement, readStatement(root));
  LIANGMA_TRY(const auto key, openProof(sign1, root, kProofClaims + 1, {audience, nonce, now}));
  return SignedStatement{std::move(statement), key};
}

}  // namespace liangma
