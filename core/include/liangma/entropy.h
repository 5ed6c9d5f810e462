// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "liangma/bytes.h"
#include "liangma/result.h"

namespace liangma {

/// Random bytes that the host drew for one call, each handed out once.
///
/// The core has no random source of its own: without enough entropy an operation fails and makes nothing.
class Entropy {
 public:
  /// @param bytes  from a cryptographic random source; must outlive this object
  explicit Entropy(ByteView bytes) : rest_(bytes) {}

  /// Takes the next N bytes.
  ///
  /// @error  misuse.entropy-missing  fewer than N are left, or all N are equal (a source that gives constants)
  template <std::size_t N>
  Result<ByteArray<N>> take() {
    static_assert(N >= 6, "fewer bytes can be equal by chance");
    if (rest_.size() < N) return Errc::MisuseEntropy;
    ByteArray<N> taken;
    std::copy_n(rest_.begin(), N, taken.begin());
    rest_ = rest_.subspan(N);
    if (std::all_of(taken.begin(), taken.end(), [&](auto byte) { return byte == taken[0]; }))
      return Errc::MisuseEntropy;
    return taken;
  }

 private:
  ByteView rest_;
};

}  // namespace liangma
