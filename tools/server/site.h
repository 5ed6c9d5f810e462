// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/public_folder.h"
#include "server/router.h"
#include "server/static_files.h"
#include "server/trust_source.h"

namespace liangma::server {

/// What the apps ask first: GET /api/time, /api/health, /config.json, /trust/list.cbor, what is published,
/// and their own files.
///
/// @param trust, files, published  must outlive the router
/// @param issuer        the authority that enrols here; empty: none does
void addSiteRoutes(Router& router, const TrustSource& trust, const StaticFiles& files,
                   const PublicFolder& published, const std::string& issuer, bool demo);

}  // namespace liangma::server
