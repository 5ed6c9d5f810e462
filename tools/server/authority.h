// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <variant>

#include "liangma/key_proof.h"
#include "server/authority_cases.h"
#include "server/authority_challenges.h"
#include "server/authority_colours.h"
#include "server/authority_log.h"
#include "server/problem.h"
#include "server/rate_limit.h"
#include "server/router.h"
#include "server/settings.h"

namespace liangma::server {

/// Somebody made up for trying things out, and what is known of them.
struct DemoPerson {
  Resident resident;
  std::string declarationJson;  ///< of their health; empty: none
  std::vector<Fact> facts;
};

/// Gives residents their codes: whoever holds a ticket proves a device key and gets a credential bound to it,
/// in the colour that the region's rules give, with the signed record of that colour.
class Authority {
 public:
  /// @param database  its address; see Database
  Authority(const AuthoritySettings& settings, const std::filesystem::path& data, const std::string& database,
            const IssuerKeys& keys);

  /// What residents may call: see openapi.yaml.
  /// @param limit, deviceLimit  must outlive this object
  void addRoutes(Router& router, RateLimit& limit, RateLimit& deviceLimit);

  /// GET /api/demo/tickets: everybody's tickets. Never without --demo.
  void addDemoRoutes(Router& router);

  /// Takes in a resident, or what is known of them by now, and gives them a new ticket.
  ///
  /// @param resident  all but id, hash and state; one that is known keeps region and issuer
  /// @param seconds   how long the ticket can be used
  /// @param isRenamed  whoever has this ID number may have had another name, or kind of document
  /// @throws Problem  kIdentityDiffers: what is on file with this number is another's
  std::string registerResident(const Resident& resident, UnixSeconds seconds, bool isRenamed);
  static constexpr const char* kIdentityDiffers = "cli.identity-differs";

  /// Whether this authority has a key of an issuer.
  bool signsFor(const std::string& issuer) const { return signingKeyFiles(settings_).contains(issuer); }

  /// Adds those who are not there yet.
  void addResidents(const std::vector<DemoPerson>& people);

  /// The rules from now on.
  void setPacks(RegionPacks packs) { rules_.setPacks(std::move(packs)); }

  AuthorityStore& store() { return store_; }
  AuthorityCases& cases() { return cases_; }
  const AuthorityColours& colours() const { return colours_; }
  AuthorityLog& log() { return log_; }

 private:
  /// The device that signed a token, and the nonce that it answers.
  struct Device {
    PublicKey key;
    std::string keyText;  ///< base64url
    std::string nonce;
    UnixSeconds nonceEnd = 0;
    Statement statement;  ///< of a statement alone
    Bytes encoded;
  };
  /// Or why there is none: said only where the same request was not answered before.
  using Opened = std::variant<Device, Problem>;

  struct Answer {
    int status = 200;
    nlohmann::ordered_json json;
    std::string resident;  ///< whom it is about
  };

  void addRoute(Router& router, RateLimit& limit, const std::string& path,
                Reply (Authority::*handler)(const Call&));

  // ---- authority.cc: devices and credentials
  Reply challenge(const Call& call);
  Reply enrol(const Call& call);
  Reply renew(const Call& call);
  Reply replace(const Call& call);
  Reply addDependant(const Call& call);
  Reply paper(const Call& call);
  Reply demoTickets();

  // ---- authority_states.cc: colours
  Reply state(const Call& call);
  Reply declare(const Call& call);
  Reply appeal(const Call& call);
  Reply eraseMe(const Call& call);
  Reply news(const Call& call);

  template <class Open>
  Opened openToken(const Bytes& encoded, UnixSeconds now, Open open) const;
  Opened openProof(const Bytes& encoded, UnixSeconds now) const;
  /// @param kind  that the statement has to be of
  Opened openStatementOf(const std::string& kind, const Bytes& encoded, UnixSeconds now) const;

  /// Answers a request once: the same again, by its idempotency key, gets the same reply.
  template <class Work>
  Reply once(const Call& call, UnixSeconds now, Work work);
  /// The device, whose nonce is used up now.
  const Device& use(AuthorityTables& tables, const Opened& opened, UnixSeconds now) const;
  /// @throws Problem enrol.ticket-unknown, enrol.ticket-used
  std::string useTicket(AuthorityTables& tables, const std::string& digest, const std::string& deviceKey,
                        UnixSeconds now) const;
  /// Whose a device's request is about: a key that several residents share names them by `subject`.
  std::string residentOf(AuthorityTables& tables, const std::string& deviceKey,
                         const std::optional<std::string>& subject) const;
  Resident locked(AuthorityTables& tables, const std::string& id) const;
  /// The resident, in the colour that they have by now.
  Resident upToDate(AuthorityTables& tables, const std::string& id, UnixSeconds now) const;

  Answer credentialAnswer(AuthorityTables& tables, int status, const Resident& resident, const Device& device,
                          UnixSeconds now) const;
  Answer stateAnswer(AuthorityTables& tables, const Resident& resident, UnixSeconds now) const;
  CodeClaims codeOf(AuthorityTables& tables, const Resident& resident) const;

  const AuthoritySettings settings_;
  const Bytes secret32_;
  const IssuerKeys& keys_;
  AuthorityStore store_;
  const Challenges challenges_;
  RateLimit* deviceLimit_ = nullptr;
  ColourRules rules_;
  const Recorder recorder_;
  const AuthorityColours colours_;
  AuthorityCases cases_;
  AuthorityLog log_;
};

}  // namespace liangma::server
