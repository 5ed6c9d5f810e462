// SPDX-License-Identifier: Apache-2.0
#include "liangma/status_list.h"

#include <algorithm>
#include <charconv>

#include <zlib.h>

#include "cose.h"
#include "profile.h"

namespace liangma {
namespace {

using cbor::Item;
using cbor::Type;

constexpr std::string_view kTypStatusList = "application/statuslist+cwt";
constexpr std::int64_t kClaimStatusList = 65533, kClaimTtl = 65534;
constexpr std::string_view kNumberPlace = "{list}";
constexpr std::uint64_t kMaxNumber = 0xffffffff / kStatusListEntries;
constexpr std::size_t kMaxUriBytes = 512;
constexpr int kStatusBits = 2;
/// How far a list may lie ahead of the reader's clock.
constexpr UnixSeconds kClockToleranceSeconds = 60;
constexpr cbor::Limits kLimits{1 << 20, 16};

bool isBits(std::uint64_t bits) {
  return bits == 1 || bits == 2 || bits == 4 || bits == 8;
}

constexpr std::size_t maxBytes(int bits) {
  return kStatusListEntries * static_cast<unsigned>(bits) / 8;
}

Bytes deflateAll(ByteView data) {
  uLongf size = compressBound(data.size());
  Bytes packed(size);
  if (compress(packed.data(), &size, data.data(), data.size()) != Z_OK) return {};
  packed.resize(size);
  return packed;
}

/// Inflates exactly one zlib stream of 1..max bytes.
std::optional<Bytes> inflateAll(ByteView packed, std::size_t max) {
  Bytes data(max + 1);
  uLongf size = data.size(), used = packed.size();
  const int state = uncompress2(data.data(), &size, packed.data(), &used);
  if (state != Z_OK || used != packed.size() || size < 1 || size > max) return std::nullopt;
  data.resize(size);
  data.shrink_to_fit();
  return data;
}

Result<StatusBits> parseStatusListMap(Item item) {
  if (!item.is(Type::Map) || item.count() != 2) return Errc::StatusListShape;
  const Item listKey = item.first(), bitsKey = listKey.next().next();
  if (listKey.text() != "lst" || bitsKey.text() != "bits") return Errc::StatusListShape;
  const auto packed = listKey.next().bytes();
  const auto bits = bitsKey.next().unsignedInteger();
  if (!packed || !bits || !isBits(*bits)) return Errc::StatusListShape;
  auto data = inflateAll(*packed, maxBytes(static_cast<int>(*bits)));
  if (!data) return Errc::StatusListShape;
  return StatusBits::fromBytes(static_cast<int>(*bits), std::move(*data));
}

bool isValid(const StatusListClaims& claims) {
  return profile::isPlainText(claims.uri, kMaxUriBytes) && profile::isSeconds(claims.issuedAt) &&
         profile::isSeconds(claims.expiresAt) && claims.issuedAt < claims.expiresAt;
}

Result<StatusListClaims> parseClaims(Item root) {
  if (!root.is(Type::Map) ||
      !profile::hasOnlyKeys(root, {profile::kSub, profile::kExp, profile::kIat, kClaimStatusList, kClaimTtl}))
    return Errc::StatusListShape;
  const auto uri = root.find(profile::kSub), ttl = root.find(kClaimTtl);
  const auto issuedAt = profile::readSeconds(root.find(profile::kIat));
  const auto expiresAt = profile::readSeconds(root.find(profile::kExp));
  if (!uri || !uri->text() || !issuedAt || !expiresAt) return Errc::StatusListShape;
  StatusListClaims claims{std::string(*uri->text()), *issuedAt, *expiresAt, 0};
  if (ttl) {
    const auto seconds = ttl->unsignedInteger();
    if (!seconds || *seconds == 0 || *seconds > 0xffffffff) return Errc::StatusListShape;
    claims.ttlSeconds = static_cast<std::uint32_t>(*seconds);
  }
  if (!isValid(claims)) return Errc::StatusListShape;
  return claims;
}

/// Which of the issuer's lists has this address.
std::optional<std::uint64_t> numberOf(const std::string& uri, const TrustedIssuer& issuer) {
  const auto begin = std::min(issuer.statusUrl.value_or("").find(kNumberPlace), uri.size());
  std::uint64_t number = 0;
  (void)std::from_chars(uri.data() + begin, uri.data() + uri.size(), number);
  if (number > kMaxNumber || uri != statusListUri(issuer, number)) return std::nullopt;
  return number;
}

}  // namespace

Result<StatusBits> StatusBits::create(int bits, std::uint64_t entries) {
  if (bits < 1 || !isBits(static_cast<unsigned>(bits)) || entries > kStatusListEntries ||
      entries * static_cast<unsigned>(bits) % 8 != 0)
    return Errc::MisuseArgument;
  return fromBytes(bits, Bytes(static_cast<std::size_t>(entries * static_cast<unsigned>(bits) / 8)));
}

Result<StatusBits> StatusBits::fromBytes(int bits, Bytes packed) {
  if (bits < 1 || !isBits(static_cast<unsigned>(bits)) || packed.empty() || packed.size() > maxBytes(bits))
    return Errc::MisuseArgument;
  StatusBits statuses;
  statuses.bits_ = bits;
  statuses.packed_ = std::move(packed);
  return statuses;
}

Result<std::uint8_t> StatusBits::get(std::uint64_t position) const {
  if (position >= entries()) return Errc::StatusOutOfRange;
  const auto bit = static_cast<std::size_t>(position) * static_cast<unsigned>(bits_);
  return static_cast<std::uint8_t>(packed_[bit / 8] >> (bit % 8) & ((1 << bits_) - 1));
}

Status StatusBits::set(std::uint64_t position, std::uint8_t value) {
  if (position >= entries()) return Errc::StatusOutOfRange;
  const int mask = (1 << bits_) - 1;
  if (value > mask) return Errc::MisuseArgument;
  const auto bit = static_cast<std::size_t>(position) * static_cast<unsigned>(bits_);
  auto& byte = packed_[bit / 8];
  const int shift = static_cast<int>(bit % 8);
  byte = static_cast<std::uint8_t>((byte & ~(mask << shift)) | value << shift);
  return success();
}

Bytes encodeStatusList(const StatusBits& statuses) {
  return cbor::Writer()
      .map(2)
      .text("lst")
      .bytes(deflateAll(statuses.bytes()))
      .text("bits")
      .integer(statuses.bits())
      .take();
}

Result<StatusBits> decodeStatusList(ByteView encoded) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded, kLimits));
  return parseStatusListMap(document.root());
}

