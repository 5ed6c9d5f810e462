// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "liangma/answer.h"
#include "liangma/request.h"

namespace liangma::tools {
namespace {

struct OpenOptions {
  CommonOptions common;
  std::string key;
  Bytes nonce;
  std::string verifier;
  std::string trust;
  std::string wanted;
  std::string request;
  std::string scene;
  TextInput text;
};

constexpr const char* kFooter =
    R"(Prints as 'liangma verify' does; the identity claims are added.
Give the request itself with --request, which is refused once it has expired, or what it said with
--request-nonce, --verifier and --wanted.
One request is good for one answer: forget the nonce when it was opened.)";

/// What the answer has to match: what the request says, or the options in its place.
Challenge challengeOf(const OpenOptions& options, const TrustList& trust, UnixSeconds now) {
  if (!options.request.empty()) {
    const auto claims = need(openRequest(options.request, trust, now), "--request").claims;
    return {claims.verifier, claims.nonce, claims.wanted};
  }
  if (options.nonce.empty()) failUsage("cli.usage", "--request-nonce: is needed, or --request");
  if (options.verifier.empty()) failUsage("cli.usage", "--verifier: is needed, or --request");
  return {options.verifier, options.nonce, identityClaimsFromList(options.wanted, "--wanted")};
}

ExitCode open(const OpenOptions& options) {
  const auto now = options.common.clock();
  const auto trust = readTrust(options.trust, now);
  const auto challenge = challengeOf(options, trust, now);
  const auto key = readSealingKey(options.key);
  auto text = need(unsealAnswer(readText(options.text), key), "answer");
  const auto verdict = verifyIn(options.scene, text, VerifyContext{trust, now, nullptr, &challenge});
  wipe(text);
  return printVerdict(verdict, options.common.json);
}

}  // namespace

void addOpen(const Command& app, Chosen& chosen) {
  const auto command = app.add("open", "Open a sealed answer (LMS1), check it and print the identity");
  const auto options = command.runs(chosen, open);
  command.file("--key", options->key, "The verifier's x25519 key");
  command.file("--trust", options->trust, "Whom to trust, from 'liangma trust build'");
  command.optional("--request", options->request, "TEXT", "The request that is answered (LMR1)");
  command.nonce("--request-nonce", options->nonce, "Its nonce");
  command.optional("--verifier", options->verifier, "ID", "The verifier's id, as in the request");
  command.optional("--wanted", options->wanted, "NAMES",
                   "What the request wanted; exactly this must be in the answer");
  command.optional("--scene", options->scene, "ID", "The kind of door, as in the trust list");
  for (const auto* part : {"--request-nonce", "--verifier", "--wanted"}) command.excludes("--request", part);
  command.text(options->text, "The text of the answer");
  command.footer(kFooter);
}

}  // namespace liangma::tools
