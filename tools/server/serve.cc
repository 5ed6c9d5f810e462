// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include <cerrno>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/text_codec.h"
#include "server/authority.h"
#include "server/authority_log.h"
#include "server/bureau.h"
#include "server/clinic.h"
#include "server/clock.h"
#include "server/demo.h"
#include "server/demo_people.h"
#include "server/gates.h"
#include "server/log.h"
#include "server/operations.h"
#include "server/pack_folder.h"
#include "server/problem.h"
#include "server/publisher.h"
#include "server/site.h"
#include "server/staff_access.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

/// How often is looked for what time alone brings about.
constexpr UnixSeconds kSecondsBetweenPasses = 60;

/// Keeps a second server out of the data folder for as long as this process lives.
void lockData(const fs::path& data) {
  const int file = ::open((data / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return;
  if (file >= 0 && errno == EWOULDBLOCK)
    tools::failUsage("cli.data-in-use", data.string() + ": another server uses it");
  tools::failUsage("cli.file-unwritable", tools::because(data, "cannot be written to"));
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

/// The authority, the hospitals and what they answer to. Each of them could run without the others.
class Services {
 public:
  /// @param origins  where the bureau's pages come from
  /// @param gates    null where there is no authority
  Services(const Options& options, const Settings& settings, const std::vector<std::string>& origins,
           const TrustSource& trust, const IssuerKeys& keys, const PublicFolder& published, GateStore* gates,
           Router& router)
      : options_(options),
        files_(options.web),
        enrolLimit_(options.ratePerMinute),
        deviceLimit_(std::max(1U, options.ratePerMinute / 4)),
        answerLimit_(options.ratePerMinute),
        staffLimit_(options.ratePerMinute) {
    if (settings.authority) {
      addAuthority(*settings.authority, *trust.current(), keys, router);
      addGateRoutes(router, *gates, enrolLimit_, settings.authority->issuer);
      addBureau(*settings.authority, origins, trust, router);
    }
    if (options.authorityAlone && !settings.authority)
      tools::failUsage("cli.no-authority", "server.json names no authority");
    for (const auto& clinic : settings.clinics) {
      if (options.authorityAlone) break;
      clinics_.push_back(std::make_unique<Clinic>(clinic, options.data, trust));
      clinics_.back()->addRoutes(router, staffLimit_, answerLimit_);
    }
    addSiteRoutes(router, trust, files_, published, settings.authority ? settings.authority->issuer : "",
                  options.demo);
  }

  /// Null: there is none.
  Authority* authority() { return authority_.get(); }

  /// Colours by the packs of a trust list from now on.
  void refreshRules(const TrustSnapshot& trust) {
    if (!authority_ || trust.list->version == rulesVersion_) return;
    authority_->setPacks(listedPacks(packFoldersOf(options_), trust.list.content()));
    rulesVersion_ = trust.list->version;
  }

  /// Does what time alone brings about, chains what was recorded, and publishes the heads of the days. What
  /// fails is tried again the next time.
  void keepLog(PublicFolder& published) {
    if (!authority_) return;
    try {
      if (const UnixSeconds now = unixNow(); now >= timePassesAt_) {
        timePassesAt_ = now + kSecondsBetweenPasses;
        authority_->cases().passTime(now);
      }
      authority_->log().seal(unixNow());
      if (published.takeOver())
        authority_->log().publish([&](const std::string& name, const Bytes& content) {
          published.put(name, tools::asText(content));
        });
    } catch (const Problem& problem) {
      log("log-not-sealed", {{"code", problem.code}});
    }
  }

 private:
  void addAuthority(const AuthoritySettings& settings, const TrustSnapshot& trust, const IssuerKeys& keys,
                    Router& router) {
    authority_ = std::make_unique<Authority>(settings, options_.data, databaseOf(options_), keys);
    refreshRules(trust);
    authority_->addRoutes(router, enrolLimit_, deviceLimit_);
    if (!options_.demo) return;
    authority_->addResidents(demoPeople());
    authority_->addDemoRoutes(router);
  }

  void addBureau(const AuthoritySettings& settings, const std::vector<std::string>& origins,
                 const TrustSource& trust, Router& router) {
    staffStore_ = std::make_unique<StaffStore>(authority_->store().database(), settings.issuer);
    staff_ = std::make_unique<StaffAccess>(
        *staffStore_, origins,
        [this](const StaffActor& actor, const std::string& action, const std::string& subject) {
          authority_->cases().note(action, subject, {staffRoleId(actor.role), actor.member.id}, unixNow());
        });
    std::vector<std::string> places;
    for (const auto& [issuer, files] : signingKeyFiles(settings)) places.push_back(issuer);
    bureau_ = std::make_unique<Bureau>(authority_->cases(), *staff_, authority_->colours().rules(), trust,
                                       std::move(places));
    staff_->addRoutes(router, staffLimit_);
    bureau_->addRoutes(router, staffLimit_);
  }

  const Options& options_;
  StaticFiles files_;
  RateLimit enrolLimit_, deviceLimit_, answerLimit_, staffLimit_;
  std::uint64_t rulesVersion_ = 0;
  UnixSeconds timePassesAt_ = 0;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<StaffStore> staffStore_;
  std::unique_ptr<StaffAccess> staff_;
  std::unique_ptr<Bureau> bureau_;
  std::vector<std::unique_ptr<Clinic>> clinics_;
};

/// The gates of the authority; null: there is none.
std::unique_ptr<GateStore> openGates(const Options& options, const Settings& settings) {
  if (!settings.authority) return nullptr;
  auto gates = std::make_unique<GateStore>(databaseOf(options), settings.authority->issuer);
  gates->adopt(options.data / "gates.sqlite");
  return gates;
}

/// Signs the demo's trust list anew where it has to say something else. What fails is tried again the next
/// time.
void renewDemoTrustList(const Options& options, const std::vector<std::string>& origins, GateStore& gates) {
  try {
    signDemoTrustList(options.data, origins, packFoldersOf(options), gates.gates());
  } catch (const tools::Failure& failure) {
    log("trust-list-not-signed", {{"code", failure.id}});
  } catch (const Problem& problem) {
    log("trust-list-not-signed", {{"code", problem.code}});
  }
}

/// Waits for a signal; meanwhile looks every other second whether there is something to publish.
void waitForStop(TrustSource& trust, IssuerKeys& keys, Services& services, Publisher& publisher,
                 PublicFolder& published, const std::function<void()>& renewTrustList) {
  const sigset_t signals = stopSignals();
  const std::timespec pause{2, 0};
  while (::sigtimedwait(&signals, nullptr, &pause) < 0) {
    renewTrustList();
    trust.refresh();
    services.refreshRules(*trust.current());
    keys.refresh();
    publisher.publish(unixNow());
    services.keepLog(published);
  }
}

}  // namespace

/// Until the port is taken nobody knows it, and the trust list names it: so the routes come after the port.
void serve(const Options& options) {
  const sigset_t signals = stopSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (options.demo) fs::create_directories(options.data);
  requireFolder(options.data);
  for (const auto& folder : options.packFolders) requireFolder(folder);
  if (!fs::is_directory(options.web)) log("no-apps", {{"folder", options.web.string()}});
  if (!Database::isShared(databaseOf(options))) lockData(options.data);
  Router router;
  HttpServer http(router, options.http);
  const int port = http.bind();
  if (port == 0)
    tools::failUsage("cli.port-taken", "the port is taken, or the address is not this machine's");
  const auto origins = originsFor(options, port);
  if (options.demo) {
    http.allowHosts(demoHosts(origins));
    makeDemoCountry(options.data);
  }
  const Settings settings = readSettings(options.data);
  const auto gates = openGates(options, settings);
  if (options.demo) signDemoTrustList(options.data, origins, packFoldersOf(options), gates->gates());
  TrustSource trust(options.data / "trust.json");
  PublicFolder published(options.publicFolder.empty() ? options.data / "public" : options.publicFolder);
  IssuerKeys keys(options.data, trust);
  Services services(options, settings, origins, trust, keys, published, gates.get(), router);
  Metrics metrics;
  http.observe([&](const AnsweredRequest& request) { metrics.countRequest(request); });
  Publisher publisher(settings.authority, packFoldersOf(options), trust, keys, published, metrics,
                      services.authority() == nullptr ? nullptr : &services.authority()->store());
  publisher.publish(unixNow());
  addOperationRoutes(router, metrics, [&] { publisher.requireReady(unixNow()); });
  std::thread worker([&] { http.run(); });
  log("listening", {{"port", port}, {"demo", options.demo}});
  waitForStop(trust, keys, services, publisher, published, [&] {
    // Of several servers, the one that publishes signs: else there could be two lists of one version.
    if (options.demo && published.takeOver()) renewDemoTrustList(options, origins, *gates);
  });
  log("stopping");
  http.stop();
  worker.join();
  log("stopped");
}

void printRoutes(const Options& options) {
  const TrustSource trust(options.data / "trust.json");
  const Settings settings = readSettings(options.data);
  const PublicFolder published(options.data / "public");
  const IssuerKeys keys(options.data, trust);
  Router router;
  const auto gates = openGates(options, settings);
  const Services services(options, settings, {}, trust, keys, published, gates.get(), router);
  const Metrics metrics;
  addOperationRoutes(router, metrics, [] {});
  for (const auto& route : router.list()) std::cout << route << '\n';
}

}  // namespace liangma::server
