// SPDX-License-Identifier: Apache-2.0
#include "liangma/colour_record.h"

#include <algorithm>

#include "cose.h"
#include "crypto/crypto.h"
#include "profile.h"

namespace liangma {
namespace {

using namespace profile;
using cbor::Item;
using cbor::Type;

enum Member : std::int64_t {
  kChain = 1,
  kSequence,
  kPrevious,
  kEvent,
  kActor,
  kColour,
  kRegion,
  kRule,
  kReason,
  kEvidence,
  kUntil,
  kSubject,
  kTally
};
constexpr std::size_t kMaxRuleBytes = 40;

bool isKeywordOrNone(const std::optional<std::string>& text) {
  return !text || isKeyword(*text);
}

bool isValid(const ColourRecord& record) {
  const bool isFirst = record.sequence == 0;
  const bool hasPrevious = record.previous32 != ByteArray<32>{};
  const bool isColour = record.event == "colour";
  return isPartyId(record.issuer) && isSeconds(record.madeAt) && isFirst != hasPrevious &&
         isKeyword(record.event) && isKeyword(record.actorRole) && isColour == record.colour.has_value() &&
         isColour == record.region.has_value() && (!record.region || isPartyId(*record.region)) &&
         (!record.rule || isPlainText(*record.rule, kMaxRuleBytes)) && isKeywordOrNone(record.reasonClass) &&
         isKeywordOrNone(record.evidence) && (!record.until || isSeconds(*record.until)) &&
         (!record.tally || isKeyword(record.tally->what));
}

/// Writes the members that are there.
class MemberWriter {
 public:
  cbor::Writer& key(std::int64_t member) {
    ++count_;
    return out_.integer(member);
  }
  void text(std::int64_t member, const std::optional<std::string>& value) {
    if (value) key(member).text(*value);
  }
  Bytes take() {
    cbor::Writer map;
    map.map(count_).raw(out_.take());
    return map.take();
  }

 private:
  cbor::Writer out_;
  std::size_t count_ = 0;
};

Bytes encodeMembers(const ColourRecord& record) {
  MemberWriter out;
  out.key(kChain).bytes(record.chain16);
  out.key(kSequence).unsignedInteger(record.sequence);
  out.key(kPrevious).bytes(record.previous32);
  out.key(kEvent).text(record.event);
  auto& actor = out.key(kActor).array(record.actor16 ? 2 : 1).text(record.actorRole);
  if (record.actor16) actor.bytes(*record.actor16);
  if (record.colour) out.key(kColour).integer(static_cast<std::int64_t>(*record.colour));
  out.text(kRegion, record.region);
  out.text(kRule, record.rule);
  out.text(kReason, record.reasonClass);
  out.text(kEvidence, record.evidence);
  if (record.until) out.key(kUntil).integer(*record.until);
  if (record.subject16) out.key(kSubject).bytes(*record.subject16);
  if (const auto& tally = record.tally)
    out.key(kTally).array(3).text(tally->what).unsignedInteger(tally->count).bytes(tally->digest32);
  return out.take();
}

Bytes encodePayload(const ColourRecord& record) {
  return cbor::Writer()
      .map(3)
      .integer(kIss)
      .text(record.issuer)
      .integer(kIat)
      .integer(record.madeAt)
      .integer(profile::kRecord)
      .raw(encodeMembers(record))
      .take();
}

// ---- reading: each gives whether the item is as it should be

template <std::size_t N>
bool read(Item item, ByteArray<N>& out) {
  const auto bytes = item.bytes();
  if (!bytes || bytes->size() != N) return false;
  std::copy_n(bytes->begin(), N, out.begin());
  return true;
}

bool read(Item item, std::string& out) {
  const auto text = item.text();
  if (text) out = *text;
  return text.has_value();
}

bool read(Item item, std::uint64_t& out) {
  const auto number = item.unsignedInteger();
  out = number.value_or(0);
  return number.has_value();
}

bool read(Item item, UnixSeconds& out) {
  const auto seconds = readSeconds(item);
  out = seconds.value_or(0);
  return seconds.has_value();
}

bool read(Item item, Colour& out) {
  const auto number = item.unsignedInteger();
  if (!number || *number > static_cast<std::uint64_t>(Colour::Red)) return false;
  out = static_cast<Colour>(*number);
  return true;
}

bool read(Item item, Tally& out) {
  return item.isArray(3) && read(item.at(0), out.what) && read(item.at(1), out.count) &&
         read(item.at(2), out.digest32);
}

template <class T>
bool read(std::optional<Item> item, std::optional<T>& out) {
  return !item || read(*item, out.emplace());
}

template <class T>
bool need(std::optional<Item> item, T& out) {
  return item && read(*item, out);
}

bool readActor(std::optional<Item> item, ColourRecord& record) {
  if (!item || (!item->isArray(1) && !item->isArray(2)) || !read(item->at(0), record.actorRole)) return false;
  return item->isArray(1) || read(item->at(1), record.actor16.emplace());
}

bool readMembers(Item map, ColourRecord& record) {
  return map.is(Type::Map) &&
         hasOnlyKeys(map, {kChain, kSequence, kPrevious, kEvent, kActor, kColour, kRegion, kRule, kReason,
                           kEvidence, kUntil, kSubject, kTally}) &&
         need(map.find(kChain), record.chain16) && need(map.find(kSequence), record.sequence) &&
         need(map.find(kPrevious), record.previous32) && need(map.find(kEvent), record.event) &&
         readActor(map.find(kActor), record) && read(map.find(kColour), record.colour) &&
         read(map.find(kRegion), record.region) && read(map.find(kRule), record.rule) &&
         read(map.find(kReason), record.reasonClass) && read(map.find(kEvidence), record.evidence) &&
         read(map.find(kUntil), record.until) && read(map.find(kSubject), record.subject16) &&
         read(map.find(kTally), record.tally);
}

Status readPayload(ByteView encoded, ColourRecord& record) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item root = document.root();
  const auto members = root.is(Type::Map) ? root.find(profile::kRecord) : std::nullopt;
  if (!members || root.count() != 3 || !need(root.find(kIss), record.issuer) ||
      !need(root.find(kIat), record.madeAt) || !readMembers(*members, record) || !isValid(record))
    return Errc::RecordShape;
  return success();
}

Status checkSignature(const cose::Sign1& sign1, const KeyId8& keyId, const ColourRecord& record,
                      const TrustContent& trust) {
  const auto* issuer = trust.findIssuer(record.issuer);
  if (issuer == nullptr) return Errc::IssuerUnknown;
  LIANGMA_TRY(const auto* key, issuer->keyAt(keyId, record.madeAt));
  if (!cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, *key))
    return Errc::IssuerSignature;
  return success();
}

