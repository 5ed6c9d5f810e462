// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/options.h"

namespace CLI {
class App;
}

namespace liangma::server {

/// Adds `gate-code` and `gates`: what an owner of gates does beside servers that may be running.
///
/// @param chosen  set to the command that the command line asks for
void addGateCommands(CLI::App& app, Command& chosen);

}  // namespace liangma::server
