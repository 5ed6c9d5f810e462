// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"
#include "profile.h"

namespace liangma::test {
namespace {

TEST(MaskNameTest, KeepsTheFirstAndTheLastCharacter) {
  EXPECT_EQ(maskName("张三丰"), "张*丰");
  EXPECT_EQ(maskName("欧阳小三"), "欧*三");
  EXPECT_EQ(maskName("阿卜杜热西提·艾合买提"), "阿*提");
  EXPECT_EQ(maskName("Ann"), "A*n");
  EXPECT_EQ(maskName("𠮷野家"), "𠮷*家");
}

TEST(MaskNameTest, LeavesTheLastOfTwoCharactersOut) {
  EXPECT_EQ(maskName("张三"), "张*");
  EXPECT_EQ(maskName("张"), "张*");
}

TEST(MaskNameTest, IsEmptyForWhatIsNoName) {
  EXPECT_EQ(maskName(""), "");
  EXPECT_EQ(maskName("\xff"), "");
  EXPECT_EQ(maskName("张\xe4\xb8"), "");
  EXPECT_EQ(maskName("\xed\xa0\x80"), "");
}

TEST(MaskNameTest, GivesAValidClaimForEveryNameOfPlainText) {
  for (const char* name : {"张三", "Ñandú Ñ", "𠮷𠮷𠮷", "a b", "🜁🜂🜃"})
    EXPECT_TRUE(profile::isPlainText(maskName(name), 24)) << name;
}

}  // namespace
}  // namespace liangma::test
