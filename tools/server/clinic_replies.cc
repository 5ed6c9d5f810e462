// SPDX-License-Identifier: Apache-2.0
#include "server/clinic_replies.h"

#include <cstdio>

#include "liangma/credential.h"

namespace liangma::server {
namespace {

/// Without F, which is the fever clinic's, and without I and O, which look like digits.
constexpr std::string_view kLetters = "ABCDEGHJKLMNPQRSTUVWXYZ";

/// The last four characters of a number in UTF-8.
std::string tailOf(const std::string& idNumber) {
  std::size_t begin = idNumber.size();
  for (int left = 4; left > 0 && begin > 0;)
    if ((static_cast<unsigned char>(idNumber[--begin]) & 0xc0) != 0x80) --left;
  return idNumber.substr(begin);
}

std::string threeDigits(int number) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%03d", number);
  return digits;
}

}  // namespace

nlohmann::ordered_json describeVisit(const VisitDetails& details) {
  const auto& [visit, patient] = details;
  return {{"state", visit.calledAt == 0 ? "waiting" : "called"},
          {"department", visit.department},
          {"queueNumber", visit.number},
          {"queueLabel", visit.label},
          {"route", visit.route},
          {"at", visit.createdAt},
          {"patient", {{"maskedName", maskName(patient.fullName)}, {"idTail", tailOf(patient.idNumber)}}}};
}

nlohmann::ordered_json describeRequest(const ClinicRequest& request, UnixSeconds now) {
  nlohmann::ordered_json json = {{"state", !request.refusal.empty()   ? "refused"
                                           : now >= request.expiresAt ? "expired"
                                                                      : "waiting"},
                                 {"department", request.department}};
  if (!request.refusal.empty()) json["reason"] = request.refusal;
  return json;
}

std::string queueLabel(std::size_t place, int number) {
  std::string letters(1, kLetters[place % kLetters.size()]);
  for (place /= kLetters.size(); place > 0; place = (place - 1) / kLetters.size())
    letters.insert(letters.begin(), kLetters[(place - 1) % kLetters.size()]);
  return letters + threeDigits(number);
}

std::string feverLabel(int number) {
  return "F" + threeDigits(number);
}

}  // namespace liangma::server
