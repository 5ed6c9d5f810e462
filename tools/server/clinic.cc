// SPDX-License-Identifier: Apache-2.0
#include "server/clinic.h"

#include <algorithm>
#include <ctime>

#include "cli/text_codec.h"
#include "liangma/answer.h"
#include "liangma/base45.h"
#include "liangma/request.h"
#include "server/claimed_nonce.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr const char* kScene = "hospital";
constexpr const char* kPurpose = "registration";
constexpr const char* kFeverClinic = "fever-clinic";
constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kMaxDepartment = 32;

const std::set<IdentityClaim> kWanted = {IdentityClaim::FullName, IdentityClaim::IdNumber,
                                         IdentityClaim::Phone};

std::string routeFor(Colour colour) {
  if (colour == Colour::Green) return "registration";
  return colour == Colour::Pending ? "pre-check" : kFeverClinic;
}

Problem requestUnknown() {
  return {404, "clinic.request-unknown"};
}
Problem requestUsed() {
  return {409, "clinic.request-used"};
}

std::string tailOf(const std::string& idNumber) {
  return idNumber.size() < 4 ? idNumber : idNumber.substr(idNumber.size() - 4);
}

Patient patientFrom(const Identity& identity) {
  return {identity.at(IdentityClaim::IdNumber), identity.at(IdentityClaim::FullName),
          identity.at(IdentityClaim::Phone)};
}

nlohmann::ordered_json describe(const VisitDetails& details) {
  return {
      {"state", "done"},
      {"department", details.visit.department},
      {"queueNumber", details.visit.number},
      {"route", details.visit.route},
      {"patient",
       {{"maskedName", maskName(details.patient.fullName)}, {"idTail", tailOf(details.patient.idNumber)}}}};
}

nlohmann::ordered_json describeOpen(const ClinicRequest& request, UnixSeconds now) {
  nlohmann::ordered_json json = {{"state", !request.refusal.empty()   ? "refused"
                                           : now >= request.expiresAt ? "expired"
                                                                      : "waiting"},
                                 {"department", request.department}};
  if (!request.refusal.empty()) json["reason"] = request.refusal;
  return json;
}

}  // namespace

Clinic::Clinic(const ClinicSettings& settings, const std::filesystem::path& data, const TrustSource& trust)
    : settings_(settings),
      requestKey_(readSigningKey(data / settings.requestKey)),
      sealingKey_(readSealingKey(data / settings.sealingKey)),
      deskTokenDigest_(digestText(readToken(data / settings.deskToken))),
      trust_(trust),
      store_(data / ("clinic-" + settings.id + ".sqlite")) {}

void Clinic::addRoutes(Router& router, RateLimit& limit) {
  const std::string& base = settings_.base;
  router.post(base + "/requests", "application/json", [this](const Call& call) { return makeRequest(call); });
  router.get(base + "/requests/{}", [this](const Call& call) { return showRequest(call); });
  router.post(base + "/answers", "text/plain", [this, &limit](const Call& call) {
    limit.spend(call.address);
    return answer(call);
  });
  router.get(base + "/departments", [this](const Call&) {
    return jsonReply(200, {{"hospital", settings_.id}, {"departments", settings_.departments}});
  });
}

void Clinic::requireDesk(const Call& call) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (!call.authorization.starts_with(kScheme)) throw unauthorized();
  if (!equalSecrets(digestText(call.authorization.substr(kScheme.size())), deskTokenDigest_))
    throw unauthorized();
}

Reply Clinic::makeRequest(const Call& call) {
  requireDesk(call);
  const std::string department = JsonBody(call.body).text("department", kMaxDepartment);
  const auto& known = settings_.departments;
  if (std::find(known.begin(), known.end(), department) == known.end()) throw malformed();
  const UnixSeconds now = unixNow();
  const Bytes nonce = randomBytes(kNonceBytes);
  const ClinicRequest request{randomText(kIdBytes),
                              tools::encodeBase64url(nonce),
                              department,
                              now,
                              now + kMaxRequestSeconds,
                              false,
                              {}};
  const std::string text = need(liangma::makeRequest(
      {settings_.id, now, request.expiresAt, nonce, kPurpose, kWanted, answerUrl(call)}, requestKey_));
  store_.transaction([&](ClinicTables& tables) { tables.addRequest(request); });
  return jsonReply(201, {{"id", request.id}, {"request", text}, {"expiresAt", request.expiresAt}});
}

