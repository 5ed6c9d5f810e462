// SPDX-License-Identifier: Apache-2.0
#include "profile.h"

#include <algorithm>

#include "cose.h"

namespace liangma::profile {

using cbor::Item;
using cbor::Type;

namespace {

constexpr UnixSeconds kMaxSeconds = (UnixSeconds{1} << 53) - 1;
constexpr std::int64_t kColour = 1, kRegion = 2, kName = 3, kTail = 4, kStatus = 5, kLive = 6;
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Controls, line separators and marks that reorder what is beside them.
bool isUnprintable(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/// Decodes the character at the front; `text` is UTF-8 and not empty.
char32_t takeCharacter(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t character = length == 1 ? lead : lead & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i)
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  text.remove_prefix(length);
  return character;
}

bool isIdTail(std::string_view tail) {
  return tail.size() == 4 && std::all_of(tail.begin(), tail.begin() + 3, isDigit) &&
         (isDigit(tail[3]) || tail[3] == 'X');
}

Result<KeyId8> takeKeyId(Item header) {
  const auto kid = header.find(cose::kHeaderKid);
  if (!kid || !kid->bytes() || kid->bytes()->size() != 8) return Errc::CoseHeader;
  KeyId8 keyId;
  std::copy_n(kid->bytes()->begin(), 8, keyId.begin());
  return keyId;
}

template <class IsTyp>
Result<KeyId8> readHeaderWhere(ByteView encoded, IsTyp isTyp) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item header = document.root();
  if (!header.is(Type::Map)) return Errc::CoseShape;
  LIANGMA_CHECK(cose::checkAlgorithm(header));
  const auto typ = header.find(cose::kHeaderTyp);
  if (!typ || !isTyp(*typ)) return Errc::CoseType;
  if (header.count() != 3) return Errc::CoseHeader;
  return takeKeyId(header);
}

std::optional<LivePolicy> parseLive(Item item) {
  if (!item.isArray(2)) return std::nullopt;
  const auto period = item.at(0).unsignedInteger();
  const auto window = item.at(1).unsignedInteger();
  if (!period || !window || *period > 60 || *window > 120) return std::nullopt;
  LivePolicy live;
  live.periodSeconds = static_cast<std::uint32_t>(*period);
  live.windowSeconds = static_cast<std::uint32_t>(*window);
  return live;
}

std::string textOr(std::optional<Item> item, std::string_view fallback) {
  return std::string(item && item->text() ? *item->text() : fallback);
}

}  // namespace

Bytes makeHeader(std::int64_t typ, const KeyId8& keyId) {
  return cbor::Writer()
      .map(3)
      .integer(cose::kHeaderAlg)
      .integer(cose::kAlgEd25519)
      .integer(cose::kHeaderKid)
      .bytes(keyId)
      .integer(cose::kHeaderTyp)
      .integer(typ)
      .take();
}

Bytes makeHeader(std::string_view typ, const KeyId8& keyId) {
  return cbor::Writer()
      .map(3)
      .integer(cose::kHeaderAlg)
      .integer(cose::kAlgEd25519)
      .integer(cose::kHeaderKid)
      .bytes(keyId)
      .integer(cose::kHeaderTyp)
      .text(typ)
      .take();
}

Bytes makeHeader(std::string_view typ) {
  return cbor::Writer()
      .map(2)
      .integer(cose::kHeaderAlg)
      .integer(cose::kAlgEd25519)
      .integer(cose::kHeaderTyp)
      .text(typ)
      .take();
}

Result<KeyId8> readHeader(ByteView encoded, std::int64_t typ) {
  return readHeaderWhere(encoded, [&](Item item) { return item.integer() == typ; });
}

Result<KeyId8> readHeader(ByteView encoded, std::string_view typ) {
  return readHeaderWhere(encoded, [&](Item item) { return item.text() == typ; });
}

Status readHeaderWithoutKeyId(ByteView encoded, std::string_view typ) {
  LIANGMA_TRY(const auto document, cbor::decode(encoded));
  const Item header = document.root();
  if (!header.is(Type::Map)) return Errc::CoseShape;
  LIANGMA_CHECK(cose::checkAlgorithm(header));
  const auto found = header.find(cose::kHeaderTyp);
  if (!found || found->text() != typ) return Errc::CoseType;
  if (header.count() != 2) return Errc::CoseHeader;
  return success();
}

bool isSeconds(UnixSeconds seconds) {
  return seconds >= 0 && seconds <= kMaxSeconds;
}

std::optional<UnixSeconds> readSeconds(std::optional<Item> item) {
  if (!item || !item->integer() || !isSeconds(*item->integer())) return std::nullopt;
  return item->integer();
}

