// SPDX-License-Identifier: Apache-2.0
#include "server/problem.h"

#include <nlohmann/json.hpp>

#include "cli/sentences.h"

namespace liangma::server {

Problem notFound() {
  return {404, "http.not-found"};
}
Problem methodNotAllowed(std::string allow) {
  return Problem{405, "http.method-not-allowed", std::move(allow)};
}
Problem malformed() {
  return {400, "http.malformed"};
}
Problem tooLarge() {
  return {413, "http.too-large"};
}
Problem unauthorized() {
  return {401, "http.unauthorized"};
}
Problem rateLimited() {
  return {429, "http.rate-limited"};
}
Problem storageFailed() {
  return {503, "server.storage"};
}
Problem internalError() {
  return {500, "internal.error"};
}

Problem problemFor(Errc code) {
  const std::string id(errcId(code));
  if (code == Errc::TrustExpired || code == Errc::TrustMissing) return {503, id};
  switch (static_cast<int>(code) / 100) {
    case 1:
    case 3:
      return {400, id};
    case 2:
    case 4:
      return {403, id};
    default:
      return {500, id};
  }
}

std::string problemText(const Problem& problem) {
  nlohmann::ordered_json json = {{"type", "about:blank#" + problem.code},
                                 {"title", tools::sentence(problem.code)},
                                 {"status", problem.status},
                                 {"code", problem.code}};
  if (!problem.pointer.empty()) json["errors"] = {{{"pointer", "#" + problem.pointer}}};
  return json.dump();
}

}  // namespace liangma::server
