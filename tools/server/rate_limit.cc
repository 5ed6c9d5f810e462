// SPDX-License-Identifier: Apache-2.0
#include "server/rate_limit.h"

#include <algorithm>

#include <arpa/inet.h>

#include "server/problem.h"

namespace liangma::server {

std::string subscriberOf(const std::string& address) {
  in6_addr v6{};
  if (::inet_pton(AF_INET6, address.c_str(), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6)) return address;
  return {reinterpret_cast<const char*>(v6.s6_addr), 8};
}

void RateLimit::spend(const std::string& address) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucketOf(subscriberOf(address), now);
  bucket.tokens = refilled(bucket, now);
  bucket.filled = now;
  if (bucket.tokens < 1) throw rateLimited();
  bucket.tokens -= 1;
}

RateLimit::Bucket& RateLimit::bucketOf(const std::string& subscriber, Time now) {
  const auto known = bySubscriber_.find(subscriber);
  if (known != bySubscriber_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= capacity_) {
    bySubscriber_.erase(buckets_.back().subscriber);
    buckets_.pop_back();
  }
  buckets_.push_front({subscriber, perMinute_, now});
  bySubscriber_.emplace(buckets_.front().subscriber, buckets_.begin());
  return buckets_.front();
}

double RateLimit::refilled(const Bucket& bucket, Time now) const {
  const std::chrono::duration<double> idle = now - bucket.filled;
  return std::min(perMinute_, bucket.tokens + idle.count() * perMinute_ / 60);
}

}  // namespace liangma::server
