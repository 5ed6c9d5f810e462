// SPDX-License-Identifier: Apache-2.0
#include "liangma/credential.h"

#include <algorithm>

#include "cose.h"
#include "profile.h"
#include "sd_cwt.h"

namespace liangma {
namespace {

using cbor::Item;
using cbor::Type;

struct Named {
  IdentityClaim claim;
  std::string_view id;
};
constexpr Named kIdentityNames[] = {
    {IdentityClaim::FullName, "fullName"},           {IdentityClaim::IdType, "idType"},
    {IdentityClaim::IdNumber, "idNumber"},           {IdentityClaim::Phone, "phone"},
    {IdentityClaim::BirthDate, "birthDate"},         {IdentityClaim::Sex, "sex"},
    {IdentityClaim::InsuredRegion, "insuredRegion"}, {IdentityClaim::CardNumber, "cardNumber"},
};
constexpr std::string_view kColourNames[] = {"pending", "green", "yellow", "red"};
constexpr std::size_t kMaxIdentityBytes = 128;

Status checkClaims(const CredentialClaims& claims) {
  if (!profile::isPartyId(claims.issuer)) return Error{Errc::CredentialClaimInvalid, "iss"};
  if (!profile::isSeconds(claims.issuedAt) || !profile::isSeconds(claims.expiresAt) ||
      claims.expiresAt <= claims.issuedAt)
    return Error{Errc::CredentialClaimInvalid, "exp"};
  if (claims.expiresAt - claims.issuedAt > kMaxCredentialSeconds) return Errc::TimeCredentialLife;
  LIANGMA_CHECK(profile::checkCode(claims.code));
  for (const auto& [claim, value] : claims.identity)
    if (!profile::isPlainText(value, kMaxIdentityBytes))
      return Error{Errc::CredentialClaimInvalid, "identity"};
  return success();
}

/// The identity's disclosures: its own first, then one for each member.
Result<std::vector<Bytes>> makeDisclosures(const Identity& identity, Entropy& entropy) {
  std::vector<Bytes> disclosures;
  if (identity.empty()) return disclosures;
  std::vector<ByteArray<32>> hashes;
  for (const auto& [claim, value] : identity) {
    LIANGMA_TRY(const auto salt16, entropy.take<16>());
    disclosures.push_back(
        sdcwt::makeDisclosure(salt16, cbor::Writer().text(value).take(), static_cast<std::int64_t>(claim)));
    hashes.push_back(sdcwt::blindedHash32(disclosures.back()));
  }
  std::sort(hashes.begin(), hashes.end());  // so that their order tells nothing
  cbor::Writer redacted;
  redacted.map(1).simple(sdcwt::kRedactedKeys).array(hashes.size());
  for (const auto& hash32 : hashes) redacted.bytes(hash32);
  LIANGMA_TRY(const auto salt16, entropy.take<16>());
  disclosures.insert(disclosures.begin(), sdcwt::makeDisclosure(salt16, redacted.take(), profile::kIdentity));
  return disclosures;
}

Bytes encodePayload(const CredentialClaims& claims, std::string_view subject,
                    const std::vector<Bytes>& disclosures) {
  cbor::Writer writer;
  writer.map(disclosures.empty() ? 6 : 7);
  writer.integer(profile::kIss).text(claims.issuer);
  writer.integer(profile::kSub).text(subject);
  writer.integer(profile::kExp).integer(claims.expiresAt);
  writer.integer(profile::kIat).integer(claims.issuedAt);
  writer.integer(profile::kCnf).map(1).integer(1).raw(claims.deviceKey.coseKey());
  writer.integer(profile::kCode).raw(profile::encodeCode(claims.code));
  if (!disclosures.empty())
    writer.simple(sdcwt::kRedactedKeys).array(1).bytes(sdcwt::blindedHash32(disclosures.front()));
  return writer.take();
}

Bytes encodeUnprotected(const std::vector<Bytes>& disclosures) {
  cbor::Writer writer;
  if (disclosures.empty()) return writer.map(0).take();
  writer.map(1).integer(cose::kHeaderSdClaims).array(disclosures.size());
  for (const auto& disclosure : disclosures) writer.bytes(disclosure);
  return writer.take();
}

Bytes assemble(const Credential& credential, const std::vector<Bytes>& disclosures) {
  return cose::assembleSign1(credential.protectedHeader, encodeUnprotected(disclosures), credential.payload,
                             credential.signature);
}

/// `cnf: {1: COSE_Key}`; absent is a thing for the verifier to name.
Result<std::optional<PublicKey>> parseConfirmation(std::optional<Item> cnf) {
  if (!cnf) return std::optional<PublicKey>();
  if (!cnf->is(Type::Map) || cnf->count() != 1 || !cnf->find(1))
    return Error{Errc::CredentialClaimInvalid, "cnf"};
  LIANGMA_TRY(const auto key, cose::parseCoseKey(*cnf->find(1)));
  return std::optional(key);
}

Result<Identity> parseIdentity(Item item) {
  Identity identity;
  if (!item.is(Type::Map)) return Errc::DisclosureShape;
  Item key = item.first();
  for (std::size_t i = 0; i < item.count(); ++i, key = key.next().next()) {
    const auto claim = profile::identityClaimFrom(key.integer());
    if (!claim) return Error{Errc::CredentialClaimUnknown, "identity"};
    const auto value = key.next().text();
    if (!value || !profile::isPlainText(*value, kMaxIdentityBytes))
      return Error{Errc::CredentialClaimInvalid, "identity"};
    identity[*claim] = std::string(*value);
  }
  return identity;
}

/// Reads all claims but the identity into `credential`.
Status parseClaims(Item claims, Credential& credential) {
  using namespace profile;
  const auto issuer = claims.find(kIss), subject = claims.find(kSub), code = claims.find(kCode);
  if (!issuer || !subject || !claims.find(kExp) || !claims.find(kIat) || !code)
    return Errc::CredentialClaimMissing;
  if (!issuer->text() || !isPartyId(*issuer->text())) return Error{Errc::CredentialClaimInvalid, "iss"};
  if (!subject->text() || !isSubject(*subject->text())) return Error{Errc::CredentialClaimInvalid, "sub"};
  const auto expiresAt = readSeconds(claims.find(kExp)), issuedAt = readSeconds(claims.find(kIat));
  if (!expiresAt || !issuedAt || *issuedAt >= *expiresAt) return Error{Errc::CredentialClaimInvalid, "exp"};
  credential.issuer = *issuer->text();
  credential.subject = *subject->text();
  credential.expiresAt = *expiresAt;
  credential.issuedAt = *issuedAt;
  LIANGMA_TRY(credential.deviceKey, parseConfirmation(claims.find(kCnf)));
  LIANGMA_TRY(credential.code, parseCode(*code));
  return success();
}

/// Checks the payload's keys: claims in the clear, and at most one hash, the identity's.
Status checkKeys(Item payload) {
  using namespace profile;
  if (!payload.is(Type::Map)) return Errc::CredentialShape;
  constexpr std::int64_t kClear[] = {kIss, kSub, kExp, kIat, kCnf, kCode};
  Item key = payload.first();
  for (std::size_t i = 0; i < payload.count(); ++i, key = key.next().next()) {
    if (key.isSimple(sdcwt::kRedactedKeys)) {
      if (!key.next().isArray(1)) return Errc::CredentialShape;
      const auto hash = key.next().first().bytes();
      if (!hash || hash->size() != 32) return Errc::DisclosureShape;
    } else if (const auto number = key.integer();
               !number || std::find(std::begin(kClear), std::end(kClear), *number) == std::end(kClear)) {
      return Error{Errc::CredentialClaimUnknown, number == kIdentity ? "identity" : ""};
    }
  }
  return success();
}

/// Checks that the identity's own disclosure holds 1 to 8 hashes and nothing in the clear.
Status checkIdentityHashes(const std::vector<Bytes>& disclosures) {
  for (const auto& disclosure : disclosures) {
    LIANGMA_TRY(const auto document, cbor::decode(disclosure));
    const Item root = document.root();
    if (!root.isArray(3) || root.at(2).integer() != profile::kIdentity) continue;
    const Item members = root.at(1);
    if (members.count() > 1) return Error{Errc::CredentialClaimUnknown, "identity"};
    if (members.count() == 0 || !members.first().isSimple(sdcwt::kRedactedKeys)) return Errc::DisclosureShape;
    const auto hashes = members.first().next().count();
    if (hashes < 1 || hashes > 8) return Errc::DisclosureShape;
  }
  return success();
}

/// The identity that the disclosures add to the payload.
Result<Identity> discloseIdentity(Item payload, const std::vector<Bytes>& disclosures) {
  if (disclosures.empty()) return Identity();
  LIANGMA_TRY(const auto encoded, sdcwt::resolveClaims(payload, disclosures));
  LIANGMA_TRY(const auto claims, cbor::decode(encoded));
  const auto item = claims.root().find(profile::kIdentity);
  if (claims.root().count() != payload.count() || !item) return Errc::CredentialClaimUnknown;
  LIANGMA_TRY(auto identity, parseIdentity(*item));
  LIANGMA_CHECK(checkIdentityHashes(disclosures));
  return identity;
}

Status checkUnprotected(Item unprotected) {
  if (!profile::hasOnlyKeys(unprotected, {cose::kHeaderSdClaims})) return Errc::CoseHeader;
  return success();
}

/// The identity member that a disclosure [salt, value, key] holds.
std::optional<IdentityClaim> memberOf(const Bytes& disclosure) {
  const auto document = cbor::decode(disclosure);
  if (!document.ok() || !document->root().isArray(3)) return std::nullopt;
  return profile::identityClaimFrom(document->root().at(2).integer());
}

/// The number of characters of UTF-8 text.
std::size_t countCharacters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; });
}

}  // namespace

