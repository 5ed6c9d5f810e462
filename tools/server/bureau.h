// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "server/authority_cases.h"
#include "server/authority_colours.h"
#include "server/staff_access.h"
#include "server/trust_source.h"

namespace liangma::server {

/// What the authority's staff do by the bureau's pages: each call by whoever has a role for it.
class Bureau {
 public:
  /// @param places  the regions whose residents come here
  /// @param rules   colour them; like the other references, it must outlive this object
  Bureau(AuthorityCases& cases, StaffAccess& access, const ColourRules& rules, const TrustSource& trust,
         std::vector<std::string> places);

  /// /api/staff/cases, appeals, imports, counts, areas-at-risk, news, rules and members/{}/log
  void addRoutes(Router& router, RateLimit& limit);

 private:
  Reply findCase(const Call& call);
  Reply showCase(const Call& call);
  Reply showLog(const Call& call);
  Reply showChoices(const Call& call);
  Reply activate(const Call& call);
  Reply changeColour(const Call& call);
  Reply listAppeals(const Call& call);
  Reply decideAppeal(const Call& call);
  Reply importRows(const Call& call);
  Reply undoImport(const Call& call);
  Reply showCounts(const Call& call);
  Reply showAreas(const Call& call);
  Reply setAreas(const Call& call);
  Reply publishNews(const Call& call);
  Reply withdrawNews(const Call& call);
  Reply showRules(const Call& call);
  Reply showMemberLog(const Call& call);

  Actor require(const Call& call, std::span<const StaffRole> roles);
  /// @throws Problem  404 case.unknown, and why a code is not to be trusted
  std::string caseOfCode(const std::string& code);

  AuthorityCases& cases_;
  StaffAccess& access_;
  const ColourRules& rules_;
  const TrustSource& trust_;
  const std::vector<std::string> places_;
};

}  // namespace liangma::server
