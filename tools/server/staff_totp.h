// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "liangma/bytes.h"

namespace liangma::server {

constexpr std::size_t kTotpSecretBytes = 20;

/// The six digits that an authenticator app shows during one step of 30 seconds.
///
/// @source RFC 4226, 5.3; RFC 6238, 4
std::string totpCode(ByteView secret, std::int64_t step);

/// The step whose digits were typed: the present one or a neighbour, for clocks that differ.
///
/// @param lastStep  the step that was used last: neither it nor an earlier one counts again
std::optional<std::int64_t> matchTotp(ByteView secret, std::string_view typed, UnixSeconds now,
                                      std::int64_t lastStep);

/// Base32 without padding, as authenticator apps take a secret.
///
/// @source RFC 4648, 6
std::string encodeBase32(ByteView bytes);

}  // namespace liangma::server
