// SPDX-License-Identifier: Apache-2.0
#include "liangma/prepared_keys.h"

#include "core/fixture.h"
#include "crypto/crypto.h"
#include "liangma/verify.h"

namespace liangma::test {
namespace {

bool plainly(ByteView signature64, ByteView message, const PublicKey& key) {
  return crypto::verify(signature64, message, key.raw32());
}

template <class Container>
void flip(Container& bytes, std::size_t bit) {
  bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
}

TEST(PreparedKeysTest, AcceptsWhatLibsodiumSigned) {
  PreparedKeys keys;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const auto key = makeKey(seed);
    const auto message = noise(seed * 3, seed + 1);
    EXPECT_TRUE(keys.verify(key.sign(message), message, key.publicKey())) << seed;
  }
}

TEST(PreparedKeysTest, RefusesEveryFlippedBitOfASignature) {
  PreparedKeys keys;
  const auto key = makeKey(1);
  const auto message = noise(100, 2);
  auto signature64 = key.sign(message);
  for (std::size_t bit = 0; bit < 512; ++bit) {
    flip(signature64, bit);
    EXPECT_FALSE(keys.verify(signature64, message, key.publicKey())) << bit;
    flip(signature64, bit);
  }
  EXPECT_TRUE(keys.verify(signature64, message, key.publicKey()));
}

TEST(PreparedKeysTest, RefusesAnotherMessageKeyOrLength) {
  PreparedKeys keys;
  const auto key = makeKey(1), other = makeKey(2);
  const auto message = noise(100, 2);
  const auto signature64 = key.sign(message);
  EXPECT_FALSE(keys.verify(signature64, ByteView(message).first(99), key.publicKey()));
  EXPECT_FALSE(keys.verify(signature64, message, other.publicKey()));
  EXPECT_FALSE(keys.verify(ByteView(signature64).first(63), message, key.publicKey()));
  EXPECT_FALSE(keys.verify({}, message, key.publicKey()));
}

/// S + L: the same equation, but S is not below the group order.
TEST(PreparedKeysTest, RefusesAnSThatIsNotReduced) {
  constexpr ByteArray<32> kOrder{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                 0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                 0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  PreparedKeys keys;
  const auto key = makeKey(1);
  const auto message = noise(100, 2);
  auto signature64 = key.sign(message);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += signature64[32 + i] + kOrder[i];
    signature64[32 + i] = static_cast<std::uint8_t>(carry & 0xff);
    carry >>= 8;
  }
  EXPECT_FALSE(keys.verify(signature64, message, key.publicKey()));
  EXPECT_FALSE(plainly(signature64, message, key.publicKey()));
}

/// Whatever bytes stand for key and signature, also encodings of no point, of small order, or not canonical.
TEST(PreparedKeysTest, AnswersAsLibsodiumOnOddKeysAndSignatures) {
  std::vector<ByteArray<32>> odd{{}, {1}, {2}, {0xec}, {0xee}};
  for (const int first : {0xec, 0xed, 0xee, 0xff}) {
    ByteArray<32> high;
    high.fill(0xff);
    high[0] = static_cast<std::uint8_t>(first);
    odd.push_back(high);
    high[31] = 0x7f;
    odd.push_back(high);
  }
  const auto signer = makeKey(3);
  odd.push_back(signer.publicKey().raw32());
  const auto message = noise(40, 4);
  PreparedKeys keys;
  for (const auto& raw32 : odd) {
    const auto key = PublicKey::fromRaw(raw32).value();
    for (const auto& r32 : odd) {
      auto signature64 = signer.sign(message);
      std::copy(r32.begin(), r32.end(), signature64.begin());
      EXPECT_EQ(keys.verify(signature64, message, key), plainly(signature64, message, key));
      std::fill(signature64.begin() + 32, signature64.end(), std::uint8_t{0});
      EXPECT_EQ(keys.verify(signature64, message, key), plainly(signature64, message, key));
    }
  }
}

TEST(PreparedKeysTest, RemembersAKeyThatWasDisplaced) {
  PreparedKeys keys;
  const auto message = noise(10, 5);
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t seed = 0; seed < PreparedKeys::kCapacity + 3; ++seed) {
      const auto key = makeKey(seed);
      EXPECT_TRUE(keys.verify(key.sign(message), message, key.publicKey()));
      EXPECT_FALSE(keys.verify(key.sign(message), noise(11, 5), key.publicKey()));
    }
  }
}

TEST(PreparedKeysTest, ChangesNoVerdict) {
  const World world;
  const auto trust = world.trust();
  const auto live = world.live();
  PreparedKeys keys;
  VerifyContext context{trust, kNow + 62};
  context.prepared = &keys;
  const auto token = decodeBase45(std::string_view(live).substr(4)).value();
  EXPECT_EQ(verify(live, context).decision, Decision::Admit);
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    Bytes flipped = token;
    flip(flipped, bit);
    const auto text = "LM1:" + encodeBase45(flipped);
    EXPECT_EQ(verify(text, context).reason, verify(text, {trust, kNow + 62}).reason) << bit;
  }
}

}  // namespace
}  // namespace liangma::test
