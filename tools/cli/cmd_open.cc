// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "liangma/answer.h"

namespace liangma::tools {
namespace {

struct OpenOptions {
  CommonOptions common;
  std::string key;
  Bytes nonce;
  std::string verifier;
  std::string trust;
  std::string wanted;
  std::string text;
};

ExitCode open(const OpenOptions& options) {
  const auto now = options.common.clock();
  const auto trust = readTrust(options.trust, now);
  const Challenge challenge{options.verifier, options.nonce,
                            identityClaimsFromList(options.wanted, "--wanted")};
  const auto key = readSealingKey(options.key);
  auto text = need(unsealAnswer(readText(options.text), key), "answer");
  const auto verdict = verify(text, VerifyContext{trust, now, nullptr, &challenge});
  wipe(text);
  return printVerdict(verdict, options.common.json);
}

}  // namespace

void addOpen(const Command& app, Chosen& chosen) {
  const auto command = app.add("open", "Open a sealed answer (LMS1), check it and print the identity");
  const auto options = command.runs(chosen, open);
  command.file("--key", options->key, "The verifier's x25519 key");
  command.hex("--request-nonce", options->nonce, "The nonce of the request that is answered");
  command.require("--request-nonce");
  command.required("--verifier", options->verifier, "ID", "The verifier's id, as in the request");
  command.file("--trust", options->trust, "Whom to trust, from 'liangma trust build'");
  command.optional("--wanted", options->wanted, "NAMES",
                   "What the request wanted; exactly this must be in the answer");
  command.text(options->text, "The text of the answer");
  command.footer(
      "Prints as 'liangma verify' does; the identity claims are added.\n"
      "One request is good for one answer: forget the nonce when it was opened.");
}

}  // namespace liangma::tools
