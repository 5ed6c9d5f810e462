// SPDX-License-Identifier: Apache-2.0
//
// Another project's codes with our algorithm: Base45, zlib, COSE and Ed25519 are followed to the end, and the
// profile is refused.
#include <zlib.h>

#include "cose.h"
#include "liangma/base45.h"
#include "liangma/inspect.h"
#include "outside.h"
#include "vectorgen/world.h"

namespace liangma::outside {
namespace {

std::optional<Bytes> inflated(const Bytes& deflated) {
  Bytes bytes(1 << 16);
  uLongf size = bytes.size();
  if (uncompress(bytes.data(), &size, deflated.data(), deflated.size()) != Z_OK) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

struct Claim169 : OutsideTest {
  Claim169() : OutsideTest("claim-169") {}
  std::string text(const fs::path& file) const {
    return readJson(root / file).at("qr_data").get<std::string>();
  }
};

TEST_F(Claim169, TheGenuineOneIsFollowedToItsSignatureAndRefused) {
  const auto json = readJson(root / "valid/ed25519-signed.json");
  const auto encoded = inflated(decodeBase45(text("valid/ed25519-signed.json")).value()).value();
  const auto document = cbor::decode(encoded);
  ASSERT_TRUE(document.ok()) << errcId(document.code());
  const auto sign1 = cose::parseSign1(document->root());
  ASSERT_TRUE(sign1.ok());
  const auto key = PublicKey::fromRaw(hexIn(json.at("signing_key"), "public_key_hex")).value();
  EXPECT_TRUE(cose::verifySign1(sign1->protectedHeader, sign1->payload, sign1->signature, key));
  const auto claims = cbor::decode(sign1->payload);
  ASSERT_TRUE(claims.ok()) << errcId(claims.code());
  EXPECT_EQ(claims->root().find(1)->text(), "https://mosip.example.org");
  EXPECT_EQ(claims->root().find(4)->integer(), 1800000000);
  EXPECT_EQ(errcId(parseCredential(encoded).code()), "cose.type-wrong");
  count("valid, verified, profile refused");
}

TEST_F(Claim169, InvalidOnesFailWhereTheySay) {
  EXPECT_FALSE(decodeBase45(text("invalid/bad-base45.json")).ok());
  EXPECT_FALSE(inflated(decodeBase45(text("invalid/bad-zlib.json")).value()).has_value());
  const auto encoded = inflated(decodeBase45(text("invalid/not-cose.json")).value()).value();
  EXPECT_EQ(errcId(parseCredential(encoded).code()), "cose.shape");
}

TEST_F(Claim169, NoneIsACodeOfOurs) {
  const auto trust = world::trust();
  for (const auto& file : filesIn(root, ".json")) {
    const auto code = readJson(file).at("qr_data").get<std::string>();
    EXPECT_EQ(idOf(verify(code, {trust, world::kNow})), "format.prefix-unknown") << file;
    const auto verdict = verify(std::string(kLivePrefix) + code, {trust, world::kNow});
    EXPECT_EQ(verdict.decision, Decision::Refuse) << file;
    EXPECT_FALSE(verdict.code.has_value()) << file;
    EXPECT_FALSE(inspect(code).kind.empty());
    count("codes, refused");
  }
  EXPECT_EQ(counted("codes, refused"), 6);
}

}  // namespace
}  // namespace liangma::outside
