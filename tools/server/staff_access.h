// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <semaphore>
#include <span>

#include "server/rate_limit.h"
#include "server/router.h"
#include "server/staff_store.h"

namespace liangma::server {

/// A member of staff at work, and the role that lets them do what they ask for.
struct StaffActor {
  StaffMember member;
  StaffRole role = StaffRole::Checkpoint;
};

/// Lets the authority's staff in: an invitation leads to a password with an authenticator app or to a
/// passkey, and each of these to a session.
///
/// A session is a bearer token that the page sends itself: no cookie, so no other site can make a browser
/// send it.
class StaffAccess {
 public:
  static constexpr UnixSeconds kInvitationSeconds = 24 * 3600;
  static constexpr UnixSeconds kSessionSeconds = 8 * 3600;
  static constexpr UnixSeconds kIdleSeconds = 30 * 60;
  static constexpr std::size_t kMaxName = 64;

  /// Puts an action into a member's own log.
  using Note =
      std::function<void(const StaffActor& actor, const std::string& action, const std::string& subject)>;

  /// @param store    must outlive this object
  /// @param origins  where the bureau's pages come from: passkeys hold there
  /// @param note     absent: nothing is noted; so only for the command line
  StaffAccess(StaffStore& store, std::vector<std::string> origins, Note note = {});

  /// Everything below /api/staff that has to do with who somebody is.
  void addRoutes(Router& router, RateLimit& limit);

  /// @param roles  one of these is needed
  /// @throws Problem  401 staff.session-ended, 403 staff.not-allowed
  StaffActor require(const Call& call, std::span<const StaffRole> roles);

  /// Adds a member.
  ///
  /// @return  an invitation: ten letters and digits, good once and for a day
  /// @throws Problem  400 staff.name-bad, 409 staff.name-taken
  std::string add(const std::string& name, const std::vector<StaffRole>& roles);

  /// Takes all that a member signs in with, and invites them anew.
  ///
  /// @throws Problem  404 staff.unknown
  std::string reset(const std::string& name);

 private:
  Reply openInvitation(const Call& call);
  Reply choosePassword(const Call& call);
  Reply chooseFirstPasskey(const Call& call);
  Reply makeChallenge();
  Reply signInByPassword(const Call& call);
  Reply signInByPasskey(const Call& call);
  Reply describeSession(const Call& call);
  Reply endSession(const Call& call);
  Reply addPasskey(const Call& call);
  Reply listMembers(const Call& call);
  Reply addMember(const Call& call);
  Reply resetMember(const Call& call);
  Reply disableMember(const Call& call);

  StaffActor caller(const Call& call);
  StaffInvitation requireInvitation(const std::string& digest);
  Passkey newPasskey(const Call& call);
  /// @return  the member's id
  std::string checkPassword(const std::string& name, const std::string& password, const std::string& totp);
  Bytes openVault(const std::string& vault, const std::string& member, const std::string& password);
  std::string sealVault(const Bytes& secret, const std::string& member, const std::string& password);
  Reply openSession(const StaffMember& member, const char* action);
  void note(const StaffActor& actor, const std::string& action, const std::string& subject = {});

  StaffStore& store_;
  const std::vector<std::string> origins_;
  const Note note_;
  std::counting_semaphore<2> hashing_{2};  ///< each takes 64 MiB
  const std::string decoy_;                ///< a vault that opens for nobody, for names that nobody has
};

}  // namespace liangma::server
