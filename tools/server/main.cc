// SPDX-License-Identifier: Apache-2.0
// liangma-server: an authority that enrols residents, hospitals that register them, and the apps' files.

#include <csignal>
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include "cli/failure.h"
#include "cli/sentences.h"
#include "server/gate_commands.h"
#include "server/operator_commands.h"
#include "server/problem.h"
#include "server/serve.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

fs::path defaultData() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return fs::path(state) / "liangma-demo";
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "." : home) / ".local/state/liangma-demo";
}

struct Invocation {
  Options options;
  Command command = serve;
};

Invocation parse(int argc, char** argv) {
  Invocation invocation;
  Options& options = invocation.options;
  options.data = defaultData();
  options.http.port = 8330;
  CLI::App app(
      "Serves Liangma's apps, an authority that enrols residents, and hospitals that register them.");
  bool nextPort = false;
  app.add_option("--port", options.http.port, "0: any free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_flag("--next-port", nextPort, "where the port is taken, try the 50 after it");
  app.add_option("--bind", options.http.bindAddress, "address to listen on")->capture_default_str();
  app.add_option("--data", options.data, "folder with settings, keys and databases")->capture_default_str();
  app.add_option(
         "--database", options.database,
         "the authority's: sqlite:FILE or postgresql://…; default: authority.sqlite in the data folder")
      ->envname("LIANGMA_DATABASE");
  app.add_option("--web", options.web, "folder with the built apps")->capture_default_str();
  app.add_option("--public", options.publicFolder,
                 "folder for the files that anybody may have; default: public in the data folder");
  app.add_option("--packs", options.packFolders,
                 "folder with region packs; packs in the data folder is one too")
      ->capture_default_str();
  app.add_option("--origin", options.origins,
                 "with --demo: where others reach this server, such as https://a.example");
  app.add_option("--trusted-proxy", options.http.trustedProxy, "address whose X-Forwarded-For is believed");
  app.add_option("--rate", options.ratePerMinute,
                 "calls a minute and address; of one device a quarter as many")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_flag("--demo", options.demo, "make up keys, residents and a trust list; lists everybody's tickets");
  app.fallthrough();
  app.add_subcommand("authority", "Serves the authority alone, without the hospitals of the data folder.")
      ->callback([&] { options.authorityAlone = true; });
  addOperatorCommands(app, invocation.command);
  addGateCommands(app, invocation.command);
  app.add_subcommand("routes", "Prints what this server answers to.")->callback([&] {
    invocation.command = printRoutes;
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    std::exit(code == 0 ? 0 : static_cast<int>(tools::ExitCode::Usage));
  }
  if (nextPort) options.http.portTries = 51;
  return invocation;
}

}  // namespace
}  // namespace liangma::server

int main(int argc, char** argv) {
  using namespace liangma;
  ::umask(077);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not a reason to die
  try {
    const auto invocation = server::parse(argc, argv);
    invocation.command(invocation.options);
    return 0;
  } catch (const tools::Failure& failure) {
    std::cerr << "liangma-server: " << failure.message << '\n';
    return static_cast<int>(failure.exitCode);
  } catch (const server::Problem& problem) {
    std::cerr << "liangma-server: " << problem.code << ": " << tools::sentence(problem.code) << '\n';
  } catch (const std::exception&) {
    std::cerr << "liangma-server: cannot start: the data folder cannot be used\n";
  }
  return 1;
}
