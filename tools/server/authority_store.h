// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "liangma/credential.h"
#include "liangma/verify.h"
#include "server/authority_case_tables.h"
#include "server/authority_log_tables.h"
#include "server/database.h"

namespace liangma::server {

/// What a resident's colour is, and what of the past still counts.
struct ColourState {
  Colour colour = Colour::Pending;
  UnixSeconds since = 0;           ///< 0: never coloured
  UnixSeconds until = 0;           ///< 0: it does not end by time
  std::string rule;                ///< that gave it; empty: none
  std::string reasonClass;         ///< of that rule
  UnixSeconds settledAt = 0;       ///< what was known before no longer counts
  Colour ended = Colour::Pending;  ///< yellow or red: the colour whose time has passed
};

/// A resident as the authority knows them.
struct Resident {
  std::string id;  ///< 22 characters of base64url: of the resident's log, and of their case
  Identity identity;
  std::string idHash;  ///< keyed hash of the ID number, by which imported facts find them
  std::string region;  ///< empty: the authority's own
  std::string issuer;  ///< another one for which the authority signs; empty: its own
  std::string note;
  std::string organisation;  ///< the one they consented to be counted with; empty: none
  ColourState state;
};

struct Ticket {
  std::string resident;
  std::optional<std::string> deviceKey;  ///< base64url; absent: not used yet
};

struct Issuance {
  std::uint64_t statusIndex = 0;
  std::string resident;
  std::string deviceKey;  ///< base64url
  std::string subject;
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;
  Colour colour = Colour::Pending;
  std::uint64_t recordSequence = 0;  ///< of the colour it states, in the resident's log
};

struct Withdrawal {
  std::uint64_t statusIndex = 0;
  CredentialStatus status = CredentialStatus::Invalid;
};

/// A reply that was given to a request with an idempotency key.
struct StoredReply {
  std::string requestDigest;
  int status = 0;
  std::string body;
  std::string resident;  ///< whom it is about; empty: nobody
};

/// Where a process draws status indexes from.
struct StatusPlace {
  std::atomic<std::uint64_t> list = 0;  ///< the one that it fills
  std::atomic<int> taken = 0;           ///< how many of its places, drawn one after the other, were taken
};

/// The authority's tables inside one transaction. Keys and nonces are base64url, tickets only their digests.
class AuthorityTables : private AuthorityScope {
 public:
  AuthorityTables(const AuthorityScope& scope, StatusPlace& statusPlace)
      : AuthorityScope(scope), cases(scope), log(scope), statusPlace_(statusPlace) {}

  /// @return whether nobody used it before
  bool useNonce(const std::string& nonce, UnixSeconds now, UnixSeconds expiresAt);

  /// The reply stored under a name; keeps others with the same name waiting until this transaction ends.
  std::optional<StoredReply> findReply(const std::string& name, UnixSeconds now);
  void storeReply(const std::string& name, const StoredReply& reply, UnixSeconds expiresAt);

  std::optional<Ticket> findTicket(const std::string& digest, UnixSeconds now);
  /// @return whether it was free, or this key's already
  bool useTicket(const std::string& digest, const std::string& deviceKey, UnixSeconds now);
  void addTicket(const std::string& digest, const std::string& resident, UnixSeconds now,
                 UnixSeconds expiresAt);

  void bindDevice(const std::string& deviceKey, const std::string& resident, UnixSeconds now);
  /// Unbinds a resident's other devices, and supersedes their codes.
  void replaceDevices(const std::string& deviceKey, const std::string& resident, UnixSeconds now);
  /// Keeps what a guardian signed.
  void addConsent(const std::string& id, const std::string& resident, const Bytes& statement,
                  UnixSeconds now);
  /// Whether a device has somebody as their guardian's.
  bool isGuardedBy(const std::string& deviceKey, const std::string& resident);
  std::vector<std::string> residentsOf(const std::string& deviceKey);
  /// Whose credential a device got under a subject.
  std::optional<std::string> residentBySubject(const std::string& deviceKey, const std::string& subject);
  std::optional<std::string> residentByStatusIndex(std::uint64_t statusIndex);
  std::optional<std::string> residentByIdHash(const std::string& idHash);

