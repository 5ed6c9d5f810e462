// SPDX-License-Identifier: Apache-2.0
#include "server/authority.h"

#include "cli/text_codec.h"
#include "liangma/key_proof.h"
#include "server/claimed_nonce.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr UnixSeconds kChallengeSeconds = 300;
constexpr UnixSeconds kDemoTicketSeconds = 30 * 24 * 3600;
constexpr std::size_t kMaxProof = 512, kMaxTicket = 64, kMaxSubject = 16;
constexpr std::size_t kTicketBytes = 12;
/// For `sub` and the salts of an identity and its eight members.
constexpr std::size_t kCredentialEntropy = 6 + 9 * 16;

/// One ticket enrols one device; its holder may ask again when the answer got lost.
void requireFree(const Ticket& ticket, const std::string& deviceKey) {
  if (ticket.deviceKey && *ticket.deviceKey != deviceKey) throw Problem{409, "enrol.ticket-used"};
}

Reply credentialReply(int status, const Bytes& credential) {
  return jsonReply(status, {{"credential", tools::encodeBase64url(credential)}});
}

std::string idTail(const std::string& idNumber) {
  return idNumber.size() < 4 ? idNumber : idNumber.substr(idNumber.size() - 4);
}

}  // namespace

Authority::Authority(const AuthoritySettings& settings, const std::filesystem::path& data,
                     const IssuerKeys& keys)
    : settings_(settings), keys_(keys), store_(data / "authority.sqlite") {}

void Authority::addRoutes(Router& router, RateLimit& limit) {
  router.post("/api/enrol/challenge", "application/json", [this, &limit](const Call& call) {
    limit.spend(call.address);
    return challenge();
  });
  router.post("/api/enrol", "application/json", [this, &limit](const Call& call) {
    limit.spend(call.address);
    return enrol(call);
  });
  router.post("/api/renew", "application/json", [this, &limit](const Call& call) {
    limit.spend(call.address);
    return renew(call);
  });
}

void Authority::addDemoRoutes(Router& router) {
  router.get("/api/demo/tickets", [this](const Call&) { return demoTickets(); });
}

void Authority::addResidents(const std::vector<Resident>& residents) {
  store_.transaction([&](AuthorityTables& tables) {
    for (const auto& resident : residents)
      if (!tables.hasResident(resident.identity.at(IdentityClaim::IdNumber))) tables.addResident(resident);
  });
}

Reply Authority::challenge() {
  const UnixSeconds now = unixNow(), expiresAt = now + kChallengeSeconds;
  const std::string nonce = randomText(kNonceBytes);
  store_.transaction([&](AuthorityTables& tables) { tables.addChallenge(nonce, now, expiresAt); });
  return jsonReply(200, {{"nonce", nonce}, {"issuer", settings_.issuer}, {"expiresAt", expiresAt}});
}

Reply Authority::enrol(const Call& call) {
  const JsonBody body(call.body);
  const std::string digest = digestText(body.text("ticket", kMaxTicket));
  const UnixSeconds now = unixNow();
  const Proof proof = openProof(body.bytes("proof", kMaxProof), now);
  return credentialReply(201, store_.transaction([&](AuthorityTables& tables) {
    if (!tables.takeChallenge(proof.nonce, now)) throw Problem{400, "enrol.challenge-unknown"};
    const auto ticket = tables.findTicket(digest, now);
    if (!ticket) throw Problem{404, "enrol.ticket-unknown"};
    requireFree(*ticket, proof.keyText);
    if (!ticket->deviceKey) tables.useTicket(digest, proof.keyText, now);
    tables.bindDevice(proof.keyText, ticket->resident, now);
    return issue(tables, ticket->resident, proof, now);
  }));
}

/// A key that several residents share (a parent's phone) names by `subject` whose credential it is about.
Reply Authority::renew(const Call& call) {
  const JsonBody body(call.body);
  const auto subject = body.optionalText("subject", kMaxSubject);
  const UnixSeconds now = unixNow();
  const Proof proof = openProof(body.bytes("proof", kMaxProof), now);
  return credentialReply(200, store_.transaction([&](AuthorityTables& tables) {
    if (!tables.takeChallenge(proof.nonce, now)) throw Problem{400, "enrol.challenge-unknown"};
    const auto residents = tables.residentsOf(proof.keyText);
    if (residents.empty()) throw problemFor(Errc::KeyMismatch);
    if (residents.size() > 1 && !subject) throw malformed();
    const auto resident = subject ? tables.residentBySubject(proof.keyText, *subject) : residents.front();
    if (!resident) throw problemFor(Errc::KeyMismatch);
    return issue(tables, *resident, proof, now);
  }));
}

Reply Authority::demoTickets() {
  const UnixSeconds now = unixNow();
  return jsonReply(200, store_.transaction([&](AuthorityTables& tables) {
    auto list = nlohmann::ordered_json::array();
    for (const auto id : tables.residents()) {
      auto ticket = tables.demoTicket(id, now);
      if (!ticket) {
        ticket = randomText(kTicketBytes);
        tables.addTicket(digestText(*ticket), id, now, now + kDemoTicketSeconds);
        tables.addDemoTicket(*ticket, digestText(*ticket));
      }
      const auto resident = tables.resident(id);
      list.push_back({{"ticket", *ticket},
                      {"name", maskName(resident.identity.at(IdentityClaim::FullName))},
                      {"colour", colourId(resident.colour)},
                      {"note", resident.note}});
    }
    return list;
  }));
}

Authority::Proof Authority::openProof(const Bytes& encoded, UnixSeconds now) {
  for (const auto& nonce : claimedNonces(encoded)) {
    if (!store_.transaction([&](AuthorityTables& tables) { return tables.hasChallenge(nonce, now); }))
      continue;
    const PublicKey key = need(openKeyProof(encoded, settings_.issuer, *tools::decodeBase64url(nonce), now));
    return {nonce, key, tools::encodeBase64url(key.raw32())};
  }
  // Not one of ours, used, expired, or no proof at all: let the core say which where it can.
  const auto opened = openKeyProof(encoded, settings_.issuer, Bytes(kNonceBytes), now);
  if (!opened.ok() && opened.code() != Errc::NonceMismatch) throw problemFor(opened.code());
  throw Problem{400, "enrol.challenge-unknown"};
}

Bytes Authority::issue(AuthorityTables& tables, std::int64_t residentId, const Proof& proof,
                       UnixSeconds now) {
  const Resident resident = tables.resident(residentId);
  CredentialClaims claims;
  claims.issuer = resident.issuer.value_or(settings_.issuer);
  claims.issuedAt = now;
  claims.expiresAt = now + settings_.credentialSeconds;
  claims.deviceKey = proof.key;
  claims.code.colour = resident.colour;
  claims.code.region = resident.region;
  claims.code.maskedName = maskName(resident.identity.at(IdentityClaim::FullName));
  claims.code.idTail = idTail(resident.identity.at(IdentityClaim::IdNumber));
  claims.code.statusIndex = tables.freshStatusIndex();
  claims.identity = resident.identity;
  const Bytes random = randomBytes(kCredentialEntropy);
  Entropy entropy(random);
  Bytes credential = need(issueCredential(claims, *keys_.at(claims.issuer, now), entropy));
  tables.supersedeOtherColours(residentId, resident.colour, now);
  tables.addIssuance({claims.code.statusIndex, residentId, proof.keyText,
                      need(parseCredential(credential)).subject, now, claims.expiresAt, resident.colour});
  return credential;
}

}  // namespace liangma::server
