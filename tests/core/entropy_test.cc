// SPDX-License-Identifier: Apache-2.0
#include "liangma/entropy.h"

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

TEST(EntropyTest, HandsEachByteOutOnce) {
  const auto random = noise(20);
  Entropy entropy(random);
  const auto first = entropy.take<10>().value();
  const auto second = entropy.take<10>().value();
  EXPECT_TRUE(std::equal(first.begin(), first.end(), random.begin()));
  EXPECT_TRUE(std::equal(second.begin(), second.end(), random.begin() + 10));
  EXPECT_REFUSED("misuse.entropy-missing", entropy.take<6>());
}

TEST(EntropyTest, RefusesASourceThatGivesConstants) {
  for (const int constant : {0, 1, 255}) {
    const Bytes random(64, static_cast<std::uint8_t>(constant));
    Entropy entropy(random);
    EXPECT_REFUSED("misuse.entropy-missing", entropy.take<32>());
  }
}

/// Without the last of the bytes that they need, operations make nothing.
class EntropyNeedTest : public testing::Test {
 protected:
  template <class Make>
  void expectNeeds(std::size_t size, Make make) {
    const auto random = noise(size, 99);
    Entropy enough(random), tooLittle(ByteView(random).first(size - 1)), none{ByteView()};
    EXPECT_TRUE(make(enough).ok()) << size;
    EXPECT_REFUSED("misuse.entropy-missing", make(tooLittle)) << size;
    EXPECT_REFUSED("misuse.entropy-missing", make(none)) << size;
    EXPECT_FALSE(enough.take<6>().ok()) << "uses all of " << size;
  }

  World world;
};

TEST_F(EntropyNeedTest, FailsClosed) {
  expectNeeds(32, [](Entropy& entropy) { return SigningKey::generate(entropy); });
  expectNeeds(32, [](Entropy& entropy) { return SealingKey::generate(entropy); });
  expectNeeds(6 + 16 * 5,
              [&](Entropy& entropy) { return issueCredential(world.claims(), world.issuer, entropy); });
  expectNeeds(6, [&](Entropy& entropy) {
    return makePaperCode({"330100", kNow, kNow + 60, world.claims().code}, world.issuer, entropy);
  });
  expectNeeds(32,
              [&](Entropy& entropy) { return sealAnswer(world.live(), world.sealing.public32(), entropy); });
  expectNeeds(24,
              [](Entropy& entropy) { return sealWithHostKey(noise(40), noise(32), "device-key", entropy); });
  expectNeeds(40, [](Entropy& entropy) {
    return sealWithPin(noise(40), "1234", "device-key", {1, 8}, entropy);
  });
}

}  // namespace
}  // namespace liangma::test
