// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "liangma/verify.h"
#include "server/clinic_store.h"
#include "server/desk_login.h"
#include "server/rate_limit.h"
#include "server/router.h"
#include "server/settings.h"
#include "server/trust_source.h"

namespace liangma::server {

/// Where a hospital keeps what happened there.
std::filesystem::path clinicDatabase(const ClinicSettings& settings, const std::filesystem::path& data);

/// One hospital's registration: it asks with a signed request, opens the sealed answer, gives a queue number,
/// and calls it.
///
/// It shares nothing with an authority; all it needs is a trust list.
///
/// Nobody is left without care for a colour. Green registers where the desk asked for; yellow and red get a
/// number of the fever clinic (`"route": "fever-clinic"`), as Hangzhou's hospitals do; pending registers, and
/// staff look before the door (`"route": "pre-check"`).
class Clinic {
 public:
  /// @param trust  must outlive this object
  Clinic(const ClinicSettings& settings, const std::filesystem::path& data, const TrustSource& trust);

  /// For everybody: GET {base}/departments. For residents, from any origin: POST {base}/answers, GET
  /// {base}/visits/{id.ticket}. For desks: POST {base}/sessions and, with a session, POST {base}/session/end,
  /// POST {base}/requests, GET {base}/requests/{id}, GET {base}/queues/{department}, POST
  /// {base}/queues/{department}/next.
  ///
  /// @param logins        what an address may try
  /// @param strayAnswers  what an address may send that answers no open request
  void addRoutes(Router& router, RateLimit& logins, RateLimit& strayAnswers);

  const std::string& id() const { return settings_.id; }

 private:
  static constexpr unsigned kAnswersToOne = 60;

  Reply makeRequest(const Call& call);
  Reply showRequest(const Call& call);
  Reply showQueue(const Call& call);
  Reply callNext(const Call& call);
  Reply showVisit(const Call& call);
  Reply answer(const Call& call, RateLimit& strayAnswers);

  struct Answer {
    std::string text;  ///< not verified yet
    ClinicRequest request;
  };
  Answer openAnswer(const std::string& sealed, UnixSeconds now);

  void requireDepartment(const std::string& department) const;
  Visit takeVisit(ClinicTables& tables, const ClinicRequest& request, const VerifiedCode& code,
                  UnixSeconds now);
  std::string labelOf(const Visit& visit) const;
  nlohmann::ordered_json describeQueue(ClinicTables& tables, const std::string& desk,
                                       const std::string& department);
  ClinicRequest findAnswered(const std::string& answerText);
  VerifiedCode check(const std::string& answerText, const ClinicRequest& request, UnixSeconds now);
  std::optional<std::string> answerUrl(const Call& call) const;
  std::string dayAt(UnixSeconds now) const;

  const ClinicSettings settings_;
  const SigningKey requestKey_;
  const SealingKey sealingKey_;
  const TrustSource& trust_;
  ClinicStore store_;
  DeskLogin login_;
  RateLimit answersToOne_{kAnswersToOne};  ///< by the request
};

}  // namespace liangma::server
