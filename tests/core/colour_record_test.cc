// SPDX-License-Identifier: Apache-2.0
#include "liangma/colour_record.h"

#include "cose.h"
#include "fixture.h"
#include "profile.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::integer;
using forge::text;
using forge::Token;

class ColourRecordTest : public testing::Test {
 protected:
  static ColourRecord red() {
    ColourRecord record;
    record.issuer = "330100";
    record.madeAt = kNow;
    record.chain16.fill(7);
    record.event = "colour";
    record.actorRole = "reviewer";
    record.actor16.emplace().fill(9);
    record.colour = Colour::Red;
    record.region = "330106";
    record.rule = "CR-000000-COLOUR-RED";
    record.reasonClass = "contact";
    record.evidence = "laboratory";
    record.until = kNow + 14 * 86400;
    return record;
  }

  Bytes sign(const ColourRecord& record) const { return signColourRecord(record, world.issuer).value(); }
  Result<ColourRecord> open(ByteView encoded) const { return openColourRecord(encoded, content); }
  Result<ColourRecord> open(const Token& token) const { return open(token.encode()); }
  /// The record with one member of its map set to something else, signed by the issuer.
  Result<ColourRecord> openWith(std::int64_t member, const Bytes& value) const {
    const auto token = Token::read(sign(red()));
    const auto members =
        forge::Map::read(token.payloadMap().at(profile::kRecord)).set(member, value).encode();
    return open(token.withPayload(token.payloadMap().set(profile::kRecord, members)).signedBy(world.issuer));
  }
  static std::string_view built(void (*change)(ColourRecord&)) {
    auto record = red();
    change(record);
    return refusalId(signColourRecord(record, makeKey(11)));
  }

  World world;
  TrustContent content = world.content();
};

TEST_F(ColourRecordTest, ComesBackAsItWasSigned) {
  auto record = red();
  record.subject16.emplace().fill(3);
  record.tally = Tally{"log", 77, colourRecordDigest(Bytes{1})};
  const auto read = open(sign(record)).value();
  EXPECT_EQ(read.issuer, "330100");
  EXPECT_EQ(read.madeAt, kNow);
  EXPECT_EQ(read.chain16, record.chain16);
  EXPECT_EQ(read.actorRole, "reviewer");
  EXPECT_EQ(read.actor16, record.actor16);
  EXPECT_EQ(read.colour, Colour::Red);
  EXPECT_EQ(read.region, "330106");
  EXPECT_EQ(read.rule, record.rule);
  EXPECT_EQ(read.reasonClass, "contact");
  EXPECT_EQ(read.evidence, "laboratory");
  EXPECT_EQ(read.until, record.until);
  EXPECT_EQ(read.subject16, record.subject16);
  EXPECT_EQ(read.tally->count, 77u);
  EXPECT_EQ(read.tally->digest32, record.tally->digest32);
}

TEST_F(ColourRecordTest, AnActWithoutColourIsARecordToo) {
  ColourRecord record;
  record.issuer = "330100";
  record.madeAt = kNow;
  record.event = "signed-in";
  record.actorRole = "reviewer";
  const auto read = open(sign(record)).value();
  EXPECT_EQ(read.event, "signed-in");
  EXPECT_FALSE(read.colour || read.rule || read.until || read.actor16 || read.tally);
}

TEST_F(ColourRecordTest, IsTheIssuersAlone) {
  EXPECT_REFUSED("issuer.key-unknown", open(signColourRecord(red(), makeKey(66)).value()));
  auto record = red();
  record.issuer = "999999";
  EXPECT_REFUSED("issuer.unknown", open(sign(record)));
  record = red();
  record.madeAt = kNow - 1001;
  EXPECT_REFUSED("issuer.key-not-in-force", open(sign(record)));
  auto token = Token::read(sign(red()));
  token.signature[5] ^= 1;
  EXPECT_REFUSED("issuer.signature-bad", open(token));
}

TEST_F(ColourRecordTest, NoBitCanBeChanged) {
  const auto encoded = sign(red());
  for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
    auto flipped = encoded;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(open(flipped).ok()) << bit;
  }
}

