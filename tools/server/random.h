// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "liangma/bytes.h"

namespace liangma::server {

/// Random bytes of the operating system.
///
/// @throws Problem  500 misuse.entropy-missing: the system gives none
Bytes randomBytes(std::size_t size);

/// The same as base64url: 16 bytes are 22 characters.
std::string randomText(std::size_t size);

/// SHA-256 in base64url, for what must be found again but not be read: tickets and tokens.
std::string digestText(std::string_view secret);

/// Compares without telling by its time how much is equal.
bool equalSecrets(std::string_view a, std::string_view b);

}  // namespace liangma::server
