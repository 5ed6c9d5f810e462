// SPDX-License-Identifier: Apache-2.0
#include "server/staff_access.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "cli/text_codec.h"
#include "liangma/vault.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/login_code.h"
#include "server/problem.h"
#include "server/random.h"
#include "server/staff_totp.h"

namespace liangma::server {
namespace {

constexpr std::size_t kIdBytes = 16, kTokenBytes = 32, kChallengeBytes = 32, kVaultEntropy = 40;
constexpr std::size_t kMaxPassword = 128, kMaxBlob = 4096, kMaxCredentialId = 1400, kTotpDigits = 6;
constexpr std::size_t kLeastPasswordLetters = 10, kLeastDifferentLetters = 5;
constexpr UnixSeconds kChallengeSeconds = 300;
constexpr UnixSeconds kAttemptWindowSeconds = 15 * 60;
constexpr int kFailuresAllowed = 5;
constexpr StaffRole kAdmins[] = {StaffRole::Admin};
constexpr auto kHashingPatience = std::chrono::seconds(3);

/// One of the places for those who wait for Argon2id.
///
/// @throws Problem  429 http.rate-limited: too many others sign in at this moment
class HashingPlace {
 public:
  explicit HashingPlace(std::counting_semaphore<2>& places) : places_(places) {
    if (!places_.try_acquire_for(kHashingPatience)) throw rateLimited();
  }
  HashingPlace(const HashingPlace&) = delete;
  HashingPlace& operator=(const HashingPlace&) = delete;
  ~HashingPlace() { places_.release(); }

 private:
  std::counting_semaphore<2>& places_;
};

Problem loginRefused() {
  return {403, "staff.login-refused"};
}

/// Where attempts are counted: one account from one subscriber, so that nobody can shut others out.
std::string placeOf(const std::string& account, const std::string& address) {
  return digestText(account + '\n' + subscriberOf(address));
}

std::string tokenOf(const Call& call) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!call.authorization.starts_with(kScheme)) throw Problem{401, "staff.session-ended"};
  return digestText(call.authorization.substr(kScheme.size()));
}

std::size_t countLetters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// @throws Problem  400 staff.password-weak
void requireStrong(const std::string& password, const std::string& name) {
  const std::set<char> different(password.begin(), password.end());
  if (countLetters(password) < kLeastPasswordLetters || different.size() < kLeastDifferentLetters ||
      password.find(name) != std::string::npos)
    throw Problem{400, "staff.password-weak"};
}

/// @throws Problem  400 staff.name-bad
void requireName(const std::string& name) {
  const bool blank =
      name.empty() || name.size() > StaffAccess::kMaxName || name.front() == ' ' || name.back() == ' ';
  if (blank || !isPrintable(name) || name.find_first_of("\t\n\r") != std::string::npos)
    throw Problem{400, "staff.name-bad"};
}

std::vector<StaffRole> readRoles(const JsonBody& body) {
  std::vector<StaffRole> roles;
  for (const auto& id : body.texts("roles", std::size(kStaffRoles), 16)) {
    const auto role = staffRoleFromId(id);
    if (!role) throw malformed();
    roles.push_back(*role);
  }
  return roles;
}

nlohmann::ordered_json roleIds(const StaffMember& member) {
  auto ids = nlohmann::ordered_json::array();
  for (const auto role : member.roles) ids.push_back(staffRoleId(role));
  return ids;
}

nlohmann::ordered_json describe(const StaffMember& member) {
  return {{"id", member.id},
          {"name", member.name},
          {"roles", roleIds(member)},
          {"password", member.hasPassword},
          {"passkey", member.hasPasskey},
          {"invited", member.isInvited},
          {"disabled", member.isDisabled}};
}

}  // namespace

StaffAccess::StaffAccess(StaffStore& store, std::vector<std::string> origins, Note note)
    : store_(store),
      origins_(std::move(origins)),
      note_(std::move(note)),
      decoy_(sealVault(randomBytes(kTotpSecretBytes), "", randomText(kTokenBytes))) {}

