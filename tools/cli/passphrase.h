// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace liangma::tools {

/// The passphrase of sealed keys: what LIANGMA_PASSPHRASE holds, or else the first line of the file
/// descriptor that LIANGMA_PASSPHRASE_FD names, read once. Never an argument: others can see those.
///
/// @throws Failure  cli.passphrase-missing: neither gives one of 1 to 128 bytes
const std::string& passphrase();

}  // namespace liangma::tools
