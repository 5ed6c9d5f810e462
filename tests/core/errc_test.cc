// SPDX-License-Identifier: Apache-2.0
#include "liangma/errc.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace liangma {
namespace {

TEST(ErrcTest, NumbersAndIdsAreUsedOnce) {
  std::set<int> numbers;
  std::set<std::string> ids;
#define LIANGMA_COLLECT(number, name, id)              \
  EXPECT_TRUE(numbers.insert(number).second) << #name; \
  EXPECT_TRUE(ids.insert(id).second) << #name;
  LIANGMA_ERRC(LIANGMA_COLLECT)
#undef LIANGMA_COLLECT
  EXPECT_GT(numbers.size(), 10U);
}

}  // namespace
}  // namespace liangma
