// SPDX-License-Identifier: Apache-2.0
#include "server/site.h"

#include "cli/text_codec.h"
#include "server/clock.h"
#include "server/content_policy.h"

namespace liangma::server {
namespace {

constexpr const char* kTrustUrl = "/trust/list.cbor";
/// The wallet answers hospitals at their own servers.
constexpr std::string_view kWallet = "/wallet/";

Reply trustListReply(const TrustSnapshot& trust, const Call& call) {
  const std::string tag = "\"v" + std::to_string(trust.list->version) + '-' +
                          tools::encodeBase64url(trust.roots.front().keyId8()) + '"';
  Reply reply;
  reply.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
  if (call.ifNoneMatch.find(tag) != std::string::npos) {
    reply.status = 304;
    return reply;
  }
  reply.contentType = "application/cose";
  reply.body.assign(trust.encoded.begin(), trust.encoded.end());
  return reply;
}

nlohmann::ordered_json configuration(const TrustSnapshot& trust, const std::string& issuer, bool demo) {
  auto roots = nlohmann::ordered_json::array();
  for (const auto& root : trust.roots) roots.push_back(tools::encodeBase64url(root.raw32()));
  return {{"issuer", issuer}, {"roots", roots}, {"trustUrl", kTrustUrl}, {"demo", demo}};
}

}  // namespace

void addSiteRoutes(Router& router, const TrustSource& trust, const StaticFiles& files,
                   const PublicFolder& published, const std::string& issuer, bool demo) {
  router.get("/api/time", [](const Call&) { return jsonReply(200, {{"nowMs", unixMilliseconds()}}); });
  router.get("/api/health", [](const Call&) { return jsonReply(200, {{"status", "ok"}}); });
  router.get("/config.json", [&trust, issuer, demo](const Call&) {
    return jsonReply(200, configuration(*trust.current(), issuer, demo));
  });
  router.get(kTrustUrl, [&trust](const Call& call) { return trustListReply(*trust.current(), call); });
  router.otherwise([&trust, &files, &published](const Call& call) {
    if (PublicFolder::serves(call.path)) return published.serve(call);
    Reply reply = files.serve(call);
    if (call.path.starts_with(kWallet))
      reply.headers.emplace_back("Content-Security-Policy",
                                 contentSecurityPolicy(endpointOrigins(trust.current()->list)));
    return reply;
  });
}

}  // namespace liangma::server
