// SPDX-License-Identifier: Apache-2.0
#include "server/claimed_nonce.h"

#include <algorithm>

#include "cli/text_codec.h"

namespace liangma::server {
namespace {

/// The claim key 39 (cnonce) and the head of a byte string, in deterministic CBOR.
/// @source RFC 8949, 4.2.1; draft-ietf-spice-sd-cwt-07, 8.1
Bytes headOf(std::size_t bytes) {
  if (bytes < 24) return {0x18, 39, static_cast<std::uint8_t>(0x40 | bytes)};
  return {0x18, 39, 0x58, static_cast<std::uint8_t>(bytes)};
}
constexpr std::size_t kMost = 8, kKeyBytes = 32;

/// The claim 8 (cnf) with an Ed25519 key, in deterministic CBOR, as far as the 32 bytes of the key.
/// @source RFC 8747, 3.2; RFC 9053, 7.2
constexpr std::uint8_t kKeyHead[] = {0x08, 0xa1, 0x01, 0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20};

}  // namespace

std::vector<std::string> claimedNonces(ByteView token, std::size_t nonceBytes) {
  const Bytes head = headOf(nonceBytes);
  std::vector<std::string> nonces;
  auto from = token.begin();
  while (nonces.size() < kMost) {
    from = std::search(from, token.end(), head.begin(), head.end());
    if (static_cast<std::size_t>(token.end() - from) < head.size() + nonceBytes) break;
    from += static_cast<std::ptrdiff_t>(head.size());
    nonces.push_back(tools::encodeBase64url(ByteView(from, nonceBytes)));
  }
  return nonces;
}

std::string claimedKey(ByteView token) {
  const auto head = std::search(token.begin(), token.end(), std::begin(kKeyHead), std::end(kKeyHead));
  if (static_cast<std::size_t>(token.end() - head) < sizeof kKeyHead + kKeyBytes) return {};
  return tools::encodeBase64url(ByteView(head + sizeof kKeyHead, kKeyBytes));
}

}  // namespace liangma::server
