// SPDX-License-Identifier: Apache-2.0
#include "server/operator_commands.h"

#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/failure.h"
#include "cli/sentences.h"
#include "cli/text_codec.h"
#include "server/authority.h"
#include "server/authority_log.h"
#include "server/backup.h"
#include "server/clinic.h"
#include "server/clock.h"
#include "server/pack_folder.h"
#include "server/problem.h"
#include "server/resident_tickets.h"
#include "server/staff_access.h"
#include "server/trust_source.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failNoAuthority() {
  tools::failUsage("cli.no-authority", "server.json names no authority");
}

/// The authority of a data folder.
struct AuthorityAtHand {
  explicit AuthorityAtHand(const Options& options)
      : trust(options.data / "trust.json"), settings(readSettings(options.data)), keys(options.data, trust) {
    if (!settings.authority) failNoAuthority();
    authority.emplace(*settings.authority, options.data, databaseOf(options), keys);
    authority->setPacks(listedPacks(packFoldersOf(options), trust.current()->list.content()));
  }

  TrustSource trust;
  Settings settings;
  IssuerKeys keys;
  std::optional<Authority> authority;
};

// --- residents and their codes ---

struct TicketsAsked {
  std::string people = "-";
  std::uint64_t days = 7;
};

void printTickets(const Options& options, const TicketsAsked& asked) {
  AuthorityAtHand at(options);
  std::ifstream file;
  if (asked.people != "-") {
    file.open(asked.people);
    if (!file) tools::failUsage("cli.file-unreadable", asked.people + ": cannot be read");
  }
  const auto refused = giveTickets(*at.authority, at.trust.current()->list.content(),
                                   asked.people == "-" ? std::cin : file, std::cout, asked.days);
  if (refused > 0)
    tools::failBadData("cli.lines-refused", std::to_string(refused) + " of the lines were not taken");
}

void addTickets(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<TicketsAsked>();
  auto* tickets = app.add_subcommand(
      "tickets", "Takes in residents, a line of JSON each, and prints a ticket for each, good once.");
  tickets->add_option(
      "people", asked->people,
      "file of {\"identity\": {\"fullName\", \"idNumber\", …}, \"region\"?, \"issuer\"?, \"organisation\"?, "
      "\"renamed\"?}; "
      "-: standard input");
  tickets->add_option("--days", asked->days, "how long a ticket can be used")
      ->check(CLI::Range(1, 30))
      ->capture_default_str();
  tickets->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { printTickets(options, *asked); }; });
}

struct StatusAsked {
  std::uint64_t index = 0;
  std::string status;
};

void changeStatus(const Options& options, const StatusAsked& asked) {
  const Settings settings = readSettings(options.data);
  if (!settings.authority) failNoAuthority();
  const std::map<std::string, CredentialStatus> statuses = {{"valid", CredentialStatus::Valid},
                                                            {"invalid", CredentialStatus::Invalid},
                                                            {"suspended", CredentialStatus::Suspended}};
  AuthorityStore store(databaseOf(options), settings.authority->issuer,
                       readOrMakeSecret(options.data / settings.authority->secret));
  const bool known = store.transaction([&](AuthorityTables& tables) {
    return tables.setStatus(asked.index, statuses.at(asked.status), unixNow());
  });
  if (!known) tools::failUsage("cli.status-unknown", "no code of this authority has that status index");
}

void addStatus(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<StatusAsked>();
  auto* status = app.add_subcommand("status", "Withdraws a code, or takes that back.");
  status->add_option("--index", asked->index, "its status index, as 'liangma inspect' says it")->required();
  status->add_option("status", asked->status, "valid, invalid or suspended")
      ->required()
      ->check(CLI::IsMember({"valid", "invalid", "suspended"}));
  status->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { changeStatus(options, *asked); }; });
}

// --- staff and desks ---

struct StaffAsked {
  std::string name;
  std::vector<std::string> roles;  ///< of a new member; empty: of one to be invited anew
};

void printInvitation(const Options& options, const StaffAsked& asked) {
  AuthorityAtHand at(options);
  StaffStore store(at.authority->store().database(), at.settings.authority->issuer);
  StaffAccess access(store, {});
  std::vector<StaffRole> roles;
  for (const auto& id : asked.roles) roles.push_back(*staffRoleFromId(id));
  try {
    std::cout << (roles.empty() ? access.reset(asked.name) : access.add(asked.name, roles)) << '\n';
  } catch (const Problem& problem) {
    if (problem.status >= 500) throw;
    tools::failUsage(problem.code, tools::sentence(problem.code));
  }
}

void addStaff(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<StaffAsked>();
  auto* staff = app.add_subcommand("staff", "Invites the authority's staff.")->require_subcommand(1);
  auto* add = staff->add_subcommand("add", "Prints an invitation for a new member, good once and for a day.");
  add->add_option("name", asked->name, "that they sign in with")->required();
  add->add_option("--role", asked->roles, "checkpoint, reviewer, importer or admin; may be repeated")
      ->required()
      ->check(CLI::IsMember({"checkpoint", "reviewer", "importer", "admin"}));
  auto* reset =
      staff->add_subcommand("reset", "Takes all that a member signs in with, and invites them anew.");
  reset->add_option("name", asked->name, "that they signed in with")->required();
  staff->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { printInvitation(options, *asked); }; });
}

