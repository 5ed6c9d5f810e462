// SPDX-License-Identifier: Apache-2.0
#include "server/claimed_nonce.h"

#include <algorithm>
#include <array>

#include "cli/text_codec.h"

namespace liangma::server {
namespace {

/// The claim key 39 (cnonce) and the head of a byte string of 16 bytes, in deterministic CBOR.
/// @source RFC 8949, 4.2.1; draft-ietf-spice-sd-cwt-07, 8.1
constexpr std::array<std::uint8_t, 3> kHead = {0x18, 39, 0x40 | kNonceBytes};
constexpr std::size_t kMost = 8;

}  // namespace

std::vector<std::string> claimedNonces(ByteView token) {
  std::vector<std::string> nonces;
  auto from = token.begin();
  while (nonces.size() < kMost) {
    from = std::search(from, token.end(), kHead.begin(), kHead.end());
    if (static_cast<std::size_t>(token.end() - from) < kHead.size() + kNonceBytes) break;
    from += kHead.size();
    nonces.push_back(tools::encodeBase64url(ByteView(from, kNonceBytes)));
  }
  return nonces;
}

}  // namespace liangma::server
