// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include "crypto/crypto.h"
#include "outside.h"

// libsodium's inner function: its public one takes salts of 16 bytes only, and those of the vectors have 8.
extern "C" int argon2id_hash_raw(std::uint32_t passes, std::uint32_t memoryKiB, std::uint32_t lanes,
                                 const void* password, std::size_t passwordSize, const void* salt,
                                 std::size_t saltSize, void* hash, std::size_t hashSize);

namespace liangma::outside {
namespace {

struct Argon2Vectors : OutsideTest {
  Argon2Vectors() : OutsideTest("argon2") {}
};

TEST_F(Argon2Vectors, KnownAnswers) {
  const auto json = readJson(root / "argon2id-vectors.json");
  for (const auto& vector : json.at("vectors")) {
    const auto password = vector.at("password").get<std::string>(),
               salt = vector.at("salt").get<std::string>();
    Bytes hash(32);
    ASSERT_EQ(argon2id_hash_raw(vector.at("t"), std::uint32_t{1} << vector.at("m_log2_kib").get<int>(),
                                vector.at("p"), password.data(), password.size(), salt.data(), salt.size(),
                                hash.data(), hash.size()),
              0);
    EXPECT_EQ(forge::hex(hash), vector.at("hash_hex").get<std::string>()) << password;
    count("known answers");
  }
  EXPECT_EQ(counted("known answers"), 8);
}

/// Our own call passes its arguments in the right places.
TEST_F(Argon2Vectors, OurSeamIsTheSameFunction) {
  const ByteArray<16> salt = {1, 2, 3};
  ByteArray<32> expected;
  ASSERT_EQ(argon2id_hash_raw(2, 64, 1, "password", 8, salt.data(), salt.size(), expected.data(), 32), 0);
  EXPECT_EQ(crypto::argon2id("password", salt, 2, 64), expected);
}

}  // namespace
}  // namespace liangma::outside
