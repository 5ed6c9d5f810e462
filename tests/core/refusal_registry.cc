// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "refusal.h"

namespace liangma::test {
namespace {

std::set<Errc>& metIds() {
  static std::set<Errc> ids;
  return ids;
}

/// Ids of 1xx to 5xx that core declares and does not return yet.
constexpr Errc kForOthers[] = {
    Errc::TrustMissing,  // the SDK and the apps: no trust list was ever loaded
    Errc::ColourNoRule,  // the server and the SDK, which ask for a colour or are given one
};

bool isForOthers(Errc code) {
  return std::find(std::begin(kForOthers), std::end(kForOthers), code) != std::end(kForOthers);
}

/// After a whole run: every id was met, and those for others were not.
class EveryIdIsMet : public testing::Environment {
 public:
  void TearDown() override {
    const auto* run = testing::UnitTest::GetInstance();
    if (run->test_to_run_count() != run->total_test_count()) return;
    for (const Errc code : allErrcs()) {
      const int number = static_cast<int>(code);
      if (number < 100 || number >= 600) continue;
      EXPECT_NE(metIds().count(code) > 0, isForOthers(code)) << errcId(code);
    }
  }
};

[[maybe_unused]] const auto* const kRegistered = testing::AddGlobalTestEnvironment(new EveryIdIsMet);

}  // namespace

void noteId(Errc code) {
  metIds().insert(code);
}

}  // namespace liangma::test
