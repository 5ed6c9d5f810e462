// SPDX-License-Identifier: Apache-2.0
#include "liangma/inspect.h"

#include <algorithm>

#include "cose.h"
#include "date_time.h"
#include "inspect_names.h"
#include "key_binding.h"
#include "liangma/base45.h"
#include "profile.h"
#include "sd_cwt.h"

namespace liangma {
namespace {

using cbor::Item;
using cbor::Type;
using inspection::Keys;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxLines = 2000, kMaxHexBytes = 64, kMaxInput = 1 << 20;
constexpr cbor::Limits kLimits{kMaxInput, kMaxDepth};
constexpr std::string_view kDigits = "0123456789abcdef";

std::string hex(ByteView bytes) {
  std::string text = "h'";
  for (const auto byte : bytes.first(std::min(bytes.size(), kMaxHexBytes))) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  if (bytes.size() > kMaxHexBytes) return text + "…' (" + std::to_string(bytes.size()) + " bytes)";
  return text + "'";
}

/// Escapes what a terminal or a page could act upon.
std::string printable(std::string_view text) {
  if (!text.empty() && text.size() <= 4096 && profile::isPlainText(text, 4096)) return std::string(text);
  std::string escaped;
  for (const unsigned char c : text.substr(0, 4096)) {
    if (c >= 0x20 && c < 0x7f)
      escaped += static_cast<char>(c);
    else
      escaped += {'\\', 'x', kDigits[c >> 4], kDigits[c & 15]};
  }
  return escaped;
}

bool looksLikeText(std::string_view text) {
  return cbor::isUtf8(text) && std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return c == 0x7f || (c < 0x20 && c != '\t' && c != '\r' && c != '\n');
         });
}

std::string timeText(std::int64_t seconds) {
  if (seconds < 0 || seconds > 253402300799) return std::to_string(seconds);
  auto text = formatDateTime({seconds * 1000});
  text.erase(text.find(".000"), 4);
  return std::to_string(seconds) + " (" + text + ")";
}

class Explainer {
 public:
  explicit Explainer(Inspection& inspection) : inspection_(inspection) {}

  void line(int depth, std::string label, std::string value = {}) {
    if (inspection_.lines.size() < kMaxLines)
      inspection_.lines.push_back({std::min(depth, kMaxDepth), std::move(label), std::move(value)});
  }

  void problem(Error error) {
    if (!inspection_.problem) inspection_.problem = error;
  }
  void problem(Errc code) { problem(Error{code, {}}); }

  /// Explains bytes that should be one CBOR item.
  void token(ByteView bytes) {
    whole_ = bytes;
    const auto document = cbor::decode(bytes, kLimits);
    if (!document.ok()) return broken("CBOR", bytes, document.error(), 0);
    if (inspection_.kind.empty()) inspection_.kind = kindOf(document->root());
    item("", document->root(), 0, Keys::None);
  }

  void item(std::string label, Item value, int depth, Keys keys) {
    if (depth >= kMaxDepth) return;
    if (cose::parseSign1(value).ok()) return sign1(std::move(label), value, depth);
    if (cose::parseSign(value).ok()) return sign(std::move(label), value, depth);
    switch (value.type()) {
      case Type::Map:
        line(depth, std::move(label), "map of " + std::to_string(value.count()));
        return entries(value, depth + 1, keys);
      case Type::Array:
        line(depth, std::move(label), "array of " + std::to_string(value.count()));
        return elements(value, depth + 1, keys);
      case Type::Tag:
        line(depth, std::move(label), "tag " + std::to_string(value.argument()));
        return item("", value.first(), depth + 1, keys);
      default:
        line(depth, std::move(label), scalar(value));
    }
  }

 private:
  static std::string kindOf(Item root) {
    const auto sign1 = cose::parseSign1(root);
    if (!sign1.ok()) return root.is(Type::Tag) && root.argument() == cose::kTagSign ? "trust-list" : "cbor";
    const auto header = cbor::decode(sign1->protectedHeader);
    if (!header.ok()) return "cose-sign1";
    const auto typ = header->root().find(cose::kHeaderTyp);
    if (!typ) return "cose-sign1";
    if (typ->integer() == profile::kTypSdCwt) return "credential";
    if (typ->integer() == profile::kTypKeyBinding) return "live-code";
    if (typ->text() == profile::kTypRequest) return "request";
    if (typ->text() == profile::kTypPaper) return "paper-code";
    if (typ->text() == profile::kTypKeyProof) return "key-proof";
    return "cose-sign1";
  }