void printDeskCode(const Options& options, const std::string& hospital) {
  for (const auto& clinic : readSettings(options.data).clinics) {
    if (clinic.id != hospital) continue;
    ClinicStore store(clinicDatabase(clinic, options.data));
    std::cout << DeskLogin(store).makeCode() << '\n';
    return;
  }
  tools::failUsage("cli.hospital-unknown", hospital + ": server.json names no such hospital");
}

void addDeskCode(CLI::App& app, Command& chosen) {
  const auto hospital = std::make_shared<std::string>();
  auto* code =
      app.add_subcommand("desk-code", "Prints a code, good once and for an hour, that lets a desk in.");
  code->add_option("hospital", *hospital, "its id in server.json")->required();
  code->callback([hospital, &chosen] {
    chosen = [hospital](const Options& options) { printDeskCode(options, *hospital); };
  });
}

// --- the log, and what is erased ---

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

void addLog(CLI::App& app, Command& chosen) {
  auto* log = app.add_subcommand("log", "The authority's signed log.")->require_subcommand(1);
  log->add_subcommand("verify", "Checks every signature and every link, and prints what there is.")
      ->callback([&chosen] { chosen = verifyLogs; });
}

/// Later than anything that is kept can end.
constexpr UnixSeconds kForever = 1'000'000'000'000;

struct EraseAsked {
  std::vector<std::string> purposes;
  bool everything = false;
};

void erasePurposes(const Options& options, const EraseAsked& asked) {
  for (const auto& folder : options.packFolders) requireFolder(folder);
  AuthorityAtHand at(options);
  Authority& authority = *at.authority;
  const auto packs = authority.colours().rules().packs();
  nlohmann::ordered_json erased;
  for (const auto& purpose : asked.purposes) {
    const auto days = packs->retentionDaysAt(at.settings.authority->issuer, purpose);
    if (days == 0 && !asked.everything)
      tools::failUsage("cli.purpose-unknown", purpose + ": no pack says how long it is kept");
    const UnixSeconds now = unixNow(),
                      before = asked.everything ? kForever : now - UnixSeconds{days} * 24 * 3600;
    erased[purpose] = erasePurpose(authority.store(), authority.colours().recorder(), purpose, before, now);
  }
  std::cout << erased.dump() << '\n';
}

void addErase(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<EraseAsked>();
  auto* erase = app.add_subcommand(
      "erase",
      "Removes what was kept for a purpose for as long as the region's pack allows; the log says how much.");
  erase->add_option("--purpose", asked->purposes, "declaration, facts, appeal, issuance or identity")
      ->required()
      ->check(CLI::IsMember({"declaration", "facts", "appeal", "issuance", "identity"}));
  erase->add_flag("--everything", asked->everything, "however short it was kept: the purpose has ended");
  erase->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { erasePurposes(options, *asked); }; });
}

// --- keys and backups ---

struct KeyAsked {
  std::string issuer;  ///< empty: the authority itself
  bool seal = false;
};

/// Makes one more key for an issuer. It signs once the trust list says that it is in force.
void rotateKey(const Options& options, const KeyAsked& asked) {
  Settings settings = readSettings(options.data);
  if (!settings.authority) failNoAuthority();
  const std::string issuer = asked.issuer.empty() ? settings.authority->issuer : asked.issuer;
  const auto files = signingKeyFiles(*settings.authority);
  const auto known = files.find(issuer);
  if (known == files.end())
    tools::failUsage("cli.issuer-unknown", issuer + ": this authority does not sign for it");
  const std::string file = "keys/issuer-" + issuer + "-" + std::to_string(known->second.size() + 1) + ".json";
  const SigningKey key = fs::exists(options.data / file) ? readSigningKey(options.data / file)
                                                         : makeSigningKey(options.data / file, asked.seal);
  settings.authority->laterKeys[issuer].push_back(file);
  writeSettings(options.data, settings);
  std::cout << tools::encodeBase64url(key.publicKey().raw32()) << '\n';
}

void addRotateKey(CLI::App& app, Command& chosen) {
  const auto asked = std::make_shared<KeyAsked>();
  auto* rotate = app.add_subcommand(
      "rotate-key",
      "Makes one more key for an issuer, and prints its public half for 'liangma trust rekey'.");
  rotate->add_option("--issuer", asked->issuer, "the issuer's id; default: the authority's own");
  rotate->add_flag("--seal", asked->seal, "seal it under the passphrase in LIANGMA_PASSPHRASE");
  rotate->callback(
      [asked, &chosen] { chosen = [asked](const Options& options) { rotateKey(options, *asked); }; });
}

void addBackups(CLI::App& app, Command& chosen) {
  const auto folder = std::make_shared<fs::path>();
  auto* backup = app.add_subcommand("backup", "Copies the data folder, while a server may be running on it.");
  backup->add_option("folder", *folder, "a folder to make")->required();
  backup->callback([folder, &chosen] {
    chosen = [folder](const Options& options) { backUp(options.data, sharedDatabase(options), *folder); };
  });
  auto* restore = app.add_subcommand("restore", "Makes a data folder of a backup.");
  restore->add_option("folder", *folder, "what backup made")->required();
  restore->callback([folder, &chosen] {
    chosen = [folder](const Options& options) {
      server::restore(*folder, sharedDatabase(options), options.data);
    };
  });
}

}  // namespace

void addOperatorCommands(CLI::App& app, Command& chosen) {
  addDeskCode(app, chosen);
  addStaff(app, chosen);
  addTickets(app, chosen);
  addStatus(app, chosen);
  addBackups(app, chosen);
  addRotateKey(app, chosen);
  addLog(app, chosen);
  addErase(app, chosen);
}

}  // namespace liangma::server
