// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "server/metrics.h"
#include "server/router.h"

namespace liangma::server {

/// For operators: GET /healthz (the process answers), GET /readyz (it can do its work), and GET /metrics,
/// which is not there for clients of other machines.
///
/// @param metrics   must outlive the router
/// @param requireReady  throws a Problem that says what is missing
void addOperationRoutes(Router& router, const Metrics& metrics, std::function<void()> requireReady);

}  // namespace liangma::server
