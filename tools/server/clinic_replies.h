// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "server/clinic_store.h"

namespace liangma::server {

/// What a hospital's desk is told: names masked, ID numbers by their last four.
nlohmann::ordered_json describeVisit(const VisitDetails& details);

/// `{state: waiting·refused·expired, department, reason?}` of a request without a visit.
nlohmann::ordered_json describeRequest(const ClinicRequest& request, UnixSeconds now);

/// A number as it is called: its department's letter and three digits or more, such as "B012".
///
/// @param place  of the department in the hospital's list, from 0
std::string queueLabel(std::size_t place, int number);

/// The same for the fever clinic, whose letter no other department has: "F003".
std::string feverLabel(int number);

}  // namespace liangma::server
