// SPDX-License-Identifier: Apache-2.0
#include "liangma/paper_code.h"

#include "cose.h"
#include "key_binding.h"
#include "liangma/base45.h"
#include "paper_token.h"
#include "profile.h"

namespace liangma {

using namespace profile;

Result<std::string> makePaperCode(const PaperClaims& claims, const SigningKey& issuerKey, Entropy& entropy) {
  if (!isPartyId(claims.issuer) || !isSeconds(claims.issuedAt) || !isSeconds(claims.expiresAt) ||
      claims.expiresAt <= claims.issuedAt || claims.code.live)
    return Errc::CredentialClaimInvalid;
  LIANGMA_CHECK(checkCode(claims.code));
  if (claims.expiresAt - claims.issuedAt > kMaxPaperSeconds) return Errc::TimeCredentialLife;
  LIANGMA_TRY(const auto random6, entropy.take<6>());
  const auto payload = cbor::Writer()
                           .map(5)
                           .integer(kIss)
                           .text(claims.issuer)
                           .integer(kSub)
                           .text(subjectFrom(random6))
                           .integer(kExp)
                           .integer(claims.expiresAt)
                           .integer(kIat)
                           .integer(claims.issuedAt)
                           .integer(kCode)
                           .raw(encodeCode(claims.code))
                           .take();
  const auto token = cose::sign1(makeHeader(kTypPaper, issuerKey.publicKey().keyId8()),
                                 cbor::Writer().map(0).take(), payload, issuerKey);
  return std::string(kPaperPrefix) + encodeBase45(token);
}

Result<PaperToken> parsePaperCode(std::string_view text) {
  LIANGMA_TRY(const auto encoded, decodeText(text, kPaperPrefix));
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  PaperToken paper;
  LIANGMA_TRY(paper.issuerKeyId, readHeader(sign1.protectedHeader, kTypPaper));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload));
  const auto root = payload.root();
  if (!root.is(cbor::Type::Map) || root.count() != 5) return Errc::PaperShape;
  const auto issuer = root.find(kIss), subject = root.find(kSub), code = root.find(kCode);
  const auto expiresAt = readSeconds(root.find(kExp)), issuedAt = readSeconds(root.find(kIat));
  if (!issuer || !issuer->text() || !isPartyId(*issuer->text()) || !subject || !subject->text() ||
      !isSubject(*subject->text()) || !expiresAt || !issuedAt || *issuedAt >= *expiresAt || !code)
    return Errc::PaperShape;
  paper.claims.issuer = *issuer->text();
  paper.subject = *subject->text();
  paper.claims.issuedAt = *issuedAt;
  paper.claims.expiresAt = *expiresAt;
  LIANGMA_TRY(paper.claims.code, parseCode(*code));
  if (paper.claims.code.live) return Errc::PaperShape;
  paper.toBeSigned = cose::toBeSigned(sign1.protectedHeader, sign1.payload);
  paper.signature.assign(sign1.signature.begin(), sign1.signature.end());
  return paper;
}

}  // namespace liangma
