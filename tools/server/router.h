// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace liangma::server {

/// One request, apart from how it came.
struct Call {
  std::string method;   ///< "GET" (HEAD too) or another in capitals
  std::string path;     ///< decoded, without the query
  std::string address;  ///< of the client
  std::string host;     ///< the header's value
  std::string authorization;
  std::string contentType;
  std::string ifNoneMatch;
  std::string acceptEncoding;
  std::string body;
  std::string idempotencyKey;         ///< the header's value
  std::string captured;               ///< what stood for "{}" in the route's pattern
  std::optional<std::string> before;  ///< the query's "before": where a page of a long list ends
};

struct Reply {
  int status = 200;
  std::string contentType;  ///< empty: no body
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Cannot be stored by any cache.
Reply jsonReply(int status, const nlohmann::ordered_json& json);

using Handler = std::function<Reply(const Call&)>;

struct Route {
  std::string method;
  std::string pattern;      ///< "/api/x/{}/y"; "{}" stands for one segment of 1..64 bytes
  std::string contentType;  ///< what a POST has to bring, in small letters; empty: no matter
  Handler handler;
};

/// Which handler answers which path.
class Router {
 public:
  void get(std::string pattern, Handler handler);
  /// @param contentType  a cross-site form cannot send "application/json"
  void post(std::string pattern, std::string contentType, Handler handler);
  /// Lets the pages of any other origin read what a pattern answers, without credentials.
  void allowAnyOrigin(const std::string& pattern);
  /// Answers a GET of every other path.
  void otherwise(Handler handler);

  /// @param captured  set to what "{}" stands for
  /// @throws Problem  404, or 405 where the path is there for another method
  const Route& find(std::string_view method, std::string_view path, std::string& captured) const;
  bool isForAnyOrigin(std::string_view path) const;
  /// "GET /api/time" and so on, in the order in which they were added.
  std::vector<std::string> list() const;

 private:
  std::vector<Route> routes_;
  std::vector<std::string> anyOrigin_;  ///< patterns
  Route otherwise_;
};

}  // namespace liangma::server
