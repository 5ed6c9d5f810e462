// SPDX-License-Identifier: Apache-2.0
#include "cose.h"

#include "cbor/writer.h"
#include "fixture.h"
#include "profile.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using cbor::Writer;
using forge::fromHex;

std::string_view faultInSign1(std::string_view hex) {
  const auto encoded = fromHex(hex);
  const auto document = cbor::decode(encoded).value();
  return refusalId(cose::parseSign1(document.root()));
}

std::string_view faultInSign(std::string_view hex) {
  const auto encoded = fromHex(hex);
  const auto document = cbor::decode(encoded).value();
  return refusalId(cose::parseSign(document.root()));
}

std::string_view faultInKey(std::string_view hex) {
  const auto encoded = fromHex(hex);
  const auto document = cbor::decode(encoded).value();
  return refusalId(cose::parseCoseKey(document.root()));
}

std::string_view faultInHeader(std::string_view hex) {
  return refusalId(profile::readHeader(fromHex(hex), profile::kTypSdCwt));
}

TEST(CoseTest, TakesASign1Apart) {
  const auto encoded = fromHex("d2 84 43a10126 a1 04 423131 4101 420203");
  const auto document = cbor::decode(encoded).value();
  const auto sign1 = cose::parseSign1(document.root()).value();
  EXPECT_EQ(forge::hex(sign1.protectedHeader), "a10126");
  EXPECT_EQ(sign1.unprotected.count(), 1u);
  EXPECT_EQ(forge::hex(sign1.payload), "01");
  EXPECT_EQ(forge::hex(sign1.signature), "0203");
}

TEST(CoseTest, RefusesOtherShapes) {
  for (const char* hex : {"00", "80", "a0", "d2 a0", "d1 84 40 a0 40 40", "d8 62 84 40 a0 40 40",
                          "d2 83 40 a0 40", "d2 85 40 a0 40 40 40", "d2 84 a0 a0 40 40", "d2 84 40 80 40 40",
                          "d2 84 40 a0 f6 40", "d2 84 40 a0 40 60", "d2 d2 84 40 a0 40 40"})
    EXPECT_EQ(faultInSign1(hex), "cose.shape") << hex;
}

TEST(CoseTest, VerifiesWhatItSigns) {
  const auto key = makeKey(1);
  const Bytes header = fromHex("a10132"), payload = {1, 2, 3};
  const auto document = cose::sign1(header, fromHex("a0"), payload, key);
  const auto decoded = cbor::decode(document).value();
  const auto parts = cose::parseSign1(decoded.root()).value();
  EXPECT_TRUE(cose::verifySign1(parts.protectedHeader, parts.payload, parts.signature, key.publicKey()));
  EXPECT_FALSE(
      cose::verifySign1(parts.protectedHeader, parts.payload, parts.signature, makeKey(2).publicKey()));
  EXPECT_FALSE(cose::verifySign1(parts.protectedHeader, {}, parts.signature, key.publicKey()));
  EXPECT_FALSE(cose::verifySign1({}, parts.payload, parts.signature, key.publicKey()));
  EXPECT_FALSE(
      cose::verifySign1(parts.protectedHeader, parts.payload, parts.signature.first(63), key.publicKey()));
}

TEST(CoseTest, AcceptsBothNamesOfEd25519) {
  EXPECT_EQ(faultInHeader("a3 01 32 04 48 0102030405060708 10 190125"), "ok");
  EXPECT_EQ(faultInHeader("a3 01 27 04 48 0102030405060708 10 190125"), "ok");
}

TEST(CoseTest, NamesTheFaultOfAHeader) {
  EXPECT_EQ(faultInHeader("80"), "cose.shape");
  EXPECT_EQ(faultInHeader(""), "cbor.truncated");
  EXPECT_EQ(faultInHeader("a3 01 26 04 48 0102030405060708 10 190125"), "cose.algorithm-unsupported");
  EXPECT_EQ(faultInHeader("a3 01 33 04 48 0102030405060708 10 190125"), "cose.algorithm-unsupported");
  EXPECT_EQ(faultInHeader("a3 01 67 4564323535 3139 04 48 0102030405060708 10 190125"),
            "cose.algorithm-unsupported");
  EXPECT_EQ(faultInHeader("a2 04 48 0102030405060708 10 190125"), "cose.algorithm-unsupported");
  EXPECT_EQ(faultInHeader("a4 01 32 02 81 10 04 48 0102030405060708 10 190125"), "cose.header-unknown");
  EXPECT_EQ(faultInHeader("a4 01 32 03 00 04 48 0102030405060708 10 190125"), "cose.header-unknown");
  EXPECT_EQ(faultInHeader("a3 01 32 03 00 10 190125"), "cose.header-unknown");
  EXPECT_EQ(faultInHeader("a3 01 32 04 47 01020304050607 10 190125"), "cose.header-unknown");
  EXPECT_EQ(faultInHeader("a3 01 32 04 68 3132333435363738 10 190125"), "cose.header-unknown");
  EXPECT_EQ(faultInHeader("a2 01 32 04 48 0102030405060708"), "cose.type-wrong");
  EXPECT_EQ(faultInHeader("a3 01 32 04 48 0102030405060708 10 190126"), "cose.type-wrong");
  EXPECT_EQ(faultInHeader("a3 01 32 04 48 0102030405060708 10 63 323933"), "cose.type-wrong");
}

TEST(CoseTest, ReadsAKeyAndNothingElse) {
  const std::string x = forge::hex(makeKey(1).publicKey().raw32());
  EXPECT_EQ(faultInKey("a3 01 01 20 06 21 5820" + x), "ok");
  EXPECT_EQ(faultInKey("80"), "cose.key-shape");
  EXPECT_EQ(faultInKey("a2 01 01 20 06"), "cose.key-shape");
  EXPECT_EQ(faultInKey("a2 01 01 21 5820" + x), "cose.key-shape");
  EXPECT_EQ(faultInKey("a3 01 02 20 06 21 5820" + x), "cose.key-shape");
  EXPECT_EQ(faultInKey("a3 01 01 20 04 21 5820" + x), "cose.key-shape");
  EXPECT_EQ(faultInKey("a3 01 01 20 06 21 581f" + x.substr(2)), "cose.key-shape");
  EXPECT_EQ(faultInKey("a3 01 01 20 06 21 60"), "cose.key-shape");
  EXPECT_EQ(faultInKey("a4 01 01 20 06 21 5820" + x + "23 5820" + x), "cose.key-shape");
}

TEST(CoseTest, RefusesOtherShapesOfASign) {
  for (const char* hex :
       {"84 40 a0 40 80", "d2 84 40 a0 40 80", "d8 62 a0", "d8 62 84 40 a0 40 40", "d8 62 84 40 a0 40 81 80",
        "d8 62 84 40 a0 40 81 83 40 a0 40", "d8 62 84 40 a0 40 81 83 40 a0 60", "d8 62 84 40 a0 f6 80"})
    EXPECT_EQ(faultInSign(hex), "cose.shape") << hex;
  const std::string signature = "5840" + std::string(128, '0');
  EXPECT_EQ(faultInSign("d8 62 84 40 a0 40 81 83 40 a0" + signature), "ok");
  EXPECT_EQ(faultInSign("d8 62 84 40 a1 01 02 40 80"), "cose.header-unknown");
  EXPECT_EQ(faultInSign("d8 62 84 40 a0 40 81 83 40 a1 01 02" + signature), "cose.header-unknown");
}

}  // namespace
}  // namespace liangma::test
