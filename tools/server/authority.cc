// SPDX-License-Identifier: Apache-2.0
#include "server/authority.h"

#include <algorithm>

#include "cli/text_codec.h"
#include "liangma/paper_code.h"
#include "server/authority_once.h"
#include "server/claimed_nonce.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/log.h"

namespace liangma::server {
namespace {

constexpr UnixSeconds kDemoTicketSeconds = 30 * 24 * 3600, kDay = 24 * 3600;
constexpr std::size_t kMaxProof = 512, kMaxStatement = 9000, kMaxTicket = 64, kMaxSubject = 16;
constexpr std::size_t kTicketBytes = 12, kIdBytes = 16;
constexpr std::size_t kMaxIdempotencyKey = 64;
/// For `sub` and the salts of an identity and its eight members.
constexpr std::size_t kCredentialEntropy = 6 + 9 * 16, kPaperEntropy = 6;

std::string idTail(const std::string& idNumber) {
  return idNumber.size() < 4 ? idNumber : idNumber.substr(idNumber.size() - 4);
}

/// The value of the header, with or without its quotes.
std::optional<std::string> idempotencyKey(const Call& call) {
  std::string_view key = call.idempotencyKey;
  if (key.empty()) return std::nullopt;
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  const bool isPlain = std::all_of(key.begin(), key.end(),
                                   [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (key.empty() || key.size() > kMaxIdempotencyKey || !isPlain) throw malformed();
  return std::string(key);
}

/// Whether a statement's content is an object of no members but those of its kind (SPEC.md 4.5).
bool hasItsMembers(const Statement& statement) {
  try {
    const JsonBody content(statement.content);
    if (statement.kind == "declaration") return content.holdsOnly({"form", "fields", "organisation"});
    if (statement.kind == "appeal") return content.holdsOnly({"text", "form", "fields"});
    if (statement.kind == "replace") return content.holdsOnly({"key"});
    if (statement.kind == "guardian") return content.holdsOnly({"relation"});
    return content.holdsOnly({});
  } catch (const Problem&) {
    return false;
  }
}

}  // namespace

std::optional<std::string> replyName(const Call& call) {
  const auto key = idempotencyKey(call);
  if (!key) return std::nullopt;
  const JsonBody body(call.body);
  const auto proof = body.optionalText("proof", kMaxStatement * 2);
  const auto token = tools::decodeBase64url(proof ? *proof : body.text("statement", kMaxStatement * 2));
  if (!token) throw malformed();
  return digestText(call.path + '\n' + claimedKey(*token) + '\n' + *key);
}

Authority::Authority(const AuthoritySettings& settings, const std::filesystem::path& data,
                     const std::string& database, const IssuerKeys& keys)
    : settings_(settings),
      secret32_(readOrMakeSecret(data / settings.secret)),
      keys_(keys),
      store_(database, settings.issuer, secret32_),
      challenges_(secret32_),
      rules_(settings.utcOffsetMinutes),
      recorder_(settings.issuer, keys_),
      colours_(rules_, recorder_),
      cases_(store_, colours_),
      log_(store_, recorder_) {}

// ---- routes

void Authority::addRoute(Router& router, RateLimit& limit, const std::string& path,
                         Reply (Authority::*handler)(const Call&)) {
  router.post(path, "application/json", [this, &limit, handler](const Call& call) {
    limit.spend(call.address);
    return (this->*handler)(call);
  });
}

void Authority::addRoutes(Router& router, RateLimit& limit, RateLimit& deviceLimit) {
  deviceLimit_ = &deviceLimit;
  addRoute(router, limit, "/api/enrol/challenge", &Authority::challenge);
  addRoute(router, limit, "/api/enrol", &Authority::enrol);
  addRoute(router, limit, "/api/renew", &Authority::renew);
  addRoute(router, limit, "/api/replace", &Authority::replace);
  addRoute(router, limit, "/api/dependants", &Authority::addDependant);
  addRoute(router, limit, "/api/paper", &Authority::paper);
  addRoute(router, limit, "/api/state", &Authority::state);
  addRoute(router, limit, "/api/declare", &Authority::declare);
  addRoute(router, limit, "/api/appeal", &Authority::appeal);
  addRoute(router, limit, "/api/erase", &Authority::eraseMe);
  router.get("/api/news", [this](const Call& call) { return news(call); });
}

void Authority::addDemoRoutes(Router& router) {
  router.get("/api/demo/tickets", [this](const Call&) { return demoTickets(); });
}

// ---- who asks

Reply Authority::challenge(const Call&) {
  const UnixSeconds now = unixNow();
  return jsonReply(200, {{"nonce", challenges_.make(randomBytes(8), now)},
                         {"issuer", settings_.issuer},
                         {"expiresAt", now + Challenges::kSeconds}});
}

/// @param open  reads the token for a nonce: Result<Device>
///
/// @throws Problem http.rate-limited: this device asks too often, from wherever
template <class Open>
Authority::Opened Authority::openToken(const Bytes& encoded, UnixSeconds now, Open open) const {
  for (const auto& nonce : claimedNonces(encoded, Challenges::kBytes)) {
    const auto end = challenges_.end(nonce, now);
    if (!end) continue;
    auto device = open(*tools::decodeBase64url(nonce));
    if (!device.ok()) return problemFor(device.code());
    device->keyText = tools::encodeBase64url(device->key.raw32());
    deviceLimit_->spend(device->keyText);
    device->nonce = nonce;
    device->nonceEnd = *end;
    device->encoded = encoded;
    return *device;
  }
  // Not one of ours, ended, or no such token at all: let the core say which where it can.
  const auto device = open(Bytes(Challenges::kBytes));
  if (!device.ok() && device.code() != Errc::NonceMismatch) return problemFor(device.code());
  return Problem{400, "enrol.challenge-unknown"};
}

Authority::Opened Authority::openProof(const Bytes& encoded, UnixSeconds now) const {
  return openToken(encoded, now, [&](ByteView nonce) -> Result<Device> {
    const auto key = openKeyProof(encoded, settings_.issuer, nonce, now);
    if (!key.ok()) return key.error();
    Device device;
    device.key = *key;
    return device;
  });
}

Authority::Opened Authority::openStatementOf(const std::string& kind, const Bytes& encoded,
                                             UnixSeconds now) const {
  return openToken(encoded, now, [&](ByteView nonce) -> Result<Device> {
    auto opened = openStatement(encoded, settings_.issuer, nonce, now);
    if (!opened.ok()) return opened.error();
    if (opened->statement.kind != kind || !hasItsMembers(opened->statement)) return Errc::StatementShape;
    Device device;
    device.key = opened->key;
    device.statement = std::move(opened->statement);
    return device;
  });
}

const Authority::Device& Authority::use(AuthorityTables& tables, const Opened& opened,
                                        UnixSeconds now) const {
  if (const auto* problem = std::get_if<Problem>(&opened)) throw *problem;
  const auto& device = std::get<Device>(opened);
  if (!tables.useNonce(device.nonce, now, device.nonceEnd)) throw Problem{400, "enrol.challenge-unknown"};
  return device;
}

std::string Authority::useTicket(AuthorityTables& tables, const std::string& digest,
                                 const std::string& deviceKey, UnixSeconds now) const {
  const auto ticket = tables.findTicket(digest, now);
  if (!ticket) throw Problem{404, "enrol.ticket-unknown"};
  if (!tables.useTicket(digest, deviceKey, now)) throw Problem{409, "enrol.ticket-used"};
  return ticket->resident;
}

std::string Authority::residentOf(AuthorityTables& tables, const std::string& deviceKey,
                                  const std::optional<std::string>& subject) const {
  const auto residents = tables.residentsOf(deviceKey);
  if (residents.empty()) throw problemFor(Errc::KeyMismatch);
  if (residents.size() > 1 && !subject) throw malformed();
  const auto resident = subject ? tables.residentBySubject(deviceKey, *subject) : residents.front();
  if (!resident) throw problemFor(Errc::KeyMismatch);
  return *resident;
}

Resident Authority::locked(AuthorityTables& tables, const std::string& id) const {
  auto resident = tables.lockResident(id);
  if (!resident) throw problemFor(Errc::KeyMismatch);
  return std::move(*resident);
}

/// Where the rules cannot be asked, the colour stays as it was: nobody loses their code by a faulty pack.
Resident Authority::upToDate(AuthorityTables& tables, const std::string& id, UnixSeconds now) const {
  Resident resident = locked(tables, id);
  try {
    colours_.update(tables, resident, Occasion::Time, "time", {"rules", ""}, now);
  } catch (const Problem& problem) {
    if (!problem.code.starts_with("rule.") || resident.state.since == 0) throw;
    server::log("rules-failed", {{"code", problem.code}});
  }
  return resident;
}

// ---- credentials

CodeClaims Authority::codeOf(AuthorityTables& tables, const Resident& resident) const {
  CodeClaims code;
  code.colour = resident.state.colour;
  if (!resident.region.empty()) code.region = resident.region;
  code.maskedName = maskName(resident.identity.at(IdentityClaim::FullName));
  code.idTail = idTail(resident.identity.at(IdentityClaim::IdNumber));
  code.statusIndex = tables.drawStatusIndex();
  return code;
}

Authority::Answer Authority::credentialAnswer(AuthorityTables& tables, int status, const Resident& resident,
                                              const Device& device, UnixSeconds now) const {
  const auto record = tables.log.latest(resident.id, "colour");
  if (!record) throw internalError();
  tables.supersedeOtherColours(resident.id, resident.state.colour, now);
  CredentialClaims claims;
  claims.issuer = colours_.issuerOf(resident);
  claims.issuedAt = now;
  claims.expiresAt = now + settings_.credentialSeconds;
  claims.deviceKey = device.key;
  claims.identity = resident.identity;
  while (true) {
    claims.code = codeOf(tables, resident);
    const Bytes random = randomBytes(kCredentialEntropy);
    Entropy entropy(random);
    const Bytes credential = need(issueCredential(claims, *keys_.at(claims.issuer, now), entropy));
    if (!tables.addIssuance({claims.code.statusIndex, resident.id, device.keyText,
                             need(parseCredential(credential)).subject, now, claims.expiresAt,
                             claims.code.colour, record->sequence}))
      continue;
    return {status,
            {{"credential", tools::encodeBase64url(credential)},
             {"record", tools::encodeBase64url(record->encoded)}},
            resident.id};
  }
}

/// One ticket enrols one device; its holder may ask again when the answer got lost.
Reply Authority::enrol(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const std::string digest = digestText(body.text("ticket", kMaxTicket));
  const Opened opened = openProof(body.bytes("proof", kMaxProof), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const auto resident = useTicket(tables, digest, device.keyText, now);
    tables.bindDevice(device.keyText, resident, now);
    return credentialAnswer(tables, 201, upToDate(tables, resident, now), device, now);
  });
}

Reply Authority::renew(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const Opened opened = openProof(body.bytes("proof", kMaxProof), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const auto resident = residentOf(tables, device.keyText, subject);
    return credentialAnswer(tables, 200, upToDate(tables, resident, now), device, now);
  });
}

/// Who moves to another phone is known by a ticket (the old one is lost) or by the old phone's word for the
/// new key.
Reply Authority::replace(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto ticket = body.optionalText("ticket", kMaxTicket),
             subject = body.optionalText("subject", kMaxSubject);
  const bool byStatement = !ticket;
  if (ticket && body.has("statement")) throw malformed();
  const Opened opened = openProof(body.bytes("proof", kMaxProof), now);
  const Opened old = byStatement ? openStatementOf("replace", body.bytes("statement", kMaxStatement), now)
                                 : Opened(malformed());
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    std::string id;
    if (byStatement) {
      const Device& before = use(tables, old, now);
      if (JsonBody(before.statement.content).text("key", 43) != device.keyText)
        throw problemFor(Errc::KeyMismatch);
      id = residentOf(tables, before.keyText, subject);
    } else {
      id = useTicket(tables, digestText(*ticket), device.keyText, now);
    }
    const Resident resident = upToDate(tables, id, now);
    tables.bindDevice(device.keyText, id, now);
    tables.replaceDevices(device.keyText, id, now);
    ColourRecord record;
    record.event = "device";
    record.actorRole = "resident";
    record.evidence = byStatement ? "device" : "ticket";
    recorder_.append(tables, id, colours_.issuerOf(resident), record, now);
    return credentialAnswer(tables, 201, resident, device, now);
  });
}

