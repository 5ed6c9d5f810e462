// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace liangma::server {

/// Who holds an address: for IPv6 its /64, as bytes.
std::string subscriberOf(const std::string& address);

/// Lets each address do so much a minute: a bucket of tokens that fills steadily.
class RateLimit {
 public:
  /// @param perMinute  1 or more; also what may come at once
  /// @param capacity   addresses remembered at most, 1 or more; beyond it the one that was quiet for longest
  ///                   is forgotten
  explicit RateLimit(unsigned perMinute, std::size_t capacity = 1 << 16)
      : perMinute_(perMinute), capacity_(capacity) {}

  /// Takes one token of an address. An IPv6 address counts with its /64, which one subscriber holds.
  ///
  /// @throws Problem  429 http.rate-limited
  void spend(const std::string& address);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Bucket {
    std::string subscriber;
    double tokens;
    Time filled;
  };
  Bucket& bucketOf(const std::string& subscriber, Time now);
  double refilled(const Bucket& bucket, Time now) const;

  const double perMinute_;
  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Bucket> buckets_;  ///< the one used last comes first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator>
      bySubscriber_;  ///< names are the buckets' own
};

}  // namespace liangma::server
