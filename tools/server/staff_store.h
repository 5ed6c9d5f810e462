// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/database.h"
#include "server/staff_passkey.h"

namespace liangma::server {

/// What a member of staff may do: each role has its own few rights.
enum class StaffRole : std::uint8_t { Checkpoint, Reviewer, Importer, Admin };
constexpr StaffRole kStaffRoles[] = {StaffRole::Checkpoint, StaffRole::Reviewer, StaffRole::Importer,
                                     StaffRole::Admin};
/// "checkpoint", "reviewer", "importer" or "admin".
std::string staffRoleId(StaffRole role);
std::optional<StaffRole> staffRoleFromId(std::string_view id);

/// A member of staff.
struct StaffMember {
  std::string id;    ///< 22 characters of base64url; also the id of their log
  std::string name;  ///< that they sign in with
  std::vector<StaffRole> roles;
  bool hasPassword = false;
  bool hasPasskey = false;
  bool isInvited = false;  ///< has an invitation that can still be used
  bool isDisabled = false;
};

/// How somebody signs in by password.
struct StaffPassword {
  std::string member;         ///< id
  std::string vault;          ///< base64url: the secret of their authenticator app, sealed by the password
  std::int64_t lastStep = 0;  ///< of the app's code that was used last
};

/// An invitation, found by its digest.
struct StaffInvitation {
  std::string member;      ///< id
  std::string totpSecret;  ///< base64url: offered last, not in use yet; empty: none
};

struct StaffPasskey {
  std::string member;  ///< id
  Passkey passkey;
};

/// The tables of an authority's staff inside one transaction. Codes, tokens and addresses are kept as digests
/// alone.
class StaffTables {
 public:
  /// @param issuer  several authorities may share a database
  StaffTables(soci::session& sql, const std::string& issuer) : sql_(sql), issuer_(issuer) {}

  /// @return false where the name is taken
  bool addMember(const StaffMember& member, UnixSeconds now);
  std::vector<StaffMember> members(UnixSeconds now);
  std::optional<StaffMember> memberById(const std::string& id);
  std::optional<StaffMember> memberByName(const std::string& name);
  /// Takes password, passkeys, invitations and sessions away.
  void forgetLogins(const std::string& member);
  void disable(const std::string& member, UnixSeconds now);

  void addInvitation(const std::string& digest, const std::string& member, UnixSeconds now,
                     UnixSeconds expiresAt);
  std::optional<StaffInvitation> invitation(const std::string& digest, UnixSeconds now);
  void offerTotpSecret(const std::string& digest, const std::string& secret);
  /// @return false where it is gone
  bool takeInvitation(const std::string& digest, UnixSeconds now);

  void setPassword(const StaffPassword& password);
  std::optional<StaffPassword> password(const std::string& name);
  /// @return false where that step, or a later one, was used before
  bool useTotpStep(const std::string& member, std::int64_t step);

  void addPasskey(const StaffPasskey& passkey, UnixSeconds now);
  std::optional<StaffPasskey> passkey(const std::string& id);
  /// @return false where the counter is not what it was when it was read
  bool countPasskey(const Passkey& before, std::uint32_t counter);

  void addChallenge(const std::string& challenge, UnixSeconds now, UnixSeconds expiresAt);
  /// @return whether it was there and had not expired; it is gone now
  bool takeChallenge(const std::string& challenge, UnixSeconds now);

  void addSession(const std::string& digest, const std::string& member, UnixSeconds now,
                  UnixSeconds expiresAt);
  /// Whose session it is; using it keeps it from ending for want of use.
  std::optional<StaffMember> memberBySession(const std::string& digest, UnixSeconds now,
                                             UnixSeconds idleSeconds);
  void endSession(const std::string& digest);

  /// Counts an attempt to sign in from one place as one account, before anybody knows whether it is good.
  ///
  /// @param place  digest of account and address
  /// @return       how many failed before within the window, this one not counted
  int countAttempt(const std::string& place, UnixSeconds now, UnixSeconds windowSeconds);
  void forgetAttempts(const std::string& place);

 private:
  template <class... Values>
  std::vector<StaffMember> membersWhere(UnixSeconds now, const char* condition, const Values&... values);

  soci::session& sql_;
  const std::string& issuer_;
};

class StaffStore {
 public:
  /// @param database  must outlive this object
  StaffStore(Database& database, std::string issuer) : database_(database), issuer_(std::move(issuer)) {}

  /// Runs `work(StaffTables&)`: all of it or nothing. It may run more than once; see Database.
  template <class Work>
  auto transaction(Work work) {
    return database_.transaction([&](soci::session& sql) {
      StaffTables tables(sql, issuer_);
      return work(tables);
    });
  }

 private:
  Database& database_;
  const std::string issuer_;
};

/// What makes the tables of the staff: a step among the migrations of the authority's database.
Migration staffMigration();

}  // namespace liangma::server
