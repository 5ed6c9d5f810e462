// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "liangma/verify.h"
#include "server/clinic_store.h"
#include "server/rate_limit.h"
#include "server/router.h"
#include "server/settings.h"
#include "server/trust_source.h"

namespace liangma::server {

/// One hospital's registration: it asks with a signed request, opens the sealed answer, and gives a queue
/// number.
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

  /// POST {base}/requests, GET {base}/requests/{id}, POST {base}/answers, GET {base}/departments
  void addRoutes(Router& router, RateLimit& limit);

  const std::string& id() const { return settings_.id; }

 private:
  Reply makeRequest(const Call& call);
  Reply showRequest(const Call& call);
  Reply answer(const Call& call);

  /// @throws Problem  401 http.unauthorized
  void requireDesk(const Call& call) const;
  ClinicRequest findAnswered(const std::string& answerText);
  VerifiedCode check(const std::string& answerText, const ClinicRequest& request, UnixSeconds now);
  std::optional<std::string> answerUrl(const Call& call) const;
  std::string dayAt(UnixSeconds now) const;

  const ClinicSettings settings_;
  const SigningKey requestKey_;
  const SealingKey sealingKey_;
  const std::string deskTokenDigest_;
  const TrustSource& trust_;
  ClinicStore store_;
};

}  // namespace liangma::server
