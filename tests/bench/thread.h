// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include "liangma/live_code.h"
#include "liangma/trust_list.h"

namespace liangma::bench {

inline constexpr UnixSeconds kNow = 1582243200;  // 2020-02-21T00:00:00Z

/// Repeatable bytes that pass for entropy.
inline Bytes noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 generator(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(generator());
  return bytes;
}

/// What every contender works on: an issuer, a resident's phone, and the trust list that a gate keeps.
struct Thread {
  SigningKey root = SigningKey::fromSeed(noise(32, 1)).value();
  SigningKey issuer = SigningKey::fromSeed(noise(32, 2)).value();
  SigningKey device = SigningKey::fromSeed(noise(32, 3)).value();

  /// A coloured code with a name of three characters and three members of the identity.
  CredentialClaims claims() const {
    CredentialClaims claims;
    claims.issuer = "330100";
    claims.issuedAt = kNow;
    claims.expiresAt = kNow + kMaxCredentialSeconds;
    claims.deviceKey = device.publicKey();
    claims.code.colour = Colour::Green;
    claims.code.maskedName = "张*三";
    claims.code.idTail = "1239";
    claims.code.statusIndex = (std::uint64_t{48} << 20) + 70000;
    claims.identity = {{IdentityClaim::FullName, "张小三"},
                       {IdentityClaim::IdNumber, "330106199001011239"},
                       {IdentityClaim::Phone, "13900000000"}};
    return claims;
  }

  /// What issuing these claims draws: `sub`, a salt for each member, a salt for the identity.
  static constexpr std::size_t kIssueEntropyBytes = 6 + 4 * 16;

  Bytes issue(ByteView drawn) const {
    Entropy entropy(drawn);
    return issueCredential(claims(), issuer, entropy).value();
  }
  Bytes issue() const { return issue(noise(kIssueEntropyBytes, 4)); }

  Bytes signedTrustList() const {
    TrustContent content;
    content.version = 1;
    content.issuedAt = kNow - 100;
    content.expiresAt = kNow + 30 * 24 * 3600;
    content.roots = {root.publicKey()};
    content.issuers.push_back({"330100",
                               {{"zh-Hans", "杭州市"}, {"en", "Hangzhou"}},
                               {{issuer.publicKey(), kNow - 1000, kNow + 90 * 24 * 3600}},
                               std::nullopt,
                               {},
                               {}});
    const SigningKey* keys[] = {&root};
    return signTrustList(content, keys).value();
  }
  TrustList trustList() const {
    const PublicKey pinned[] = {root.publicKey()};
    return openTrustList(signedTrustList(), pinned, 0, kNow).value();
  }
};

/// Live codes of successive seconds, all inside one window.
inline std::vector<std::string> liveCodes(const Thread& thread, UnixSeconds first, int count) {
  const auto credential = parseCredential(thread.issue()).value();
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(makeLiveCode(credential, thread.device, first + i).value());
  return texts;
}

}  // namespace liangma::bench
