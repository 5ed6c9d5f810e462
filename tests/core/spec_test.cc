// SPDX-License-Identifier: Apache-2.0
//
// The examples of core/SPEC.md, section 12, are what core makes of the same keys, clocks and entropy.
#include <fstream>
#include <sstream>

#include "fixture.h"
#include "vectorgen/forge.h"
#include "vectorgen/world.h"

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

class SpecTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto spec = readFile("core/SPEC.md");
    ASSERT_FALSE(spec.empty()) << "run from the project's folder";
    blocks = blocksOf(std::string_view(spec).substr(spec.find("## 12")));
    ASSERT_EQ(blocks.size(), 10u);
  }
  std::vector<std::string> blocks;
};

TEST_F(SpecTest, CredentialAndLiveCode) {
  EXPECT_EQ(forge::hex(world::issue(world::claims())), blocks[0]);
  EXPECT_EQ(forge::hex(*decodeBase45(std::string_view(world::live()).substr(4))), blocks[1]);
  EXPECT_EQ(world::live(), blocks[2]);
}

TEST_F(SpecTest, RequestAndAnswer) {
  EXPECT_EQ(world::request(), blocks[3]);
  EXPECT_EQ(world::answer(), blocks[4]);
  EXPECT_EQ(world::sealedAnswer(), blocks[5]);
}

TEST_F(SpecTest, PaperCodeAndKeyProof) {
  EXPECT_EQ(world::paper(), blocks[6]);
  EXPECT_EQ(forge::hex(world::keyProof()), blocks[7]);
}

TEST_F(SpecTest, TrustList) {
  EXPECT_EQ(forge::hex(world::signTrust(world::trustContent())), blocks[8]);
}

TEST_F(SpecTest, StatusList) {
  EXPECT_EQ(forge::hex(world::statusList()), blocks[9]);
}

TEST_F(SpecTest, AVerifierAdmitsTheLiveCodeWhenItSays) {
  const auto trust = world::trust();
  EXPECT_EQ(verify(blocks[2], {trust, kNow + 49}).decision, Decision::Refuse);
  EXPECT_EQ(verify(blocks[2], {trust, kNow + 50}).decision, Decision::Admit);
  EXPECT_EQ(verify(blocks[2], {trust, kNow + 80}).decision, Decision::Admit);
  EXPECT_EQ(verify(blocks[2], {trust, kNow + 81}).decision, Decision::Refuse);
}

}  // namespace
}  // namespace liangma::test
