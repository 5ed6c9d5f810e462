// SPDX-License-Identifier: Apache-2.0
#include "server/clinic.h"

#include <algorithm>
#include <ctime>

#include "cli/text_codec.h"
#include "liangma/answer.h"
#include "liangma/base45.h"
#include "liangma/request.h"
#include "server/claimed_nonce.h"
#include "server/clinic_replies.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr const char* kScene = "hospital";
constexpr const char* kPurpose = "registration";
constexpr const char* kFeverClinic = "fever-clinic";
constexpr const char* kPatientDiffers = "clinic.patient-differs";
constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kTicketBytes = 16;
constexpr std::size_t kMaxDepartment = 32, kMaxCallName = 64;

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
/// Two people, or one who has changed their name: staff have to look.
Problem patientDiffers() {
  return {409, kPatientDiffers};
}
Problem visitUnknown() {
  return {404, "clinic.visit-unknown"};
}

Patient patientFrom(const Identity& identity) {
  return {identity.at(IdentityClaim::IdNumber), identity.at(IdentityClaim::FullName),
          identity.at(IdentityClaim::Phone)};
}

/// What was given for an answer before, if this is that answer again: its reply may have been lost.
Visit givenBefore(ClinicTables& tables, const ClinicRequest& request, const std::string& answerDigest,
                  UnixSeconds now) {
  if (request.answer != answerDigest || now >= request.expiresAt) throw requestUsed();
  const auto visit = tables.findVisit(request.visit);
  if (!visit) throw requestUsed();
  return visit->visit;
}

}  // namespace

std::filesystem::path clinicDatabase(const ClinicSettings& settings, const std::filesystem::path& data) {
  return data / ("clinic-" + settings.id + ".sqlite");
}

Clinic::Clinic(const ClinicSettings& settings, const std::filesystem::path& data, const TrustSource& trust)
    : settings_(settings),
      requestKey_(readSigningKey(data / settings.requestKey)),
      sealingKey_(readSealingKey(data / settings.sealingKey)),
      trust_(trust),
      store_(clinicDatabase(settings, data)),
      login_(store_) {}

void Clinic::addRoutes(Router& router, RateLimit& logins, RateLimit& strayAnswers) {
  const std::string& base = settings_.base;
  router.post(base + "/sessions", "application/json", [this, &logins](const Call& call) {
    logins.spend(call.address);
    return login_.open(call);
  });
  router.post(base + "/session/end", "application/json",
              [this](const Call& call) { return login_.close(call); });
  router.post(base + "/requests", "application/json", [this](const Call& call) { return makeRequest(call); });
  router.get(base + "/requests/{}", [this](const Call& call) { return showRequest(call); });
  router.get(base + "/queues/{}", [this](const Call& call) { return showQueue(call); });
  router.post(base + "/queues/{}/next", "application/json",
              [this](const Call& call) { return callNext(call); });
  router.post(base + "/answers", "text/plain",
              [this, &strayAnswers](const Call& call) { return answer(call, strayAnswers); });
  router.get(base + "/visits/{}", [this](const Call& call) { return showVisit(call); });
  for (const char* path : {"/answers", "/visits/{}"}) router.allowAnyOrigin(base + path);
  router.get(base + "/departments", [this](const Call&) {
    auto departments = settings_.departments;
    if (std::find(departments.begin(), departments.end(), kFeverClinic) == departments.end())
      departments.push_back(kFeverClinic);
    return jsonReply(200, {{"hospital", settings_.id}, {"departments", departments}});
  });
}

/// The fever clinic has a queue at every hospital: that is where yellow and red are sent.
void Clinic::requireDepartment(const std::string& department) const {
  const auto& known = settings_.departments;
  if (department != kFeverClinic && std::find(known.begin(), known.end(), department) == known.end())
    throw malformed();
}

