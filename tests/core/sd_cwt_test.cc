// SPDX-License-Identifier: Apache-2.0
#include "sd_cwt.h"

#include "crypto/crypto.h"
#include "fixture.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::hex;

ByteArray<16> salt(std::uint8_t fill) {
  ByteArray<16> salt16;
  salt16.fill(fill);
  return salt16;
}

Bytes entry(std::uint8_t fill, ByteView value, std::int64_t key) {
  return sdcwt::makeDisclosure(salt(fill), value, key);
}
Bytes element(std::uint8_t fill, ByteView value) {
  return forge::array({forge::bytes(salt(fill)), Bytes(value.begin(), value.end())});
}
Bytes decoy(std::uint8_t fill) {
  return forge::array({forge::bytes(salt(fill))});
}

/// `simple(59): [hashes…]` behind `rest`, which are encoded entries.
Bytes mapWith(std::size_t others, std::string_view rest, const std::vector<Bytes>& disclosures) {
  cbor::Writer writer;
  writer.map(others + 1).raw(fromHex(rest)).simple(sdcwt::kRedactedKeys).array(disclosures.size());
  for (const auto& disclosure : disclosures) writer.bytes(sdcwt::blindedHash32(disclosure));
  return writer.take();
}

Result<Bytes> resolve(const Bytes& payload, const std::vector<Bytes>& disclosures) {
  const auto document = cbor::decode(payload).value();
  return sdcwt::resolveClaims(document.root(), disclosures);
}

TEST(SdCwtTest, HashesTheDisclosureInsideAByteString) {
  const auto disclosure = decoy(1);
  EXPECT_EQ(sdcwt::blindedHash32(disclosure), crypto::sha256(forge::bytes(disclosure)));
  EXPECT_NE(sdcwt::blindedHash32(disclosure), crypto::sha256(disclosure));
}

TEST(SdCwtTest, PutsADisclosedClaimWhereItsHashStands) {
  const auto claim = entry(1, forge::text("a"), 5);
  EXPECT_EQ(hex(*resolve(mapWith(1, "07 08", {claim}), {claim})), "a20561610708");
  EXPECT_EQ(hex(*resolve(mapWith(1, "07 08", {claim}), {})), "a10708");
}

TEST(SdCwtTest, ResolvesClaimsInsideDisclosedClaims) {
  const auto inner = entry(1, forge::integer(9), 2);
  const auto outer = entry(2, mapWith(0, "", {inner}), -3);
  const auto payload = mapWith(0, "", {outer});
  EXPECT_EQ(hex(*resolve(payload, {outer, inner})), "a122a10209");
  EXPECT_EQ(hex(*resolve(payload, {inner, outer})), "a122a10209");
  EXPECT_EQ(hex(*resolve(payload, {outer})), "a122a0");
  EXPECT_REFUSED("disclosure.unmatched", resolve(payload, {inner}));
}

TEST(SdCwtTest, ResolvesArrayElementsAndDropsDecoys) {
  const auto shown = element(1, forge::integer(1)), hidden = element(2, forge::integer(2));
  cbor::Writer writer;
  writer.array(4).integer(0);
  for (const auto& disclosure : {shown, hidden, decoy(3)})
    writer.tag(sdcwt::kTagRedactedElement).bytes(sdcwt::blindedHash32(disclosure));
  EXPECT_EQ(hex(*resolve(writer.take(), {shown, decoy(3)})), "820001");
}

TEST(SdCwtTest, RefusesDisclosuresThatBelongNowhere) {
  const auto claim = entry(1, forge::integer(1), 5);
  EXPECT_REFUSED("disclosure.unmatched", resolve(fromHex("a10708"), {claim}));
  EXPECT_REFUSED("disclosure.unmatched", resolve(mapWith(0, "", {claim}), {entry(2, forge::integer(1), 5)}));
  EXPECT_REFUSED("disclosure.unmatched", resolve(mapWith(0, "", {claim}), {claim, decoy(4)}));
}

TEST(SdCwtTest, RefusesRepetition) {
  const auto claim = entry(1, forge::integer(1), 5), same = entry(2, forge::integer(2), 5);
  EXPECT_REFUSED("disclosure.duplicate", resolve(mapWith(0, "", {claim}), {claim, claim}));
  EXPECT_REFUSED("disclosure.duplicate", resolve(mapWith(0, "", {claim, claim}), {claim}));
  EXPECT_REFUSED("disclosure.duplicate", resolve(mapWith(0, "", {claim, same}), {claim, same}));
  EXPECT_REFUSED("disclosure.duplicate", resolve(mapWith(1, "05 08", {claim}), {claim}));
}

TEST(SdCwtTest, RefusesOtherShapes) {
  const std::string salt16(32, '1');
  for (const std::string& text : {std::string("a0"), std::string("80"), "81 4f" + salt16.substr(2),
                                  "81 51" + salt16 + "11", "84 50" + salt16 + "010203", std::string("81 01"),
                                  "83 50" + salt16 + "01 80", "83 50" + salt16 + "01 f6"}) {
    const auto disclosure = fromHex(text);
    EXPECT_REFUSED("disclosure.shape", resolve(mapWith(0, "", {disclosure}), {disclosure})) << text;
  }
  const auto claim = entry(1, forge::integer(1), 5);
  EXPECT_REFUSED("disclosure.shape",
                 resolve(mapWith(0, "", {element(1, forge::integer(1))}), {element(1, forge::integer(1))}));
  EXPECT_REFUSED("disclosure.shape", resolve(fromHex("a1 f83b 40"), {}));
  EXPECT_REFUSED("disclosure.shape", resolve(fromHex("a1 f83b 81 4101"), {}));
  EXPECT_REFUSED("disclosure.shape", resolve(fromHex("a1 01 d83c 40"), {}));
  EXPECT_REFUSED("disclosure.shape", resolve(fromHex("81 d83c 01"), {}));
  EXPECT_REFUSED("cbor.not-shortest", resolve(mapWith(0, "", {claim}), {fromHex("1817")}));
}

TEST(SdCwtTest, ReadsTheDisclosuresOfAHeader) {
  const auto read = [](std::string_view text) {
    const auto encoded = fromHex(text);
    const auto document = cbor::decode(encoded).value();
    return sdcwt::readDisclosures(document.root());
  };
  EXPECT_EQ(read("a0")->size(), 0u);
  EXPECT_EQ(read("a1 11 82 4101 4102")->size(), 2u);
  EXPECT_REFUSED("disclosure.shape", read("a1 11 80"));
  EXPECT_REFUSED("disclosure.shape", read("a1 11 4101"));
  EXPECT_REFUSED("disclosure.shape", read("a1 11 81 01"));
  std::string many = "a1 11 98 41";
  for (int i = 0; i < 65; ++i) many += " 40";
  EXPECT_REFUSED("disclosure.shape", read(many));
}

TEST(SdCwtTest, StopsAtDeepNesting) {
  std::vector<Bytes> disclosures;
  Bytes value = forge::integer(0);
  for (std::uint8_t i = 0; i < 40; ++i) {
    disclosures.push_back(entry(i, value, 1));
    value = mapWith(0, "", {disclosures.back()});
  }
  EXPECT_REFUSED("cbor.too-deep", resolve(value, disclosures));
}

}  // namespace
}  // namespace liangma::test
