// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/router.h"

namespace liangma::server {

struct HttpOptions {
  std::string bindAddress = "127.0.0.1";
  int port = 0;              ///< 0: any free one
  int portTries = 1;         ///< how many ports to try, counting up
  std::string trustedProxy;  ///< the address whose X-Forwarded-For is believed; empty: nobody's
};

/// A request that was answered, or refused before it had a route.
struct AnsweredRequest {
  std::string method;  ///< "-" where it has no route
  std::string route;   ///< its pattern; empty: none
  int status = 0;
  std::int64_t microseconds = 0;
};

/// The name in a Host header, in small letters: "localhost" of "LocalHost:8330", "[::1]" of "[::1]:8330".
std::string hostName(const std::string& header);

/// HTTP/1.1 in front of a router. Each connection carries one request, so that a body that nobody reads can
/// never be taken for the next one; bodies hold at most 16 KiB. A request that arrives slowly keeps no
/// thread.
class HttpServer {
 public:
  static constexpr std::size_t kMaxBody = 16 * 1024;

  HttpServer(const Router& router, const HttpOptions& options);
  ~HttpServer();

  /// Which names a Host may have, in small letters; any where this is not called before run().
  void allowHosts(std::vector<std::string> hosts);

  /// Calls `observe` after each answer, from many threads. To be set before run().
  void observe(std::function<void(const AnsweredRequest&)> observe);

  /// Takes a port.
  /// @return  the port, 1..65535; 0: none of them is free
  int bind();

  /// Serves until stop(); requests that have begun are answered.
  void run();

  /// May be called from another thread.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace liangma::server
