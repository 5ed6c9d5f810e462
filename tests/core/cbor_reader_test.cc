// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "cbor/reader.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using cbor::decode;
using cbor::Type;
using forge::fromHex;

/// The id of the fault in some hex; "ok" without one.
std::string_view faultIn(std::string_view hex) {
  return refusalId(decode(fromHex(hex)));
}

TEST(CborReaderTest, ReadsIntegersToTheirLimits) {
  EXPECT_EQ(decode(fromHex("00"))->root().integer(), 0);
  EXPECT_EQ(decode(fromHex("3903e7"))->root().integer(), -1000);
  EXPECT_EQ(decode(fromHex("1b7fffffffffffffff"))->root().integer(), INT64_MAX);
  EXPECT_EQ(decode(fromHex("3b7fffffffffffffff"))->root().integer(), INT64_MIN);
  EXPECT_EQ(decode(fromHex("1bffffffffffffffff"))->root().unsignedInteger(), UINT64_MAX);
  EXPECT_EQ(decode(fromHex("1bffffffffffffffff"))->root().integer(), std::nullopt);
  EXPECT_EQ(decode(fromHex("3b8000000000000000"))->root().integer(), std::nullopt);
  EXPECT_EQ(decode(fromHex("20"))->root().unsignedInteger(), std::nullopt);
}

TEST(CborReaderTest, ReadsFloatsOfEachSize) {
  EXPECT_EQ(decode(fromHex("f93e00"))->root().floating(), 1.5);
  EXPECT_EQ(decode(fromHex("f90001"))->root().floating(), 5.960464477539063e-8);
  EXPECT_EQ(decode(fromHex("fa47c35000"))->root().floating(), 100000.0);
  EXPECT_EQ(decode(fromHex("fb3ff199999999999a"))->root().floating(), 1.1);
  EXPECT_TRUE(std::isnan(decode(fromHex("f97e00"))->root().floating()));
  EXPECT_TRUE(std::signbit(decode(fromHex("f98000"))->root().floating()));
}

TEST(CborReaderTest, WalksArraysMapsAndTags) {
  const auto bytes = fromHex("d2 83 01 a2 01 02 20 63 e6b0b4 42 0102");
  const auto document = decode(bytes).value();
  const auto root = document.root();
  ASSERT_TRUE(root.is(Type::Tag));
  EXPECT_EQ(root.argument(), 18u);
  ASSERT_TRUE(root.first().isArray(3));
  const auto map = root.first().at(1);
  EXPECT_EQ(map.find(1)->integer(), 2);
  EXPECT_EQ(map.find(-1)->text(), "水");
  EXPECT_FALSE(map.find(3).has_value());
  EXPECT_FALSE(root.first().find(1).has_value());
  EXPECT_EQ(root.first().at(2).bytes()->size(), 2u);
  EXPECT_EQ(root.first().at(2).text(), std::nullopt);
  EXPECT_EQ(forge::hex(map.encoded()), "a201022063e6b0b4");
}

TEST(CborReaderTest, RefusesLongerHeadsThanNeeded) {
  for (const char* hex : {"1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817", "580100", "590001ff",
                          "7801 61", "9801 00", "b801 00 00", "d801 00", "81 1817"})
    EXPECT_EQ(faultIn(hex), "cbor.not-shortest") << hex;
  for (const char* hex :
       {"fa3fc00000", "fb3ff8000000000000", "fa00000000", "fb36a0000000000000", "fa33800000", "fa7f800000",
        "fb7ff0000000000000", "f97e01", "f9fe00", "fa7fc00000", "fb7ff8000000000000"})
    EXPECT_EQ(faultIn(hex), "cbor.not-shortest") << hex;
}

TEST(CborReaderTest, RefusesBigNumbersThatAreIntegersOrPadded) {
  for (const char* hex : {"c240", "c24101", "c348ffffffffffffffff", "c249000000000000000001", "81c24100"})
    EXPECT_EQ(faultIn(hex), "cbor.not-shortest") << hex;
  for (const char* hex : {"c249010000000000000000", "c349010000000000000000", "c201", "c44101", "c280"})
    EXPECT_EQ(faultIn(hex), "ok") << hex;
}

TEST(CborReaderTest, KeepsFloatsThatNeedTheirSize) {
  for (const char* hex :
       {"fa33000000", "fa38801000", "fa47800000", "fb3690000000000001", "fb47f0000000000000"})
    EXPECT_EQ(faultIn(hex), "ok") << hex;
}

