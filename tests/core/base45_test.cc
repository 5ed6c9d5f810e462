// SPDX-License-Identifier: Apache-2.0
#include "liangma/base45.h"

#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

TEST(Base45Test, DecodesWhatItEncodes) {
  for (std::size_t size = 0; size <= 100; ++size) {
    const auto bytes = noise(size, static_cast<std::uint32_t>(size));
    const auto text = encodeBase45(bytes);
    EXPECT_EQ(text.find_first_not_of(kAlphabet), std::string::npos);
    EXPECT_EQ(decodeBase45(text).value(), bytes);
  }
}

TEST(Base45Test, EveryAcceptedTextIsTheEncodersOwn) {
  int accepted = 0;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string pair{static_cast<char>(a), static_cast<char>(b)};
      const auto bytes = decodeBase45(pair);
      if (!bytes.ok()) continue;
      ++accepted;
      ASSERT_EQ(encodeBase45(*bytes), pair);
    }
  }
  EXPECT_EQ(accepted, 256);
}

TEST(Base45Test, AcceptsExactlyTheTriplesOfSixteenBits) {
  int accepted = 0;
  for (const char a : kAlphabet)
    for (const char b : kAlphabet)
      for (const char c : kAlphabet) accepted += decodeBase45(std::string{a, b, c}).ok() ? 1 : 0;
  EXPECT_EQ(accepted, 65536);
}

TEST(Base45Test, RefusesWithAnIdForEachFault) {
  EXPECT_REFUSED("base45.character", decodeBase45("bb8"));
  EXPECT_REFUSED("base45.character", decodeBase45(std::string_view("\0\0", 2)));
  EXPECT_REFUSED("base45.character", decodeBase45("亮"));
  EXPECT_REFUSED("base45.length", decodeBase45("ABCD"));
  EXPECT_REFUSED("base45.length", decodeBase45("A"));
  EXPECT_REFUSED("base45.overflow", decodeBase45("GGW"));
  EXPECT_REFUSED("base45.overflow", decodeBase45("::"));
}

}  // namespace
}  // namespace liangma::test
