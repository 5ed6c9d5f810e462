// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <soci/soci.h>

namespace liangma::server {

/// What every statement of an authority's transaction needs.
struct AuthorityScope {
  soci::session& sql;
  const std::string& authority;
  bool isPostgreSql;

  /// Ends a SELECT whose rows nobody else may change until this transaction ends; SQLite lets only one write
  /// anyway.
  const char* forUpdate() const { return isPostgreSql ? " FOR UPDATE" : ""; }
};

}  // namespace liangma::server
