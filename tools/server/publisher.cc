// SPDX-License-Identifier: Apache-2.0
#include "server/publisher.h"

#include <algorithm>

#include "cli/files.h"
#include "server/log.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

/// One list is published before its first code is issued, so that gates have it by then.
constexpr std::uint64_t kMostLists = 4096;

std::string statusName(const std::string& issuer, std::uint64_t list) {
  return "status/" + issuer + "/" + std::to_string(list);
}

/// The lists from the first to the last that has an entry.
std::vector<StatusBits> statusBits(std::uint64_t lists, const std::vector<Withdrawal>& withdrawals) {
  std::vector<StatusBits> bits(lists, need(StatusBits::create(2, kStatusListEntries)));
  for (const auto& [index, status] : withdrawals)
    if (index / kStatusListEntries < lists)
      need(bits[index / kStatusListEntries].set(index % kStatusListEntries,
                                                static_cast<std::uint8_t>(status)));
  return bits;
}

/// Signed again when half of the time has passed for which nobody need ask.
UnixSeconds resignAfter(const AuthoritySettings& authority) {
  return authority.statusRefreshSeconds / 2;
}

}  // namespace

Publisher::Publisher(const std::optional<AuthoritySettings>& authority,
                     std::vector<std::filesystem::path> packFolders, const TrustSource& trust,
                     const IssuerKeys& keys, PublicFolder& folder, Metrics& metrics, AuthorityStore* store)
    : authority_(authority),
      packFolders_(std::move(packFolders)),
      trust_(trust),
      keys_(keys),
      folder_(folder),
      metrics_(metrics),
      store_(store) {
  if (!authority) return;
  folder.setStatusSeconds(authority->statusRefreshSeconds);
}

void Publisher::requireReady(UnixSeconds now) {
  const auto age = trust_.current()->list->checkAge(now);
  if (!age.ok()) throw Problem{503, std::string(errcId(age.code()))};
  if (store_) store_->transaction([](AuthorityTables& tables) { tables.lastStatusChange(); });
}

void Publisher::publish(UnixSeconds now) {
  const auto trust = trust_.current();
  metrics_.setTrustList(trust->list->version, trust->list->expiresAt);
  if (!folder_.takeOver()) return;
  try {
    publishTrust();
    if (authority_) publishStatusLists(now);
  } catch (const Problem& problem) {
    log("publish-failed", {{"code", problem.code}});
  }
}

void Publisher::publishTrust() {
  const auto trust = trust_.current();
  if (trust->list->version == trustVersion_) return;
  publishPacks(trust->list.content());
  folder_.put("trust/list.cbor", tools::asText(trust->encoded));
  trustVersion_ = trust->list->version;
}

/// The packs come before the list that names them.
void Publisher::publishPacks(const TrustContent& trust) {
  const auto files = readPackFolders(packFolders_);
  for (const auto& listed : trust.packs) {
    const std::string name = "packs/" + packFileName(listed);
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const PackFile& file) { return file.pack.sha256 == listed.sha256; });
    if (found != files.end())
      folder_.put(name, found->json);
    else if (!folder_.has(name))
      log("pack-missing", {{"region", listed.id}});
  }
}

/// A change that was written in the second of the last reading may have come after it.
bool Publisher::areDue(const Published& current) const {
  return current.trustVersion != published_.trustVersion || current.lists != published_.lists ||
         current.lastChange != published_.lastChange || current.lastChange >= published_.readAt ||
         current.readAt >= published_.readAt + resignAfter(*authority_) || current.readAt < published_.readAt;
}

void Publisher::publishStatusLists(UnixSeconds now) {
  Published current{trustVersion_, 0, 0, now};
  std::vector<Withdrawal> withdrawals;
  const bool due = store_->transaction([&](AuthorityTables& tables) {
    current.lists = std::min(tables.statusLists() + 1, kMostLists);
    current.lastChange = tables.lastStatusChange();
    if (!areDue(current)) return false;
    withdrawals = tables.withdrawals(now);
    return true;
  });
  if (!due) return;
  const auto bits = statusBits(current.lists, withdrawals);
  for (const auto& issuer : keys_.issuers()) signLists(issuer, bits, now);
  publishIndex(current.lists);
  published_ = current;
  metrics_.setStatusLists(current.lists, withdrawals.size(), now);
  log("status-lists", {{"lists", current.lists}, {"withdrawn", withdrawals.size()}});
}

void Publisher::signLists(const std::string& issuer, const std::vector<StatusBits>& lists, UnixSeconds now) {
  const auto key = keys_.at(issuer, now);
  const auto trust = trust_.current();
  const auto* trusted = trust->list->findIssuer(issuer);
  if (trusted == nullptr || !trusted->statusUrl) return;
  for (std::uint64_t list = 0; list < lists.size(); ++list) {
    const StatusListClaims claims{statusListUri(*trusted, list), now, now + authority_->statusSeconds,
                                  static_cast<std::uint32_t>(authority_->statusRefreshSeconds)};
    const Bytes token = need(signStatusList(claims, lists[list], *key));
    folder_.put(statusName(issuer, list), tools::asText(token));
  }
}

void Publisher::publishIndex(std::uint64_t lists) {
  auto entries = nlohmann::ordered_json::array();
  for (const auto& issuer : keys_.issuers())
    for (std::uint64_t list = 0; list < lists; ++list)
      if (folder_.has(statusName(issuer, list))) entries.push_back({{"issuer", issuer}, {"list", list}});
  folder_.put("status/index.json", nlohmann::ordered_json{{"lists", entries}}.dump() + "\n");
}

}  // namespace liangma::server
