// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "liangma/trust_list.h"

namespace liangma::server {

/// The policy of every page: nothing from elsewhere, nothing inline.
///
/// @param connect  origins, each with a blank before it, that the page may ask beside its own; empty: none
std::string contentSecurityPolicy(const std::string& connect = {});

/// The origins of the endpoints that a trust list vouches for: exactly those, each once, each with a blank
/// before it. An endpoint that is no plain http or https address adds none.
std::string endpointOrigins(const TrustList& trust);

}  // namespace liangma::server
