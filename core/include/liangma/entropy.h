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

  /// Moves the next bytes into `out`, 6 or more of them.
  ///
  /// @error  misuse.entropy-missing  too few are left, or all are equal (a source that gives constants)
  Status fill(std::span<std::uint8_t> out) {
    if (out.size() < 6 || rest_.size() < out.size()) return Errc::MisuseEntropy;
    std::copy_n(rest_.begin(), out.size(), out.begin());
    rest_ = rest_.subspan(out.size());
    if (std::all_of(out.begin(), out.end(), [&](auto byte) { return byte == out[0]; }))
      return Errc::MisuseEntropy;
    return success();
  }

  /// The next N bytes, for what is no secret; see fill().
  template <std::size_t N>
  Result<ByteArray<N>> take() {
    ByteArray<N> taken;
    LIANGMA_CHECK(fill(taken));
    return taken;
  }

 private:
  ByteView rest_;
};

}  // namespace liangma
