// SPDX-License-Identifier: Apache-2.0
// liangma-server: an authority that enrols residents, hospitals that register them, and the apps' files.

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/sentences.h"
#include "cli/text_codec.h"
#include "server/authority.h"
#include "server/authority_log.h"
#include "server/backup.h"
#include "server/bureau.h"
#include "server/clinic.h"
#include "server/clock.h"
#include "server/demo.h"
#include "server/demo_people.h"
#include "server/gate_commands.h"
#include "server/gates.h"
#include "server/http.h"
#include "server/log.h"
#include "server/operations.h"
#include "server/pack_folder.h"
#include "server/problem.h"
#include "server/publisher.h"
#include "server/resident_tickets.h"
#include "server/site.h"
#include "server/staff_access.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

/// How often is looked for what time alone brings about.
constexpr UnixSeconds kSecondsBetweenPasses = 60;

struct Options {
  HttpOptions http;
  fs::path data;
  fs::path web = "build/web";
  fs::path publicFolder;  ///< where the published files go; empty: "public" in the data folder
  std::vector<fs::path> packFolders = {"tools/regions"};
  std::vector<std::string> origins;
  std::string database;  ///< the authority's; empty: authority.sqlite in the data folder
  bool demo = false;
  bool authorityAlone = false;
  unsigned ratePerMinute = 120;
  std::function<void(const Options&)> command;  ///< what to do in the place of serving
  std::string deskCodeOf;                       ///< a hospital's id
  std::uint64_t statusIndex = 0;
  std::string status;
  fs::path backup;
  std::string issuer;
  bool seal = false;
  std::vector<std::string> purposes;
  bool everything = false;
  std::string staffName;
  std::vector<std::string> staffRoles;
  std::string people = "-";
  std::uint64_t ticketDays = 7;
};

fs::path defaultData() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return fs::path(state) / "liangma-demo";
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "." : home) / ".local/state/liangma-demo";
}

std::string databaseOf(const Options& options) {
  return options.database.empty() ? "sqlite:" + (options.data / "authority.sqlite").string()
                                  : options.database;
}

/// The address of a database server; empty: everything is in the data folder.
std::string sharedDatabase(const Options& options) {
  return Database::isShared(databaseOf(options)) ? options.database : "";
}

void requireFolder(const fs::path& folder) {
  if (!fs::is_directory(folder))
    tools::failUsage("cli.file-unreadable", folder.string() + ": there is no such folder");
}

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

/// A city goes live where its pack is put beside the settings.
std::vector<fs::path> packFolders(const Options& options) {
  auto folders = options.packFolders;
  folders.push_back(options.data / "packs");
  return folders;
}

