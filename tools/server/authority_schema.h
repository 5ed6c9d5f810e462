// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/database.h"

namespace liangma::server {

/// The authority's tables, version by version.
///
/// Every primary key begins with the issuer and, but for lists of the whole authority, goes on with what is
/// random: several authorities may share a database, and a distributed one may spread it. No transaction
/// needs more than one resident's rows, and no row counts for everybody.
std::span<const Migration> authorityMigrations();

}  // namespace liangma::server