Result<Bytes> signStatusList(const StatusListClaims& claims, const StatusBits& statuses,
                             const SigningKey& issuerKey) {
  if (!isValid(claims) || statuses.bits() != kStatusBits || statuses.bytes().empty())
    return Errc::MisuseArgument;
  cbor::Writer payload;
  payload.map(claims.ttlSeconds > 0 ? 5 : 4);
  payload.integer(profile::kSub).text(claims.uri);
  payload.integer(profile::kExp).integer(claims.expiresAt);
  payload.integer(profile::kIat).integer(claims.issuedAt);
  payload.integer(kClaimStatusList).raw(encodeStatusList(statuses));
  if (claims.ttlSeconds > 0) payload.integer(kClaimTtl).unsignedInteger(claims.ttlSeconds);
  return cose::sign1(profile::makeHeader(kTypStatusList, issuerKey.publicKey().keyId8()),
                     cbor::Writer().map(0).take(), payload.take(), issuerKey);
}

std::string_view freshnessId(Freshness freshness) {
  constexpr std::string_view kIds[] = {"fresh", "due", "stale", "stale"};
  return kIds[static_cast<unsigned>(freshness) & 3];
}

std::string statusListUri(const TrustedIssuer& issuer, std::uint64_t list) {
  std::string uri = issuer.statusUrl.value_or("");
  const auto at = uri.find(kNumberPlace);
  if (at == std::string::npos) return list == 0 ? uri : "";
  return uri.replace(at, kNumberPlace.size(), std::to_string(list));
}

Freshness StatusList::freshness(UnixSeconds now) const {
  if (now >= claims_.expiresAt || now < claims_.issuedAt - kClockToleranceSeconds) return Freshness::Stale;
  return claims_.ttlSeconds > 0 && now >= claims_.issuedAt + claims_.ttlSeconds ? Freshness::Due
                                                                                : Freshness::Fresh;
}

Result<StatusList> openStatusList(ByteView encoded, const TrustedIssuer& issuer) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded, kLimits));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  LIANGMA_TRY(const auto keyId, profile::readHeader(sign1.protectedHeader, kTypStatusList));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  LIANGMA_TRY(const auto payload, cbor::decode(sign1.payload, kLimits));
  StatusList opened;
  LIANGMA_TRY(opened.claims_, parseClaims(payload.root()));
  LIANGMA_TRY(const auto* key, issuer.keyAt(keyId, opened.claims_.issuedAt));
  if (!cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, *key))
    return Errc::IssuerSignature;
  const auto number = numberOf(opened.claims_.uri, issuer);
  if (!number) return Errc::StatusListWrong;
  opened.issuer_ = issuer.id;
  opened.number_ = *number;
  const auto map = payload.root().find(kClaimStatusList);
  if (!map) return Errc::StatusListShape;
  LIANGMA_TRY(opened.statuses_, parseStatusListMap(*map));
  if (opened.statuses_.bits() != kStatusBits) return Errc::StatusListShape;
  return opened;
}

Status StatusLists::keep(StatusList list) {
  const auto* kept = find(list.issuer(), list.number());
  if (kept != nullptr && list.claims().issuedAt < kept->claims().issuedAt) return Errc::StatusListWrong;
  auto& ofIssuer = lists_[list.issuer()];
  ofIssuer.insert_or_assign(list.number(), std::move(list));
  return success();
}

const StatusList* StatusLists::find(std::string_view issuer, std::uint64_t number) const {
  const auto ofIssuer = lists_.find(issuer);
  if (ofIssuer == lists_.end()) return nullptr;
  const auto found = ofIssuer->second.find(number);
  return found == ofIssuer->second.end() ? nullptr : &found->second;
}

Result<StatusEntry> StatusLists::status(std::string_view issuer, std::uint64_t statusIndex,
                                        UnixSeconds now) const {
  const auto* list = find(issuer, statusIndex / kStatusListEntries);
  if (list == nullptr) return Errc::StatusUnavailable;
  LIANGMA_TRY(const auto value, list->statuses().get(statusIndex % kStatusListEntries));
  return StatusEntry{static_cast<CredentialStatus>(value), list->freshness(now) == Freshness::Stale};
}

}  // namespace liangma