  /// @return whether nobody had this ID number
  bool addResident(const Resident& resident);
  /// Replaces what is known of whoever has an ID number.
  ///
  /// @param isRenamed  they may have had another name, or kind of document
  /// @return           their id; absent: what is on file is another's
  std::optional<std::string> setIdentity(const std::string& idHash, Identity identity, bool isRenamed);
  /// A resident's row, whose log nobody else writes until this transaction ends.
  std::optional<Resident> lockResident(const std::string& id);
  std::optional<Resident> findResident(const std::string& id);
  /// Everybody, in the order of their cards.
  std::vector<std::string> residents();
  /// Those whose colour has ended by time alone and is not turned yet, by id.
  ///
  /// @param after  an id; empty: from the first on
  std::vector<std::string> residentsDue(UnixSeconds now, const std::string& after, std::size_t atMost);
  void setState(const std::string& resident, const ColourState& state);
  void setOrganisation(const std::string& resident, const std::string& organisation);
  /// Removes everything that says who a resident was; what they were given is withdrawn.
  void eraseResident(const Resident& resident, UnixSeconds now);

  /// A status index that no credential has, as far as this process knows. It is random, so that it tells
  /// nothing about when it was given.
  std::uint64_t drawStatusIndex();
  /// Notes what is given.
  /// @return false: its index has been given already, and nothing is noted
  bool addIssuance(const Issuance& issuance);

  // ---- statuses (authority_status.cc)

  /// @return false: no code ever had this index
  bool setStatus(std::uint64_t statusIndex, CredentialStatus status, UnixSeconds now);
  /// Supersedes a resident's codes of every other colour: to be called where the colour changes, and where a
  /// code is issued. Codes that are invalid or suspended stay so.
  void supersedeOtherColours(const std::string& resident, Colour colour, UnixSeconds now);
  /// Supersedes a resident's codes on every other device: to be called where this one takes their place.
  void supersedeOtherDevices(const std::string& resident, const std::string& deviceKey, UnixSeconds now);
  /// Withdraws a resident's codes for good.
  void invalidateAll(const std::string& resident, UnixSeconds now);
  /// When a status was last changed; 0: never.
  UnixSeconds lastStatusChange();
  /// How many lists the codes that were issued need.
  std::uint64_t statusLists();
  /// Everything but valid, of codes that have not expired.
  std::vector<Withdrawal> withdrawals(UnixSeconds now);

  /// A resident's ticket that nobody has used yet, in the clear; only residents made up by the demo have any.
  std::optional<std::string> demoTicket(const std::string& resident, UnixSeconds now);
  void addDemoTicket(const std::string& ticket, const std::string& digest);

  CaseTables cases;
  LogTables log;

 private:
  template <class Value>
  void withdraw(const std::string& resident, CredentialStatus status, const char* which, const Value& value,
                UnixSeconds now);
  std::optional<Resident> readResident(const std::string& id, const char* lock);

  StatusPlace& statusPlace_;
};

class AuthorityStore {
 public:
  /// @param address  of the database; see Database
  /// @param secret32 keys the hashes of ID numbers: the same in every process on one database
  /// @throws Problem server.storage, authority.secret-wrong
  AuthorityStore(const std::string& address, const std::string& authority, ByteView secret32);

  /// Runs `work(AuthorityTables&)`: all of it or nothing. It may run more than once; see Database.
  template <class Work>
  auto transaction(Work work) {
    return database_.transaction([&](soci::session& sql) {
      AuthorityTables tables({sql, issuer_, database_.isPostgreSql()}, statusPlace_);
      return work(tables);
    });
  }

  const std::string& authority() const { return issuer_; }
  /// The database itself, where others have tables of their own.
  Database& database() { return database_; }
  /// The keyed hash of an ID number, by which lists that name it find the resident.
  std::string idHash(std::string_view idNumber) const;

 private:
  void adopt();
  void checkSecret();

  const std::string issuer_;
  const Bytes secret32_;
  Database database_;
  StatusPlace statusPlace_;
};

}  // namespace liangma::server
