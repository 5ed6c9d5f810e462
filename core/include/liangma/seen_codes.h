// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>

#include "liangma/bytes.h"
#include "liangma/result.h"

namespace liangma {

/// A gate's memory of the live codes it has accepted, for as long as they could be shown again.
class SeenCodes {
 public:
  /// Codes kept at most; beyond it nothing is accepted until some have lapsed.
  static constexpr std::size_t kCapacity = 1 << 16;

  /// Remembers a live code.
  ///
  /// @param fingerprint32  of the code: SHA-256 of what the holder signed
  /// @param now            Unix seconds; codes with until < now are forgotten
  /// @param until          the last second at which the code could pass
  /// @error replay.seen-before  it is remembered already
  /// @error internal.error      the memory is full
  Status remember(const ByteArray<32>& fingerprint32, UnixSeconds now, UnixSeconds until);

  /// Writes down what could still be shown again, for load() after a restart: for each code its fingerprint
  /// and `until` as 8 bytes, big-endian, in no particular order.
  ///
  /// @param now  Unix seconds
  Bytes save(UnixSeconds now) const;

  /// Adds what save() wrote, its codes that can pass no more left out.
  ///
  /// @param now  Unix seconds; what would be kept for longer than kLongestSeconds from now on is left out
  /// @error misuse.argument  not what save() writes; nothing was added
  /// @error internal.error   the memory is full
  Status load(ByteView saved, UnixSeconds now);

  /// No live code passes for longer than its window of at most 120 s and the 60 s that it may be ahead.
  static constexpr UnixSeconds kLongestSeconds = 180;

  std::size_t size() const { return until_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const ByteArray<32>& fingerprint32) const;
  };
  void forget(UnixSeconds now);

  std::unordered_map<ByteArray<32>, UnixSeconds, Hash> until_;
  UnixSeconds nextSweep_ = 0;
};

}  // namespace liangma
