// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"
#include "liangma/request.h"

namespace liangma::tools {
namespace {

struct RequestOptions {
  CommonOptions common;
  std::string key;
  std::string verifier;
  std::string purpose;
  std::string wanted;
  std::string answerUrl;
  std::optional<UnixSeconds> ttl;
  Bytes nonce;
  TextOutput output;
};

constexpr const char* kFooter =
    R"(Identity claims: fullName, idType, idNumber, phone, birthDate, sex, insuredRegion, cardNumber.
Keep the nonce (--json prints it): 'liangma open' and 'liangma verify --nonce'
need it, and it is good for one answer.)";

Bytes freshNonce() {
  const SystemEntropy entropy(16);
  return {entropy.bytes().begin(), entropy.bytes().end()};
}

RequestClaims claimsOf(const RequestOptions& options) {
  RequestClaims claims;
  claims.verifier = options.verifier;
  claims.issuedAt = options.common.clock();
  claims.expiresAt = claims.issuedAt + options.ttl.value_or(kMaxRequestSeconds);
  claims.nonce = options.nonce.empty() ? freshNonce() : options.nonce;
  claims.purpose = options.purpose;
  claims.wanted = identityClaimsFromList(options.wanted, "--wanted");
  if (!options.answerUrl.empty()) claims.answerUrl = options.answerUrl;
  return claims;
}

ExitCode request(const RequestOptions& options) {
  const auto claims = claimsOf(options);
  const auto text = need(makeRequest(claims, readSigningKey(options.key)));
  printMadeText(text, options.output, options.common.json,
                {{"nonce", encodeHex(claims.nonce)},
                 {"expiresAt", claims.expiresAt},
                 {"wanted", identityClaimIds(claims.wanted)}});
  return ExitCode::Ok;
}

}  // namespace

void addRequest(const Command& app, Chosen& chosen) {
  const auto command =
      app.add("request", "Sign a request (LMR1) for a resident's identity, as a hospital does");
  const auto options = command.runs(chosen, request);
  command.file("--key", options->key, "The verifier's signing key");
  command.party("--verifier", options->verifier, "The verifier's id, as in the trust list");
  command.keyword("--purpose", options->purpose, "What for: \"registration\" and the like, a-z 0-9 - :");
  command.optional("--wanted", options->wanted, "NAMES",
                   "Identity claims to ask for, with commas; none: the code alone");
  command.optional("--answer-url", options->answerUrl, "URL",
                   "Where the answer goes, one of the verifier's endpoints; without it, it is shown as a QR");
  command.life("--ttl", options->ttl, kMaxRequestSeconds,
               "How long it may be answered, at most 60 (which is the default)");
  command.nonce("--nonce", options->nonce, "16 to 32 bytes, never used before; default: 16 random ones");
  command.qr(options->output);
  command.footer(kFooter);
}

}  // namespace liangma::tools
