// SPDX-License-Identifier: Apache-2.0
#include "server/gate_commands.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/failure.h"
#include "cli/json_io.h"
#include "server/clock.h"
#include "server/problem.h"
#include "server/random.h"
#include "server/settings.h"
#include "server/trust_source.h"

namespace liangma::server {
namespace {

Names readNames(const std::vector<std::string>& texts) {
  Names names;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == std::string::npos) tools::failUsage("cli.name", text + ": must be LANGUAGE=NAME");
    names[text.substr(0, at)] = text.substr(at + 1);
  }
  return names;
}

/// Whether a trust list could hold a gate of this id and these names.
bool isSignable(const std::string& id, const Names& names) {
  const Bytes random = randomBytes(32);
  Entropy entropy(random);
  const SigningKey key = need(SigningKey::generate(entropy));
  TrustContent content;
  content.version = 1;
  content.issuedAt = unixNow();
  content.expiresAt = content.issuedAt + 1;
  content.roots = {key.publicKey()};
  content.verifiers = {verifierOf({id, names, key.publicKey(), {}, content.issuedAt})};
  const SigningKey* const roots[] = {&key};
  return signTrustList(content, roots).ok();
}

/// Prints what a trust list has to say of the gates, for `verifiers` of the content that `liangma trust
/// build` signs.
void printGates(GateStore& store) {
  TrustContent content;
  for (const auto& gate : store.gates()) content.verifiers.push_back(verifierOf(gate));
  std::cout << tools::jsonPage(tools::trustContentToJson(content)["verifiers"]);
}

}  // namespace

GateCommands::GateCommands(CLI::App& app) {
  auto* code = app.add_subcommand(
      "gate-code", "Prints a code, good once and for a day, that makes a device a gate which asks.");
  code->add_option("gate", id_, "the gate's id in the trust list")->required();
  code->add_option("--name", names_, "what residents read, such as en=\"West Mall\"; for each language");
  app.add_subcommand("gates", "Prints the gates' entries for `liangma trust build`.")->callback([this] {
    list_ = true;
  });
}

void GateCommands::run(const std::filesystem::path& data, const std::string& database) const {
  const Settings settings = readSettings(data);
  if (!settings.authority) tools::failUsage("cli.no-authority", "server.json names no authority");
  GateStore store(database, settings.authority->issuer);
  if (!id_.empty()) printCode(data, store);
  if (list_) printGates(store);
}

/// Draws a code beside a server that may be running on the same folder.
void GateCommands::printCode(const std::filesystem::path& data, GateStore& store) const {
  const Names names = readNames(names_);
  if (!isSignable(id_, names))
    tools::failUsage("cli.gate", id_ + ": an id is 1 to 16 of A-Z a-z 0-9 . _ -, a name at most 120 bytes");
  const auto trust = TrustSource(data / "trust.json").current();
  for (const auto& verifier : trust->list->verifiers)
    if (verifier.id == id_ && verifier.kind != "gate")
      tools::failUsage("cli.gate", id_ + ": is the id of a " + verifier.kind);
  std::cout << store.makeCode(id_, names, unixNow()) << '\n';
}

}  // namespace liangma::server
