// SPDX-License-Identifier: Apache-2.0
#include "key_binding.h"

#include "cose.h"
#include "liangma/base45.h"
#include "profile.h"

namespace liangma {
namespace {

using cbor::Item;
using cbor::Type;

constexpr std::size_t kMinNonce = 16, kMaxNonce = 32;

Bytes encodePayload(const KeyBindingClaims& claims) {
  const bool unconfirmed = claims.clock == ClockTrust::Unconfirmed;
  cbor::Writer writer;
  writer.map(2 + (claims.nonce ? 1 : 0) + (unconfirmed ? 1 : 0));
  writer.integer(profile::kAud).text(claims.audience);
  writer.integer(profile::kIat).integer(claims.issuedAt);
  if (claims.nonce) writer.integer(profile::kNonce).bytes(*claims.nonce);
  if (unconfirmed) writer.integer(profile::kClock).integer(1);
  return writer.take();
}

Result<KeyBindingClaims> parsePayload(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item root = document.root();
  if (!root.is(Type::Map)) return Errc::LiveShape;
  if (!profile::hasOnlyKeys(root, {profile::kAud, profile::kIat, profile::kNonce, profile::kClock}))
    return Errc::LiveShape;
  const auto audience = root.find(profile::kAud);
  const auto issuedAt = profile::readSeconds(root.find(profile::kIat));
  if (!audience || !audience->text() || !issuedAt) return Errc::LiveShape;
  KeyBindingClaims claims;
  claims.audience = *audience->text();
  claims.issuedAt = *issuedAt;
  if (claims.audience != kOpenAudience && !profile::isPartyId(claims.audience)) return Errc::LiveShape;
  if (const auto nonce = root.find(profile::kNonce)) {
    const auto bytes = nonce->bytes();
    if (!bytes || bytes->size() < kMinNonce || bytes->size() > kMaxNonce) return Errc::LiveShape;
    claims.nonce = Bytes(bytes->begin(), bytes->end());
  }
  if (const auto clock = root.find(profile::kClock)) {
    if (clock->integer() != 1) return Errc::LiveShape;
    claims.clock = ClockTrust::Unconfirmed;
  }
  return claims;
}

/// A token of another type in the place of a KBT is named for what it is.
Errc wrongType(std::optional<Item> typ) {
  if (typ && typ->integer() == profile::kTypSdCwt) return Errc::HolderSignatureMissing;
  if (typ && typ->text() == profile::kTypPaper) return Errc::FormatWrongKind;
  return Errc::CoseType;
}

/// Checks {1: alg, 13: credential, 16: 294} and gives the credential's item.
Result<Item> credentialIn(Item header) {
  if (!header.is(Type::Map)) return Errc::CoseShape;
  const auto typ = header.find(cose::kHeaderTyp);
  if (!typ || typ->integer() != profile::kTypKeyBinding) return wrongType(typ);
  LIANGMA_CHECK(cose::checkAlgorithm(header));
  const auto credential = header.find(cose::kHeaderKcwt);
  if (!credential || header.count() != 3) return Errc::CoseHeader;
  return *credential;
}

std::string_view afterPrefix(std::string_view text, std::string_view prefix) {
  text.remove_prefix(prefix.size());
  return text;
}

bool startsLike(std::string_view text, std::string_view letters) {
  return text.starts_with(letters) && text.size() > letters.size();
}

/// Names a text that does not begin with the expected prefix.
Errc nameOther(std::string_view text) {
  for (const auto known : {kLivePrefix, kRequestPrefix, kSealedPrefix, kPaperPrefix})
    if (text.starts_with(known)) return Errc::FormatWrongKind;
  for (const std::string_view letters : {"LM", "LMR", "LMS", "LMP"})
    if (startsLike(text, letters) && text[letters.size()] >= '2' && text[letters.size()] <= '9')
      return Errc::FormatVersion;
  for (const std::string_view foreign :
       {"HC1:", "shc:/", "http://", "https://", "HTTP://", "HTTPS://", "NL2:"})
    if (text.starts_with(foreign)) return Errc::FormatOtherSystem;
  return Errc::FormatPrefix;
}

}  // namespace

Result<Bytes> makeKeyBinding(ByteView presentation, const Credential& credential,
                             const KeyBindingClaims& claims, const SigningKey& deviceKey) {
  if (claims.issuedAt < credential.issuedAt) return Errc::TimeCredentialNotYet;
  if (claims.issuedAt >= credential.expiresAt) return Errc::TimeCredentialExpired;
  if (!credential.deviceKey) return Errc::HolderKeyMissing;
  if (*credential.deviceKey != deviceKey.publicKey()) return Errc::KeyMismatch;
  const auto header = cbor::Writer()
                          .map(3)
                          .integer(cose::kHeaderAlg)
                          .integer(cose::kAlgEd25519)
                          .integer(cose::kHeaderKcwt)
                          .raw(presentation)
                          .integer(cose::kHeaderTyp)
                          .integer(profile::kTypKeyBinding)
                          .take();
  return cose::sign1(header, cbor::Writer().map(0).take(), encodePayload(claims), deviceKey);
}

Result<KeyBinding> parseKeyBinding(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  LIANGMA_TRY(const auto header, cbor::decode(sign1.protectedHeader));
  LIANGMA_TRY(const auto item, credentialIn(header.root()));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.empty()) return Errc::HolderSignatureMissing;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  KeyBinding binding;
  LIANGMA_TRY(binding.credential, parseCredential(item.encoded()));
  LIANGMA_TRY(binding.claims, parsePayload(sign1.payload));
  binding.toBeSigned = cose::toBeSigned(sign1.protectedHeader, sign1.payload);
  binding.signature.assign(sign1.signature.begin(), sign1.signature.end());
  return binding;
}

Result<Bytes> decodeText(std::string_view text, std::string_view prefix) {
  if (text.empty()) return Errc::FormatEmpty;
  if (text.size() > kMaxTextLength) return Errc::FormatTooLong;
  if (!text.starts_with(prefix)) return nameOther(text);
  return decodeBase45(afterPrefix(text, prefix));
}

}  // namespace liangma
