// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/commands.h"

namespace liangma::tools {
namespace {

constexpr const char* kAbout = R"(Issues, shows and checks Liangma codes.

A code is a credential that an issuer signed, signed again by the phone every few seconds.)";

constexpr const char* kFooter = R"(Exit codes:
  0   admitted, or done
  1   refused: the printed id says why
  2   check: a person has to look (a paper code, a colour that the door's rules leave open)
  64  usage: the command line, or a file that it names, is wrong
  65  bad data: an input is not what it should be

From nothing to a verdict:
  liangma keygen --out root.json
  liangma keygen --out issuer.json
  liangma keygen --out device.json
  liangma trust build --content content.json --root root.json --ttl 86400 --out trust.json
  liangma issue --key issuer.json --iss 330100 --device PUBLIC_KEY --claims claims.json --out c.cred
  liangma show --credential c.cred --device-key device.json | liangma verify --trust trust.json

content.json names the issuer, 330100, and the public key that keygen printed for it: 'liangma trust build --help'.

'liangma COMMAND --help' explains the options and the files of a command.
'liangma serve …' is the server, liangma-server, with its own options: 'liangma serve --help'.)";

void declareAll(CLI::App& app, Chosen& chosen) {
  app.footer(kFooter);
  app.get_formatter()->column_width(36);
  app.require_subcommand(0, 1);  // 'rules show' is not 'show'
  app.set_version_flag("--version", "liangma " LIANGMA_VERSION);
  for (const auto add : {addKeygen, addIssue, addShow, addVerify, addInspect, addRequest, addAnswer, addOpen,
                         addPaper, addTrust, addStatus, addRules})
    add(Command(app), chosen);
}

ExitCode sayCommandIsMissing() {
  std::cerr << "liangma: a command is missing\nRun with --help for more information.\n";
  return ExitCode::Usage;
}

/// Becomes liangma-server: the one beside this program, or else the first in PATH.
[[noreturn]] void becomeServer(char** values) {
  char self[4096] = {};
  std::string server = "liangma-server";
  if (::readlink("/proc/self/exe", self, sizeof self - 1) > 0)
    server = std::filesystem::path(self).replace_filename(server);
  values[1] = server.data();
  ::execv(server.c_str(), values + 1);
  ::execvp("liangma-server", values + 1);
  std::cerr << "liangma serve: liangma-server is neither beside this program nor in PATH\n";
  std::exit(static_cast<int>(ExitCode::Usage));
}

ExitCode run(const Chosen& chosen) {
  try {
    return chosen.action();
  } catch (const Failure& failure) {
    printFailure(failure, chosen.command, chosen.json);
    return failure.exitCode;
  }
}

}  // namespace
}  // namespace liangma::tools

int main(int count, char** values) {
  using namespace liangma::tools;
  if (count > 1 && std::string_view(values[1]) == "serve") becomeServer(values);
  CLI::App app(kAbout, "liangma");
  Chosen chosen;
  declareAll(app, chosen);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::Usage);
  }
  if (!chosen.action) return static_cast<int>(sayCommandIsMissing());
  return static_cast<int>(run(chosen));
}
