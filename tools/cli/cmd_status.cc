// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr UnixSeconds kDefaultSeconds = UnixSeconds{24} * 3600;
constexpr std::string_view kStatuses[] = {"valid", "invalid", "suspended", "superseded"};

struct BuildOptions {
  CommonOptions common;
  std::string key;
  std::string uri;
  std::string changes;
  std::optional<std::uint64_t> entries;
  std::optional<UnixSeconds> ttl;
  std::optional<UnixSeconds> refresh;
  std::string out;
};

struct ShowOptions {
  CommonOptions common;
  std::string trust;
  std::string list;
  std::optional<std::uint64_t> position;
};

constexpr const char* kBuildFooter =
    R"(Each line of --changes is a position in the list, which comes once, and its status:
  70000 invalid
  70001 suspended
  70002 superseded
Every other entry is valid. A code's status index is the list's number * 1048576 + its position.)";

std::uint8_t statusFromId(const std::string& id, const std::string& source) {
  for (std::uint8_t i = 0; i < 4; ++i)
    if (id == kStatuses[i]) return i;
  failBadData("cli.line-shape", source + ": \"" + printable(id) + "\" is no status");
}

/// Sets what each line "POSITION STATUS" says.
void applyChanges(const std::string& path, StatusBits& statuses) {
  std::istringstream lines(readInput(path));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto place = path + ": line " + std::to_string(++number);
    std::istringstream words(line);
    std::uint64_t position = 0;
    std::string status, rest;
    if (!(words >> position >> status) || words >> rest)
      failBadData("cli.line-shape", place + ": must be a position and a status");
    if (position >= statuses.entries())
      failBadData("cli.line-shape", place + ": the list has no such position");
    if (statuses.get(position).value() != 0)
      failBadData("cli.line-shape", place + ": the position comes twice");
    need(statuses.set(position, statusFromId(status, place)), place);
  }
}

ExitCode build(const BuildOptions& options) {
  const auto entries = options.entries.value_or(kStatusListEntries);
  auto statuses = StatusBits::create(2, entries);
  if (!statuses.ok())
    failUsage("cli.usage",
              "--entries: must be a multiple of 4, at most " + std::to_string(kStatusListEntries));
  if (!options.changes.empty()) applyChanges(options.changes, *statuses);
  StatusListClaims claims{options.uri, options.common.clock()};
  claims.expiresAt = claims.issuedAt + options.ttl.value_or(kDefaultSeconds);
  claims.ttlSeconds =
      static_cast<std::uint32_t>(std::min<UnixSeconds>(options.refresh.value_or(0), 0xffffffff));
  const auto token = need(signStatusList(claims, *statuses, readSigningKey(options.key)), "--uri, --ttl");
  writeOutput(options.out, asText(token));
  if (options.out == "-") return ExitCode::Ok;
  printLine(
      options.common.json
          ? jsonLine({{"file", options.out}, {"sizeBytes", token.size()}, {"expiresAt", claims.expiresAt}})
          : options.out + ": " + std::to_string(entries) + " entries in " + std::to_string(token.size()) +
                " bytes, valid until " + utcText(claims.expiresAt));
  return ExitCode::Ok;
}

OrderedJson toJson(const StatusList& list, UnixSeconds now) {
  std::array<std::uint64_t, 4> counts{};
  for (std::uint64_t at = 0; at < list.statuses().entries(); ++at) ++counts[*list.statuses().get(at)];
  OrderedJson json = {{"issuer", list.issuer()},
                      {"list", list.number()},
                      {"uri", list.claims().uri},
                      {"issuedAt", list.claims().issuedAt},
                      {"expiresAt", list.claims().expiresAt},
                      {"ttlSeconds", list.claims().ttlSeconds},
                      {"freshness", freshnessId(list.freshness(now))},
                      {"entries", list.statuses().entries()}};
  for (std::size_t i = 0; i < counts.size(); ++i) json[std::string(kStatuses[i])] = counts[i];
  return json;
}

ExitCode show(const ShowOptions& options) {
  const auto now = options.common.clock();
  const auto list = readStatusList(options.list, readTrust(options.trust, now));
  auto json = toJson(list, now);
  if (options.position)
    json["status"] = kStatuses[need(list.statuses().get(*options.position), "--position")];
  print(options.common.json ? jsonLine(json) + "\n" : jsonPage(json));
  return ExitCode::Ok;
}

void addBuild(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("build", "Sign a status list");
  const auto options = command.runs(chosen, build);
  command.file("--key", options->key, "The issuer's key");
  command.required("--uri", options->uri, "URL",
                   "The list's address: the statusUrl in the trust list, its number filled in");
  command.optional("--changes", options->changes, "FILE|-", "Which entries are not valid; see below");
  command.number("--entries", options->entries, "How many entries, a multiple of 4; default 1048576");
  command.seconds("--ttl", options->ttl, "From when on the list is stale, after now; default 86400");
  command.seconds("--refresh", options->refresh,
                  "How long nobody need ask for a newer one; default: not said");
  command.required("--out", options->out, "FILE|-", "Where to write the token, replaced if it exists");
  command.footer(kBuildFooter);
}

void addShowStatus(const Command& parent, Chosen& chosen) {
  const auto command = parent.add("show", "Check a status list and count what it says");
  const auto options = command.runs(chosen, show);
  command.file("--trust", options->trust, "The trust list that knows its issuer");
  command.file("--list", options->list, "The status list");
  command.number("--position", options->position, "Say the status of this entry too");
}

}  // namespace

void addStatus(const Command& app, Chosen& chosen) {
  const auto command = app.add("status", "Sign and read lists of withdrawn codes");
  addBuild(command, chosen);
  addShowStatus(command, chosen);
}

}  // namespace liangma::tools