TEST_F(ColourRecordTest, NoEndCanBeCutOff) {
  const auto encoded = sign(red());
  for (std::size_t size = 0; size < encoded.size(); ++size)
    ASSERT_FALSE(open(ByteView(encoded).first(size)).ok()) << size;
}

TEST_F(ColourRecordTest, IsNotMadeOutOfRange) {
  EXPECT_EQ(built([](ColourRecord& record) { record.issuer = ""; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.madeAt = -1; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.event = "Colour"; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.event = "appeal"; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.colour.reset(); }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.region.reset(); }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.rule = ""; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.reasonClass = "a b"; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.sequence = 1; }), "record.shape");
  EXPECT_EQ(built([](ColourRecord& record) { record.previous32[0] = 1; }), "record.shape");
}

TEST_F(ColourRecordTest, RefusesOtherShapes) {
  EXPECT_REFUSED("record.shape", openWith(14, integer(1)));
  EXPECT_REFUSED("record.shape", openWith(1, forge::bytes(Bytes(15))));
  EXPECT_REFUSED("record.shape", openWith(2, integer(-1)));
  EXPECT_REFUSED("record.shape", openWith(3, forge::bytes(Bytes(31))));
  EXPECT_REFUSED("record.shape", openWith(5, fromHex("80")));
  EXPECT_REFUSED("record.shape", openWith(5, fromHex("8201 01")));
  EXPECT_REFUSED("record.shape", openWith(6, integer(4)));
  EXPECT_REFUSED("record.shape", openWith(8, integer(4)));
  EXPECT_REFUSED("record.shape", openWith(11, integer(-4)));
  EXPECT_REFUSED("record.shape", openWith(13, fromHex("80")));
  const auto token = Token::read(sign(red()));
  EXPECT_REFUSED("record.shape",
                 open(token.withPayload(token.payloadMap().set(2, text("x"))).signedBy(world.issuer)));
  EXPECT_REFUSED("record.shape", open(token.withPayload(token.payloadMap().erase(1)).signedBy(world.issuer)));
  EXPECT_REFUSED("cose.type-wrong", open(token.withHeader(token.headerMap().set(16, text("lmt+cwt")))));
  EXPECT_REFUSED("cose.header-unknown", open(token.withUnprotected(fromHex("a10101"))));
  EXPECT_REFUSED("cose.shape", open(token.withSignature({})));
  EXPECT_REFUSED("cose.type-wrong", open(world.issue(world.claims())));
}

TEST_F(ColourRecordTest, StandsRightBehindTheOneBefore) {
  const auto first = red();
  const auto encoded = sign(first);
  auto next = red();
  next.sequence = 1;
  next.previous32 = colourRecordDigest(encoded);
  EXPECT_REFUSED("ok", checkColourRecordFollows(first, {}, nullptr));
  EXPECT_REFUSED("ok", checkColourRecordFollows(next, encoded, &first));
  EXPECT_REFUSED("record.chain-broken", checkColourRecordFollows(next, {}, nullptr));
  auto other = next;
  other.sequence = 2;
  EXPECT_REFUSED("record.chain-broken", checkColourRecordFollows(other, encoded, &first));
  other = next;
  other.chain16.fill(8);
  EXPECT_REFUSED("record.chain-broken", checkColourRecordFollows(other, encoded, &first));
  other = next;
  other.previous32[31] ^= 1;
  EXPECT_REFUSED("record.chain-broken", checkColourRecordFollows(other, encoded, &first));
  other = next;
  other.issuer = "330200";
  EXPECT_REFUSED("record.chain-broken", checkColourRecordFollows(other, encoded, &first));
}

TEST_F(ColourRecordTest, TheAuthoritysHeadDependsOnEveryRecordAndTheirOrder) {
  const auto a = colourRecordDigest(sign(red())), b = colourRecordDigest(Bytes{1});
  EXPECT_NE(colourLogHead(colourLogHead({}, a), b), colourLogHead(colourLogHead({}, b), a));
  EXPECT_NE(colourLogHead({}, a), a);
}

}  // namespace
}  // namespace liangma::test
