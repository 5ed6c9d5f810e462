// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "liangma/credential.h"
#include "liangma/verify.h"
#include "server/database.h"

namespace liangma::server {

/// A resident as the authority knows them.
struct Resident {
  Identity identity;
  Colour colour = Colour::Pending;
  std::optional<std::string> region;  ///< absent: the authority's own
  std::optional<std::string> issuer;  ///< another issuer for which the authority signs; absent: its own
  std::string note;
};

struct Ticket {
  std::int64_t resident = 0;
  std::optional<std::string> deviceKey;  ///< base64url; absent: not used yet
};

struct Issuance {
  std::uint64_t statusIndex = 0;
  std::int64_t resident = 0;
  std::string deviceKey;  ///< base64url
  std::string subject;
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;
  Colour colour = Colour::Pending;
};

struct Withdrawal {
  std::uint64_t statusIndex = 0;
  CredentialStatus status = CredentialStatus::Invalid;
};

/// The authority's tables inside one transaction. Keys and nonces are base64url, tickets only their digests.
class AuthorityTables {
 public:
  explicit AuthorityTables(soci::session& sql) : sql_(sql) {}

  void addChallenge(const std::string& nonce, UnixSeconds now, UnixSeconds expiresAt);
  bool hasChallenge(const std::string& nonce, UnixSeconds now);
  /// @return whether it was there and had not expired; it is gone now
  bool takeChallenge(const std::string& nonce, UnixSeconds now);

  std::optional<Ticket> findTicket(const std::string& digest, UnixSeconds now);
  void useTicket(const std::string& digest, const std::string& deviceKey, UnixSeconds now);
  void addTicket(const std::string& digest, std::int64_t resident, UnixSeconds now, UnixSeconds expiresAt);

  void bindDevice(const std::string& deviceKey, std::int64_t resident, UnixSeconds now);
  std::vector<std::int64_t> residentsOf(const std::string& deviceKey);
  /// Whose credential a device got under a subject.
  std::optional<std::int64_t> residentBySubject(const std::string& deviceKey, const std::string& subject);

  std::int64_t addResident(const Resident& resident);
  Resident resident(std::int64_t id);
  std::vector<std::int64_t> residents();
  bool hasResident(const std::string& idNumber);

  /// A status index that no credential ever had: random, so that it tells nothing about when it was given.
  std::uint64_t freshStatusIndex();
  void addIssuance(const Issuance& issuance);

  // ---- statuses (authority_status.cc)

  /// @return false: no code ever had this index
  bool setStatus(std::uint64_t statusIndex, CredentialStatus status, UnixSeconds now);
  /// Supersedes a resident's codes of every other colour: to be called where the colour changes, and where a
  /// code is issued. Codes that are invalid or suspended stay so.
  void supersedeOtherColours(std::int64_t resident, Colour colour, UnixSeconds now);
  /// Supersedes a resident's codes on a device: to be called where another takes its place.
  void supersedeDevice(std::int64_t resident, const std::string& deviceKey, UnixSeconds now);
  /// When a status was last changed; 0: never.
  UnixSeconds lastStatusChange();
  /// How many lists the codes that were issued need.
  std::uint64_t statusLists();
  /// Everything but valid, of codes that have not expired.
  std::vector<Withdrawal> withdrawals(UnixSeconds now);

  /// A resident's ticket that nobody has used yet, in the clear; only residents made up by the demo have any.
  std::optional<std::string> demoTicket(std::int64_t resident, UnixSeconds now);
  void addDemoTicket(const std::string& ticket, const std::string& digest);

 private:
  soci::session& sql_;
};

class AuthorityStore {
 public:
  explicit AuthorityStore(const std::filesystem::path& file);

  /// Runs `work(AuthorityTables&)`: all of it or nothing.
  template <class Work>
  auto transaction(Work work) {
    return database_.transaction([&](soci::session& sql) {
      AuthorityTables tables(sql);
      return work(tables);
    });
  }

 private:
  Database database_;
};

}  // namespace liangma::server
