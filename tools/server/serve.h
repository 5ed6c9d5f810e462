// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/options.h"

namespace liangma::server {

/// Serves the authority, the hospitals and the apps of a data folder until a signal says to stop.
///
/// @throws tools::Failure, Problem
void serve(const Options& options);

/// Prints what a server on this data folder answers to, a line a route.
///
/// @throws tools::Failure, Problem
void printRoutes(const Options& options);

}  // namespace liangma::server
