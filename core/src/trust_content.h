// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cbor/reader.h"
#include "liangma/trust_list.h"

namespace liangma::trust {

constexpr std::size_t kMaxRoots = 4;
constexpr cbor::Limits kLimits{1 << 20, 16};

/// The claims of a list, SPEC.md 9; `content` has no fault.
Bytes encode(const TrustContent& content);

/// @error trust.shape, cbor.*
Result<TrustContent> parse(ByteView payload);

}  // namespace liangma::trust
