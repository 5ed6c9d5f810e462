// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include <gtest/gtest.h>

#include "liangma/answer.h"
#include "liangma/base45.h"
#include "liangma/key_proof.h"
#include "liangma/paper_code.h"
#include "liangma/vault.h"

namespace liangma::test {

inline constexpr UnixSeconds kNow = 1582243200;  // 2020-02-21T00:00:00Z

/// Repeatable bytes that pass for entropy.
inline Bytes noise(std::size_t size, std::uint32_t seed = 1) {
  std::mt19937 generator(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(generator());
  return bytes;
}

inline SigningKey makeKey(std::uint32_t seed) {
  return SigningKey::fromSeed(noise(32, seed)).value();
}

inline Identity makeIdentity() {
  return {{IdentityClaim::FullName, "张小三"},
          {IdentityClaim::IdNumber, "330106199001011239"},
          {IdentityClaim::Phone, "13900000000"},
          {IdentityClaim::BirthDate, "1990-01-01"}};
}

/// An issuer, a hospital, a resident's device and the trust list that knows them.
class World {
 public:
  SigningKey root = makeKey(10), issuer = makeKey(11), device = makeKey(12), hospital = makeKey(13);
  SealingKey sealing = SealingKey::fromSecret(noise(32, 14)).value();

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
    claims.identity = makeIdentity();
    return claims;
  }

  Bytes issue(const CredentialClaims& claims, std::uint32_t seed = 20) const {
    const auto random = noise(400, seed);
    Entropy entropy(random);
    return issueCredential(claims, issuer, entropy).value();
  }

  Credential credential() const { return parseCredential(issue(claims())).value(); }
  Credential credential(const CredentialClaims& claims) const {
    return parseCredential(issue(claims)).value();
  }

  std::string live(UnixSeconds now = kNow + 60) const {
    return makeLiveCode(credential(), device, now).value();
  }

  TrustContent content() const {
    TrustContent content;
    content.version = 7;
    content.issuedAt = kNow - 100;
    content.expiresAt = kNow + 30 * 24 * 3600;
    content.roots = {root.publicKey()};
    content.issuers.push_back({"330100",
                               {{"zh-Hans", "杭州市"}, {"en", "Hangzhou"}},
                               {{issuer.publicKey(), kNow - 1000, kNow + 90 * 24 * 3600}},
                               std::nullopt,
                               {},
                               {}});
    content.verifiers.push_back({"hz-first",
                                 {{"zh-Hans", "杭州第一医院"}, {"en", "Hangzhou First Hospital"}},
                                 "hospital",
                                 {{hospital.publicKey(), kNow - 1000, kNow + 90 * 24 * 3600}},
                                 sealing.public32(),
                                 {"https://first.example/answers"}});
    Scene hospitalScene;
    hospitalScene.id = "hospital";
    hospitalScene.required = Assurance::Challenge;
    Scene strict;
    strict.id = "strict";
    strict.windowSeconds = 5;
    content.scenes = {hospitalScene, strict};
    return content;
  }

  Bytes signedTrust(const TrustContent& content) const {
    const SigningKey* keys[] = {&root};
    return signTrustList(content, keys).value();
  }

  TrustList trust(const TrustContent& content) const {
    const PublicKey pinned[] = {root.publicKey()};
    return openTrustList(signedTrust(content), pinned, 0, content.issuedAt).value();
  }
  TrustList trust() const { return trust(content()); }

  RequestClaims requestClaims(UnixSeconds now = kNow + 50) const {
    return {"hz-first",
            now,
            now + 60,
            noise(16, 30),
            "registration",
            {IdentityClaim::FullName, IdentityClaim::IdNumber, IdentityClaim::Phone},
            "https://first.example/answers"};
  }
  std::string request() const { return makeRequest(requestClaims(), hospital).value(); }
  Challenge challenge() const { return {"hz-first", requestClaims().nonce, requestClaims().wanted}; }

  /// An answer to request(), made at kNow + 60.
  std::string answer() const {
    const auto opened = openRequest(request(), trust(), kNow + 55).value();
    return makeAnswer(opened, credential(), device, opened.claims.wanted, kNow + 60).value();
  }
};

}  // namespace liangma::test
