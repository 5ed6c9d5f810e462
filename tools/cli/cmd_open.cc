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
  const Challenge challenge{options.verifier, options.nonce, identityClaimsFromList(options.wanted, "--wanted")};
  const auto key = readSealingKey(options.key);
  auto text = need(unsealAnswer(readText(options.text), key), "answer");
  const auto verdict = verify(text, VerifyContext{trust, now, nullptr, &challenge});
  wipe(text);
  return printVerdict(verdict, options.common.json);
}

}  // namespace

void addOpen(CLI::App& app, Chosen& chosen) {
  auto& command = *app.add_subcommand("open", "Open a sealed answer (LMS1), check it and print the identity");
  const auto options = declare(command, chosen, open);
  command.add_option("--key", options->key, "The verifier's x25519 key")->required()->type_name("FILE");
  addHex(command, "--request-nonce", options->nonce, "The nonce of the request that is answered")->required();
  command.add_option("--verifier", options->verifier, "The verifier's id, as in the request")
      ->required()
      ->type_name("ID");
  command.add_option("--trust", options->trust, "Whom to trust, from 'liangma trust build'")
      ->required()
      ->type_name("FILE");
  command.add_option("--wanted", options->wanted, "What the request wanted; exactly this must be in the answer")
      ->type_name("NAME,…");
  addText(command, options->text, "The text of the answer");
  command.footer("Prints as 'liangma verify' does; the identity claims are added.\n"
                 "One request is good for one answer: forget the nonce when it was opened.");
}

}  // namespace liangma::tools