Reply Clinic::makeRequest(const Call& call) {
  const std::string desk = login_.require(call);
  const std::string department = JsonBody(call.body).text("department", kMaxDepartment);
  requireDepartment(department);
  const UnixSeconds now = unixNow(), expiresAt = now + kMaxRequestSeconds;
  const Bytes nonce = randomBytes(kNonceBytes);
  const std::string text = need(liangma::makeRequest(
      {settings_.id, now, expiresAt, nonce, kPurpose, kWanted, answerUrl(call)}, requestKey_));
  ClinicRequest request;
  request.id = randomText(kIdBytes);
  request.nonce = tools::encodeBase64url(nonce);
  request.department = department;
  request.issuedAt = now;
  request.expiresAt = expiresAt;
  request.text = text;
  request.desk = desk;
  store_.transaction([&](ClinicTables& tables) { tables.addRequest(request); });
  return jsonReply(201, {{"id", request.id}, {"request", text}, {"expiresAt", expiresAt}});
}

Reply Clinic::showRequest(const Call& call) {
  login_.require(call);
  return store_.transaction([&](ClinicTables& tables) {
    const auto request = tables.findRequest(call.captured);
    if (!request) throw requestUnknown();
    const auto visit = request->used ? tables.findVisit(request->visit) : std::nullopt;
    if (!visit) return jsonReply(200, describeRequest(*request, unixNow()));
    auto json = describeVisit(*visit);
    json["state"] = "done";
    return jsonReply(200, json);
  });
}

Reply Clinic::showQueue(const Call& call) {
  const std::string desk = login_.require(call);
  requireDepartment(call.captured);
  return jsonReply(200, store_.transaction([&](ClinicTables& tables) {
    return describeQueue(tables, desk, call.captured);
  }));
}

nlohmann::ordered_json Clinic::describeQueue(ClinicTables& tables, const std::string& desk,
                                             const std::string& department) {
  const UnixSeconds now = unixNow();
  const std::string today = dayAt(now);
  nlohmann::ordered_json json = {{"hospital", settings_.id},
                                 {"department", department},
                                 {"waiting", tables.countWaiting(department, today)},
                                 {"requests", nlohmann::json::array()},
                                 {"visits", nlohmann::json::array()}};
  for (const auto& request : tables.openRequests(desk, department, now)) {
    auto entry = describeRequest(request, now);
    entry.update({{"id", request.id}, {"request", request.text}, {"expiresAt", request.expiresAt}});
    json["requests"].push_back(entry);
  }
  for (const auto& visit : tables.visits(department, today)) json["visits"].push_back(describeVisit(visit));
  if (const auto called = tables.lastCalled(department, today)) json["called"] = describeVisit(*called);
  const auto answered = tables.lastAnswered(desk, department);
  const auto latest = answered ? tables.findVisit(answered->visit) : std::nullopt;
  if (!latest || latest->visit.day != today) return json;
  json["latest"] = describeVisit(*latest);
  json["latest"]["request"] = answered->id;
  json["latest"]["already"] = latest->visit.request != answered->id;
  return json;
}

Reply Clinic::callNext(const Call& call) {
  login_.require(call);
  requireDepartment(call.captured);
  const std::string name = JsonBody(call.body).text("call", kMaxCallName);
  const UnixSeconds now = unixNow();
  const std::string today = dayAt(now);
  return store_.transaction([&](ClinicTables& tables) {
    const auto called = tables.callNext(call.captured, today, name, now);
    nlohmann::ordered_json json = {{"waiting", tables.countWaiting(call.captured, today)}};
    if (called) json["called"] = describeVisit(*called);
    return jsonReply(200, json);
  });
}