void StaffAccess::addRoutes(Router& router, RateLimit& limit) {
  const auto post = [&](const char* path, Reply (StaffAccess::*handler)(const Call&)) {
    router.post(path, "application/json", [this, handler, &limit](const Call& call) {
      limit.spend(call.address);
      return (this->*handler)(call);
    });
  };
  post("/api/staff/invitations", &StaffAccess::openInvitation);
  post("/api/staff/invitations/password", &StaffAccess::choosePassword);
  post("/api/staff/invitations/passkey", &StaffAccess::chooseFirstPasskey);
  router.post("/api/staff/challenges", "application/json", [this, &limit](const Call& call) {
    limit.spend(call.address);
    return makeChallenge();
  });
  post("/api/staff/sessions/password", &StaffAccess::signInByPassword);
  post("/api/staff/sessions/passkey", &StaffAccess::signInByPasskey);
  router.get("/api/staff/session", [this](const Call& call) { return describeSession(call); });
  post("/api/staff/session/end", &StaffAccess::endSession);
  post("/api/staff/passkeys", &StaffAccess::addPasskey);
  router.get("/api/staff/members", [this](const Call& call) { return listMembers(call); });
  post("/api/staff/members", &StaffAccess::addMember);
  post("/api/staff/members/{}/reset", &StaffAccess::resetMember);
  post("/api/staff/members/{}/disable", &StaffAccess::disableMember);
}

// --- members ---

std::string StaffAccess::add(const std::string& name, const std::vector<StaffRole>& roles) {
  requireName(name);
  const StaffMember member{randomText(kIdBytes), name, roles};
  const std::string code = makeLoginCode();
  const UnixSeconds now = unixNow();
  store_.transaction([&](StaffTables& tables) {
    if (!tables.addMember(member, now)) throw Problem{409, "staff.name-taken"};
    tables.addInvitation(digestText(code), member.id, now, now + kInvitationSeconds);
  });
  return code;
}

std::string StaffAccess::reset(const std::string& name) {
  const std::string code = makeLoginCode();
  const UnixSeconds now = unixNow();
  store_.transaction([&](StaffTables& tables) {
    const auto member = tables.memberByName(name);
    if (!member) throw Problem{404, "staff.unknown"};
    tables.forgetLogins(member->id);
    tables.addInvitation(digestText(code), member->id, now, now + kInvitationSeconds);
  });
  return code;
}

Reply StaffAccess::listMembers(const Call& call) {
  note(require(call, kAdmins), "read-staff");
  auto list = nlohmann::ordered_json::array();
  for (const auto& member :
       store_.transaction([&](StaffTables& tables) { return tables.members(unixNow()); }))
    list.push_back(describe(member));
  return jsonReply(200, {{"members", list}});
}

Reply StaffAccess::addMember(const Call& call) {
  const auto actor = require(call, kAdmins);
  const JsonBody body(call.body);
  const std::string name = body.text("name", kMaxName);
  const std::string code = add(name, readRoles(body));
  const auto added = store_.transaction([&](StaffTables& tables) { return tables.memberByName(name); });
  note(actor, "add-staff", added ? added->id : "");
  return jsonReply(201, {{"code", code}});
}

Reply StaffAccess::resetMember(const Call& call) {
  const auto actor = require(call, kAdmins);
  const auto member =
      store_.transaction([&](StaffTables& tables) { return tables.memberById(call.captured); });
  if (!member) throw Problem{404, "staff.unknown"};
  const std::string code = reset(member->name);
  note(actor, "reset-staff", member->id);
  return jsonReply(200, {{"code", code}});
}

/// Nobody locks themselves out: a bureau without an administrator could only be helped at the server.
Reply StaffAccess::disableMember(const Call& call) {
  const auto actor = require(call, kAdmins);
  if (call.captured == actor.member.id) throw Problem{409, "staff.own-account"};
  store_.transaction([&](StaffTables& tables) {
    if (!tables.memberById(call.captured)) throw Problem{404, "staff.unknown"};
    tables.disable(call.captured, unixNow());
  });
  note(actor, "disable-staff", call.captured);
  return jsonReply(200, nlohmann::ordered_json::object());
}

// --- invitations ---

StaffInvitation StaffAccess::requireInvitation(const std::string& digest) {
  auto found = store_.transaction([&](StaffTables& tables) { return tables.invitation(digest, unixNow()); });
  if (!found) throw Problem{403, "staff.invitation-refused"};
  return std::move(*found);
}

Reply StaffAccess::openInvitation(const Call& call) {
  const std::string digest = digestText(tidyLoginCode(JsonBody(call.body).text("code", kMaxLoginCode)));
  const auto invitation = requireInvitation(digest);
  const Bytes secret = randomBytes(kTotpSecretBytes);
  const auto member = store_.transaction([&](StaffTables& tables) {
    tables.offerTotpSecret(digest, tools::encodeBase64url(secret));
    return tables.memberById(invitation.member);
  });
  return jsonReply(200, {{"id", member->id},
                         {"name", member->name},
                         {"roles", roleIds(*member)},
                         {"totpSecret", encodeBase32(secret)}});
}

