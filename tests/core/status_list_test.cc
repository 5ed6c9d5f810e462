// SPDX-License-Identifier: Apache-2.0
#include "liangma/status_list.h"

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

constexpr std::uint64_t kFirst = 48 * kStatusListEntries;

class StatusListTest : public testing::Test {
 protected:
  StatusListTest() {
    issuer = world.content().issuers[0];
    issuer.statusUrl = "https://330100.example/status/{list}";
  }
  StatusListClaims claims(UnixSeconds issuedAt = kNow) const {
    return {statusListUri(issuer, 48), issuedAt, issuedAt + 86400, 3600};
  }
  Result<StatusList> open(const StatusListClaims& claims, std::uint64_t entries = kStatusListEntries) const {
    auto statuses = StatusBits::create(2, entries).value();
    EXPECT_TRUE(statuses.set(70000 % entries, 1).ok());
    return openStatusList(signStatusList(claims, statuses, world.issuer).value(), issuer);
  }

  World world;
  TrustedIssuer issuer;
};

TEST_F(StatusListTest, HoldsEveryEntryByItself) {
  for (const int bits : {1, 2, 4, 8}) {
    auto statuses = StatusBits::create(bits, 64).value();
    EXPECT_EQ(statuses.entries(), 64u);
    const auto highest = static_cast<std::uint8_t>((1 << bits) - 1);
    for (std::uint64_t at = 0; at < 64; ++at) {
      ASSERT_TRUE(statuses.set(at, highest).ok());
      for (std::uint64_t other = 0; other < 64; ++other)
        EXPECT_EQ(*statuses.get(other), other == at ? highest : 0) << bits << " bits, entry " << other;
      ASSERT_TRUE(statuses.set(at, 0).ok());
    }
    EXPECT_REFUSED("misuse.argument",
                   bits == 8 ? Status(Errc::MisuseArgument) : statuses.set(0, highest + 1));
    EXPECT_REFUSED("status.out-of-range", statuses.set(64, 0));
    EXPECT_REFUSED("status.out-of-range", statuses.get(64));
  }
}

TEST_F(StatusListTest, RefusesSizesThatItCannotPack) {
  for (const int bits : {-1, 0, 3, 5, 16}) EXPECT_REFUSED("misuse.argument", StatusBits::create(bits, 64));
  EXPECT_REFUSED("misuse.argument", StatusBits::create(2, 0));
  EXPECT_REFUSED("misuse.argument", StatusBits::create(2, 3));
  EXPECT_REFUSED("misuse.argument", StatusBits::create(2, kStatusListEntries + 4));
  EXPECT_REFUSED("misuse.argument", StatusBits::fromBytes(2, {}));
}

TEST_F(StatusListTest, RefusesToSignWhatItWouldNotRead) {
  const auto statuses = StatusBits::create(2, 64).value();
  const auto wrong = [&](StatusListClaims changed) {
    return signStatusList(changed, statuses, world.issuer);
  };
  EXPECT_REFUSED("misuse.argument", wrong({"", kNow, kNow + 1, 0}));
  EXPECT_REFUSED("misuse.argument", wrong({"https://a.example", kNow, kNow, 0}));
  EXPECT_REFUSED("misuse.argument",
                 signStatusList(claims(), StatusBits::create(1, 64).value(), world.issuer));
}

TEST_F(StatusListTest, IsStaleFromItsEndOnAndDueFromItsTtlOn) {
  const auto list = open(claims()).value();
  EXPECT_EQ(list.freshness(kNow - 61), Freshness::Stale);
  EXPECT_EQ(list.freshness(kNow - 60), Freshness::Fresh);
  EXPECT_EQ(list.freshness(kNow + 3599), Freshness::Fresh);
  EXPECT_EQ(list.freshness(kNow + 3600), Freshness::Due);
  EXPECT_EQ(list.freshness(kNow + 86399), Freshness::Due);
  EXPECT_EQ(list.freshness(kNow + 86400), Freshness::Stale);
  auto silent = claims();
  silent.ttlSeconds = 0;
  EXPECT_EQ(open(silent).value().freshness(kNow + 86399), Freshness::Fresh);
}

TEST_F(StatusListTest, LooksUpWhatWasSet) {
  StatusLists lists;
  EXPECT_REFUSED("status.unavailable", lists.status("330100", kFirst, kNow));
  ASSERT_TRUE(lists.keep(open(claims()).value()).ok());
  EXPECT_EQ(lists.status("330100", kFirst + 69999, kNow).value().status, CredentialStatus::Valid);
  EXPECT_EQ(lists.status("330100", kFirst + 70000, kNow).value().status, CredentialStatus::Invalid);
  EXPECT_EQ(lists.status("330100", kFirst + kStatusListEntries - 1, kNow).value().status,
            CredentialStatus::Valid);
  EXPECT_REFUSED("status.unavailable", lists.status("330100", kFirst + kStatusListEntries, kNow));
  EXPECT_REFUSED("status.unavailable", lists.status("330100", kFirst - 1, kNow));
  EXPECT_REFUSED("status.unavailable", lists.status("330200", kFirst, kNow));
}