/// A guardian's phone, which holds their own code already, takes a child's or an old parent's too.
Reply Authority::addDependant(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const std::string digest = digestText(body.text("ticket", kMaxTicket));
  const Opened opened = openStatementOf("guardian", body.bytes("statement", kMaxStatement), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const auto relation = JsonBody(device.statement.content).text("relation", 8);
    if (relation != "child" && relation != "parent" && relation != "ward")
      throw problemFor(Errc::StatementShape);
    const auto guardians = tables.residentsOf(device.keyText);
    if (guardians.empty()) throw problemFor(Errc::KeyMismatch);
    const auto ticket = tables.findTicket(digest, now);
    const bool isOwn =
        ticket && std::find(guardians.begin(), guardians.end(), ticket->resident) != guardians.end();
    const bool isSpent = ticket && (isOwn || ticket->deviceKey);
    if (isSpent && !tables.isGuardedBy(device.keyText, ticket->resident))
      throw Problem{409, "enrol.ticket-used"};
    const auto id = useTicket(tables, digest, device.keyText, now);
    const Resident resident = upToDate(tables, id, now);
    tables.bindDevice(device.keyText, id, now);
    tables.addConsent(randomText(kIdBytes), id, device.encoded, now);
    ColourRecord record;
    record.event = "guardian";
    record.actorRole = "guardian";
    record.evidence = relation;
    record.subject16 = id16(guardians.front());
    recorder_.append(tables, id, colours_.issuerOf(resident), record, now);
    return credentialAnswer(tables, 201, resident, device, now);
  });
}

