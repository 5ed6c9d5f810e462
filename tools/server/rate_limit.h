// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace liangma::server {

/// Lets each address do so much a minute: a bucket of tokens that fills steadily.
class RateLimit {
 public:
  /// Addresses remembered at most; beyond it those with a full bucket are forgotten, then all of them.
  static constexpr std::size_t kCapacity = 1 << 16;

  /// @param perMinute  1 or more; also what may come at once
  explicit RateLimit(unsigned perMinute) : perMinute_(perMinute) {}

  /// Takes one token of an address. An IPv6 address counts with its /64, which one subscriber holds.
  ///
  /// @throws Problem  429 http.rate-limited
  void spend(const std::string& address);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Bucket {
    double tokens;
    Time filled;
  };
  void forgetIdle(Time now);
  double refilled(const Bucket& bucket, Time now) const;

  const double perMinute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace liangma::server
