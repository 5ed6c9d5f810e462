// SPDX-License-Identifier: Apache-2.0
#include "liangma/key_proof.h"

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

class KeyProofTest : public testing::Test {
 protected:
  Result<PublicKey> open(ByteView given, UnixSeconds now = kNow) const {
    return openKeyProof(given, "330100", nonce, now);
  }
  Result<PublicKey> open(const Token& token) const { return open(token.encode()); }
  Result<PublicKey> openWith(std::int64_t claim, const Bytes& value) const {
    return open(proof.withPayload(proof.payloadMap().set(claim, value)).signedBy(device));
  }

  SigningKey device = makeKey(12);
  Bytes nonce = noise(16, 3);
  Bytes encoded = makeKeyProof(device, "330100", nonce, kNow).value();
  Token proof = Token::read(encoded);
};

TEST_F(KeyProofTest, GivesTheKeyThatSigned) {
  EXPECT_EQ(open(encoded).value(), device.publicKey());
}

TEST_F(KeyProofTest, IsForOneIssuerAndOneNonce) {
  EXPECT_REFUSED("audience.mismatch", openKeyProof(encoded, "330200", nonce, kNow));
  EXPECT_REFUSED("nonce.mismatch", openKeyProof(encoded, "330100", noise(16, 4), kNow));
  EXPECT_REFUSED("nonce.mismatch", openKeyProof(encoded, "330100", {}, kNow));
  EXPECT_REFUSED("audience.mismatch", openWith(profile::kAud, integer(330100)));
}

TEST_F(KeyProofTest, HoldsForFiveMinutes) {
  EXPECT_REFUSED("ok", open(encoded, kNow + 300));
  EXPECT_REFUSED("time.too-old", open(encoded, kNow + 301));
  EXPECT_REFUSED("ok", open(encoded, kNow - 300));
  EXPECT_REFUSED("time.future", open(encoded, kNow - 301));
}

TEST_F(KeyProofTest, RefusesAKeyThatDidNotSign) {
  const auto other = forge::Map().set(1, makeKey(13).publicKey().coseKey()).encode();
  EXPECT_REFUSED("holder.signature-bad", openWith(profile::kCnf, other));
  EXPECT_REFUSED("cose.shape", open(proof.withSignature({})));
  EXPECT_REFUSED("holder.signature-bad", open(proof.signedBy(makeKey(13))));
  EXPECT_REFUSED("holder.key-missing",
                 open(proof.withPayload(proof.payloadMap().erase(profile::kCnf).set(1, text("a")))));
  EXPECT_REFUSED("holder.key-missing", openWith(profile::kCnf, fromHex("80")));
  EXPECT_REFUSED("cose.key-shape", openWith(profile::kCnf, fromHex("a1 01 a0")));
}

TEST_F(KeyProofTest, RefusesOtherShapes) {
  EXPECT_REFUSED("cose.shape", openWith(profile::kIss, text("x")));
  EXPECT_REFUSED("cose.shape", openWith(profile::kIat, text("x")));
  EXPECT_REFUSED("cose.shape", openWith(profile::kNonce, text("x")));
  EXPECT_REFUSED("cose.shape", open(fromHex("80")));
  EXPECT_REFUSED("cose.type-wrong", open(proof.withHeader(proof.headerMap().set(16, text("lmr+cwt")))));
  EXPECT_REFUSED("cose.header-unknown",
                 open(proof.withHeader(proof.headerMap().set(4, forge::bytes(Bytes(8))))));
  EXPECT_REFUSED("cose.algorithm-unsupported", open(proof.withHeader(proof.headerMap().set(1, integer(-7)))));
  EXPECT_REFUSED("cose.header-unknown", open(proof.withUnprotected(fromHex("a10101"))));
  auto list = proof;
  list.header = fromHex("80");
  EXPECT_REFUSED("cose.shape", open(list));
}

TEST_F(KeyProofTest, NoBitCanBeChanged) {
  for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
    auto flipped = encoded;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(open(flipped).ok()) << bit;
  }
}

