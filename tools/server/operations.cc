// SPDX-License-Identifier: Apache-2.0
#include "server/operations.h"

#include "server/problem.h"

namespace liangma::server {
namespace {

bool isThisMachine(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

Reply metricsReply(const Metrics& metrics, const Call& call) {
  if (!isThisMachine(call.address)) throw notFound();
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(), {{"Cache-Control", "no-store"}}};
}

}  // namespace

void addOperationRoutes(Router& router, const Metrics& metrics, std::function<void()> requireReady) {
  router.get("/healthz", [](const Call&) { return jsonReply(200, {{"status", "ok"}}); });
  router.get("/readyz", [requireReady = std::move(requireReady)](const Call&) {
    requireReady();
    return jsonReply(200, {{"status", "ready"}});
  });
  router.get("/metrics", [&metrics](const Call& call) { return metricsReply(metrics, call); });
}

}  // namespace liangma::server
