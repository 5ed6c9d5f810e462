// SPDX-License-Identifier: Apache-2.0
#include "liangma/trust_list.h"

#include <algorithm>

#include "cose.h"
#include "crypto/crypto.h"
#include "profile.h"
#include "trust_content.h"

namespace liangma {
namespace {

using cbor::Item;
using cbor::Type;
using cbor::Writer;

/// How far a machine's clock may be behind the list's date before it is suspected.
constexpr UnixSeconds kClockToleranceSeconds = 60;

Bytes signerHeader(const PublicKey& key) {
  return Writer()
      .map(2)
      .integer(cose::kHeaderAlg)
      .integer(cose::kAlgEd25519)
      .integer(cose::kHeaderKid)
      .bytes(key.keyId8())
      .take();
}

Bytes bodyHeader() {
  return Writer().map(1).integer(cose::kHeaderTyp).text(profile::kTypTrust).take();
}

/// Checks {16: "lmt+cwt"}.
Status checkBodyHeader(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item header = document.root();
  if (!header.is(Type::Map)) return Errc::CoseShape;
  const auto typ = header.find(cose::kHeaderTyp);
  if (!typ || typ->text() != profile::kTypTrust) return Errc::CoseType;
  if (header.count() != 1) return Errc::CoseHeader;
  return success();
}

Result<KeyId8> readSignerHeader(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item header = document.root();
  if (!header.is(Type::Map)) return Errc::CoseShape;
  LIANGMA_CHECK(cose::checkAlgorithm(header));
  const auto kid = header.find(cose::kHeaderKid);
  if (header.count() != 2 || !kid || !kid->bytes() || kid->bytes()->size() != 8) return Errc::CoseHeader;
  KeyId8 keyId;
  std::copy_n(kid->bytes()->begin(), keyId.size(), keyId.begin());
  return keyId;
}

/// The keys among `candidates` whose signature on the list is good.
Result<std::set<PublicKey>> findSigners(const cose::Sign& sign, const std::set<PublicKey>& candidates) {
  std::set<PublicKey> signers;
  for (const auto& signer : sign.signers) {
    LIANGMA_TRY(const auto keyId, readSignerHeader(signer.protectedHeader));
    const auto message = cose::toBeSignedBy(sign.protectedHeader, signer.protectedHeader, sign.payload);
    for (const auto& key : candidates) {
      if (key.keyId8() != keyId) continue;
      if (!crypto::verify(signer.signature, message, key.raw32())) return Errc::TrustSignature;
      signers.insert(key);
    }
  }
  return signers;
}

Status checkSigners(const cose::Sign& sign, std::span<const PublicKey> pinned,
                    const std::vector<PublicKey>& roots) {
  std::set<PublicKey> candidates(pinned.begin(), pinned.end());
  candidates.insert(roots.begin(), roots.end());
  LIANGMA_TRY(const auto signers, findSigners(sign, candidates));
  const auto signedIt = [&](const PublicKey& key) { return signers.count(key) > 0; };
  if (std::none_of(pinned.begin(), pinned.end(), signedIt)) return Errc::TrustRootUnknown;
  if (!std::all_of(roots.begin(), roots.end(), signedIt)) return Errc::TrustRotation;
  return success();
}

}  // namespace

std::string_view assuranceId(Assurance assurance) {
  constexpr std::string_view kIds[] = {"none", "paper", "time", "challenge"};
  return kIds[static_cast<unsigned>(assurance) & 3];
}

std::string_view decisionId(Decision decision) {
  switch (decision) {
    case Decision::Admit:
      return "admit";
    case Decision::Check:
      return "check";
    default:
      return "refuse";
  }
}

bool covers(std::string_view area, std::string_view region) {
  if (area == region) return true;
  if (!profile::isRegion(area) || !profile::isRegion(region)) return false;
  while (area.ends_with("00")) area.remove_suffix(2);
  return !area.empty() && region.starts_with(area);
}

bool TrustedIssuer::maySpeakFor(std::string_view region) const {
  if (regions.empty()) return covers(id, region);
  return std::any_of(regions.begin(), regions.end(),
                     [&](std::string_view area) { return covers(area, region); });
}

Result<const PublicKey*> TrustedIssuer::keyAt(const KeyId8& keyId, UnixSeconds time) const {
  const auto named = [&](const DatedKey& dated) { return dated.keyId == keyId; };
  if (std::none_of(keys.begin(), keys.end(), named)) return Errc::IssuerKeyUnknown;
  const auto* key = keyInForce(keys, keyId, time);
  if (key == nullptr) return Errc::IssuerKeyNotInForce;
  return key;
}

std::string_view recognitionPathId(RecognitionPath path) {
  constexpr std::string_view kIds[] = {"shared", "hub", "adopt", "adopt"};
  return kIds[static_cast<unsigned>(path) & 3];
}

Status TrustContent::checkAge(UnixSeconds now) const {
  if (now < issuedAt - kClockToleranceSeconds) return Errc::TimeVerifierClock;
  if (now >= expiresAt) return Errc::TrustExpired;
  return success();
}

namespace {
template <class T>
const T* findById(const std::vector<T>& entries, std::string_view id) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const T& entry) { return entry.id == id; });
  return found == entries.end() ? nullptr : &*found;
}
}  // namespace

const TrustedIssuer* TrustContent::findIssuer(std::string_view id) const {
  return findById(issuers, id);
}
const TrustedVerifier* TrustContent::findVerifier(std::string_view id) const {
  return findById(verifiers, id);
}
const Scene* TrustContent::findScene(std::string_view id) const {
  return findById(scenes, id);
}

const PublicKey* keyInForce(const std::vector<DatedKey>& keys, const KeyId8& keyId, UnixSeconds now) {
  for (const auto& dated : keys)
    if (dated.notBefore <= now && now < dated.notAfter && dated.keyId == keyId) return &dated.key;
  return nullptr;
}

Result<Bytes> signTrustList(const TrustContent& content, std::span<const SigningKey* const> rootKeys) {
  if (content.fault()) return Errc::TrustShape;
  for (const auto& root : content.roots)
    if (std::none_of(rootKeys.begin(), rootKeys.end(),
                     [&](const auto* key) { return key->publicKey() == root; }))
      return Errc::TrustRotation;
  const auto header = bodyHeader();
  const auto payload = trust::encode(content);
  Writer writer;
  writer.tag(cose::kTagSign).array(4).bytes(header).map(0).bytes(payload).array(rootKeys.size());
  for (const auto* key : rootKeys) {
    const auto signer = signerHeader(key->publicKey());
    writer.array(3).bytes(signer).map(0).bytes(key->sign(cose::toBeSignedBy(header, signer, payload)));
  }
  return writer.take();
}

Result<TrustList> openTrustList(ByteView encoded, std::span<const PublicKey> pinnedRoots,
                                std::uint64_t knownVersion, UnixSeconds now) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded, trust::kLimits));
  LIANGMA_TRY(const auto sign, cose::parseSign(document.root()));
  if (sign.signers.size() > 2 * trust::kMaxRoots) return Errc::TrustShape;
  LIANGMA_CHECK(checkBodyHeader(sign.protectedHeader));
  TrustList list;
  LIANGMA_TRY(list.content_, trust::parse(sign.payload));
  LIANGMA_CHECK(checkSigners(sign, pinnedRoots, list.content_.roots));
  if (list.content_.version < knownVersion) return Errc::TrustRolledBack;
  LIANGMA_CHECK(list.content_.checkAge(now));
  return list;
}

}  // namespace liangma
