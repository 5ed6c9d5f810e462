// SPDX-License-Identifier: Apache-2.0
#include "server/staff_totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::uint32_t kCodes = 1'000'000;

ByteArray<20> hmacSha1(ByteView key, ByteView message) {
  ByteArray<20> tag{};
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), tag.data(),
           &size) == nullptr ||
      size != tag.size())
    throw internalError();
  return tag;
}

}  // namespace

std::string totpCode(ByteView secret, std::int64_t step) {
  ByteArray<8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  const auto tag = hmacSha1(secret, counter);
  const std::size_t at = tag.back() & 0x0f;
  const std::uint32_t number = (tag[at] & 0x7fu) << 24 | tag[at + 1] << 16 | tag[at + 2] << 8 | tag[at + 3];
  const std::string digits = std::to_string(number % kCodes + kCodes);
  return digits.substr(1);
}

std::optional<std::int64_t> matchTotp(ByteView secret, std::string_view typed, UnixSeconds now,
                                      std::int64_t lastStep) {
  std::optional<std::int64_t> found;
  const std::int64_t present = now / kStepSeconds;
  for (std::int64_t step = present - 1; step <= present + 1; ++step)
    if (equalSecrets(totpCode(secret, step), typed) && step > lastStep) found = step;
  return found;
}

std::string encodeBase32(ByteView bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  unsigned held = 0, bits = 0;
  for (const auto byte : bytes) {
    held = (held << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text.push_back(kAlphabet[held >> (bits - 5) & 31]);
  }
  if (bits > 0) text.push_back(kAlphabet[held << (5 - bits) & 31]);
  return text;
}

}  // namespace liangma::server
