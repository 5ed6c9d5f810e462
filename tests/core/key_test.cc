// SPDX-License-Identifier: Apache-2.0
#include "liangma/key.h"

#include <algorithm>
#include <type_traits>

#include "fixture.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::hex;

// RFC 8032, 7.1, test 2
constexpr std::string_view kSeed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view kPublic = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(KeyTest, SignsAsRfc8032) {
  const auto key = SigningKey::fromSeed(fromHex(kSeed)).value();
  EXPECT_EQ(hex(key.publicKey().raw32()), kPublic);
  EXPECT_EQ(hex(key.sign(fromHex("72"))), kSignature);
  EXPECT_EQ(hex(key.seed32().bytes()), kSeed);
}

TEST(KeyTest, EncodesACoseKeyAndItsThumbprint) {
  const auto key = PublicKey::fromRaw(fromHex(kPublic)).value();
  EXPECT_EQ(hex(key.coseKey()), "a301012006215820" + std::string(kPublic));
  EXPECT_EQ(key.coseKey().size(), 40u);
  EXPECT_EQ(hex(key.thumbprint32()).substr(0, 16), hex(key.keyId8()));
}

TEST(KeyTest, RefusesKeysOfAnotherLength) {
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    EXPECT_REFUSED("key.invalid", PublicKey::fromRaw(noise(size)));
    EXPECT_REFUSED("key.invalid", SigningKey::fromSeed(noise(size)));
    EXPECT_REFUSED("key.invalid", SealingKey::fromSecret(noise(size)));
  }
}

TEST(KeyTest, SecretsMoveAndAreZeroedBehindThemselves) {
  static_assert(!std::is_copy_constructible_v<SigningKey> && !std::is_copy_assignable_v<SigningKey>);
  static_assert(!std::is_copy_constructible_v<SealingKey>);
  SecretBytes<32> secret;
  secret.bytes().fill(7);
  const SecretBytes<32> moved = std::move(secret);
  EXPECT_EQ(moved.bytes()[31], 7);
  EXPECT_EQ(secret.bytes(), ByteArray<32>{});  // NOLINT: what is left behind is the subject
}

TEST(KeyTest, ZeroesASecretThatDies) {
  alignas(SecretBytes<64>) std::array<std::uint8_t, sizeof(SecretBytes<64>)> place;
  auto* secret = new (place.data()) SecretBytes<64>;
  secret->bytes().fill(7);
  secret->~SecretBytes<64>();
  const volatile std::uint8_t* left = place.data();
  for (std::size_t i = 0; i < place.size(); ++i) ASSERT_EQ(left[i], 0) << i;
}

}  // namespace
}  // namespace liangma::test
