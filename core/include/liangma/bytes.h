// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace liangma {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

/// Seconds since 1970-01-01T00:00:00Z, as in CWT's NumericDate; never negative, at most 2^53 - 1.
using UnixSeconds = std::int64_t;

}  // namespace liangma
