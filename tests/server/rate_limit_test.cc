// SPDX-License-Identifier: Apache-2.0
#include "server/rate_limit.h"

#include <gtest/gtest.h>

#include "server/problem.h"

namespace liangma::server {
namespace {

bool isRefused(RateLimit& limit, const std::string& address) {
  try {
    limit.spend(address);
    return false;
  } catch (const Problem& problem) {
    return problem.status == 429;
  }
}

TEST(RateLimitTest, RefusesWhatComesTooOften) {
  RateLimit limit(2);
  EXPECT_FALSE(isRefused(limit, "192.0.2.1"));
  EXPECT_FALSE(isRefused(limit, "192.0.2.1"));
  EXPECT_TRUE(isRefused(limit, "192.0.2.1"));
  EXPECT_FALSE(isRefused(limit, "192.0.2.2"));
}

TEST(RateLimitTest, CountsAnIpv6AddressWithItsSubscriber) {
  RateLimit limit(1);
  EXPECT_FALSE(isRefused(limit, "2001:db8::1"));
  EXPECT_TRUE(isRefused(limit, "2001:db8::ffff:2"));
  EXPECT_FALSE(isRefused(limit, "2001:db8:0:1::1"));
}

TEST(RateLimitTest, ForgetsTheQuietestAddressAlone) {
  RateLimit limit(1, 3);
  for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3"})
    EXPECT_FALSE(isRefused(limit, address)) << address;
  EXPECT_TRUE(isRefused(limit, "192.0.2.1")) << "and so it is not the quietest";
  EXPECT_FALSE(isRefused(limit, "192.0.2.4")) << "new: 192.0.2.2 has to go";
  for (const char* address : {"192.0.2.1", "192.0.2.3", "192.0.2.4"})
    EXPECT_TRUE(isRefused(limit, address)) << address << " is remembered";
  EXPECT_FALSE(isRefused(limit, "192.0.2.2"));
}

}  // namespace
}  // namespace liangma::server