Reply Clinic::showRequest(const Call& call) {
  requireDesk(call);
  return store_.transaction([&](ClinicTables& tables) {
    const auto request = tables.findRequest(call.captured);
    if (!request) throw requestUnknown();
    const auto visit = request->used ? tables.findVisit(request->id) : std::nullopt;
    return jsonReply(200, visit ? describe(*visit) : describeOpen(*request, unixNow()));
  });
}

Reply Clinic::answer(const Call& call) {
  const std::string text = need(unsealAnswer(call.body, sealingKey_));
  const UnixSeconds now = unixNow();
  const ClinicRequest request = findAnswered(text);
  if (request.used) throw requestUsed();
  if (now >= request.expiresAt) throw problemFor(Errc::TimeRequestExpired);
  const VerifiedCode code = check(text, request, now);
  int ahead = 0;
  const Visit visit = store_.transaction([&](ClinicTables& tables) {
    if (!tables.useRequest(request.id)) throw requestUsed();
    Visit made{randomText(kIdBytes), request.id, {}, request.department, dayAt(now), 0,
               routeFor(code.colour)};
    if (made.route == kFeverClinic) made.department = kFeverClinic;
    made.patient = tables.keepPatient(patientFrom(code.identity), randomText(kIdBytes), now);
    made.number = tables.nextNumber(made.department, made.day);
    tables.addVisit(made, now);
    ahead = tables.countAhead(made);
    return made;
  });
  return jsonReply(200, {{"hospital", settings_.id},
                         {"department", visit.department},
                         {"queueNumber", visit.number},
                         {"ahead", ahead},
                         {"visitId", visit.id},
                         {"route", visit.route}});
}

/// The request whose nonce an answer carries; it is not verified yet.
ClinicRequest Clinic::findAnswered(const std::string& answerText) {
  const Bytes token = need(decodeBase45(std::string_view(answerText).substr(kLivePrefix.size())));
  return store_.transaction([&](ClinicTables& tables) {
    for (const auto& nonce : claimedNonces(token))
      if (const auto request = tables.findRequestByNonce(nonce)) return *request;
    throw requestUnknown();
  });
}

/// The desk hears of a refusal only where the holder's own key has signed: strangers cannot write on its
/// screen.
VerifiedCode Clinic::check(const std::string& answerText, const ClinicRequest& request, UnixSeconds now) {
  const auto trust = trust_.current();
  const Challenge challenge{settings_.id, *tools::decodeBase64url(request.nonce), kWanted};
  const Verdict verdict = verify(
      answerText,
      {.trust = trust->list, .now = now, .scene = trust->list->findScene(kScene), .challenge = &challenge});
  if (verdict.decision != Decision::Refuse && verdict.code) return *verdict.code;
  const std::string reason(errcId(verdict.reason));
  if (verdict.ageSeconds)
    store_.transaction([&](ClinicTables& tables) { tables.noteRefusal(request.id, reason); });
  throw problemFor(verdict.reason);
}

/// Of the addresses that the trust list vouches for, the one where the desk itself was opened: a wallet
/// beside it reaches that one. Without any, the answer is shown as a QR.
std::optional<std::string> Clinic::answerUrl(const Call& call) const {
  const auto trust = trust_.current();
  const auto* self = trust->list->findVerifier(settings_.id);
  if (self == nullptr || self->endpoints.empty()) return std::nullopt;
  const std::string here = "://" + call.host + settings_.base + "/answers";
  const auto found = std::find_if(self->endpoints.begin(), self->endpoints.end(),
                                  [&](const std::string& url) { return url.ends_with(here); });
  return found == self->endpoints.end() ? self->endpoints.front() : *found;
}

std::string Clinic::dayAt(UnixSeconds now) const {
  const std::time_t local = now + settings_.utcOffsetMinutes * 60;
  std::tm parts{};
  ::gmtime_r(&local, &parts);
  char day[16];
  std::strftime(day, sizeof day, "%Y-%m-%d", &parts);
  return day;
}

}  // namespace liangma::server
