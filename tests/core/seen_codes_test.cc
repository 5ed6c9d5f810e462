// SPDX-License-Identifier: Apache-2.0
#include "liangma/seen_codes.h"

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

ByteArray<32> fingerprint(std::uint32_t number) {
  ByteArray<32> hash32{};
  for (int i = 0; i < 4; ++i)
    hash32[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> 8 * i);
  return hash32;
}

TEST(SeenCodesTest, RefusesTheSecondShowing) {
  SeenCodes seen;
  EXPECT_REFUSED("ok", seen.remember(fingerprint(1), 100, 120));
  EXPECT_REFUSED("ok", seen.remember(fingerprint(2), 100, 120));
  EXPECT_REFUSED("replay.seen-before", seen.remember(fingerprint(1), 100, 120));
  EXPECT_REFUSED("replay.seen-before", seen.remember(fingerprint(1), 120, 120));
}

TEST(SeenCodesTest, ForgetsWhatCannotPassAnyMore) {
  SeenCodes seen;
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_TRUE(seen.remember(fingerprint(i), 100 + i, 120 + i).ok());
  EXPECT_LT(seen.size(), 40u);
  EXPECT_TRUE(seen.remember(fingerprint(1000), 1000, 1020).ok());
  EXPECT_EQ(seen.size(), 1u);
}

TEST(SeenCodesTest, AcceptsNothingMoreWhenFull) {
  SeenCodes seen;
  for (std::uint32_t i = 0; i < SeenCodes::kCapacity; ++i)
    ASSERT_TRUE(seen.remember(fingerprint(i), 100, 120).ok());
  EXPECT_REFUSED("internal.error", seen.remember(fingerprint(1 << 30), 100, 120));
  EXPECT_REFUSED("replay.seen-before", seen.remember(fingerprint(7), 100, 120));
  EXPECT_REFUSED("ok", seen.remember(fingerprint(1 << 30), 121, 141));
}

TEST(SeenCodesTest, RemembersAfterARestart) {
  SeenCodes before;
  EXPECT_TRUE(before.remember(fingerprint(1), 100, 120).ok());
  EXPECT_TRUE(before.remember(fingerprint(2), 100, 110).ok());
  const Bytes saved = before.save(115);
  EXPECT_EQ(saved.size(), 40u);

  SeenCodes after;
  EXPECT_TRUE(after.remember(fingerprint(3), 115, 130).ok());
  EXPECT_REFUSED("ok", after.load(saved, 115));
  EXPECT_REFUSED("ok", after.load(saved, 116));
  EXPECT_EQ(after.size(), 2u);
  EXPECT_REFUSED("replay.seen-before", after.remember(fingerprint(1), 120, 120));
  EXPECT_REFUSED("replay.seen-before", after.remember(fingerprint(3), 120, 130));
}

TEST(SeenCodesTest, LoadsNothingThatItWouldNotSave) {
  SeenCodes seen;
  EXPECT_TRUE(seen.remember(fingerprint(1), 100, 120).ok());
  const Bytes saved = seen.save(100);
  SeenCodes other;
  EXPECT_REFUSED("misuse.argument", other.load(ByteView(saved).subspan(1), 100));
  EXPECT_REFUSED("ok", other.load(saved, 121));
  Bytes endless = saved;
  endless[32] = 0x7F;
  EXPECT_REFUSED("ok", other.load(endless, 100));
  endless[32] = 0xFF;
  EXPECT_REFUSED("ok", other.load(endless, 100));
  EXPECT_EQ(other.size(), 0u);
}

/// A gate's own view: what it has admitted once is refused until nobody could show it any more.
TEST(SeenCodesTest, HoldsForTheWholeWindow) {
  const World world;
  const auto trust = world.trust();
  SeenCodes seen;
  const auto show = [&](std::string_view text, UnixSeconds now) {
    VerifyContext context{trust, now};
    context.seen = &seen;
    return verify(text, context);
  };
  EXPECT_EQ(summary(show(world.live(kNow + 60), kNow + 52)), "admit colour.green");
  for (UnixSeconds now = kNow + 52; now <= kNow + 80; ++now)
    ASSERT_REFUSED("replay.seen-before", show(world.live(kNow + 60), now)) << now;
  EXPECT_REFUSED("time.too-old", show(world.live(kNow + 60), kNow + 81));
  EXPECT_EQ(summary(show(world.live(kNow + 65), kNow + 66)), "admit colour.green");
}

TEST(SeenCodesTest, RemembersNoCodeThatWasRefused) {
  const World world;
  const auto trust = world.trust();
  SeenCodes seen;
  VerifyContext late{trust, kNow + 100};
  late.seen = &seen;
  EXPECT_REFUSED("time.too-old", verify(world.live(), late));
  EXPECT_EQ(seen.size(), 0u);
}

}  // namespace
}  // namespace liangma::test
