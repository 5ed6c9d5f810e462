// SPDX-License-Identifier: Apache-2.0
#include "liangma/inspect.h"

#include <algorithm>

#include "fixture.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

std::string_view view(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string problemOf(std::string_view anything) {
  const auto inspection = inspect(anything);
  return inspection.problem ? std::string(errcId(inspection.problem->code)) : "none";
}

bool says(const Inspection& inspection, std::string_view label, std::string_view value) {
  return std::any_of(inspection.lines.begin(), inspection.lines.end(), [&](const InspectionLine& line) {
    return line.label.find(label) != std::string::npos && line.value.find(value) != std::string::npos;
  });
}

/// Everything that an explanation must be, whatever it explains.
void expectSound(std::string_view anything) {
  const auto inspection = inspect(anything);
  ASSERT_FALSE(inspection.kind.empty());
  ASSERT_LE(inspection.lines.size(), 2000u);
  for (const auto& line : inspection.lines) {
    ASSERT_GE(line.depth, 0);
    ASSERT_LE(line.depth, 32);
    for (const std::string& text : {line.label, line.value})
      for (const unsigned char c : text) ASSERT_TRUE(c >= 0x20 && c != 0x7f) << static_cast<int>(c);
  }
}

class InspectTest : public testing::Test {
 protected:
  World world;
};

TEST_F(InspectTest, NamesEveryKindOfOurs) {
  const auto random = noise(64);
  Entropy entropy(random);
  const auto paper =
      makePaperCode({"330100", kNow, kNow + 60, world.claims().code}, world.issuer, entropy).value();
  const auto sealed = sealAnswer(world.answer(), world.sealing.public32(), entropy).value();
  EXPECT_EQ(inspect(world.live()).kind, "live-code");
  EXPECT_EQ(inspect(world.answer()).kind, "live-code");
  EXPECT_EQ(inspect(world.request()).kind, "request");
  EXPECT_EQ(inspect(sealed).kind, "sealed-answer");
  EXPECT_EQ(inspect(paper).kind, "paper-code");
  EXPECT_EQ(inspect(view(world.issue(world.claims()))).kind, "credential");
  EXPECT_EQ(inspect(view(world.signedTrust(world.content()))).kind, "trust-list");
  EXPECT_EQ(inspect(view(*makeKeyProof(world.device, "330100", noise(16), kNow))).kind, "key-proof");
  for (const std::string& text : {world.live(), world.request(), sealed, paper})
    EXPECT_EQ(problemOf(text), "none");
}

TEST_F(InspectTest, ExplainsTheLayersOfALiveCode) {
  const auto inspection = inspect(world.answer());
  EXPECT_TRUE(says(inspection, "masked name", "张*三"));
  EXPECT_TRUE(says(inspection, "colour", "green"));
  EXPECT_TRUE(says(inspection, "iat", "2020-02-21T00:00:00Z"));
  EXPECT_TRUE(says(inspection, "aud", "hz-first"));
  EXPECT_TRUE(says(inspection, "typ", "293"));
}

TEST_F(InspectTest, NamesOtherSystemsAndFaults) {
  EXPECT_EQ(inspect("HC1:6BFOXN").kind, "eu-dcc");
  EXPECT_EQ(problemOf("HC1:6BFOXN"), "format.other-system");
  EXPECT_EQ(inspect("https://example.org").kind, "url");
  EXPECT_EQ(problemOf(""), "format.empty");
  EXPECT_EQ(problemOf("   \n"), "format.empty");
  EXPECT_EQ(problemOf("hello"), "format.prefix-unknown");
  EXPECT_EQ(problemOf("LM1:0"), "base45.length");
  EXPECT_EQ(problemOf("LM1:000"), "cbor.trailing-bytes");
  EXPECT_EQ(problemOf(std::string((1 << 20) + 1, 'a')), "format.too-long");
  EXPECT_EQ(inspect("hello").kind, "unknown");
}

TEST_F(InspectTest, SaysWhereCborIsWrong) {
  const auto credential = world.issue(world.claims());
  for (std::size_t size = 4; size < credential.size(); ++size) {  // three bytes are two letters in UTF-8
    const auto cut = inspect(view(credential).substr(0, size));
    ASSERT_TRUE(cut.problem) << size;
    ASSERT_EQ(errcId(cut.problem->code), "cbor.truncated") << size;
    ASSERT_EQ(cut.problemOffset, size);
  }
  const auto wrong = inspect(view(forge::fromHex("83 01 1801 02")));
  EXPECT_EQ(errcId(wrong.problem->code), "cbor.not-shortest");
  EXPECT_EQ(wrong.problemOffset, 2u);
  const auto inside = inspect(view(forge::fromHex("d2 84 43 a10126 a0 42 1801 40")));
  EXPECT_EQ(errcId(inside.problem->code), "cbor.not-shortest");
  EXPECT_EQ(inside.problemOffset, 8u);
  EXPECT_FALSE(inspect("hello").problemOffset);
}

TEST_F(InspectTest, TakesATrustListApart) {
  const auto inspection = inspect(view(world.signedTrust(world.content())));
  EXPECT_TRUE(says(inspection, "version", ""));
  EXPECT_TRUE(says(inspection, "2 names", "map of"));
  EXPECT_TRUE(says(inspection, "alg", "-19 (Ed25519)"));
  EXPECT_FALSE(inspection.problem);
}

TEST_F(InspectTest, NamesWhatIsDisclosed) {
  const auto inspection = inspect(view(world.issue(world.claims())));
  EXPECT_TRUE(says(inspection, "disclosure", "-65538 identity"));
  EXPECT_TRUE(says(inspection, "disclosure", "1 fullName"));
  EXPECT_TRUE(says(inspection, "value", "张小三"));
}

TEST_F(InspectTest, ForgivesBlanksAroundAText) {
  EXPECT_EQ(inspect("  " + world.live() + "\r\n").kind, "live-code");
}

TEST_F(InspectTest, EscapesWhatATerminalWouldObey) {
  expectSound("\x1b[31mred\x07");
  expectSound(view(forge::text("\x1b]0;title\x07")));
  expectSound(view(forge::text("a\u202eb")));
  expectSound(view(forge::Map().setRaw(forge::text("\x1b[2J"), forge::integer(1)).encode()));
  const auto key = inspect(view(forge::Map().setRaw(forge::text("\x1b[2J"), forge::integer(1)).encode()));
  EXPECT_TRUE(says(key, "\\x1b", ""));
}

TEST_F(InspectTest, StaysBoundedOnHostileInput) {
  expectSound(view(Bytes(100000, 0x81)));
  expectSound(view(Bytes(100000, 0xd2)));
  Bytes wide = {0x99, 0xff, 0xff};
  wide.insert(wide.end(), 65535, 0x00);
  expectSound(view(wide));
}

TEST_F(InspectTest, ExplainsAnyBytes) {
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    const auto bytes = noise(seed % 70, seed);
    expectSound(view(bytes));
    expectSound("LM1:" + encodeBase45(bytes));
  }
}

TEST_F(InspectTest, ExplainsEveryTruncationAndManyFlips) {
  const auto live = world.live();
  for (std::size_t size = 0; size < live.size(); ++size) expectSound(std::string_view(live).substr(0, size));
  const auto token = decodeBase45(std::string_view(live).substr(4)).value();
  for (std::size_t bit = 0; bit < token.size() * 8; bit += 3) {
    auto flipped = token;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    expectSound(view(flipped));
  }
}

}  // namespace
}  // namespace liangma::test
