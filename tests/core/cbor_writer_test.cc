// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cbor/reader.h"
#include "cbor/writer.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using cbor::MapWriter;
using cbor::Writer;
using forge::hex;

TEST(CborWriterTest, WritesTheShortestHeads) {
  EXPECT_EQ(hex(Writer().integer(23).take()), "17");
  EXPECT_EQ(hex(Writer().integer(24).take()), "1818");
  EXPECT_EQ(hex(Writer().integer(-256).take()), "38ff");
  EXPECT_EQ(hex(Writer().integer(-257).take()), "390100");
  EXPECT_EQ(hex(Writer().integer(-65537).take()), "3a00010000");
  EXPECT_EQ(hex(Writer().integer(INT64_MIN).take()), "3b7fffffffffffffff");
  EXPECT_EQ(hex(Writer().unsignedInteger(UINT64_MAX).take()), "1bffffffffffffffff");
  EXPECT_EQ(hex(Writer().text("水").take()), "63e6b0b4");
  EXPECT_EQ(hex(Writer().bytes({}).take()), "40");
  EXPECT_EQ(hex(Writer().tag(18).array(24).take()), "d29818");
  EXPECT_EQ(hex(Writer().simple(59).take()), "f83b");
}

TEST(CborWriterTest, SortsTheKeysOfAMap) {
  MapWriter map;
  map.key("aa").integer(5);
  map.simpleKey(59).integer(6);
  map.key(-1).integer(3);
  map.key(100).integer(2);
  map.key("b").integer(4);
  map.key(10).integer(1);
  const auto encoded = map.take();
  EXPECT_EQ(hex(encoded), "a60a01186402200361620462616105f83b06");
  EXPECT_TRUE(cbor::decode(encoded).ok());
}

TEST(CborWriterTest, ReadsBackEveryHeadSize) {
  for (int shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t delta : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
      const std::uint64_t value = (std::uint64_t{1} << shift) + delta;
      const auto encoded = Writer().unsignedInteger(value).take();
      ASSERT_EQ(cbor::decode(encoded)->root().unsignedInteger(), value);
    }
  }
}

}  // namespace
}  // namespace liangma::test