Reply StaffAccess::choosePassword(const Call& call) {
  const JsonBody body(call.body);
  const std::string digest = digestText(tidyLoginCode(body.text("code", kMaxLoginCode)));
  const std::string password = body.text("password", kMaxPassword);
  const auto invitation = requireInvitation(digest);
  const auto member =
      store_.transaction([&](StaffTables& tables) { return tables.memberById(invitation.member); });
  requireStrong(password, member->name);
  const auto secret = tools::decodeBase64url(invitation.totpSecret);
  const auto step = secret && !secret->empty()
                        ? matchTotp(*secret, body.text("totp", kTotpDigits), unixNow(), 0)
                        : std::nullopt;
  if (!step) throw Problem{403, "staff.totp-wrong"};
  const StaffPassword kept{member->id, sealVault(*secret, member->id, password), *step};
  store_.transaction([&](StaffTables& tables) {
    if (!tables.takeInvitation(digest, unixNow())) throw Problem{403, "staff.invitation-refused"};
    tables.setPassword(kept);
  });
  return openSession(*member, "set-password");
}

Reply StaffAccess::chooseFirstPasskey(const Call& call) {
  const std::string digest = digestText(tidyLoginCode(JsonBody(call.body).text("code", kMaxLoginCode)));
  const auto invitation = requireInvitation(digest);
  const Passkey passkey = newPasskey(call);
  const auto member = store_.transaction([&](StaffTables& tables) {
    if (!tables.takeInvitation(digest, unixNow())) throw Problem{403, "staff.invitation-refused"};
    tables.addPasskey({invitation.member, passkey}, unixNow());
    return tables.memberById(invitation.member);
  });
  return openSession(*member, "add-passkey");
}

// --- passwords ---

Bytes StaffAccess::openVault(const std::string& vault, const std::string& member,
                             const std::string& password) {
  const auto sealed = tools::decodeBase64url(vault);
  if (!sealed) throw storageFailed();
  const HashingPlace place(hashing_);
  auto opened = openWithPin(*sealed, password, "staff:" + member);
  if (opened.ok()) return std::move(opened).value();
  if (opened.code() == Errc::VaultUnreadable) return {};
  throw problemFor(opened.code());
}

std::string StaffAccess::sealVault(const Bytes& secret, const std::string& member,
                                   const std::string& password) {
  const Bytes random = randomBytes(kVaultEntropy);
  Entropy entropy(random);
  const HashingPlace place(hashing_);
  return tools::encodeBase64url(need(sealWithPin(secret, password, "staff:" + member, PinCost{}, entropy)));
}

/// As long for a name that nobody has as for a wrong password.
std::string StaffAccess::checkPassword(const std::string& name, const std::string& password,
                                       const std::string& totp) {
  const auto known = store_.transaction([&](StaffTables& tables) { return tables.password(name); });
  const StaffPassword kept = known.value_or(StaffPassword{"", decoy_, 0});
  Bytes secret = openVault(kept.vault, kept.member, password);
  const auto step =
      known && !secret.empty() ? matchTotp(secret, totp, unixNow(), kept.lastStep) : std::nullopt;
  wipe(secret);
  const bool fresh =
      step && store_.transaction([&](StaffTables& tables) { return tables.useTotpStep(kept.member, *step); });
  if (!fresh) throw loginRefused();
  return kept.member;
}

Reply StaffAccess::signInByPassword(const Call& call) {
  const JsonBody body(call.body);
  const std::string name = body.text("name", kMaxName);
  const std::string place = placeOf(name, call.address);
  const int failed = store_.transaction(
      [&](StaffTables& tables) { return tables.countAttempt(place, unixNow(), kAttemptWindowSeconds); });
  if (failed >= kFailuresAllowed) throw Problem{429, "staff.wait"};
  const std::string id =
      checkPassword(name, body.text("password", kMaxPassword), body.text("totp", kTotpDigits));
  const auto member = store_.transaction([&](StaffTables& tables) {
    tables.forgetAttempts(place);
    return tables.memberById(id);
  });
  return openSession(*member, "sign-in");
}

// --- passkeys ---

