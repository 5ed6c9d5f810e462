// SPDX-License-Identifier: Apache-2.0
#include "server/gates.h"

#include "cli/text_codec.h"
#include "liangma/key_proof.h"
#include "server/claimed_nonce.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* kVersion1[] = {
    "CREATE TABLE gate ("
    " id TEXT PRIMARY KEY, names TEXT NOT NULL, key TEXT NOT NULL, sealing_key TEXT NOT NULL,"
    " enrolled_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE code ("
    " digest TEXT PRIMARY KEY, gate TEXT NOT NULL, names TEXT NOT NULL, expires_at INTEGER NOT NULL,"
    " key TEXT NOT NULL DEFAULT '') STRICT",
};
constexpr Migration kMigrations[] = {kVersion1};

/// 32 characters: 5 bits each. The code is a nonce too, so it is as long as one.
constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t kMaxProof = 512;
constexpr UnixSeconds kKeySeconds = 3 * 365 * 24 * 3600;
/// A key is in force a little before it came: nobody's clock is exact.
constexpr UnixSeconds kClockSeconds = 3600;

std::string namesText(const Names& names) {
  return nlohmann::json(names).dump();
}

ByteArray<32> bytes32(const std::string& text) {
  ByteArray<32> bytes{};
  const auto decoded = tools::decodeBase64url(text);
  if (!decoded || decoded->size() != bytes.size()) throw storageFailed();
  std::copy(decoded->begin(), decoded->end(), bytes.begin());
  return bytes;
}

/// The public half of a key whose secret half is gone.
ByteArray<32> keyOfNobody() {
  const Bytes random = randomBytes(32);
  Entropy entropy(random);
  return need(SealingKey::generate(entropy)).public32();
}

struct Code {
  std::string gate, names, key;
};

std::optional<Code> findCode(soci::session& sql, const std::string& digest, UnixSeconds now) {
  Code code;
  sql << "SELECT gate, names, key FROM code WHERE digest = :digest AND expires_at > :now", use(digest),
      use(now), into(code.gate), into(code.names), into(code.key);
  return sql.got_data() ? std::optional(code) : std::nullopt;
}

void putGate(soci::session& sql, const Code& code, const std::string& key, UnixSeconds now) {
  const std::string sealingKey = tools::encodeBase64url(keyOfNobody());
  sql << "INSERT OR REPLACE INTO gate (id, names, key, sealing_key, enrolled_at)"
         " VALUES (:id, :names, :key, :sealing, :now)",
      use(code.gate), use(code.names), use(key), use(sealingKey), use(now);
}

std::string codeOf(const std::string& nonce) {
  const auto bytes = tools::decodeBase64url(nonce);
  return bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
}

Problem codeRefused() {
  return Problem{403, "enrol.code-refused"};
}

/// The code that a proof answers, and the key that it proves.
std::pair<std::string, PublicKey> openProof(GateStore& store, const Bytes& proof, const std::string& issuer,
                                            UnixSeconds now) {
  for (const auto& nonce : claimedNonces(proof)) {
    const std::string code = codeOf(nonce);
    if (!store.knows(code, now)) continue;
    return {code, need(openKeyProof(proof, issuer, *tools::decodeBase64url(nonce), now))};
  }
  throw codeRefused();
}

}  // namespace

GateStore::GateStore(const std::filesystem::path& data)
    : database_("sqlite:" + (data / "gates.sqlite").string(), kMigrations) {}

std::string GateStore::makeCode(const std::string& id, const Names& names, UnixSeconds now) {
  std::string code;
  for (const auto byte : randomBytes(kNonceBytes)) code.push_back(kAlphabet[byte % kAlphabet.size()]);
  const std::string digest = digestText(code), text = namesText(names);
  const UnixSeconds expiresAt = now + kCodeSeconds;
  database_.transaction([&](soci::session& sql) {
    sql << "DELETE FROM code WHERE expires_at <= :now", use(now);
    sql << "INSERT INTO code (digest, gate, names, expires_at) VALUES (:digest, :gate, :names, :expires)",
        use(digest), use(id), use(text), use(expiresAt);
  });
  return code;
}

bool GateStore::knows(const std::string& code, UnixSeconds now) {
  const std::string digest = digestText(code);
  return database_.transaction([&](soci::session& sql) { return findCode(sql, digest, now).has_value(); });
}

std::string GateStore::enrol(const std::string& code, const PublicKey& key, UnixSeconds now) {
  const std::string digest = digestText(code), keyText = tools::encodeBase64url(key.raw32());
  return database_.transaction([&](soci::session& sql) -> std::string {
    const auto found = findCode(sql, digest, now);
    if (!found || (!found->key.empty() && found->key != keyText)) return {};
    if (!found->key.empty()) return found->gate;
    sql << "UPDATE code SET key = :key WHERE digest = :digest", use(keyText), use(digest);
    putGate(sql, *found, keyText, now);
    return found->gate;
  });
}

std::vector<GateEntry> GateStore::gates() {
  return database_.transaction([&](soci::session& sql) {
    std::string id, names, key, sealingKey;
    UnixSeconds enrolledAt = 0;
    soci::statement statement =
        (sql.prepare << "SELECT id, names, key, sealing_key, enrolled_at FROM gate ORDER BY id", into(id),
         into(names), into(key), into(sealingKey), into(enrolledAt));
    std::vector<GateEntry> gates;
    for (bool more = statement.execute(true); more; more = statement.fetch()) {
      const auto parsed = nlohmann::json::parse(names, nullptr, false);
      if (parsed.is_discarded()) throw storageFailed();
      gates.push_back(
          {id, parsed.get<Names>(), need(PublicKey::fromRaw(bytes32(key))), bytes32(sealingKey), enrolledAt});
    }
    return gates;
  });
}

TrustedVerifier verifierOf(const GateEntry& gate) {
  TrustedVerifier verifier;
  verifier.id = gate.id;
  verifier.names = gate.names;
  verifier.kind = "gate";
  verifier.keys = {{gate.key, gate.enrolledAt - kClockSeconds, gate.enrolledAt + kKeySeconds}};
  verifier.sealingKey32 = gate.sealingKey32;
  return verifier;
}

void addGateRoutes(Router& router, GateStore& store, RateLimit& limit, const std::string& issuer) {
  router.post("/api/gates", "application/json", [&store, &limit, issuer](const Call& call) {
    limit.spend(call.address);
    const Bytes proof = JsonBody(call.body).bytes("proof", kMaxProof);
    const UnixSeconds now = unixNow();
    const auto [code, key] = openProof(store, proof, issuer, now);
    const std::string id = store.enrol(code, key, now);
    if (id.empty()) throw codeRefused();
    return jsonReply(201, {{"id", id}});
  });
}

}  // namespace liangma::server