TEST(CborReaderTest, RefusesIndefiniteLengths) {
  for (const char* hex :
       {"5f41 00 ff", "7f6161ff", "9fff", "9f01ff", "bf0102ff", "81 9fff", "5fff", "7fff", "bfff"})
    EXPECT_EQ(faultIn(hex), "cbor.indefinite-length") << hex;
}

TEST(CborReaderTest, RefusesReservedHeads) {
  for (const char* hex :
       {"1c", "1d", "1e", "1f", "3c",   "3f",   "5c",   "7d",   "9e",   "bc",     "dc",   "df 00",
        "fc", "fd", "fe", "ff", "f800", "f818", "f81f", "81ff", "a1ff", "a100ff", "81fc", "c11c"})
    EXPECT_EQ(faultIn(hex), "cbor.malformed") << hex;
}

TEST(CborReaderTest, RefusesTruncationAndTrailingBytes) {
  for (const char* hex : {"", "18", "19 00", "1a 000000", "1b 00000000000000", "41", "43 0102", "62 61", "81",
                          "82 01", "a1", "a1 01", "c1", "f9 00", "5a 00010000", "d8"})
    EXPECT_EQ(faultIn(hex), "cbor.truncated") << hex;
  for (const char* hex : {"0000", "8000", "a000", "f6ff", "4100ff", "c10000"})
    EXPECT_EQ(faultIn(hex), "cbor.trailing-bytes") << hex;
}

TEST(CborReaderTest, RefusesRepeatedAndUnsortedKeys) {
  for (const char* hex : {"a2 0100 0100", "a2 616101 616102", "a2 8000 8001", "a2 f500 f501"})
    EXPECT_EQ(faultIn(hex), "cbor.duplicate-key") << hex;
  for (const char* hex :
       {"a2 0200 0100", "a2 616201 616101", "a2 2000 0100", "a2 181800 0a00", "a1 01 a2 0200 0100"})
    EXPECT_EQ(faultIn(hex), "cbor.key-order") << hex;
}

TEST(CborReaderTest, RefusesTextThatIsNotUtf8) {
  for (const char* hex : {"61 ff", "61 80", "62 c080", "62 c1bf", "63 eda080", "63 e08080", "64 f0808080",
                          "64 f4908080", "64 f5808080", "62 c3 28", "61 c3"})
    EXPECT_EQ(faultIn(hex), "cbor.utf8") << hex;
}

TEST(CborReaderTest, CountsDepth) {
  const auto nested = [](int arrays) {
    Bytes bytes(static_cast<std::size_t>(arrays) - 1, 0x81);
    bytes.push_back(0x80);
    return bytes;
  };
  EXPECT_TRUE(decode(nested(16)).ok());
  EXPECT_REFUSED("cbor.too-deep", decode(nested(17)));
  EXPECT_REFUSED("cbor.too-deep", decode(Bytes(16000, 0x81)));
  EXPECT_REFUSED("cbor.too-deep", decode(Bytes(16000, 0xc1)));
  EXPECT_REFUSED("cbor.too-deep", decode(nested(3), {100, 2}));
}

TEST(CborReaderTest, LimitsSize) {
  EXPECT_TRUE(decode(forge::bytes(Bytes(100)), {102, 16}).ok());
  EXPECT_REFUSED("cbor.too-large", decode(forge::bytes(Bytes(100)), {101, 16}));
}

TEST(CborReaderTest, BelievesNoLengthThatTheInputCannotHold) {
  for (const char* hex : {"5b7fffffffffffffff", "7bffffffffffffffff", "9b00000001ffffffff",
                          "bbffffffffffffffff", "9a7fffffff", "ba7fffffff", "5affffffff"}) {
    const auto fault = faultIn(hex);
    EXPECT_TRUE(fault == "cbor.truncated" || fault == "cbor.too-large") << hex << " " << fault;
  }
}

TEST(CborReaderTest, EveryTruncationOfADocumentIsRefused) {
  const auto whole = fromHex("d284 43a10126 a1 04 42 3131 83 f5 f6 fb3ff199999999999a 63e6b0b4");
  ASSERT_TRUE(decode(whole).ok());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_REFUSED("cbor.truncated", decode(ByteView(whole).first(size)));
}

}  // namespace
}  // namespace liangma::test
