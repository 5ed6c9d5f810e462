// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"

namespace liangma::tools {
namespace {

struct VerifyOptions {
  CommonOptions common;
  std::string trust;
  std::string scene;
  std::string place;
  std::vector<std::string> packs;
  std::vector<std::string> statusLists;
  std::string stale = "refuse";
  std::string audience;
  Bytes nonce;
  std::string wanted;
  TextInput text;
};

constexpr const char* kFooter = R"(With --json, one line:
  {"verdict":"admit|check|refuse","reason":"…","advice":"…","assurance":"none|paper|time|challenge",
   "colour":…,"region":…,"name":…,"idTail":…,"issuer":…,"expiresAt":…,"ageSeconds":…,"identity":…}
Every member is always there; null where the code does not say it, or where it is not to be believed.
With --place-region, "agreement" is there too where the place takes the code by one; with --pack, "rule" where a rule
decided.

Assurance: "time" is a code signed seconds ago; "challenge" an answer to a request of this verifier, which
nobody can have made ahead or passed on; "paper" a printed code, which never admits by itself.

A trust list that is expired, rolled back or not signed by a pinned root gives a verdict too:
refuse, with its id.)";

std::optional<Challenge> challengeOf(const VerifyOptions& options) {
  if (options.nonce.empty()) return std::nullopt;
  return Challenge{options.audience, options.nonce, identityClaimsFromList(options.wanted, "--wanted")};
}

StatusLists readStatusLists(const std::vector<std::string>& paths, const TrustList& trust) {
  StatusLists lists;
  for (const auto& path : paths)
    (void)lists.keep(readStatusList(path, trust));  // an older one is passed over
  return lists;
}

RegionPacks readPacks(const std::vector<std::string>& paths, const TrustList& trust) {
  RegionPacks packs;
  for (const auto& path : paths) packs.keep(readTrustedPack(path, trust));
  return packs;
}

/// Says which pack is missing, as the verdict would not.
void requirePacks(const RegionPacks& packs, const std::string& place, const TrustList& trust) {
  const auto* missing = packs.missingAt(place, trust.content());
  if (missing == nullptr) return;
  failUsage(errcId(Errc::PackMissing), "--pack: the trust list names " + missing->id + " version " +
                                           std::to_string(missing->version) + ", which may speak at " +
                                           place + ": give it, too");
}

Verdict judge(const std::string& text, const TrustList& trust, const VerifyOptions& options) {
  const auto challenge = challengeOf(options);
  VerifyContext context{trust, options.common.clock(), nullptr, challenge ? &*challenge : nullptr};
  const auto lists = readStatusLists(options.statusLists, trust);
  if (!options.statusLists.empty()) context.status = &lists;
  context.stale = options.stale == "check" ? StalePolicy::Check : StalePolicy::Refuse;
  context.place = options.place;
  if (options.packs.empty()) return verifyIn(options.scene, text, context);
  const auto packs = readPacks(options.packs, trust);
  requirePacks(packs, options.place, trust);
  const auto* scene = packs.findScene(options.place, options.scene);
  if (scene == nullptr) return refusal(Errc::SceneUnknown);
  context.scene = &scene->scene;
  context.rules = &packs;
  return verify(text, context);
}

/// A misspelt place would refuse everybody.
void checkPlace(const std::string& place) {
  const bool digits = std::all_of(place.begin(), place.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!place.empty() && (place.size() != 6 || !digits))
    failUsage("cli.usage", "--place-region: must be a division code of six digits");
}

ExitCode verifyCode(const VerifyOptions& options) {
  checkPlace(options.place);
  const auto trust = openTrustFile(readTrustFile(options.trust), options.common.clock());
  if (!trust.ok() && exitCodeFor(trust.code()) == ExitCode::BadData) fail(trust.error(), options.trust);
  const auto text = readText(options.text);
  const auto verdict = trust.ok() ? judge(text, *trust, options) : refusal(trust.code());
  return printVerdict(verdict, options.common.json);
}

}  // namespace

void addVerify(const Command& app, Chosen& chosen) {
  const auto command = app.add("verify", "Check a code and decide: admit, check or refuse");
  const auto options = command.runs(chosen, verifyCode);
  command.file("--trust", options->trust, "Whom to trust, from 'liangma trust build'");
  command.optional("--scene", options->scene, "ID", "The kind of door, as in the trust list or the packs");
  command.optional("--place-region", options->place, "CODE",
                   "Where the door is: its division code. None: whose code it is does not matter");
  command.optionalFiles("--pack", options->packs,
                        "A region pack that the trust list names; once for each, the bases too");
  command.optionalFiles(
      "--status", options->statusLists,
      "A status list, from 'liangma status build'; once for each. None: no status is checked");
  command.choice("--stale", options->stale, {"refuse", "check"}, "What to do where the status list is stale");
  command.optional("--aud", options->audience, "ID", "This verifier's id: an answer to it is expected");
  command.nonce("--nonce", options->nonce, "The nonce of the request that is answered");
  command.optional("--wanted", options->wanted, "NAMES", "What the request wanted, as for 'liangma request'");
  command.needs("--pack", "--place-region");
  command.needs("--pack", "--scene");
  command.needs("--aud", "--nonce");
  command.needs("--nonce", "--aud");
  command.needs("--wanted", "--aud");
  command.text(options->text, "The text of the code");
  command.footer(kFooter);
}

}  // namespace liangma::tools
