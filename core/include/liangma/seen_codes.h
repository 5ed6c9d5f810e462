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
