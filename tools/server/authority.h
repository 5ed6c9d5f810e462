// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "server/authority_store.h"
#include "server/issuer_keys.h"
#include "server/rate_limit.h"
#include "server/router.h"
#include "server/settings.h"

namespace liangma::server {

/// Gives residents their codes: whoever holds a ticket proves a device key and gets a credential bound to it.
class Authority {
 public:
  Authority(const AuthoritySettings& settings, const std::filesystem::path& data, const IssuerKeys& keys);

  /// POST /api/enrol/challenge, /api/enrol, /api/renew
  void addRoutes(Router& router, RateLimit& limit);

  /// GET /api/demo/tickets: everybody's tickets. Never without --demo.
  void addDemoRoutes(Router& router);

  /// Adds those who are not there yet.
  void addResidents(const std::vector<Resident>& residents);

 private:
  struct Proof {
    std::string nonce;
    PublicKey key;
    std::string keyText;  ///< base64url
  };

  Reply challenge();
  Reply enrol(const Call& call);
  Reply renew(const Call& call);
  Reply demoTickets();

  /// @error (Problem) enrol.challenge-unknown, and as openKeyProof()
  Proof openProof(const Bytes& encoded, UnixSeconds now);
  Bytes issue(AuthorityTables& tables, std::int64_t resident, const Proof& proof, UnixSeconds now);

  const AuthoritySettings settings_;
  const IssuerKeys& keys_;
  AuthorityStore store_;
};

}  // namespace liangma::server
