// SPDX-License-Identifier: Apache-2.0
#include "liangma/vault.h"

#include <algorithm>

#include "fixture.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::array;
using forge::fromHex;
using forge::integer;

constexpr PinCost kCheap{1, 8};

class VaultTest : public testing::Test {
 protected:
  Bytes sealed() const {
    Entropy entropy(random);
    return sealWithHostKey(secret, hostKey, "device-key", entropy).value();
  }
  Bytes sealedWithPin() const {
    Entropy entropy(random);
    return sealWithPin(secret, "2580", "device-key", kCheap, entropy).value();
  }
  Result<Bytes> seal(std::string_view pin, PinCost cost) const {
    Entropy entropy(random);
    return sealWithPin(secret, pin, "device-key", cost, entropy);
  }
  /// A box with this recipe and everything else in order.
  static Bytes boxWith(const Bytes& recipe) {
    return array({integer(1), recipe, forge::bytes(Bytes(24)), forge::bytes(Bytes(48))});
  }

  const Bytes secret = noise(32, 1), hostKey = noise(32, 2), random = noise(40, 3);
};

TEST_F(VaultTest, OpensWhatItSealed) {
  EXPECT_EQ(openWithHostKey(sealed(), hostKey, "device-key").value(), secret);
  EXPECT_EQ(openWithPin(sealedWithPin(), "2580", "device-key").value(), secret);
}

TEST_F(VaultTest, IsUselessWithoutTheKeyThePinOrTheContext) {
  EXPECT_REFUSED("vault.unreadable", openWithHostKey(sealed(), noise(32, 9), "device-key"));
  EXPECT_REFUSED("vault.unreadable", openWithHostKey(sealed(), hostKey, "device-kez"));
  EXPECT_REFUSED("vault.unreadable", openWithHostKey(sealed(), hostKey, ""));
  EXPECT_REFUSED("vault.unreadable", openWithPin(sealedWithPin(), "2581", "device-key"));
  EXPECT_REFUSED("vault.unreadable", openWithPin(sealedWithPin(), "2580", "credential"));
}

TEST_F(VaultTest, DoesNotTakeOneKindForTheOther) {
  EXPECT_REFUSED("vault.shape", openWithHostKey(sealedWithPin(), hostKey, "device-key"));
  EXPECT_REFUSED("vault.shape", openWithPin(sealed(), "2580", "device-key"));
}

TEST_F(VaultTest, NoBitCanBeChanged) {
  const auto box = sealed();
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    auto flipped = box;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    const auto opened = openWithHostKey(flipped, hostKey, "device-key");
    ASSERT_TRUE(opened.code() == Errc::VaultShape || opened.code() == Errc::VaultUnreadable) << bit;
  }
}

TEST_F(VaultTest, HoldsNothingInTheClear) {
  const auto box = sealed();
  EXPECT_EQ(std::search(box.begin(), box.end(), secret.begin(), secret.begin() + 4), box.end());
}

TEST_F(VaultTest, RefusesOtherShapes) {
  for (const char* text : {"", "80", "a0", "01", "84 02 80 40 40", "85 01 80 40 40 40", "84 01 80 4101 40",
                           "84 01 80 60 40", "ff"})
    EXPECT_REFUSED("vault.shape", openWithHostKey(fromHex(text), hostKey, "")) << text;
  EXPECT_REFUSED(
      "vault.unreadable",
      openWithHostKey(array({integer(1), fromHex("80"), forge::bytes(Bytes(24)), forge::bytes(Bytes(15))}),
                      hostKey, ""));
}

TEST_F(VaultTest, RefusesRecipesThatCostTooMuchOrTooLittle) {
  const auto recipe = [](std::size_t salt, std::int64_t passes, std::int64_t memoryKiB) {
    return array({forge::bytes(Bytes(salt)), integer(passes), integer(memoryKiB)});
  };
  EXPECT_REFUSED("vault.unreadable", openWithPin(boxWith(recipe(16, 1, 8)), "1", ""));
  for (const auto& bad :
       {recipe(15, 1, 8), recipe(16, 0, 8), recipe(16, 11, 8), recipe(16, 1, 7), recipe(16, 1, 1048577),
        recipe(16, -1, 8), recipe(16, 1, INT64_MAX), fromHex("83 60 01 08"), fromHex("82 40 01")})
    EXPECT_REFUSED("vault.shape", openWithPin(boxWith(bad), "1", "")) << forge::hex(bad);
}

TEST_F(VaultTest, RefusesMisuse) {
  Entropy entropy(random);
  EXPECT_REFUSED("misuse.argument", sealWithHostKey(secret, noise(31), "", entropy));
  EXPECT_REFUSED("misuse.argument", openWithHostKey(sealed(), noise(33), ""));
  EXPECT_REFUSED("misuse.too-large", sealWithHostKey(Bytes((1 << 20) + 1), hostKey, "", entropy));
  EXPECT_REFUSED("misuse.argument", seal("", kCheap));
  EXPECT_REFUSED("misuse.argument", seal(std::string(129, '1'), kCheap));
  EXPECT_REFUSED("misuse.argument", seal("1", {0, 8}));
  EXPECT_REFUSED("misuse.argument", seal("1", {11, 8}));
  EXPECT_REFUSED("misuse.argument", seal("1", {1, 7}));
  EXPECT_REFUSED("misuse.argument", openWithPin(sealedWithPin(), "", "device-key"));
}

TEST_F(VaultTest, WipesWhatIsNoLongerNeeded) {
  Bytes copy = secret;
  const volatile std::uint8_t* place = copy.data();  // clear() keeps the storage
  wipe(copy);
  EXPECT_TRUE(copy.empty());
  for (std::size_t i = 0; i < secret.size(); ++i) EXPECT_EQ(place[i], 0);
}

}  // namespace
}  // namespace liangma::test
