// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/options.h"

namespace CLI {
class App;
}

namespace liangma::server {

/// Adds what is done on a data folder beside servers that may be running on it: residents taken in, staff
/// invited, codes withdrawn, logs checked, keys rotated, purposes erased, backups made.
///
/// @param chosen  set to the command that the command line asks for
void addOperatorCommands(CLI::App& app, Command& chosen);

}  // namespace liangma::server