TEST_F(StatusListTest, RefusesAnIndexBehindAShortList) {
  StatusLists lists;
  ASSERT_TRUE(lists.keep(open(claims(), 1000).value()).ok());
  EXPECT_TRUE(lists.status("330100", kFirst + 999, kNow).ok());
  EXPECT_REFUSED("status.out-of-range", lists.status("330100", kFirst + 1000, kNow));
}

TEST_F(StatusListTest, ANewerListTakesThePlaceOfAnOlderOneAndNotTheOtherWay) {
  StatusLists lists;
  ASSERT_TRUE(lists.keep(open(claims(kNow)).value()).ok());
  EXPECT_REFUSED("status-list.wrong", lists.keep(open(claims(kNow - 1)).value()));
  EXPECT_EQ(lists.find("330100", 48)->claims().issuedAt, kNow);
  ASSERT_TRUE(lists.keep(open(claims(kNow + 1)).value()).ok());
  EXPECT_EQ(lists.find("330100", 48)->claims().issuedAt, kNow + 1);
}

TEST_F(StatusListTest, HasTheAddressOfItsTemplate) {
  EXPECT_EQ(statusListUri(issuer, 0), "https://330100.example/status/0");
  issuer.statusUrl = "https://330100.example/only";
  EXPECT_EQ(statusListUri(issuer, 0), "https://330100.example/only");
  EXPECT_EQ(statusListUri(issuer, 1), "");
  issuer.statusUrl.reset();
  EXPECT_EQ(statusListUri(issuer, 0), "");
}

TEST_F(StatusListTest, KnowsItsNumberByItsAddressAlone) {
  const auto numberAt = [&](std::string uri) {
    const auto statuses = StatusBits::create(2, 64).value();
    const auto token = signStatusList({std::move(uri), kNow, kNow + 1, 0}, statuses, world.issuer).value();
    const auto opened = openStatusList(token, issuer);
    return opened.ok() ? std::to_string(opened->number()) : std::string(refusalId(opened));
  };
  EXPECT_EQ(numberAt("https://330100.example/status/0"), "0");
  EXPECT_EQ(numberAt("https://330100.example/status/4095"), "4095");
  for (const char* number : {"4096", "048", "+48", "-1", "", "48/", "18446744073709551664"})
    EXPECT_EQ(numberAt("https://330100.example/status/" + std::string(number)), "status-list.wrong")
        << number;
  EXPECT_EQ(numberAt("https://330200.example/status/48"), "status-list.wrong");
  EXPECT_EQ(numberAt("https"), "status-list.wrong");
  issuer.statusUrl.reset();
  EXPECT_EQ(numberAt("https://330100.example/status/48"), "status-list.wrong");
}

TEST_F(StatusListTest, RefusesAKeyThatWasNotInForce) {
  issuer.keys[0].notAfter = kNow;
  EXPECT_REFUSED("issuer.key-not-in-force", open(claims()));
}

/// 256 KiB of noise does not deflate, and still fits; a bomb of more than a list's bytes does not.
TEST_F(StatusListTest, TakesTheLargestListAndNoBomb) {
  const auto full = StatusBits::fromBytes(2, noise(kStatusListEntries / 4)).value();
  const auto opened = openStatusList(signStatusList(claims(), full, world.issuer).value(), issuer);
  ASSERT_TRUE(opened.ok()) << refusalId(opened);
  EXPECT_EQ(opened->statuses().bytes(), full.bytes());

  auto bomb = encodeStatusList(StatusBits::create(8, kStatusListEntries).value());
  ASSERT_TRUE(decodeStatusList(bomb).ok());
  ASSERT_EQ(bomb.back(), 8);
  bomb.back() = 2;
  EXPECT_REFUSED("status-list.shape", decodeStatusList(bomb));
}

TEST_F(StatusListTest, EveryFlippedBitOfASmallTokenIsRefused) {
  const auto token = signStatusList(claims(), StatusBits::create(2, 8).value(), world.issuer).value();
  ASSERT_TRUE(openStatusList(token, issuer).ok());
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    auto flipped = token;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(openStatusList(flipped, issuer).ok()) << "bit " << bit;
  }
}

/// Through verify(): the list decides, and a stale one is never shown as fresh.
TEST_F(StatusListTest, DecidesInAVerdict) {
  auto content = world.content();
  content.issuers[0] = issuer;
  const auto trust = world.trust(content);
  StatusLists lists;
  VerifyContext context{trust, kNow + 61};
  context.status = &lists;
  EXPECT_REFUSED("status.unavailable", verify(world.live(), context));
  ASSERT_TRUE(lists.keep(open(claims()).value()).ok());
  EXPECT_REFUSED("status.invalid", verify(world.live(), context));

  const auto clean = StatusBits::create(2, kStatusListEntries).value();
  auto old = claims(kNow + 1);
  old.expiresAt = kNow + 61;
  const auto token = signStatusList(old, clean, world.issuer).value();
  ASSERT_TRUE(lists.keep(openStatusList(token, issuer).value()).ok());
  EXPECT_REFUSED("status.stale", verify(world.live(), context));
  context.stale = StalePolicy::Check;
  EXPECT_EQ(summary(verify(world.live(), context)), "check status.stale");
  context.now = kNow + 60;
  EXPECT_EQ(summary(verify(world.live(), context)), "admit colour.green");
}

}  // namespace
}  // namespace liangma::test
