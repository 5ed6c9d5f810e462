// SPDX-License-Identifier: Apache-2.0
// liangma-server: an authority that enrols residents, hospitals that register them, and the apps' files.

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/failure.h"
#include "server/authority.h"
#include "server/clinic.h"
#include "server/demo.h"
#include "server/demo_people.h"
#include "server/http.h"
#include "server/log.h"
#include "server/problem.h"
#include "server/site.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

struct Options {
  HttpOptions http;
  fs::path data;
  fs::path web = "build/web";
  std::vector<std::string> origins;
  bool demo = false;
  unsigned ratePerMinute = 120;
  std::string deskCodeOf;  ///< a hospital's id: only draw a login code for its desk
};

fs::path defaultData() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return fs::path(state) / "liangma-demo";
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "." : home) / ".local/state/liangma-demo";
}

/// Keeps a second server out of the data folder for as long as this process lives.
void lockData(const fs::path& data) {
  const int file = ::open((data / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::flock(file, LOCK_EX | LOCK_NB) != 0)
    tools::failUsage("cli.data-in-use", data.string() + ": cannot be locked; does another server use it?");
}

sigset_t stopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

std::vector<std::string> originsFor(const Options& options, int port) {
  if (!options.origins.empty()) return options.origins;
  const std::string suffix = ":" + std::to_string(port);
  return {"http://localhost" + suffix, "http://127.0.0.1" + suffix};
}

/// A demo answers to these names alone: a page elsewhere whose own name leads here must not get at it.
std::vector<std::string> demoHosts(const std::vector<std::string>& origins) {
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  for (const auto& origin : origins) {
    const auto begin = origin.find("://");
    if (begin != std::string::npos) hosts.push_back(hostName(origin.substr(begin + 3)));
  }
  return hosts;
}

/// Waits for a signal; meanwhile looks every minute whether there is a newer trust list.
void waitForStop(TrustSource& trust, const Options& options, const std::vector<std::string>& origins) {
  const sigset_t signals = stopSignals();
  const std::timespec minute{60, 0};
  while (::sigtimedwait(&signals, nullptr, &minute) < 0) {
    try {
      if (options.demo) signDemoTrustList(options.data, origins);
    } catch (const tools::Failure& failure) {
      log("trust-list-not-signed", {{"code", failure.id}});
    }
    trust.refresh();
  }
}

/// The authority, the hospitals and what they answer to. Each of them could run without the others.
class Services {
 public:
  Services(const Options& options, const TrustSource& trust, Router& router)
      : files_(options.web), enrolLimit_(options.ratePerMinute), answerLimit_(options.ratePerMinute) {
    const Settings settings = readSettings(options.data);
    if (settings.authority) addAuthority(*settings.authority, options, router);
    for (const auto& clinic : settings.clinics) {
      clinics_.push_back(std::make_unique<Clinic>(clinic, options.data, trust));
      clinics_.back()->addRoutes(router, answerLimit_);
    }
    addSiteRoutes(router, trust, files_, settings.authority ? settings.authority->issuer : "", options.demo);
  }

 private:
  void addAuthority(const AuthoritySettings& settings, const Options& options, Router& router) {
    authority_ = std::make_unique<Authority>(settings, options.data);
    authority_->addRoutes(router, enrolLimit_);
    if (!options.demo) return;
    authority_->addResidents(demoPeople());
    authority_->addDemoRoutes(router);
  }

  StaticFiles files_;
  RateLimit enrolLimit_, answerLimit_;
  std::unique_ptr<Authority> authority_;
  std::vector<std::unique_ptr<Clinic>> clinics_;
};

/// Until the port is taken nobody knows it, and the trust list names it: so the routes come after the port.
void serve(const Options& options) {
  const sigset_t signals = stopSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not a reason to die
  fs::create_directories(options.data);
  lockData(options.data);
  Router router;
  HttpServer http(router, options.http);
  const int port = http.bind();
  if (port == 0)
    tools::failUsage("cli.port-taken", "the port is taken, or the address is not this machine's");
  const auto origins = originsFor(options, port);
  if (options.demo) {
    http.allowHosts(demoHosts(origins));
    makeDemoCountry(options.data);
    signDemoTrustList(options.data, origins);
  }
  TrustSource trust(options.data / "trust.json");
  const Services services(options, trust, router);
  std::thread worker([&] { http.run(); });
  log("listening", {{"port", port}, {"demo", options.demo}});
  waitForStop(trust, options, origins);
  log("stopping");
  http.stop();
  worker.join();
  log("stopped");
}

/// Draws a login code beside a server that may be running on the same folder.
void printDeskCode(const Options& options) {
  for (const auto& clinic : readSettings(options.data).clinics) {
    if (clinic.id != options.deskCodeOf) continue;
    ClinicStore store(clinicDatabase(clinic, options.data));
    std::cout << DeskLogin(store).makeCode() << '\n';
    return;
  }
  tools::failUsage("cli.hospital-unknown", options.deskCodeOf + ": server.json names no such hospital");
}

Options parse(int argc, char** argv) {
  Options options;
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
  app.add_option("--web", options.web, "folder with the built apps")->capture_default_str();
  app.add_option("--origin", options.origins,
                 "with --demo: where others reach this server, such as https://a.example");
  app.add_option("--trusted-proxy", options.http.trustedProxy, "address whose X-Forwarded-For is believed");
  app.add_option("--rate", options.ratePerMinute, "enrolments, and answers, a minute and address")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_flag("--demo", options.demo, "make up keys, residents and a trust list; lists everybody's tickets");
  app.fallthrough();
  app.add_subcommand("desk-code", "Prints a code, good once and for an hour, that lets a desk in.")
      ->add_option("hospital", options.deskCodeOf, "its id in server.json")
      ->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    std::exit(code == 0 ? 0 : static_cast<int>(tools::ExitCode::Usage));
  }
  if (nextPort) options.http.portTries = 51;
  return options;
}

}  // namespace
}  // namespace liangma::server

int main(int argc, char** argv) {
  using namespace liangma;
  ::umask(077);
  try {
    const auto options = server::parse(argc, argv);
    if (options.deskCodeOf.empty())
      server::serve(options);
    else
      server::printDeskCode(options);
    return 0;
  } catch (const tools::Failure& failure) {
    std::cerr << "liangma-server: " << failure.message << '\n';
    return static_cast<int>(failure.exitCode);
  } catch (const server::Problem& problem) {
    std::cerr << "liangma-server: cannot start: " << problem.code << '\n';
  } catch (const std::exception&) {
    std::cerr << "liangma-server: cannot start: the data folder cannot be used\n";
  }
  return 1;
}