std::string_view colourId(Colour colour) {
  return kColourNames[static_cast<unsigned>(colour) & 3];
}

std::optional<Colour> colourFromId(std::string_view id) {
  for (unsigned i = 0; i < 4; ++i)
    if (kColourNames[i] == id) return static_cast<Colour>(i);
  return std::nullopt;
}

std::string_view identityClaimId(IdentityClaim claim) {
  for (const auto& named : kIdentityNames)
    if (named.claim == claim) return named.id;
  return "unknown";
}

std::optional<IdentityClaim> identityClaimFromId(std::string_view id) {
  for (const auto& named : kIdentityNames)
    if (named.id == id) return named.claim;
  return std::nullopt;
}

bool LivePolicy::inRange() const {
  return periodSeconds >= 1 && periodSeconds <= 60 && windowSeconds >= periodSeconds &&
         windowSeconds <= 120 && futureSeconds <= 60;
}

std::string maskName(std::string_view fullName) {
  if (fullName.empty() || !cbor::isUtf8(fullName)) return {};
  const auto isStart = [](unsigned char c) { return (c & 0xc0) != 0x80; };
  const auto firstEnd = std::find_if(fullName.begin() + 1, fullName.end(), isStart);
  std::string masked(fullName.begin(), firstEnd);
  masked += '*';
  if (countCharacters(fullName) <= 2) return masked;
  auto last = fullName.end() - 1;
  while (!isStart(static_cast<unsigned char>(*last))) --last;
  masked.append(last, fullName.end());
  return masked;
}