  void sign1(std::string label, Item value, int depth) {
    const auto parts = cose::parseSign1(value).value();
    line(depth, std::move(label), value.is(Type::Tag) ? "COSE_Sign1 (tag 18)" : "COSE_Sign1");
    embedded("protected", parts.protectedHeader, depth + 1, Keys::Header);
    unprotected(parts.unprotected, depth + 1);
    embedded("payload", parts.payload, depth + 1, Keys::Claims);
    line(depth + 1, "signature", hex(parts.signature));
  }

  void sign(std::string label, Item value, int depth) {
    const auto parts = cose::parseSign(value).value();
    line(depth, std::move(label), "COSE_Sign (tag 98)");
    embedded("protected", parts.protectedHeader, depth + 1, Keys::Header);
    embedded("payload", parts.payload, depth + 1, Keys::Claims);
    for (const auto& signer : parts.signers) {
      embedded("signer", signer.protectedHeader, depth + 1, Keys::Header);
      line(depth + 2, "signature", hex(signer.signature));
    }
  }

  void unprotected(Item header, int depth) {
    line(depth, "unprotected", "map of " + std::to_string(header.count()));
    const auto disclosures = sdcwt::readDisclosures(header);
    if (!disclosures.ok()) return entries(header, depth + 1, Keys::Header);
    Item element = header.find(cose::kHeaderSdClaims).value_or(header).first();
    for (std::size_t i = 0; i < disclosures->size(); ++i, element = element.next())
      disclosure(element.bytes().value_or(ByteView()), depth + 1);
  }

  void disclosure(ByteView bytes, int depth) {
    const auto document = cbor::decode(bytes, kLimits);
    if (!document.ok() || !document->root().isArray(3))
      return embedded("disclosure", bytes, depth, Keys::None);
    const Item root = document->root();
    line(depth, "disclosure", claimName(root.at(2)));
    item("salt", root.first(), depth + 1, Keys::None);
    item("value", root.at(1), depth + 1, Keys::None);
  }

  static std::string claimName(Item key) {
    if (key.integer() == profile::kIdentity) return scalar(key) + " identity";
    return keyLabel(key, Keys::Identity, nullptr);
  }

  void embedded(std::string label, ByteView bytes, int depth, Keys keys) {
    const auto document = cbor::decode(bytes, kLimits);
    if (!document.ok()) return broken(std::move(label), bytes, document.error(), depth);
    item(std::move(label), document->root(), depth, keys);
  }

  /// What could not be decoded: all that can be said is where.
  void broken(std::string label, ByteView bytes, Error error, int depth) {
    if (!inspection_.problem)
      inspection_.problemOffset =
          static_cast<std::size_t>(bytes.data() - whole_.data()) + cbor::faultOffset(bytes, kLimits);
    problem(error);
    line(depth, std::move(label), hex(bytes));
  }

  void entries(Item map, int depth, Keys keys) {
    Item key = map.first();
    for (std::size_t i = 0; i < map.count(); ++i, key = key.next().next()) {
      const auto* known = inspection::findKeyName(keys, key.integer());
      const std::string label = keyLabel(key, keys, known);
      if (keys == Keys::Claims && isTime(key)) {
        line(depth, label, timeText(*key.next().integer()));
      } else if (const auto name = inspection::findValueName(keys, key.integer(), key.next().integer());
                 !name.empty()) {
        line(depth, label, scalar(key.next()) + " (" + std::string(name) + ")");
      } else {
        item(label, key.next(), depth, known != nullptr ? known->inside : Keys::None);
      }
    }
  }

  static bool isTime(Item key) {
    constexpr std::int64_t kNotBefore = 5;
    const auto number = key.integer().value_or(0);
    return (number == profile::kExp || number == profile::kIat || number == kNotBefore) &&
           key.next().integer();
  }

