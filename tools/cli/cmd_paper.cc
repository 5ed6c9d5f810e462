// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/system_entropy.h"
#include "liangma/paper_code.h"

namespace liangma::tools {
namespace {

struct PaperOptions {
  CommonOptions common;
  std::string key;
  std::string issuer;
  std::string claims;
  std::optional<UnixSeconds> ttl;
  TextOutput output;
};

constexpr UnixSeconds kDefaultSeconds = UnixSeconds{7} * 24 * 3600;

ExitCode paper(const PaperOptions& options) {
  PaperClaims claims;
  claims.issuer = options.issuer;
  claims.issuedAt = options.common.clock();
  claims.expiresAt = claims.issuedAt + options.ttl.value_or(kDefaultSeconds);
  claims.code = readPersonClaims(options.claims).code;
  const auto key = readSigningKey(options.key);
  SystemEntropy entropy(6);
  const auto text = need(makePaperCode(claims, key, entropy.get()));
  printMadeText(text, options.output, options.common.json, {{"expiresAt", claims.expiresAt}});
  return ExitCode::Ok;
}

}  // namespace

void addPaper(const Command& app, Chosen& chosen) {
  const auto command = app.add("paper", "Sign a paper code (LMP1), to be printed");
  const auto options = command.runs(chosen, paper);
  command.file("--key", options->key, "The issuer's key");
  command.party("--iss", options->issuer, "The issuer's id, as in the trust list");
  command.required("--claims", options->claims, "FILE|-",
                   "What the issuer states, JSON; see 'liangma issue --help'");
  command.life("--ttl", options->ttl, kMaxPaperSeconds,
               "How long it lives, at most 1209600 (14 days); default 604800");
  command.qr(options->output);
  command.footer(
      "A paper code binds no phone, so that a copy looks like it: every verifier answers \"check the ID\".\n"
      "It holds the colour, the masked name and the tail; the identity in claims.json does not go into it.");
}

}  // namespace liangma::tools