/// Whoever got the number asks with its ticket; a visit's id alone tells nothing.
Reply Clinic::showVisit(const Call& call) {
  const auto dot = call.captured.find('.');
  if (dot == std::string::npos) throw visitUnknown();
  return store_.transaction([&](ClinicTables& tables) {
    const auto found = tables.findVisit(call.captured.substr(0, dot));
    if (!found || found->visit.ticket.empty()) throw visitUnknown();
    const Visit& visit = found->visit;
    if (!equalSecrets(call.captured.substr(dot + 1), visit.ticket)) throw visitUnknown();
    const char* state = visit.calledAt != 0 ? "called" : visit.day == dayAt(unixNow()) ? "waiting" : "over";
    return jsonReply(200, {{"state", state},
                           {"department", visit.department},
                           {"queueNumber", visit.number},
                           {"queueLabel", visit.label},
                           {"ahead", tables.countAhead(visit)},
                           {"route", visit.route}});
  });
}

/// Behind one address there may be a hospital's whole waiting room: what answers a request that is open
/// costs the request's budget, and the address's only what does not.
Clinic::Answer Clinic::openAnswer(const std::string& sealed, UnixSeconds now) {
  Answer answer{need(unsealAnswer(sealed, sealingKey_)), {}};
  answer.request = findAnswered(answer.text);
  if (!answer.request.used && now >= answer.request.expiresAt) throw problemFor(Errc::TimeRequestExpired);
  return answer;
}

Reply Clinic::answer(const Call& call, RateLimit& strayAnswers) {
  const UnixSeconds now = unixNow();
  Answer given;
  try {
    given = openAnswer(call.body, now);
  } catch (const Problem&) {
    strayAnswers.spend(call.address);
    throw;
  }
  const ClinicRequest& asked = given.request;
  answersToOne_.spend(asked.id);
  const std::string digest = digestText(call.body);
  const bool isKnown = asked.used || asked.answer == digest;
  const auto code = isKnown ? std::nullopt : std::optional(check(given.text, asked, now));
  try {
    return store_.transaction([&](ClinicTables& tables) {
      ClinicRequest request = *tables.findRequest(asked.id);
      const bool again = request.used || !code;
      const Visit visit =
          again ? givenBefore(tables, request, digest, now) : takeVisit(tables, request, *code, now);
      if (!again) {
        request.answer = digest;
        request.visit = visit.id;
        request.used = visit.request == request.id;  // else the next patient answers it
        tables.noteAnswer(request, now);
      }
      return jsonReply(200, {{"hospital", settings_.id},
                             {"department", visit.department},
                             {"queueNumber", visit.number},
                             {"queueLabel", visit.label},
                             {"ahead", tables.countAhead(visit)},
                             {"visitId", visit.id},
                             {"ticket", visit.ticket},
                             {"route", visit.route},
                             {"already", visit.request != request.id}});
    });
  } catch (const Problem& problem) {
    if (problem.code == kPatientDiffers)
      store_.transaction([&](ClinicTables& tables) { tables.noteRefusal(asked.id, problem.code); });
    throw;
  }
}

/// The number that the patient waits with there today, or else the next one.
Visit Clinic::takeVisit(ClinicTables& tables, const ClinicRequest& request, const VerifiedCode& code,
                        UnixSeconds now) {
  Visit visit;
  visit.route = routeFor(code.colour);
  visit.department = visit.route == kFeverClinic ? kFeverClinic : request.department;
  visit.day = dayAt(now);
  const auto patient = tables.keepPatient(patientFrom(code.identity), randomText(kIdBytes), now);
  if (!patient) throw patientDiffers();
  visit.patient = *patient;
  if (const auto waiting = tables.findWaiting(visit.patient, visit.department, visit.day))
    return waiting->visit;
  visit.id = randomText(kIdBytes);
  visit.request = request.id;
  visit.number = tables.nextNumber(visit.department, visit.day);
  visit.label = labelOf(visit);
  visit.ticket = randomText(kTicketBytes);
  visit.createdAt = now;
  tables.addVisit(visit);
  return visit;
}

std::string Clinic::labelOf(const Visit& visit) const {
  if (visit.department == kFeverClinic) return feverLabel(visit.number);
  const auto& known = settings_.departments;
  const auto place = std::find(known.begin(), known.end(), visit.department) - known.begin();
  return queueLabel(static_cast<std::size_t>(place), visit.number);
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