  static std::string keyLabel(Item key, Keys keys, const inspection::KeyName* known) {
    if (key.isSimple(sdcwt::kRedactedKeys)) return "redacted claims";
    if (keys == Keys::Identity)
      if (const auto claim = profile::identityClaimFrom(key.integer()))
        return scalar(key) + " " + std::string(identityClaimId(*claim));
    return known == nullptr ? scalar(key) : scalar(key) + " " + std::string(known->name);
  }

  void elements(Item array, int depth, Keys keys) {
    Item element = array.first();
    for (std::size_t i = 0; i < array.count(); ++i, element = element.next())
      item("[" + std::to_string(i) + "]", element, depth, keys);
  }

  static std::string scalar(Item value) {
    switch (value.type()) {
      case Type::Unsigned:
        return std::to_string(value.argument());
      case Type::Negative:
        return value.integer() ? std::to_string(*value.integer()) : "-1-" + std::to_string(value.argument());
      case Type::Bytes:
        return hex(*value.bytes());
      case Type::Text:
        return "\"" + printable(*value.text()) + "\"";
      case Type::Float:
        return "a floating-point number";
      case Type::Simple:
        return simple(value.argument());
      default:
        return "a container";
    }
  }

  static std::string simple(std::uint64_t value) {
    constexpr std::string_view kNames[] = {"false", "true", "null", "undefined"};
    return value >= 20 && value <= 23 ? std::string(kNames[value - 20])
                                      : "simple(" + std::to_string(value) + ")";
  }

  Inspection& inspection_;
  ByteView whole_;  ///< what offsets count from
};

struct Foreign {
  std::string_view prefix;
  std::string_view kind;
  std::string_view name;
};
constexpr Foreign kForeign[] = {
    {"HC1:", "eu-dcc", "EU Digital COVID Certificate"},
    {"shc:/", "smart-health-card", "SMART Health Card"},
    {"http://", "url", "web address"},
    {"https://", "url", "web address"},
    {"HTTP://", "url", "web address"},
    {"HTTPS://", "url", "web address"},
};

struct OwnText {
  std::string_view prefix;
  std::string_view kind;
};
constexpr OwnText kOwnTexts[] = {{kLivePrefix, "live-code"},
                                 {kRequestPrefix, "request"},
                                 {kSealedPrefix, "sealed-answer"},
                                 {kPaperPrefix, "paper-code"}};

void explainOwn(const OwnText& own, std::string_view text, Explainer& explain, Inspection& inspection) {
  inspection.kind = own.kind;
  explain.line(0, "text", std::string(own.prefix) + " " + std::to_string(text.size()) + " characters");
  const auto bytes = decodeText(text, own.prefix);
  if (!bytes.ok()) return explain.problem(bytes.error());
  explain.line(0, "bytes", std::to_string(bytes->size()));
  if (own.prefix != kSealedPrefix) return explain.token(*bytes);
  explain.line(0, "ephemeral key", hex(ByteView(*bytes).first(std::min<std::size_t>(32, bytes->size()))));
  explain.line(0, "sealed for", "the asking verifier alone");
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool explainText(std::string_view text, Explainer& explain, Inspection& inspection) {
  for (const auto& own : kOwnTexts)
    if (text.starts_with(own.prefix)) return explainOwn(own, text, explain, inspection), true;
  for (const auto& foreign : kForeign) {
    if (!text.starts_with(foreign.prefix)) continue;
    inspection.kind = foreign.kind;
    explain.line(0, "another system's code", std::string(foreign.name));
    explain.problem(Errc::FormatOtherSystem);
    return true;
  }
  return false;
}

}  // namespace

Inspection inspect(std::string_view anything) {
  Inspection inspection;
  Explainer explain(inspection);
  if (anything.size() > kMaxInput) {
    inspection.kind = "unknown";
    explain.problem(Errc::FormatTooLong);
    return inspection;
  }
  const auto text = trim(anything);
  if (text.empty()) explain.problem(Errc::FormatEmpty);
  if (!text.empty() && !explainText(text, explain, inspection)) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(anything.data()), anything.size());
    if (cbor::decode(bytes, kLimits).ok() || !looksLikeText(text)) {
      explain.token(bytes);
    } else {
      explain.line(0, "text", printable(text));
      explain.problem(decodeText(text, kLivePrefix).code());
    }
  }
  if (inspection.kind.empty()) inspection.kind = "unknown";
  return inspection;
}

}  // namespace liangma