bool isPartyId(std::string_view text) {
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), [](char c) {
    return isDigit(c) || isLower(c) || isUpper(c) || c == '.' || c == '_' || c == '-';
  });
}

bool isKeyword(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return isDigit(c) || isLower(c) || c == '-' || c == ':';
  });
}

bool isPlainText(std::string_view text, std::size_t maxBytes) {
  if (text.empty() || text.size() > maxBytes || !cbor::isUtf8(text)) return false;
  while (!text.empty())
    if (isUnprintable(takeCharacter(text))) return false;
  return true;
}

bool isRegion(std::string_view text) {
  return text.size() == 6 && std::all_of(text.begin(), text.end(), isDigit);
}

Status checkCode(const CodeClaims& code) {
  const auto invalid = [](std::string_view member) { return Error{Errc::CredentialClaimInvalid, member}; };
  if (static_cast<unsigned>(code.colour) > 3) return invalid("colour");
  if (code.region && !isRegion(*code.region)) return invalid("region");
  if (!isPlainText(code.maskedName, 24)) return invalid("maskedName");
  if (!isIdTail(code.idTail)) return invalid("idTail");
  if (code.statusIndex > 0xffffffff) return invalid("statusIndex");
  if (code.live && !code.live->inRange()) return invalid("live");
  return success();
}

Bytes encodeCode(const CodeClaims& code) {
  cbor::Writer writer;
  writer.map(4 + (code.region ? 1 : 0) + (code.live ? 1 : 0));
  writer.integer(kColour).integer(static_cast<std::int64_t>(code.colour));
  if (code.region) writer.integer(kRegion).text(*code.region);
  writer.integer(kName).text(code.maskedName);
  writer.integer(kTail).text(code.idTail);
  writer.integer(kStatus).unsignedInteger(code.statusIndex);
  if (code.live)
    writer.integer(kLive)
        .array(2)
        .unsignedInteger(code.live->periodSeconds)
        .unsignedInteger(code.live->windowSeconds);
  return writer.take();
}

Result<CodeClaims> parseCode(Item item) {
  if (!item.is(Type::Map)) return Errc::CredentialClaimInvalid;
  if (!hasOnlyKeys(item, {kColour, kRegion, kName, kTail, kStatus, kLive}))
    return Errc::CredentialClaimUnknown;
  const auto colour = item.find(kColour);
  const auto status = item.find(kStatus);
  if (!colour || !item.find(kName) || !item.find(kTail) || !status) return Errc::CredentialClaimMissing;
  CodeClaims code;
  const auto number = colour->unsignedInteger();
  if (!number || *number > 3 || !status->unsignedInteger()) return Errc::CredentialClaimInvalid;
  code.colour = static_cast<Colour>(*number);
  code.statusIndex = *status->unsignedInteger();
  if (const auto region = item.find(kRegion)) code.region = textOr(region, "");
  code.maskedName = textOr(item.find(kName), "");
  code.idTail = textOr(item.find(kTail), "");
  if (const auto live = item.find(kLive)) {
    code.live = parseLive(*live);
    if (!code.live) return Errc::CredentialClaimInvalid;
  }
  LIANGMA_CHECK(checkCode(code));
  return code;
}

std::string subjectFrom(const ByteArray<6>& random6) {
  std::string text;
  for (std::size_t i = 0; i < 6; i += 3) {
    const unsigned group = random6[i] << 16 | random6[i + 1] << 8 | random6[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += kBase64Url[group >> shift & 63];
  }
  return text;
}

bool isSubject(std::string_view text) {
  return text.size() == 8 && text.find_first_not_of(kBase64Url) == std::string_view::npos;
}

std::optional<IdentityClaim> identityClaimFrom(std::optional<std::int64_t> number) {
  if (!number || *number < 1 || *number > 8) return std::nullopt;
  return static_cast<IdentityClaim>(*number);
}

std::optional<std::set<IdentityClaim>> readWanted(Item item) {
  if (!item.is(Type::Array) || item.count() > 8) return std::nullopt;
  std::set<IdentityClaim> wanted;
  Item element = item.first();
  for (std::size_t i = 0; i < item.count(); ++i, element = element.next()) {
    const auto claim = identityClaimFrom(element.integer());
    if (!claim || (!wanted.empty() && *claim <= *wanted.rbegin())) return std::nullopt;
    wanted.insert(*claim);
  }
  return wanted;
}

bool hasOnlyKeys(Item map, std::initializer_list<std::int64_t> allowed) {
  Item key = map.first();
  for (std::size_t i = 0; i < map.count(); ++i, key = key.next().next()) {
    const auto number = key.integer();
    if (!number || std::find(allowed.begin(), allowed.end(), *number) == allowed.end()) return false;
  }
  return true;
}

}  // namespace liangma::profile
