// SPDX-License-Identifier: Apache-2.0
#include "server/router.h"

#include <algorithm>
#include <optional>

#include "server/problem.h"

namespace liangma::server {
namespace {

constexpr std::string_view kHole = "{}";
constexpr std::size_t kMaxCaptured = 64;

/// What "{}" stands for, empty without one; absent where the path is another.
std::optional<std::string_view> matchPath(std::string_view pattern, std::string_view path) {
  const auto hole = pattern.find(kHole);
  if (hole == std::string_view::npos)
    return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
  const auto before = pattern.substr(0, hole);
  const auto after = pattern.substr(hole + kHole.size());
  if (path.size() <= before.size() + after.size()) return std::nullopt;
  if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  const auto captured = path.substr(before.size(), path.size() - before.size() - after.size());
  const bool oneSegment = captured.find('/') == std::string_view::npos && captured.size() <= kMaxCaptured;
  return oneSegment ? std::optional(captured) : std::nullopt;
}

}  // namespace

Reply jsonReply(int status, const nlohmann::ordered_json& json) {
  return {status,
          "application/json",
          json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          {{"Cache-Control", "no-store"}}};
}

void Router::get(std::string pattern, Handler handler) {
  routes_.push_back({"GET", std::move(pattern), {}, std::move(handler)});
}

void Router::post(std::string pattern, std::string contentType, Handler handler) {
  routes_.push_back({"POST", std::move(pattern), std::move(contentType), std::move(handler)});
}

void Router::otherwise(Handler handler) {
  otherwise_ = {"GET", "*", {}, std::move(handler)};
}

void Router::allowAnyOrigin(const std::string& pattern) {
  anyOrigin_.push_back(pattern);
}

bool Router::isForAnyOrigin(std::string_view path) const {
  return std::any_of(anyOrigin_.begin(), anyOrigin_.end(),
                     [&](const std::string& pattern) { return matchPath(pattern, path).has_value(); });
}

std::vector<std::string> Router::list() const {
  std::vector<std::string> names;
  for (const auto& route : routes_) names.push_back(route.method + " " + route.pattern);
  return names;
}

const Route& Router::find(std::string_view method, std::string_view path, std::string& captured) const {
  std::string allow;
  for (const auto& route : routes_) {
    const auto match = matchPath(route.pattern, path);
    if (!match) continue;
    if (route.method != method) {
      allow += (allow.empty() ? "" : ", ") + (route.method == "GET" ? "GET, HEAD" : route.method);
      continue;
    }
    captured = *match;
    return route;
  }
  if (!allow.empty()) throw methodNotAllowed(allow);
  if (method == "GET" && otherwise_.handler) return otherwise_;
  throw notFound();
}

}  // namespace liangma::server
