// SPDX-License-Identifier: Apache-2.0
#include "liangma/request.h"

#include <algorithm>

#include "cose.h"
#include "key_binding.h"
#include "liangma/base45.h"
#include "profile.h"

namespace liangma {
namespace {

using namespace profile;
using cbor::Item;
using cbor::Type;

constexpr UnixSeconds kFutureSeconds = 10;
constexpr std::int64_t kPurpose = 1, kWanted = 2, kAnswerUrl = 3;

bool isValid(const RequestClaims& claims) {
  return isPartyId(claims.verifier) && isSeconds(claims.issuedAt) && isSeconds(claims.expiresAt) &&
         claims.issuedAt < claims.expiresAt && claims.expiresAt - claims.issuedAt <= kMaxRequestSeconds &&
         claims.nonce.size() >= 16 && claims.nonce.size() <= 32 && isKeyword(claims.purpose) &&
         (!claims.answerUrl || isPlainText(*claims.answerUrl, 512));
}

Bytes encodePayload(const RequestClaims& claims) {
  cbor::Writer ask;
  ask.map(claims.answerUrl ? 3 : 2);
  ask.integer(kPurpose).text(claims.purpose);
  ask.integer(kWanted).array(claims.wanted.size());
  for (const auto claim : claims.wanted) ask.integer(static_cast<std::int64_t>(claim));
  if (claims.answerUrl) ask.integer(kAnswerUrl).text(*claims.answerUrl);
  return cbor::Writer()
      .map(5)
      .integer(kIss)
      .text(claims.verifier)
      .integer(kExp)
      .integer(claims.expiresAt)
      .integer(kIat)
      .integer(claims.issuedAt)
      .integer(kNonce)
      .bytes(claims.nonce)
      .integer(kRequest)
      .raw(ask.take())
      .take();
}

Status parseAsk(Item ask, RequestClaims& claims) {
  if (!ask.is(Type::Map) || !hasOnlyKeys(ask, {kPurpose, kWanted, kAnswerUrl})) return Errc::RequestShape;
  const auto purpose = ask.find(kPurpose), wanted = ask.find(kWanted), url = ask.find(kAnswerUrl);
  if (!purpose || !purpose->text() || !wanted || (url && !url->text())) return Errc::RequestShape;
  const auto numbers = readWanted(*wanted);
  if (!numbers) return Errc::RequestShape;
  claims.purpose = *purpose->text();
  claims.wanted = *numbers;
  if (url) claims.answerUrl = std::string(*url->text());
  return success();
}

Result<RequestClaims> parsePayload(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item root = document.root();
  if (!root.is(Type::Map) || root.count() != 5) return Errc::RequestShape;
  const auto issuer = root.find(kIss), nonce = root.find(kNonce), ask = root.find(kRequest);
  const auto expiresAt = readSeconds(root.find(kExp)), issuedAt = readSeconds(root.find(kIat));
  if (!issuer || !issuer->text() || !nonce || !nonce->bytes() || !ask || !expiresAt || !issuedAt)
    return Errc::RequestShape;
  RequestClaims claims;
  claims.verifier = *issuer->text();
  claims.expiresAt = *expiresAt;
  claims.issuedAt = *issuedAt;
  claims.nonce.assign(nonce->bytes()->begin(), nonce->bytes()->end());
  LIANGMA_CHECK(parseAsk(*ask, claims));
  if (!isValid(claims)) return Errc::RequestShape;
  return claims;
}

Result<const PublicKey*> findVerifierKey(const TrustedVerifier& verifier, const KeyId8& keyId,
                                         UnixSeconds issuedAt) {
  const auto* key = keyInForce(verifier.keys, keyId, issuedAt);
  if (key == nullptr) return Errc::VerifierKeyNotInForce;
  return key;
}

Status checkTimes(const RequestClaims& claims, UnixSeconds now) {
  if (now >= claims.expiresAt) return Errc::TimeRequestExpired;
  if (now < claims.issuedAt - kFutureSeconds) return Errc::TimeRequestFuture;
  return success();
}

bool mayAnswerAt(const TrustedVerifier& verifier, const std::optional<std::string>& url) {
  return !url ||
         std::find(verifier.endpoints.begin(), verifier.endpoints.end(), *url) != verifier.endpoints.end();
}

}  // namespace

Result<std::string> makeRequest(const RequestClaims& claims, const SigningKey& verifierKey) {
  if (!isValid(claims)) return Errc::RequestShape;
  const auto token = cose::sign1(makeHeader(kTypRequest, verifierKey.publicKey().keyId8()),
                                 cbor::Writer().map(0).take(), encodePayload(claims), verifierKey);
  return std::string(kRequestPrefix) + encodeBase45(token);
}

Result<TrustedRequest> openRequest(std::string_view text, const TrustList& trust, UnixSeconds now) {
  LIANGMA_TRY(const auto encoded, decodeText(text, kRequestPrefix));
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  LIANGMA_TRY(const auto keyId, readHeader(sign1.protectedHeader, kTypRequest));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  LIANGMA_TRY(auto claims, parsePayload(sign1.payload));
  LIANGMA_CHECK(trust->checkAge(now));
  const auto* verifier = trust->findVerifier(claims.verifier);
  if (verifier == nullptr) return Errc::VerifierUnknown;
  LIANGMA_TRY(const auto* key, findVerifierKey(*verifier, keyId, claims.issuedAt));
  if (!cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, *key))
    return Errc::VerifierSignature;
  if (!mayAnswerAt(*verifier, claims.answerUrl)) return Error{Errc::VerifierUnknown, "endpoint"};
  LIANGMA_CHECK(checkTimes(claims, now));
  return TrustedRequest{std::move(claims), *verifier};
}

}  // namespace liangma
