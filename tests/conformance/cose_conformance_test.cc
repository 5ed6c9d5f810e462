// SPDX-License-Identifier: Apache-2.0
#include "cose.h"
#include "key_binding.h"
#include "liangma/base45.h"
#include "liangma/inspect.h"
#include "liangma/key_proof.h"
#include "outside.h"
#include "vectorgen/world.h"

namespace liangma::outside {
namespace {

struct CoseVectors : OutsideTest {
  CoseVectors() : OutsideTest("cose") {}
  Bytes token(const fs::path& file) const { return hexIn(readJson(root / file).at("output"), "cbor"); }
};

/// How far a COSE_Sign1 gets without a key: "ok" if its algorithm is ours.
std::string idOf(const Bytes& encoded) {
  const auto document = cbor::decode(encoded);
  if (!document.ok()) return std::string(errcId(document.code()));
  const auto sign1 = cose::parseSign1(document->root());
  if (!sign1.ok()) return std::string(errcId(sign1.code()));
  const auto header = cbor::decode(sign1->protectedHeader.empty()
                                       ? Bytes{0xa0}
                                       : Bytes(sign1->protectedHeader.begin(), sign1->protectedHeader.end()));
  if (!header.ok()) return std::string(errcId(header.code()));
  return std::string(errcId(cose::checkAlgorithm(header->root()).code()));
}

bool verifies(const Bytes& encoded, const PublicKey& key) {
  const auto document = cbor::decode(encoded).value();
  const auto sign1 = cose::parseSign1(document.root()).value();
  return cose::verifySign1(sign1.protectedHeader, sign1.payload, sign1.signature, key);
}

/// Every reader of ours refuses it, and none stumbles.
void expectRefusedEverywhere(const Bytes& encoded) {
  const auto trust = world::trust();
  const std::string raw(encoded.begin(), encoded.end());
  EXPECT_FALSE(parseCredential(encoded).ok());
  EXPECT_FALSE(parseKeyBinding(encoded).ok());
  EXPECT_FALSE(openKeyProof(encoded, "330100", Bytes(16), world::kNow).ok());
  for (const auto prefix : {kLivePrefix, kPaperPrefix, kRequestPrefix, kSealedPrefix}) {
    const auto text = std::string(prefix) + encodeBase45(encoded);
    EXPECT_EQ(verify(text, {trust, world::kNow}).decision, Decision::Refuse);
    EXPECT_FALSE(openRequest(text, trust, world::kNow).ok());
  }
  const PublicKey pinned[] = {world::signingKey(world::kRoot).publicKey()};
  EXPECT_FALSE(openTrustList(encoded, pinned, 0, world::kNow).ok());
  EXPECT_FALSE(inspect(raw).kind.empty());
}

TEST_F(CoseVectors, Ed25519IsVerified) {
  const auto json = readJson(root / "eddsa-examples/eddsa-sig-01.json");
  const auto encoded = token("eddsa-examples/eddsa-sig-01.json");
  const auto key = PublicKey::fromRaw(hexIn(json.at("input").at("sign0").at("key"), "x_hex")).value();
  EXPECT_EQ(idOf(encoded), "ok");
  EXPECT_TRUE(verifies(encoded, key));
  const auto document = cbor::decode(encoded).value();
  const auto sign1 = cose::parseSign1(document.root()).value();
  EXPECT_EQ(cose::toBeSigned(sign1.protectedHeader, sign1.payload),
            hexIn(json.at("intermediates"), "ToBeSign_hex"));
  for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
    auto flipped = encoded;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    // The unprotected kid (7 bytes behind the protected header) is not signed.
    const bool inUnprotected = bit / 8 >= 8 && bit / 8 < 13;
    EXPECT_TRUE(inUnprotected || idOf(flipped) != "ok" || !verifies(flipped, key)) << bit;
  }
  expectRefusedEverywhere(encoded);
  count("Ed25519, verified");
}

TEST_F(CoseVectors, TheRestIsRefusedWithItsReason) {
  const std::map<std::string, std::string> others = {
      {"sign-fail-01.json", "cose.shape"},  // another tag
      {"eddsa-01.json", "cose.shape"},      // a COSE_Sign
      {"eddsa-02.json", "cose.shape"},      // a COSE_Sign
      {"A_4.json", "cose.shape"},           // a COSE_Mac0
      {"A_5.json", "cose.shape"},           // a COSE_Encrypt0
      {"A_6.json", "cose.shape"},           // a COSE_Encrypt0 around a COSE_Sign1
      {"A_7.json", "cose.shape"},           // a COSE_Mac0
      {"sign-pass-03.json", "cose.shape"},  // without its tag
      {"eddsa-sig-02.json", "ok"},          // Ed448: the same algorithm number
  };
  for (const auto& file : filesIn(root, ".json")) {
    const auto name = file.filename().string();
    if (name == "eddsa-sig-01.json") continue;
    const auto encoded = hexIn(readJson(file).at("output"), "cbor");
    const auto found = others.find(name);
    EXPECT_EQ(idOf(encoded), found == others.end() ? "cose.algorithm-unsupported" : found->second) << name;
    EXPECT_TRUE(idOf(encoded) != "ok" || !verifies(encoded, world::signingKey(world::kIssuer).publicKey()))
        << name;
    expectRefusedEverywhere(encoded);
    count("others, refused");
  }
  EXPECT_EQ(counted("others, refused"), 17);
}

}  // namespace
}  // namespace liangma::outside