Reply Authority::paper(const Call& call) {
  const JsonBody body(call.body);
  const UnixSeconds now = unixNow();
  const auto subject = body.optionalText("subject", kMaxSubject);
  const auto days = body.optionalInteger("days", 1, 14).value_or(7);
  const Opened opened = openProof(body.bytes("proof", kMaxProof), now);
  return once(call, now, [&](AuthorityTables& tables) {
    const Device& device = use(tables, opened, now);
    const Resident resident = upToDate(tables, residentOf(tables, device.keyText, subject), now);
    const auto record = tables.log.latest(resident.id, "colour");
    if (!record) throw internalError();
    const std::string issuer = colours_.issuerOf(resident);
    while (true) {
      const PaperClaims claims{issuer, now, now + days * kDay, codeOf(tables, resident)};
      const Bytes random = randomBytes(kPaperEntropy);
      Entropy entropy(random);
      const auto text = need(makePaperCode(claims, *keys_.at(issuer, now), entropy));
      if (!tables.addIssuance({claims.code.statusIndex, resident.id, "paper", "", now, claims.expiresAt,
                               claims.code.colour, record->sequence}))
        continue;
      return Answer{201, {{"paper", text}}, resident.id};
    }
  });
}

// ---- who has a right to a code

std::string Authority::registerResident(const Resident& resident, UnixSeconds seconds, bool isRenamed) {
  const UnixSeconds now = unixNow();
  const std::string ticket = randomText(kTicketBytes);
  store_.transaction([&](AuthorityTables& tables) {
    Resident taken = resident;
    taken.id = randomText(kIdBytes);
    taken.idHash = store_.idHash(resident.identity.at(IdentityClaim::IdNumber));
    if (tables.addResident(taken)) {
      colours_.update(tables, taken, Occasion::Time, "registered", {"rules", ""}, now);
    } else {
      const auto known = tables.setIdentity(taken.idHash, taken.identity, isRenamed);
      if (!known) throw Problem{409, kIdentityDiffers};
      taken.id = *known;
    }
    if (!resident.organisation.empty()) tables.setOrganisation(taken.id, resident.organisation);
    tables.addTicket(digestText(ticket), taken.id, now, now + seconds);
  });
  return ticket;
}

