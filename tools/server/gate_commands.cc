// SPDX-License-Identifier: Apache-2.0
#include "server/gate_commands.h"

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/failure.h"
#include "cli/json_io.h"
#include "server/clock.h"
#include "server/gates.h"
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

/// The gates of the data folder's authority.
GateStore openGates(const Options& options) {
  const Settings settings = readSettings(options.data);
  if (!settings.authority) tools::failUsage("cli.no-authority", "server.json names no authority");
  return GateStore(databaseOf(options), settings.authority->issuer);
}

/// Prints what a trust list has to say of the gates, for `verifiers` of the content that `liangma trust
/// build` signs.
void printGates(const Options& options) {
  GateStore store = openGates(options);
  TrustContent content;
  for (const auto& gate : store.gates()) content.verifiers.push_back(verifierOf(gate));
  std::cout << tools::jsonPage(tools::trustContentToJson(content)["verifiers"]);
}

struct GateAsked {
  std::string id;
  std::vector<std::string> names;  ///< "LANGUAGE=NAME"
};

void printCode(const Options& options, const GateAsked& asked) {
  GateStore store = openGates(options);
  const Names names = readNames(asked.names);
  if (!isSignable(asked.id, names))
    tools::failUsage("cli.gate",
                     asked.id + ": an id is 1 to 16 of A-Z a-z 0-9 . _ -, a name at most 120 bytes");
  const auto trust = TrustSource(options.data / "trust.json").current();
  for (const auto& verifier : trust->list->verifiers)
    if (verifier.id == asked.id && verifier.kind != "gate")
      tools::failUsage("cli.gate", asked.id + ": is the id of a " + verifier.kind);
  std::cout << store.makeCode(asked.id, names, unixNow()) << '\n';
}

}  // namespace

void addGateCommands(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<GateAsked>();
  auto* code = app.add_subcommand(
      "gate-code", "Prints a code, good once and for a day, that makes a device a gate which asks.");
  code->add_option("gate", asked->id, "the gate's id in the trust list")->required();
  code->add_option("--name", asked->names,
                   "what residents read, such as en=\"West Mall\"; for each language");
  code->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { printCode(options, *asked); }; });
  app.add_subcommand("gates", "Prints the gates' entries for `liangma trust build`.")->callback([&chosen] {
    chosen = printGates;
  });
}

}  // namespace liangma::server