Result<Bytes> issueCredential(const CredentialClaims& claims, const SigningKey& issuerKey, Entropy& entropy) {
  LIANGMA_CHECK(checkClaims(claims));
  LIANGMA_TRY(const auto random6, entropy.take<6>());
  LIANGMA_TRY(const auto disclosures, makeDisclosures(claims.identity, entropy));
  Credential credential;
  credential.protectedHeader = profile::makeHeader(profile::kTypSdCwt, issuerKey.publicKey().keyId8());
  credential.payload = encodePayload(claims, profile::subjectFrom(random6), disclosures);
  const auto signature64 = issuerKey.sign(cose::toBeSigned(credential.protectedHeader, credential.payload));
  credential.signature.assign(signature64.begin(), signature64.end());
  if (assemble(credential, {}).size() + profile::kOpenLiveOverheadBytes > kMaxOpenLiveBytes)
    return Errc::MisuseTooLarge;
  return assemble(credential, disclosures);
}

Result<Credential> parseCredential(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  Credential credential;
  LIANGMA_TRY(credential.issuerKeyId, profile::readHeader(sign1.protectedHeader, profile::kTypSdCwt));
  LIANGMA_CHECK(checkUnprotected(sign1.unprotected));
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  LIANGMA_TRY(credential.disclosures, sdcwt::readDisclosures(sign1.unprotected));
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload));
  LIANGMA_CHECK(checkKeys(payload.root()));
  LIANGMA_TRY(credential.identity, discloseIdentity(payload.root(), credential.disclosures));
  LIANGMA_CHECK(parseClaims(payload.root(), credential));
  credential.protectedHeader.assign(sign1.protectedHeader.begin(), sign1.protectedHeader.end());
  credential.payload.assign(sign1.payload.begin(), sign1.payload.end());
  credential.signature.assign(sign1.signature.begin(), sign1.signature.end());
  return credential;
}

Result<Bytes> presentCredential(const Credential& credential, const std::set<IdentityClaim>& chosen) {
  if (chosen.empty()) return assemble(credential, {});
  std::vector<Bytes> disclosures;
  std::size_t found = 0;
  for (const auto& disclosure : credential.disclosures) {
    const auto member = memberOf(disclosure);
    if (member && chosen.count(*member) == 0) continue;
    if (member) ++found;
    disclosures.push_back(disclosure);
  }
  if (found != chosen.size()) return Errc::DisclosureMissing;
  return assemble(credential, disclosures);
}

}  // namespace liangma
