// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "liangma/bytes.h"
#include "server/http.h"

namespace liangma::server {

/// What this process counts for its operators. Labels are routes, methods and numbers alone.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void countRequest(const AnsweredRequest& request);
  void setTrustList(std::uint64_t version, UnixSeconds expiresAt);
  void setStatusLists(std::uint64_t lists, std::uint64_t withdrawn, UnixSeconds signedAt);

  /// In Prometheus' text format, 0.0.4.
  std::string text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace liangma::server
