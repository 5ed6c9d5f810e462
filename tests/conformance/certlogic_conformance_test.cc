// SPDX-License-Identifier: Apache-2.0
#include "outside.h"
#include "rules/certlogic.h"

namespace liangma::outside {
namespace {

struct CertLogicVectors : OutsideTest {
  CertLogicVectors() : OutsideTest("certlogic") {}

  void evaluate(const rules::Json& expression, const rules::Json& assertion, const fs::path& file) {
    const auto fault = rules::findFault(expression);
    EXPECT_FALSE(fault) << file << " " << expression << ": " << fault->place << " " << fault->message;
    const auto result = rules::evaluate(expression, assertion.at("data"));
    EXPECT_TRUE(result.ok() && *result == assertion.at("expected")) << file << " " << expression;
    count("cases evaluated");
  }
};

TEST_F(CertLogicVectors, EvaluateToWhatTheySay) {
  for (const auto& file : filesIn(root / "testSuite", ".json")) {
    const auto suite = rules::Json::parse(readFile(file));
    for (const auto& each : suite.at("cases"))
      for (const auto& assertion : each.at("assertions")) {
        const auto& own = assertion.contains("certLogicExpression") ? assertion : each;
        evaluate(own.at("certLogicExpression"), assertion, file);
      }
  }
  EXPECT_GE(counted("cases evaluated"), 228);
}

TEST_F(CertLogicVectors, MalformedRulesAreRefusedWithTheirPlace) {
  for (const auto& file : filesIn(root / "validation-testSuite", ".json")) {
    const auto suite = rules::Json::parse(readFile(file));
    for (const auto& each : suite.at("cases")) {
      const auto& expression = each.at("certLogicExpression");
      const auto fault = rules::findFault(expression);
      EXPECT_EQ(fault.has_value(), !each.at("issues").empty()) << expression;
      EXPECT_TRUE(!fault || expression.contains(rules::Json::json_pointer(fault->place))) << expression;
      count(fault ? "rules refused" : "rules taken");
    }
  }
  EXPECT_EQ(counted("rules refused") + counted("rules taken"), 23);
}

}  // namespace
}  // namespace liangma::outside
