// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/authority_cases.h"
#include "server/authority_scope.h"

namespace liangma::server {

/// What a resident declared, as signed by their device.
struct Declaration {
  std::string id;
  std::string form;  ///< a form of the region's pack
  std::string json;  ///< its content
  Bytes statement;   ///< the signed token
  UnixSeconds madeAt = 0;
  std::int64_t day = 0;  ///< of the authority's calendar, days since 1970
  bool isWell = false;   ///< by itself it gives neither yellow nor red
};

/// A fact as it is kept.
struct StoredFact {
  Fact fact;
  std::string id;
  std::string idHash;
  UnixSeconds knownAt = 0;
  std::string batch;  ///< that it came with; empty: by itself
};

struct StoredAppeal {
  Appeal appeal;
  std::string form;  ///< of the corrected declaration; empty: none
  Bytes statement;
  UnixSeconds decidedAt = 0;
};

/// Declarations, facts, appeals and news inside one transaction.
class CaseTables : private AuthorityScope {
 public:
  explicit CaseTables(const AuthorityScope& scope) : AuthorityScope(scope) {}

  void addDeclaration(const std::string& resident, const Declaration& declaration);
  /// Those made at a time or later, the oldest first.
  std::vector<Declaration> declarationsSince(const std::string& resident, UnixSeconds from);

  /// @return whether it was new
  bool addFact(const StoredFact& fact);
  /// Those that are not set aside, and known at a time or later; those of checkpoints however old.
  std::vector<StoredFact> factsSince(const std::string& idHash, UnixSeconds from);
  void setFactsAside(const std::string& idHash, UnixSeconds now);

  /// @return whether it is the member's first request for it, since it was undone
  bool addBatch(const std::string& batch, const std::string& member, UnixSeconds now);
  bool hasBatch(const std::string& batch);
  /// Marks it as undone, and sets its facts aside.
  /// @return false: it was undone before
  bool undoBatch(const std::string& batch, UnixSeconds now);
  /// Hashes of the people of a batch whose facts have not been looked at yet since they came or were set
  /// aside.
  std::vector<std::string> uncolouredOf(const std::string& batch, std::size_t atMost);
  std::uint64_t countUncolouredOf(const std::string& batch);
  void markColoured(const std::string& batch, const std::string& idHash);

  std::vector<std::string> areasAtRisk();
  void setAreasAtRisk(const std::vector<std::string>& regions);

  /// @return whether there was no open one
  bool addAppeal(const StoredAppeal& appeal);
  std::optional<StoredAppeal> findAppeal(const std::string& id);
  /// The resident's open one, or else their last.
  std::optional<StoredAppeal> lastAppeal(const std::string& resident);
  std::vector<Appeal> openAppeals(std::size_t atMost);
  /// Open ones whose deadline has passed and whose log does not say so yet.
  std::vector<Appeal> appealsToNoteOverdue(UnixSeconds now, std::size_t atMost);
  /// @return false where it is decided, or was marked before
  bool markOverdue(const std::string& id);
  void decideAppeal(const std::string& id, const std::string& outcome, UnixSeconds now);

  void addNews(const News& news);
  bool withdrawNews(const std::string& id, UnixSeconds now);
  std::vector<News> news(std::size_t atMost);

  /// @param offset  seconds by which the days of `changesByDay` begin before those of UTC
  Counts counts(UnixSeconds now, std::int64_t offset);

  // Each removes some of what is older than a purpose may keep it.
  // @return ids of what went; none: nothing is left

  std::vector<std::string> eraseDeclarations(UnixSeconds before, std::size_t atMost);
  std::vector<std::string> eraseFacts(UnixSeconds before, std::size_t atMost);
  /// Decided ones alone.
  std::vector<std::string> eraseAppeals(UnixSeconds before, std::size_t atMost);
  /// Who had a code, and on which device; the index stays, so that nobody ever gets it again.
  std::vector<std::string> eraseIssuances(UnixSeconds before, std::size_t atMost);
  /// Those whose last code ended before. @return residents, who are still there
  std::vector<std::string> residentsWithoutCode(UnixSeconds before, std::size_t atMost);

 private:
  template <class... Values>
  std::vector<StoredAppeal> appealsWhere(const std::string& condition, const Values&... values);
  std::vector<std::string> remove(const char* statement, UnixSeconds before, std::size_t atMost);
};

}  // namespace liangma::server
