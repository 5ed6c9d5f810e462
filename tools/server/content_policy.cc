// SPDX-License-Identifier: Apache-2.0
#include "server/content_policy.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace liangma::server {
namespace {

/// "https://a.example:8443" of "https://a.example:8443/api/answers"; empty where the host holds anything that
/// could end it early or mean more than one host in a policy.
std::string originOf(const std::string& url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    const auto end = std::min(url.find('/', scheme.size()), url.size());
    const bool plain = end > scheme.size() &&
                       std::all_of(url.begin() + scheme.size(), url.begin() + end, [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':';
                       });
    return plain ? url.substr(0, end) : std::string();
  }
  return {};
}

}  // namespace

std::string contentSecurityPolicy(const std::string& connect) {
  return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: "
         "blob:; media-src 'self' blob:; connect-src 'self'" +
         connect +
         "; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
         "'none'";
}

std::string endpointOrigins(const TrustList& trust) {
  std::set<std::string> origins;
  for (const auto& verifier : trust->verifiers)
    for (const auto& endpoint : verifier.endpoints) origins.insert(originOf(endpoint));
  origins.erase("");
  std::string text;
  for (const auto& origin : origins) text += ' ' + origin;
  return text;
}

}  // namespace liangma::server