/// The packs in the folders that the trust list names.
RegionPacks listedPacks(const Options& options, const TrustContent& trust) {
  RegionPacks packs;
  for (const auto& file : readPackFolders(packFolders(options))) {
    auto pack = openRegionPack(file.json, trust);
    if (pack.ok()) packs.keep(std::move(*pack));
  }
  return packs;
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
      clinics_.back()->addRoutes(router, answerLimit_);
    }
    addSiteRoutes(router, trust, files_, published, settings.authority ? settings.authority->issuer : "",
                  options.demo);
  }

  /// Null: there is none.
  Authority* authority() { return authority_.get(); }

  /// Colours by the packs of a trust list from now on.
  void refreshRules(const TrustSnapshot& trust) {
    if (!authority_ || trust.list->version == rulesVersion_) return;
    authority_->setPacks(listedPacks(options_, trust.list.content()));
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
    signDemoTrustList(options.data, origins, packFolders(options), gates.gates());
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

/// Until the port is taken nobody knows it, and the trust list names it: so the routes come after the port.
void serve(const Options& options) {
  const sigset_t signals = stopSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (options.demo) fs::create_directories(options.data);
  requireFolder(options.data);
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
  if (options.demo) signDemoTrustList(options.data, origins, packFolders(options), gates->gates());
  TrustSource trust(options.data / "trust.json");
  PublicFolder published(options.publicFolder.empty() ? options.data / "public" : options.publicFolder);
  IssuerKeys keys(options.data, trust);
  Services services(options, settings, origins, trust, keys, published, gates.get(), router);
  Metrics metrics;
  http.observe([&](const AnsweredRequest& request) { metrics.countRequest(request); });
  Publisher publisher(settings.authority, packFolders(options), trust, keys, published, metrics,
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

/// Withdraws a code, or takes that back, beside a server that may be running: it publishes within seconds.
void changeStatus(const Options& options) {
  const Settings settings = readSettings(options.data);
  if (!settings.authority) tools::failUsage("cli.no-authority", "server.json names no authority");
  const std::map<std::string, CredentialStatus> statuses = {{"valid", CredentialStatus::Valid},
                                                            {"invalid", CredentialStatus::Invalid},
                                                            {"suspended", CredentialStatus::Suspended}};
  AuthorityStore store(databaseOf(options), settings.authority->issuer,
                       readOrMakeSecret(options.data / settings.authority->secret));
  const bool known = store.transaction([&](AuthorityTables& tables) {
    return tables.setStatus(options.statusIndex, statuses.at(options.status), unixNow());
  });
  if (!known) tools::failUsage("cli.status-unknown", "no code of this authority has that status index");
}

/// The authority of a data folder, for a command beside servers that may be running.
struct AuthorityAtHand {
  explicit AuthorityAtHand(const Options& options)
      : trust(options.data / "trust.json"), settings(readSettings(options.data)), keys(options.data, trust) {
    if (!settings.authority) tools::failUsage("cli.no-authority", "server.json names no authority");
    authority.emplace(*settings.authority, options.data, databaseOf(options), keys);
    authority->setPacks(listedPacks(options, trust.current()->list.content()));
  }

  TrustSource trust;
  Settings settings;
  IssuerKeys keys;
  std::optional<Authority> authority;
};

void printTickets(const Options& options) {
  AuthorityAtHand at(options);
  std::ifstream file;
  if (options.people != "-") {
    file.open(options.people);
    if (!file) tools::failUsage("cli.file-unreadable", options.people + ": cannot be read");
  }
  const auto refused = giveTickets(*at.authority, at.trust.current()->list.content(),
                                   options.people == "-" ? std::cin : file, std::cout, options.ticketDays);
  if (refused > 0)
    tools::failBadData("cli.lines-refused", std::to_string(refused) + " of the lines were not taken");
}

void addTicketsCommand(CLI::App& app, Options& options) {
  auto* tickets = app.add_subcommand(
      "tickets", "Takes in residents, a line of JSON each, and prints a ticket for each, good once.");
  tickets->add_option(
      "people", options.people,
      "file of {\"identity\": {\"fullName\", \"idNumber\", …}, \"region\"?, \"issuer\"?, \"organisation\"?}; "
      "-: standard input");
  tickets->add_option("--days", options.ticketDays, "how long a ticket can be used")
      ->check(CLI::Range(1, 30))
      ->capture_default_str();
  tickets->callback([&] { options.command = printTickets; });
}

void verifyLogs(const Options& options) {
  AuthorityAtHand at(options);
  const auto report = verifyLog(at.authority->store(), at.trust.current()->list.content());
  const nlohmann::ordered_json json = {{"logs", report.logs},
                                       {"records", report.records},
                                       {"sealed", report.sealed},
                                       {"days", report.days},
                                       {"faults", report.faults}};
  std::cout << json.dump() << '\n';
  if (!report.faults.empty()) tools::failBadData("record.chain-broken", "the log does not fit together");
}

void addLogCommand(CLI::App& app, Options& options) {
  auto* log = app.add_subcommand("log", "The authority's signed log.");
  log->require_subcommand(1);
  log->add_subcommand("verify", "Checks every signature and every link, and prints what there is.")
      ->callback([&] { options.command = verifyLogs; });
}

void erasePurposes(const Options& options) {
  for (const auto& folder : options.packFolders) requireFolder(folder);
  AuthorityAtHand at(options);
  Authority& authority = *at.authority;
  const auto packs = authority.colours().rules().packs();
  nlohmann::ordered_json erased;
  for (const auto& purpose : options.purposes) {
    const auto days = packs->retentionDaysAt(at.settings.authority->issuer, purpose);
    if (days == 0 && !options.everything)
      tools::failUsage("cli.purpose-unknown", purpose + ": no pack says how long it is kept");
    const UnixSeconds now = unixNow(),
                      before = options.everything ? now : now - UnixSeconds{days} * 24 * 3600;
    erased[purpose] = erasePurpose(authority.store(), authority.colours().recorder(), purpose, before, now);
  }
  std::cout << erased.dump() << '\n';
}

void addEraseCommand(CLI::App& app, Options& options) {
  auto* erase = app.add_subcommand(
      "erase",
      "Removes what was kept for a purpose for as long as the region's pack allows; the log says how much.");
  erase->add_option("--purpose", options.purposes, "declaration, facts, appeal, issuance or identity")
      ->required()
      ->check(CLI::IsMember({"declaration", "facts", "appeal", "issuance", "identity"}));
  erase->add_flag("--everything", options.everything, "however short it was kept: the purpose has ended");
  erase->callback([&] { options.command = erasePurposes; });
}

/// What a server on this data folder answers to, a line a route.
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

/// Invites staff beside servers that may be running.
void printInvitation(const Options& options) {
  AuthorityAtHand at(options);
  StaffStore store(at.authority->store().database(), at.settings.authority->issuer);
  StaffAccess access(store, {});
  std::vector<StaffRole> roles;
  for (const auto& id : options.staffRoles) roles.push_back(*staffRoleFromId(id));
  try {
    std::cout << (roles.empty() ? access.reset(options.staffName) : access.add(options.staffName, roles))
              << '\n';
  } catch (const Problem& problem) {
    if (problem.status >= 500) throw;
    tools::failUsage(problem.code, tools::sentence(problem.code));
  }
}

void addStaffCommands(CLI::App& app, Options& options) {
  auto* staff = app.add_subcommand("staff", "Invites the authority's staff.")->require_subcommand(1);
  auto* add = staff->add_subcommand("add", "Prints an invitation for a new member, good once and for a day.");
  add->add_option("name", options.staffName, "that they sign in with")->required();
  add->add_option("--role", options.staffRoles, "checkpoint, reviewer, importer or admin; may be repeated")
      ->required()
      ->check(CLI::IsMember({"checkpoint", "reviewer", "importer", "admin"}));
  auto* reset =
      staff->add_subcommand("reset", "Takes all that a member signs in with, and invites them anew.");
  reset->add_option("name", options.staffName, "that they signed in with")->required();
  staff->callback([&] { options.command = printInvitation; });
}

void addDeskCodeCommand(CLI::App& app, Options& options) {
  auto* command =
      app.add_subcommand("desk-code", "Prints a code, good once and for an hour, that lets a desk in.");
  command->add_option("hospital", options.deskCodeOf, "its id in server.json")->required();
  command->callback([&] { options.command = printDeskCode; });
}

void addStatusCommand(CLI::App& app, Options& options) {
  auto* command = app.add_subcommand("status", "Withdraws a code, or takes that back.");
  command->add_option("--index", options.statusIndex, "its status index, as 'liangma inspect' says it")
      ->required();
  command->add_option("status", options.status, "valid, invalid or suspended")
      ->required()
      ->check(CLI::IsMember({"valid", "invalid", "suspended"}));
  command->callback([&] { options.command = changeStatus; });
}

/// Makes one more key for an issuer. It signs once the trust list says that it is in force.
void rotateKey(const Options& options) {
  Settings settings = readSettings(options.data);
  if (!settings.authority) tools::failUsage("cli.no-authority", "server.json names no authority");
  const std::string issuer = options.issuer.empty() ? settings.authority->issuer : options.issuer;
  const auto files = signingKeyFiles(*settings.authority);
  const auto known = files.find(issuer);
  if (known == files.end())
    tools::failUsage("cli.issuer-unknown", issuer + ": this authority does not sign for it");
  const std::string file = "keys/issuer-" + issuer + "-" + std::to_string(known->second.size() + 1) + ".json";
  const SigningKey key = fs::exists(options.data / file) ? readSigningKey(options.data / file)
                                                         : makeSigningKey(options.data / file, options.seal);
  settings.authority->laterKeys[issuer].push_back(file);
  writeSettings(options.data, settings);
  std::cout << tools::encodeBase64url(key.publicKey().raw32()) << '\n';
}

void addRotateKeyCommand(CLI::App& app, Options& options) {
  auto* command = app.add_subcommand(
      "rotate-key",
      "Makes one more key for an issuer, and prints its public half for 'liangma trust rekey'.");
  command->add_option("--issuer", options.issuer, "the issuer's id; default: the authority's own");
  command->add_flag("--seal", options.seal, "seal it under the passphrase in LIANGMA_PASSPHRASE");
  command->callback([&] { options.command = rotateKey; });
}

void addBackupCommands(CLI::App& app, Options& options) {
  auto* backup = app.add_subcommand("backup", "Copies the data folder, while a server may be running on it.");
  backup->add_option("folder", options.backup, "a folder to make")->required();
  backup->callback([&] {
    options.command = [](const Options& chosen) {
      backUp(chosen.data, sharedDatabase(chosen), chosen.backup);
    };
  });
  auto* restore = app.add_subcommand("restore", "Makes a data folder of a backup.");
  restore->add_option("folder", options.backup, "what backup made")->required();
  restore->callback([&] {
    options.command = [](const Options& chosen) {
      server::restore(chosen.backup, sharedDatabase(chosen), chosen.data);
    };
  });
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
  addDeskCodeCommand(app, options);
  addStaffCommands(app, options);
  addTicketsCommand(app, options);
  addStatusCommand(app, options);
  addBackupCommands(app, options);
  addRotateKeyCommand(app, options);
  addLogCommand(app, options);
  addEraseCommand(app, options);
  app.add_subcommand("routes", "Prints what this server answers to.")->callback([&] {
    options.command = printRoutes;
  });
  const auto gates = std::make_shared<GateCommands>(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    std::exit(code == 0 ? 0 : static_cast<int>(tools::ExitCode::Usage));
  }
  if (nextPort) options.http.portTries = 51;
  if (gates->isAsked())
    options.command = [gates](const Options& chosen) { gates->run(chosen.data, databaseOf(chosen)); };
  return options;
}

}  // namespace
}  // namespace liangma::server

int main(int argc, char** argv) {
  using namespace liangma;
  ::umask(077);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report, not a reason to die
  try {
    const auto options = server::parse(argc, argv);
    if (options.command)
      options.command(options);
    else
      server::serve(options);
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