TEST_F(KeyProofTest, IsNotMadeOutOfRange) {
  EXPECT_REFUSED("misuse.argument", makeKeyProof(device, "", nonce, kNow));
  EXPECT_REFUSED("misuse.argument", makeKeyProof(device, "330100", noise(15), kNow));
  EXPECT_REFUSED("misuse.argument", makeKeyProof(device, "330100", noise(33), kNow));
  EXPECT_REFUSED("misuse.argument", makeKeyProof(device, "330100", nonce, -1));
}

class StatementTest : public testing::Test {
 protected:
  Result<SignedStatement> open(ByteView given, UnixSeconds now = kNow) const {
    return openStatement(given, "330100", nonce, now);
  }
  Result<SignedStatement> openWith(std::int64_t claim, const Bytes& value) const {
    const auto token = Token::read(encoded);
    return open(token.withPayload(token.payloadMap().set(claim, value)).signedBy(device).encode());
  }

  SigningKey device = makeKey(12);
  Bytes nonce = noise(32, 3);
  Statement statement{"declaration", R"({"form":"health","fields":{"symptoms":"none"}})"};
  Bytes encoded = makeStatement(device, statement, "330100", nonce, kNow).value();
};

TEST_F(StatementTest, GivesTheWordsAndTheKeyThatSigned) {
  const auto opened = open(encoded).value();
  EXPECT_EQ(opened.key, device.publicKey());
  EXPECT_EQ(opened.statement.kind, "declaration");
  EXPECT_EQ(opened.statement.content, statement.content);
}

TEST_F(StatementTest, IsForOneIssuerOneNonceAndFiveMinutes) {
  EXPECT_REFUSED("audience.mismatch", openStatement(encoded, "330200", nonce, kNow));
  EXPECT_REFUSED("nonce.mismatch", openStatement(encoded, "330100", noise(32, 4), kNow));
  EXPECT_REFUSED("ok", open(encoded, kNow + 300));
  EXPECT_REFUSED("time.too-old", open(encoded, kNow + 301));
  EXPECT_REFUSED("time.future", open(encoded, kNow - 301));
}

TEST_F(StatementTest, IsNoKeyProofAndAKeyProofIsNoStatement) {
  EXPECT_REFUSED("cose.type-wrong", openKeyProof(encoded, "330100", nonce, kNow));
  EXPECT_REFUSED("cose.type-wrong", open(makeKeyProof(device, "330100", nonce, kNow).value()));
}

TEST_F(StatementTest, RefusesOtherShapes) {
  EXPECT_REFUSED("statement.shape", openWith(profile::kStatement, fromHex("80")));
  EXPECT_REFUSED("statement.shape", openWith(profile::kStatement, fromHex("82 01 61 61")));
  EXPECT_REFUSED("statement.shape", openWith(profile::kStatement, fromHex("82 61 61 60")));
  EXPECT_REFUSED("statement.shape", openWith(profile::kStatement, fromHex("82 61 41 61 61")));
  EXPECT_REFUSED("cose.shape", openWith(profile::kIss, text("x")));
  const auto token = Token::read(encoded);
  EXPECT_REFUSED("holder.signature-bad", open(token.signedBy(makeKey(13)).encode()));
  EXPECT_REFUSED(
      "statement.shape",
      open(token.withPayload(token.payloadMap().erase(profile::kStatement)).signedBy(device).encode()));
}

TEST_F(StatementTest, NoBitCanBeChanged) {
  for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
    auto flipped = encoded;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    ASSERT_FALSE(open(flipped).ok()) << bit;
  }
}

TEST_F(StatementTest, IsNotMadeOutOfRange) {
  const auto made = [&](Statement given) { return makeStatement(device, given, "330100", nonce, kNow); };
  EXPECT_REFUSED("misuse.argument", made({"Declaration", "{}"}));
  EXPECT_REFUSED("misuse.argument", made({"declaration", ""}));
  EXPECT_REFUSED("misuse.argument", made({"declaration", std::string(kMaxStatementBytes + 1, 'x')}));
  EXPECT_REFUSED("misuse.argument", made({"declaration", "\xff"}));
}

}  // namespace
}  // namespace liangma::test
