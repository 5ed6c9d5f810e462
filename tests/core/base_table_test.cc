// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/stock_base_table.h"

namespace {

TEST(BaseTableTest, MakesTheVeryTableThatLibsodiumCompilesIn) {
  EXPECT_EQ(countDifferentBaseTableEntries(), 0);
}

}  // namespace