Reply StaffAccess::makeChallenge() {
  const std::string challenge = randomText(kChallengeBytes);
  const UnixSeconds now = unixNow(), expiresAt = now + kChallengeSeconds;
  store_.transaction([&](StaffTables& tables) { tables.addChallenge(challenge, now, expiresAt); });
  return jsonReply(200, {{"challenge", challenge}, {"expiresAt", expiresAt}});
}

Passkey StaffAccess::newPasskey(const Call& call) {
  const JsonBody body(call.body);
  const auto client = readClientData(body.bytes("clientData", kMaxBlob), "webauthn.create", origins_);
  const bool fresh = store_.transaction(
      [&](StaffTables& tables) { return tables.takeChallenge(client.challenge, unixNow()); });
  if (!fresh) throw Problem{400, "staff.passkey-refused"};
  Passkey passkey = openPasskey(client, body.bytes("attestation", kMaxBlob));
  if (store_.transaction([&](StaffTables& tables) { return tables.passkey(passkey.id); }))
    throw Problem{400, "staff.passkey-refused"};
  return passkey;
}

Reply StaffAccess::addPasskey(const Call& call) {
  const auto actor = caller(call);
  const Passkey passkey = newPasskey(call);
  store_.transaction([&](StaffTables& tables) { tables.addPasskey({actor.member.id, passkey}, unixNow()); });
  note(actor, "add-passkey");
  return jsonReply(201, nlohmann::ordered_json::object());
}

Reply StaffAccess::signInByPasskey(const Call& call) {
  const JsonBody body(call.body);
  const Bytes clientJson = body.bytes("clientData", kMaxBlob),
              data = body.bytes("authenticatorData", kMaxBlob), signature = body.bytes("signature", kMaxBlob);
  const auto client = readClientData(clientJson, "webauthn.get", origins_);
  const std::string id = body.text("credential", kMaxCredentialId);
  const auto known = store_.transaction([&](StaffTables& tables) {
    const bool fresh = tables.takeChallenge(client.challenge, unixNow());
    return fresh ? tables.passkey(id) : std::nullopt;
  });
  if (!known) throw Problem{400, "staff.passkey-refused"};
  const auto counter = checkPasskey(known->passkey, client, {clientJson, data, signature});
  const auto member = store_.transaction([&](StaffTables& tables) {
    if (!tables.countPasskey(known->passkey, counter)) throw Problem{400, "staff.passkey-refused"};
    return tables.memberById(known->member);
  });
  return openSession(*member, "sign-in");
}

// --- sessions ---

Reply StaffAccess::openSession(const StaffMember& member, const char* action) {
  const std::string session = randomText(kTokenBytes);
  const UnixSeconds now = unixNow(), expiresAt = now + kSessionSeconds;
  note({member, member.roles.front()}, action);
  store_.transaction(
      [&](StaffTables& tables) { tables.addSession(digestText(session), member.id, now, expiresAt); });
  return jsonReply(201, {{"session", session},
                         {"expiresAt", expiresAt},
                         {"id", member.id},
                         {"name", member.name},
                         {"roles", roleIds(member)}});
}

StaffActor StaffAccess::caller(const Call& call) {
  const std::string token = tokenOf(call);
  auto member = store_.transaction(
      [&](StaffTables& tables) { return tables.memberBySession(token, unixNow(), kIdleSeconds); });
  if (!member) throw Problem{401, "staff.session-ended"};
  const StaffRole role = member->roles.front();
  return {std::move(*member), role};
}

StaffActor StaffAccess::require(const Call& call, std::span<const StaffRole> roles) {
  StaffActor actor = caller(call);
  const auto& has = actor.member.roles;
  const auto found = std::find_first_of(has.begin(), has.end(), roles.begin(), roles.end());
  if (found == has.end()) throw Problem{403, "staff.not-allowed"};
  actor.role = *found;
  return actor;
}

Reply StaffAccess::describeSession(const Call& call) {
  return jsonReply(200, describe(caller(call).member));
}

Reply StaffAccess::endSession(const Call& call) {
  const auto actor = caller(call);
  note(actor, "sign-out");
  store_.transaction([&](StaffTables& tables) { tables.endSession(tokenOf(call)); });
  return jsonReply(200, nlohmann::ordered_json::object());
}

void StaffAccess::note(const StaffActor& actor, const std::string& action, const std::string& subject) {
  if (note_) note_(actor, action, subject);
}

}  // namespace liangma::server
