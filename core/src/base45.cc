// SPDX-License-Identifier: Apache-2.0
#include "liangma/base45.h"

namespace liangma {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> makeDigits() {
  std::array<std::uint8_t, 256> digits{};
  for (auto& digit : digits) digit = kNoDigit;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}
constexpr auto kDigits = makeDigits();

/// Appends the base-45 digits of `value`, least significant first.
void appendDigits(std::string& text, unsigned value, int count) {
  for (; count > 0; --count, value /= 45) text += kAlphabet[value % 45];
}

/// The value of 2 or 3 digits, least significant first.
Result<unsigned> readDigits(std::string_view group) {
  unsigned value = 0;
  unsigned weight = 1;
  for (unsigned char character : group) {
    if (kDigits[character] == kNoDigit) return Errc::Base45Character;
    value += kDigits[character] * weight;
    weight *= 45;
  }
  return value;
}

}  // namespace

std::string encodeBase45(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() / 2) * 3 + (bytes.size() % 2) * 2);
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) appendDigits(text, bytes[i] * 256u + bytes[i + 1], 3);
  if (i < bytes.size()) appendDigits(text, bytes[i], 2);
  return text;
}

Result<Bytes> decodeBase45(std::string_view text) {
  if (text.size() % 3 == 1) return Errc::Base45Length;
  Bytes bytes;
  bytes.reserve(text.size() / 3 * 2 + 1);
  for (; text.size() >= 3; text.remove_prefix(3)) {
    LIANGMA_TRY(const unsigned value, readDigits(text.substr(0, 3)));
    if (value > 0xffff) return Errc::Base45Overflow;
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  if (text.empty()) return bytes;
  LIANGMA_TRY(const unsigned last, readDigits(text));
  if (last > 0xff) return Errc::Base45Overflow;
  bytes.push_back(static_cast<std::uint8_t>(last));
  return bytes;
}

}  // namespace liangma
