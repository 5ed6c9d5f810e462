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

/// Writes the base-45 digits of `value`, least significant first.
/// @return the place behind them
char* writeDigits(char* place, unsigned value, int count) {
  for (; count > 0; --count, value /= 45) *place++ = kAlphabet[value % 45];
  return place;
}

constexpr unsigned kNoValue = ~0u;

/// The value of 2 or 3 digits, least significant first; kNoValue if one of them is none.
unsigned readDigits(const char* group, int count) {
  unsigned value = 0;
  for (int i = count - 1; i >= 0; --i) {
    const auto digit = kDigits[static_cast<unsigned char>(group[i])];
    if (digit == kNoDigit) return kNoValue;
    value = value * 45 + digit;
  }
  return value;
}

}  // namespace

std::string encodeBase45(ByteView bytes) {
  std::string text((bytes.size() / 2) * 3 + (bytes.size() % 2) * 2, '\0');
  char* place = text.data();
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) place = writeDigits(place, bytes[i] * 256u + bytes[i + 1], 3);
  if (i < bytes.size()) writeDigits(place, bytes[i], 2);
  return text;
}

Result<Bytes> decodeBase45(std::string_view text) {
  if (text.size() % 3 == 1) return Errc::Base45Length;
  Bytes bytes(text.size() / 3 * 2 + (text.size() % 3) / 2);
  std::size_t at = 0;
  for (; text.size() >= 3; text.remove_prefix(3)) {
    const unsigned value = readDigits(text.data(), 3);
    if (value > 0xffff) return value == kNoValue ? Errc::Base45Character : Errc::Base45Overflow;
    bytes[at++] = static_cast<std::uint8_t>(value >> 8);
    bytes[at++] = static_cast<std::uint8_t>(value);
  }
  if (text.empty()) return bytes;
  const unsigned last = readDigits(text.data(), 2);
  if (last > 0xff) return last == kNoValue ? Errc::Base45Character : Errc::Base45Overflow;
  bytes[at] = static_cast<std::uint8_t>(last);
  return bytes;
}

}  // namespace liangma
