// SPDX-License-Identifier: Apache-2.0
#include "cli/text_codec.h"

#include <array>

namespace liangma::tools {
namespace {

constexpr std::string_view kBase64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr auto kBase64urlValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64url.size(); ++i)
    values[static_cast<unsigned char>(kBase64url[i])] = static_cast<std::int8_t>(i);
  return values;
}();
constexpr std::string_view kHex = "0123456789abcdef";

int hexValue(char digit) {
  const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
  const auto at = kHex.find(lower);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

struct Scalar {
  char32_t value = 0;
  std::size_t length = 0;  // 0: not UTF-8 here
};

std::size_t sequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

bool isScalar(char32_t value, std::size_t length) {
  if (value >= 0xD800 && value <= 0xDFFF) return false;
  if (length == 3) return value >= 0x800;
  return length != 4 || (value >= 0x10000 && value <= 0x10FFFF);
}

Scalar scalarAt(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = sequenceLength(lead);
  if (length == 0 || length > text.size()) return {};
  char32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    value = (value << 6) | (next & 0x3F);
  }
  return isScalar(value, length) ? Scalar{value, length} : Scalar{};
}

bool actsOnTerminal(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
  if (c >= 0x200B && c <= 0x200F) return true;
  return (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x061C;
}

std::string escapedScalar(char32_t c) {
  std::string digits;
  for (; c != 0; c >>= 4) digits.insert(digits.begin(), kHex[c & 15]);
  return "\\u{" + (digits.empty() ? "0" : digits) + "}";
}

std::string escapedByte(unsigned char byte) {
  return {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
}

}  // namespace

std::string encodeBase64url(ByteView bytes) {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t triple = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    for (const int shift : {18, 12, 6, 0}) *out++ = kBase64url[(triple >> shift) & 63];
  }
  if (i == bytes.size()) return text;
  const bool two = i + 2 == bytes.size();
  const std::uint32_t rest = (bytes[i] << 16) | (two ? bytes[i + 1] << 8 : 0);
  *out++ = kBase64url[(rest >> 18) & 63];
  *out++ = kBase64url[(rest >> 12) & 63];
  if (two) *out = kBase64url[(rest >> 6) & 63];
  return text;
}

std::optional<Bytes> decodeBase64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char digit : text) {
    const int value = kBase64urlValues[static_cast<unsigned char>(digit)];
    if (value < 0) return std::nullopt;
    pending = (pending << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
  }
  const bool unusedBitsAreZero = (pending & ((1u << bits) - 1)) == 0;
  return unusedBitsAreZero ? std::optional(std::move(bytes)) : std::nullopt;
}

std::string encodeHex(ByteView bytes) {
  std::string text;
  for (const auto byte : bytes) text.append({kHex[byte >> 4], kHex[byte & 15]});
  return text;
}

std::optional<Bytes> decodeHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hexValue(text[i]);
    const int low = hexValue(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string printable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Scalar scalar = scalarAt(text);
    const std::size_t length = scalar.length == 0 ? 1 : scalar.length;
    if (scalar.length == 0) {
      safe += escapedByte(static_cast<unsigned char>(text[0]));
    } else if (actsOnTerminal(scalar.value)) {
      safe += escapedScalar(scalar.value);
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return safe;
}

}  // namespace liangma::tools
