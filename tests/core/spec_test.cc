// SPDX-License-Identifier: Apache-2.0
//
// The examples of core/SPEC.md, section 12, are what core makes of the same keys, clocks and entropy.
#include <fstream>
#include <numeric>
#include <sstream>

#include "cbor/reader.h"
#include "fixture.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

/// The fenced blocks of a Markdown section, line feeds taken out.
std::vector<std::string> blocksOf(std::string_view section) {
  std::vector<std::string> blocks;
  for (auto begin = section.find("```\n"); begin != section.npos; begin = section.find("```\n")) {
    section.remove_prefix(begin + 4);
    std::string block(section.substr(0, section.find("\n```")));
    std::erase(block, '\n');
    blocks.push_back(block);
    section.remove_prefix(section.find("\n```") + 4);
  }
  return blocks;
}

std::string readFile(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Bytes counting(std::size_t size, std::uint8_t from = 0) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), from);
  return bytes;
}

SigningKey key(std::uint8_t fill) {
  return SigningKey::fromSeed(Bytes(32, fill)).value();
}

class SpecTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto spec = readFile("core/SPEC.md");
    ASSERT_FALSE(spec.empty()) << "run from the project's folder";
    blocks = blocksOf(std::string_view(spec).substr(spec.find("## 12")));
    ASSERT_EQ(blocks.size(), 9u);
  }
  Bytes credential() const {
    const auto random = counting(70);
    Entropy entropy(random);
    CodeClaims code;
    code.colour = Colour::Green;
    code.maskedName = "张*三";
    code.idTail = "1239";
    code.statusIndex = 48 * (1 << 20) + 70000;
    return issueCredential({"330100",
                            kNow,
                            kNow + 86400,
                            device.publicKey(),
                            code,
                            {{IdentityClaim::FullName, "张小三"},
                             {IdentityClaim::IdNumber, "330106199001011239"},
                             {IdentityClaim::Phone, "13900000000"}}},
                           issuer, entropy)
        .value();
  }
  std::string request() const {
    return makeRequest({"hz-first",
                        kNow + 50,
                        kNow + 110,
                        Bytes(16, 0x15),
                        "registration",
                        {IdentityClaim::FullName, IdentityClaim::IdNumber, IdentityClaim::Phone},
                        "https://first.example/answers"},
                       hospital)
        .value();
  }
  TrustList trust() const {
    const PublicKey pinned[] = {key(0x10).publicKey()};
    return openTrustList(forge::fromHex(blocks[8]), pinned, 0, kNow).value();
  }

  SigningKey issuer = key(0x11), device = key(0x12), hospital = key(0x13);
  SealingKey sealing = SealingKey::fromSecret(Bytes(32, 0x14)).value();
  std::vector<std::string> blocks;
};

TEST_F(SpecTest, CredentialAndLiveCode) {
  EXPECT_EQ(forge::hex(credential()), blocks[0]);
  const auto live = makeLiveCode(*parseCredential(credential()), device, kNow + 60).value();
  EXPECT_EQ(live, blocks[2]);
  EXPECT_EQ(forge::hex(*decodeBase45(std::string_view(live).substr(4))), blocks[1]);
}

TEST_F(SpecTest, RequestAndAnswer) {
  EXPECT_EQ(request(), blocks[3]);
  const auto opened = openRequest(request(), trust(), kNow + 50).value();
  const auto answer =
      makeAnswer(opened, *parseCredential(credential()), device, opened.claims.wanted, kNow + 60).value();
  EXPECT_EQ(answer, blocks[4]);
  const auto random = counting(32, 0x80);
  Entropy entropy(random);
  EXPECT_EQ(sealAnswer(answer, sealing.public32(), entropy).value(), blocks[5]);
}

TEST_F(SpecTest, PaperCodeAndKeyProof) {
  const auto random = counting(6);
  Entropy entropy(random);
  const auto code = parseCredential(credential())->code;
  EXPECT_EQ(makePaperCode({"330100", kNow, kNow + 7 * 86400, code}, issuer, entropy).value(), blocks[6]);
  EXPECT_EQ(forge::hex(*makeKeyProof(device, "330100", Bytes(16, 0x15), kNow)), blocks[7]);
}

TEST_F(SpecTest, TrustListReadsAndWritesTheSame) {
  const auto root = key(0x10);
  const SigningKey* roots[] = {&root};
  EXPECT_EQ(forge::hex(*signTrustList(trust().content(), roots)), blocks[8]);
}

TEST_F(SpecTest, AVerifierAdmitsTheLiveCodeWhenItSays) {
  EXPECT_EQ(verify(blocks[2], {trust(), kNow + 49}).decision, Decision::Refuse);
  EXPECT_EQ(verify(blocks[2], {trust(), kNow + 50}).decision, Decision::Admit);
  EXPECT_EQ(verify(blocks[2], {trust(), kNow + 80}).decision, Decision::Admit);
  EXPECT_EQ(verify(blocks[2], {trust(), kNow + 81}).decision, Decision::Refuse);
}

}  // namespace
}  // namespace liangma::test
