// SPDX-License-Identifier: Apache-2.0
#include "liangma/base45.h"
#include "outside.h"

namespace liangma::outside {
namespace {

struct Base45Vectors : OutsideTest {
  Base45Vectors() : OutsideTest("base45") {}
};

TEST_F(Base45Vectors, AreDecodedOrRefused) {
  for (const auto& vector : readJson(root / "vectors.json")) {
    const auto text = vector.at("base45").get<std::string>();
    const auto bytes = decodeBase45(text);
    if (vector.at("result") == "valid") {
      EXPECT_EQ(forge::hex(bytes.ok() ? *bytes : Bytes()), vector.at("hex").get<std::string>()) << text;
      EXPECT_EQ(encodeBase45(hexIn(vector, "hex")), text);
      count("valid, decoded and encoded");
    } else {
      EXPECT_FALSE(bytes.ok()) << text << " " << vector.value("why", "");
      count("invalid, refused");
    }
  }
  EXPECT_GE(counted("valid, decoded and encoded"), 22);
  EXPECT_GE(counted("invalid, refused"), 442);
}

}  // namespace
}  // namespace liangma::outside