/// @param trust  null: nobody asks who signed
Result<ColourRecord> readToken(ByteView encoded, const TrustContent* trust) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  LIANGMA_TRY(const auto sign1, cose::parseSign1(document.root()));
  LIANGMA_TRY(const auto keyId, readHeader(sign1.protectedHeader, kTypRecord));
  if (sign1.unprotected.count() != 0) return Errc::CoseHeader;
  if (sign1.signature.size() != 64) return Errc::CoseShape;
  ColourRecord record;
  LIANGMA_CHECK(readPayload(sign1.payload, record));
  if (trust != nullptr) LIANGMA_CHECK(checkSignature(sign1, keyId, record, *trust));
  return record;
}

}  // namespace

Result<Bytes> signColourRecord(const ColourRecord& record, const SigningKey& issuerKey) {
  if (!isValid(record)) return Errc::RecordShape;
  return cose::sign1(makeHeader(kTypRecord, issuerKey.publicKey().keyId8()), cbor::Writer().map(0).take(),
                     encodePayload(record), issuerKey);
}

Result<ColourRecord> parseColourRecord(ByteView encoded) {
  return readToken(encoded, nullptr);
}

Result<ColourRecord> openColourRecord(ByteView encoded, const TrustContent& trust) {
  return readToken(encoded, &trust);
}

ByteArray<32> colourRecordDigest(ByteView encoded) {
  return crypto::sha256(encoded);
}

Status checkColourRecordFollows(const ColourRecord& record, ByteView before,
                                const ColourRecord* recordBefore) {
  const bool follows = recordBefore == nullptr ? record.sequence == 0
                                               : record.issuer == recordBefore->issuer &&
                                                     record.chain16 == recordBefore->chain16 &&
                                                     record.sequence == recordBefore->sequence + 1 &&
                                                     record.previous32 == crypto::sha256(before);
  return follows ? Status(success()) : Status(Errc::RecordChain);
}

ByteArray<32> colourLogHead(const ByteArray<32>& headBefore, const ByteArray<32>& recordDigest) {
  Bytes both(headBefore.begin(), headBefore.end());
  both.insert(both.end(), recordDigest.begin(), recordDigest.end());
  return crypto::sha256(both);
}

Bytes encodeColourDayLog(std::uint64_t from, std::span<const ByteArray<32>> digests, ByteView dayHead) {
  cbor::Writer out;
  out.array(3).unsignedInteger(from).array(digests.size());
  for (const auto& digest : digests) out.bytes(digest);
  out.bytes(dayHead);
  return out.take();
}

}  // namespace liangma
