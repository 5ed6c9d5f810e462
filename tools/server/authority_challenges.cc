// SPDX-License-Identifier: Apache-2.0
#include "server/authority_challenges.h"

#include "cli/text_codec.h"
#include "server/keyed_hash.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::size_t kHeadBytes = 16;  ///< of the end, big-endian, and of what is random

/// The head and the first half of its keyed hash.
std::string withHash(ByteView secret32, Bytes head) {
  const auto hash = tools::decodeBase64url(keyedHash(secret32, "challenge", tools::encodeBase64url(head)));
  head.insert(head.end(), hash->begin(), hash->begin() + (Challenges::kBytes - kHeadBytes));
  return tools::encodeBase64url(head);
}

}  // namespace

std::string Challenges::make(ByteView random8, UnixSeconds now) const {
  Bytes head;
  for (int shift = 56; shift >= 0; shift -= 8)
    head.push_back(static_cast<std::uint8_t>((now + kSeconds) >> shift));
  head.insert(head.end(), random8.begin(), random8.end());
  return withHash(secret32_, head);
}

std::optional<UnixSeconds> Challenges::end(const std::string& nonce, UnixSeconds now) const {
  const auto bytes = tools::decodeBase64url(nonce);
  if (!bytes || bytes->size() != kBytes) return std::nullopt;
  const Bytes head(bytes->begin(), bytes->begin() + kHeadBytes);
  if (!equalSecrets(withHash(secret32_, head), nonce)) return std::nullopt;
  UnixSeconds end = 0;
  for (std::size_t i = 0; i < 8; ++i) end = end << 8 | head[i];
  return now < end ? std::optional(end) : std::nullopt;
}

}  // namespace liangma::server
