// SPDX-License-Identifier: Apache-2.0
#include "server/gates.h"

#include <soci/sqlite3/soci-sqlite3.h>

#include "cli/text_codec.h"
#include "liangma/key_proof.h"
#include "server/authority_schema.h"
#include "server/claimed_nonce.h"
#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

using soci::into;
using soci::use;

constexpr const char* kStatements[] = {
    "CREATE TABLE gate ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, names TEXT NOT NULL, key TEXT NOT NULL, sealing_key TEXT NOT"
    " NULL, enrolled_at INTEGER NOT NULL, PRIMARY KEY (authority, id)) STRICT",
    "CREATE TABLE gate_code ("
    " authority TEXT NOT NULL, digest TEXT NOT NULL, gate TEXT NOT NULL, names TEXT NOT NULL,"
    " expires_at INTEGER NOT NULL, key TEXT NOT NULL DEFAULT '', PRIMARY KEY (authority, digest)) STRICT",
};

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

/// A row of a gate, as it is stored.
struct Row {
  std::string id, names, key, sealingKey;
  UnixSeconds enrolledAt = 0;
};

void put(soci::session& sql, const std::string& authority, const Row& row) {
  sql << "INSERT INTO gate (authority, id, names, key, sealing_key, enrolled_at)"
         " VALUES (:authority, :id, :names, :key, :sealing, :at) ON CONFLICT (authority, id) DO UPDATE SET"
         " names = excluded.names, key = excluded.key, sealing_key = excluded.sealing_key, enrolled_at ="
         " excluded.enrolled_at",
      use(authority), use(row.id), use(row.names), use(row.key), use(row.sealingKey), use(row.enrolledAt);
}

/// Uses a code that nobody has used.
///
/// @return the gate, without its key; empty: there is no such code
std::optional<Row> useCode(soci::session& sql, const std::string& authority, const std::string& digest,
                           const std::string& key, UnixSeconds now) {
  Row row;
  sql << "UPDATE gate_code SET key = :key WHERE authority = :authority AND digest = :digest AND expires_at >"
         " :now AND key = '' RETURNING gate, names",
      use(key), use(authority), use(digest), use(now), into(row.id), into(row.names);
  return sql.got_data() ? std::optional(row) : std::nullopt;
}

GateEntry entryOf(const Row& row) {
  const auto names = nlohmann::json::parse(row.names, nullptr, false);
  if (names.is_discarded()) throw storageFailed();
  return {row.id, names.get<Names>(), need(PublicKey::fromRaw(bytes32(row.key))), bytes32(row.sealingKey),
          row.enrolledAt};
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

Migration gateMigration() {
  return kStatements;
}

GateStore::GateStore(const std::string& address, std::string authority)
    : authority_(std::move(authority)), database_(address, authorityMigrations()) {}

void GateStore::adopt(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return;
  {
    soci::session old(soci::sqlite3, "dbname=\"" + file.string() + "\" timeout=30");
    Row row;
    soci::statement rows =
        (old.prepare << "SELECT id, names, key, sealing_key, enrolled_at FROM gate", into(row.id),
         into(row.names), into(row.key), into(row.sealingKey), into(row.enrolledAt));
    for (bool more = rows.execute(true); more; more = rows.fetch())
      database_.transaction([&](soci::session& sql) { put(sql, authority_, row); });
  }
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + part);
}

std::string GateStore::makeCode(const std::string& id, const Names& names, UnixSeconds now) {
  std::string code;
  for (const auto byte : randomBytes(kNonceBytes)) code.push_back(kAlphabet[byte % kAlphabet.size()]);
  const std::string digest = digestText(code), text = namesText(names);
  const UnixSeconds expiresAt = now + kCodeSeconds;
  database_.transaction([&](soci::session& sql) {
    sql << "DELETE FROM gate_code WHERE authority = :authority AND expires_at <= :now", use(authority_),
        use(now);
    sql << "INSERT INTO gate_code (authority, digest, gate, names, expires_at)"
           " VALUES (:authority, :digest, :gate, :names, :expires)",
        use(authority_), use(digest), use(id), use(text), use(expiresAt);
  });
  return code;
}

bool GateStore::knows(const std::string& code, UnixSeconds now) {
  const std::string digest = digestText(code);
  return database_.transaction([&](soci::session& sql) {
    std::string gate;
    sql << "SELECT gate FROM gate_code WHERE authority = :authority AND digest = :digest AND expires_at > "
           ":now",
        use(authority_), use(digest), use(now), into(gate);
    return sql.got_data();
  });
}

std::string GateStore::enrol(const std::string& code, const PublicKey& key, UnixSeconds now) {
  const std::string digest = digestText(code), keyText = tools::encodeBase64url(key.raw32());
  const std::string sealingKey = tools::encodeBase64url(keyOfNobody());
  return database_.transaction([&](soci::session& sql) {
    if (auto row = useCode(sql, authority_, digest, keyText, now)) {
      put(sql, authority_, {row->id, row->names, keyText, sealingKey, now});
      return row->id;
    }
    std::string gate;
    sql << "SELECT gate FROM gate_code WHERE authority = :authority AND digest = :digest AND expires_at > "
           ":now"
           " AND key = :key",
        use(authority_), use(digest), use(now), use(keyText), into(gate);
    return gate;
  });
}

std::vector<GateEntry> GateStore::gates() {
  return database_.transaction([&](soci::session& sql) {
    Row row;
    soci::statement statement =
        (sql.prepare
             << "SELECT id, names, key, sealing_key, enrolled_at FROM gate WHERE authority = :authority"
                " ORDER BY id",
         use(authority_), into(row.id), into(row.names), into(row.key), into(row.sealingKey),
         into(row.enrolledAt));
    std::vector<GateEntry> gates;
    for (bool more = statement.execute(true); more; more = statement.fetch()) gates.push_back(entryOf(row));
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