// ---- people made up

void Authority::addResidents(const std::vector<DemoPerson>& people) {
  const UnixSeconds now = unixNow();
  for (const auto& person : people)
    store_.transaction([&](AuthorityTables& tables) {
      Resident resident = person.resident;
      resident.idHash = store_.idHash(resident.identity.at(IdentityClaim::IdNumber));
      resident.id = randomText(kIdBytes);
      if (!tables.addResident(resident)) return;
      if (!person.declarationJson.empty())
        tables.cases.addDeclaration(
            resident.id,
            {randomText(kIdBytes), "health", person.declarationJson, {}, now, rules_.dayOf(now), true});
      for (const auto& fact : person.facts)
        tables.cases.addFact({fact, randomText(kIdBytes), resident.idHash, now, ""});
      colours_.update(tables, resident, Occasion::Time, "demo", {"rules", ""}, now);
    });
}

Reply Authority::demoTickets() {
  const UnixSeconds now = unixNow();
  return jsonReply(200, store_.transaction([&](AuthorityTables& tables) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& id : tables.residents()) {
      auto ticket = tables.demoTicket(id, now);
      if (!ticket) {
        ticket = randomText(kTicketBytes);
        tables.addTicket(digestText(*ticket), id, now, now + kDemoTicketSeconds);
        tables.addDemoTicket(*ticket, digestText(*ticket));
      }
      const auto resident = tables.findResident(id);
      list.push_back({{"ticket", *ticket},
                      {"name", maskName(resident->identity.at(IdentityClaim::FullName))},
                      {"colour", colourId(resident->state.colour)},
                      {"note", resident->note}});
    }
    return list;
  }));
}

}  // namespace liangma::server
