// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/clinic_store.h"
#include "server/router.h"

namespace liangma::server {

/// Lets a hospital's desks in: whoever has the data folder draws a code, a desk exchanges it for a session.
///
/// A code is good once and for an hour, so that one left in a browser's history opens nothing. A session is a
/// bearer token that the page sends itself: no cookie, so no other site can make a browser send it.
class DeskLogin {
 public:
  static constexpr UnixSeconds kCodeSeconds = 3600;
  static constexpr UnixSeconds kSessionSeconds = 12 * 3600;

  /// @param store  must outlive this object
  explicit DeskLogin(ClinicStore& store) : store_(store) {}

  /// @return 10 letters and digits that are not taken for one another
  std::string makeCode();

  /// Answers `{code}` with `{session, expiresAt}`.
  ///
  /// @throws Problem  403 clinic.login-refused: used before, expired or unknown
  Reply open(const Call& call);

  /// Ends the session that a call comes from.
  ///
  /// @throws Problem  401 http.unauthorized
  Reply close(const Call& call);

  /// @return the desk that a call comes from: a name for its session
  /// @throws Problem  401 http.unauthorized
  std::string require(const Call& call);

 private:
  ClinicStore& store_;
};

}  // namespace liangma::server
