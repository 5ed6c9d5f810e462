// SPDX-License-Identifier: Apache-2.0
#include "cose.h"
#include "liangma/base45.h"
#include "liangma/inspect.h"
#include "outside.h"
#include "vectorgen/world.h"

namespace liangma::outside {
namespace {

struct EuDcc : OutsideTest {
  EuDcc() : OutsideTest("eu-dcc") {}
};

TEST_F(EuDcc, AreAnotherSystemsCodes) {
  const auto trust = world::trust();
  for (const auto& file : filesIn(root, ".json")) {
    const auto code = readJson(file).at("PREFIX").get<std::string>();
    const auto verdict = verify(code, {trust, world::kNow});
    EXPECT_EQ(idOf(verdict), "format.other-system") << file;
    EXPECT_FALSE(verdict.code.has_value()) << file;
    EXPECT_EQ(openRequest(code, trust, world::kNow).code(), Errc::FormatOtherSystem) << file;
    EXPECT_EQ(inspect(code).kind, "eu-dcc") << file;
    count("certificates, refused as another system's");
  }
  EXPECT_EQ(counted("certificates, refused as another system's"), 160);
}

TEST_F(EuDcc, AreNeverGreenUnderOurPrefix) {
  const auto trust = world::trust();
  for (const auto& file : filesIn(root, ".json")) {
    const auto json = readJson(file);
    const auto token = hexIn(json, "COSE");
    for (const auto& text :
         {std::string(kLivePrefix) + json.at("PREFIX").get<std::string>().substr(4),
          std::string(kLivePrefix) + encodeBase45(token), std::string(kPaperPrefix) + encodeBase45(token)}) {
      const auto verdict = verify(text, {trust, world::kNow});
      EXPECT_EQ(verdict.decision, Decision::Refuse) << file;
      EXPECT_FALSE(verdict.code.has_value()) << file;
      count(idOf(verdict));
    }
    EXPECT_FALSE(parseCredential(token).ok()) << file;
    EXPECT_FALSE(inspect(std::string(token.begin(), token.end())).kind.empty()) << file;
  }
}

}  // namespace
}  // namespace liangma::outside
