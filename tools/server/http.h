// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "server/router.h"

namespace liangma::server {

struct HttpOptions {
  std::string bindAddress = "127.0.0.1";
  int port = 0;              ///< 0: any free one
  int portTries = 1;         ///< how many ports to try, counting up
  std::string trustedProxy;  ///< the address whose X-Forwarded-For is believed; empty: nobody's
};

/// HTTP/1.1 in front of a router. Each connection carries one request, so that a body that nobody reads can
/// never be taken for the next one; bodies hold at most 16 KiB.
class HttpServer {
 public:
  static constexpr std::size_t kMaxBody = 16 * 1024;

  HttpServer(const Router& router, const HttpOptions& options);
  ~HttpServer();

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
