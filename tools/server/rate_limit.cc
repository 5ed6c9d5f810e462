// SPDX-License-Identifier: Apache-2.0
#include "server/rate_limit.h"

#include <algorithm>

#include <arpa/inet.h>

#include "server/problem.h"

namespace liangma::server {
namespace {

std::string subscriberOf(const std::string& address) {
  in6_addr v6{};
  if (::inet_pton(AF_INET6, address.c_str(), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6)) return address;
  return {reinterpret_cast<const char*>(v6.s6_addr), 8};
}

}  // namespace

void RateLimit::spend(const std::string& address) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kCapacity) forgetIdle(now);
  auto& bucket = buckets_.try_emplace(subscriberOf(address), Bucket{perMinute_, now}).first->second;
  bucket = {refilled(bucket, now), now};
  if (bucket.tokens < 1) throw rateLimited();
  bucket.tokens -= 1;
}

double RateLimit::refilled(const Bucket& bucket, Time now) const {
  const std::chrono::duration<double> idle = now - bucket.filled;
  return std::min(perMinute_, bucket.tokens + idle.count() * perMinute_ / 60);
}

void RateLimit::forgetIdle(Time now) {
  std::erase_if(buckets_, [&](const auto& entry) { return refilled(entry.second, now) >= perMinute_; });
  if (buckets_.size() >= kCapacity) buckets_.clear();
}

}  // namespace liangma::server
