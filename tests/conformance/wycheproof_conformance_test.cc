// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include "crypto/crypto.h"
#include "outside.h"

namespace liangma::outside {
namespace {

template <std::size_t N>
ByteArray<N> fixed(const Bytes& bytes) {
  ByteArray<N> array{};
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), array.begin());
  return array;
}

struct Wycheproof : OutsideTest {
  Wycheproof() : OutsideTest("wycheproof") {}
  Json groups(const char* file) const { return readJson(root / "testvectors_v1" / file).at("testGroups"); }
};

TEST_F(Wycheproof, Ed25519) {
  for (const auto& group : groups("ed25519_test.json")) {
    const auto key = fixed<32>(hexIn(group.at("publicKey"), "pk"));
    for (const auto& test : group.at("tests")) {
      const bool valid = test.at("result") == "valid";
      EXPECT_EQ(crypto::verify(hexIn(test, "sig"), hexIn(test, "msg"), key), valid) << test.at("tcId");
      count(valid ? "ed25519 valid, verified" : "ed25519 invalid, refused");
    }
  }
  EXPECT_EQ(counted("ed25519 valid, verified"), 88);
  EXPECT_EQ(counted("ed25519 invalid, refused"), 63);
}

/// A sealed box whose ephemeral key and shared secret are given: it opens only if X25519 comes to the same
/// secret.
Bytes sealWith(const ByteArray<32>& ephemeral32, const ByteArray<32>& shared32,
               const ByteArray<32>& recipient32) {
  ByteArray<24> nonce24;
  Bytes both(ephemeral32.begin(), ephemeral32.end());
  both.insert(both.end(), recipient32.begin(), recipient32.end());
  crypto_generichash(nonce24.data(), nonce24.size(), both.data(), both.size(), nullptr, 0);
  ByteArray<32> key32;
  const ByteArray<16> zero16{};
  crypto_core_hsalsa20(key32.data(), zero16.data(), shared32.data(), nullptr);
  const Bytes message = {1, 2, 3};
  Bytes sealed(ephemeral32.begin(), ephemeral32.end());
  sealed.resize(32 + 16 + message.size());
  crypto_secretbox_easy(sealed.data() + 32, message.data(), message.size(), nonce24.data(), key32.data());
  return sealed;
}

TEST_F(Wycheproof, X25519) {
  for (const auto& group : groups("x25519_test.json")) {
    for (const auto& test : group.at("tests")) {
      const auto secret = fixed<32>(hexIn(test, "private")), peer = fixed<32>(hexIn(test, "public"));
      const auto shared = fixed<32>(hexIn(test, "shared"));
      const auto own = crypto::x25519Public(secret);
      const auto opened = crypto::unseal(sealWith(peer, shared, own), own, secret);
      if (shared == ByteArray<32>{}) {
        EXPECT_FALSE(opened.has_value()) << test.at("tcId");
        count("x25519 without a secret, refused");
      } else {
        EXPECT_EQ(opened, Bytes({1, 2, 3})) << test.at("tcId");
        count("x25519, the same secret");
      }
    }
  }
  EXPECT_EQ(counted("x25519, the same secret") + counted("x25519 without a secret, refused"), 518);
}

TEST_F(Wycheproof, XChaCha20Poly1305) {
  for (const auto& group : groups("xchacha20_poly1305_test.json")) {
    for (const auto& test : group.at("tests")) {
      if (group.at("ivSize") != 192) {
        EXPECT_EQ(test.at("result"), "invalid");
        count("xchacha20-poly1305 with another nonce size: our types cannot say it");
        continue;
      }
      const auto key = fixed<32>(hexIn(test, "key"));
      const auto nonce = fixed<24>(hexIn(test, "iv"));
      const auto message = hexIn(test, "msg"), associated = hexIn(test, "aad");
      auto sealed = hexIn(test, "ct");
      const auto tag = hexIn(test, "tag");
      sealed.insert(sealed.end(), tag.begin(), tag.end());
      const auto opened = crypto::decrypt(sealed, associated, nonce, key);
      if (test.at("result") == "valid") {
        EXPECT_EQ(opened, message) << test.at("tcId");
        EXPECT_EQ(crypto::encrypt(message, associated, nonce, key), sealed) << test.at("tcId");
        count("xchacha20-poly1305 valid, opened and sealed");
      } else {
        EXPECT_FALSE(opened.has_value()) << test.at("tcId");
        count("xchacha20-poly1305 invalid, refused");
      }
    }
  }
  EXPECT_EQ(counted("xchacha20-poly1305 valid, opened and sealed"), 246);
}

}  // namespace
}  // namespace liangma::outside
