// SPDX-License-Identifier: Apache-2.0
#include "server/authority_schema.h"

#include "server/gates.h"
#include "server/staff_store.h"

namespace liangma::server {
namespace {

constexpr const char* kVersion1[] = {
    "CREATE TABLE resident ("
    " id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, id_type TEXT NOT NULL, id_number TEXT NOT NULL UNIQUE,"
    " phone TEXT NOT NULL, birth_date TEXT NOT NULL, sex TEXT NOT NULL, insured_region TEXT NOT NULL,"
    " card_number TEXT NOT NULL, colour INTEGER NOT NULL CHECK (colour BETWEEN 0 AND 3), region TEXT,"
    " note TEXT NOT NULL) STRICT",
    "CREATE TABLE ticket ("
    " digest TEXT PRIMARY KEY, resident INTEGER NOT NULL REFERENCES resident, created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, device_key TEXT, used_at INTEGER) STRICT",
    "CREATE TABLE demo_ticket (digest TEXT PRIMARY KEY REFERENCES ticket, ticket TEXT NOT NULL UNIQUE) "
    "STRICT",
    "CREATE TABLE challenge (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX challenge_expires_at ON challenge (expires_at)",
    "CREATE TABLE device ("
    " device_key TEXT NOT NULL, resident INTEGER NOT NULL REFERENCES resident, enrolled_at INTEGER NOT NULL,"
    " PRIMARY KEY (device_key, resident)) STRICT",
    "CREATE TABLE issuance ("
    " status_index INTEGER PRIMARY KEY, resident INTEGER NOT NULL REFERENCES resident, device_key TEXT NOT "
    "NULL,"
    " subject TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX issuance_subject ON issuance (device_key, subject)",
    "CREATE TABLE status_count (one INTEGER PRIMARY KEY CHECK (one = 1), issued INTEGER NOT NULL) STRICT",
    "INSERT INTO status_count VALUES (1, 0)",
};

constexpr const char* kVersion2[] = {
    "ALTER TABLE resident ADD COLUMN issuer TEXT",
    "ALTER TABLE issuance ADD COLUMN colour INTEGER",
    "CREATE INDEX issuance_resident ON issuance (resident)",
    "CREATE TABLE withdrawal ("
    " status_index INTEGER PRIMARY KEY, status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3),"
    " changed_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX withdrawal_changed_at ON withdrawal (changed_at)",
};

/// A resident's number becomes an id of 16 bytes in base64url; the authority's name comes with its first
/// start.
#define LIANGMA_RESIDENT_ID(number) \
  "substr('AAAAAAAAAAAAAAAAAAAAA' || CAST(" number " AS TEXT), length(CAST(" number " AS TEXT)) + 1) || 'A'"

constexpr const char* kVersion3[] = {
    "ALTER TABLE resident RENAME TO resident_2",
    "ALTER TABLE ticket RENAME TO ticket_2",
    "ALTER TABLE demo_ticket RENAME TO demo_ticket_2",
    "ALTER TABLE device RENAME TO device_2",
    "ALTER TABLE issuance RENAME TO issuance_2",
    "ALTER TABLE withdrawal RENAME TO withdrawal_2",
    "DROP INDEX issuance_subject",
    "DROP INDEX issuance_resident",
    "DROP INDEX withdrawal_changed_at",
    "DROP TABLE challenge",
    "DROP TABLE status_count",

    "CREATE TABLE authority_secret (authority TEXT PRIMARY KEY, secret_digest TEXT NOT NULL) STRICT",
    "CREATE TABLE resident ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, id_hash TEXT NOT NULL, full_name TEXT NOT NULL, id_type TEXT "
    "NOT NULL, id_number TEXT NOT NULL, phone TEXT NOT NULL, birth_date TEXT NOT NULL, sex TEXT NOT NULL,"
    " insured_region TEXT NOT NULL, card_number TEXT NOT NULL, region TEXT NOT NULL, issuer TEXT NOT NULL,"
    " note TEXT NOT NULL,"
    " colour INTEGER NOT NULL DEFAULT 0 CHECK (colour BETWEEN 0 AND 3), since INTEGER NOT NULL DEFAULT 0,"
    " until INTEGER NOT NULL DEFAULT 0, rule TEXT NOT NULL DEFAULT '', reason_class TEXT NOT NULL DEFAULT '',"
    " settled_at INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0,"
    " organisation TEXT NOT NULL DEFAULT '', PRIMARY KEY (authority, id)) STRICT",
    "CREATE UNIQUE INDEX resident_id_hash ON resident (authority, id_hash)",
    "CREATE TABLE ticket ("
    " authority TEXT NOT NULL, digest TEXT NOT NULL, resident TEXT NOT NULL, created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL, device_key TEXT, used_at INTEGER, PRIMARY KEY (authority, digest),"
    " FOREIGN KEY (authority, resident) REFERENCES resident (authority, id)) STRICT",
    "CREATE INDEX ticket_resident ON ticket (authority, resident)",
    "CREATE TABLE demo_ticket ("
    " authority TEXT NOT NULL, digest TEXT NOT NULL, ticket TEXT NOT NULL, PRIMARY KEY (authority, digest),"
    " FOREIGN KEY (authority, digest) REFERENCES ticket (authority, digest)) STRICT",
    "CREATE TABLE device ("
    " authority TEXT NOT NULL, device_key TEXT NOT NULL, resident TEXT NOT NULL, enrolled_at INTEGER NOT NULL,"
    " PRIMARY KEY (authority, device_key, resident), FOREIGN KEY (authority, resident) REFERENCES resident (authority,"
    " id)) STRICT",
    "CREATE INDEX device_resident ON device (authority, resident)",
    "CREATE TABLE issuance ("
    " authority TEXT NOT NULL, status_index INTEGER NOT NULL, resident TEXT NOT NULL, device_key TEXT NOT NULL,"
    " subject TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,"
    " colour INTEGER NOT NULL, record_sequence INTEGER NOT NULL, PRIMARY KEY (authority, status_index)) STRICT",
    "CREATE INDEX issuance_subject ON issuance (authority, device_key, subject)",
    "CREATE INDEX issuance_resident ON issuance (authority, resident, expires_at)",
    "CREATE TABLE withdrawal ("
    " authority TEXT NOT NULL, status_index INTEGER NOT NULL, status INTEGER NOT NULL CHECK (status BETWEEN 0 AND"
    " 3), changed_at INTEGER NOT NULL, PRIMARY KEY (authority, status_index)) STRICT",
    "CREATE INDEX withdrawal_changed_at ON withdrawal (authority, changed_at)",
    "CREATE TABLE used_nonce ("
    " authority TEXT NOT NULL, nonce TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (authority, nonce)) "
    "STRICT",
    "CREATE INDEX used_nonce_expires_at ON used_nonce (expires_at)",
    "CREATE TABLE idempotent ("
    " authority TEXT NOT NULL, idempotency_key TEXT NOT NULL, request_digest TEXT NOT NULL, status INTEGER NOT "
    "NULL, reply TEXT NOT NULL, resident TEXT NOT NULL, expires_at INTEGER NOT NULL,"
    " PRIMARY KEY (authority, idempotency_key)) STRICT",
    "CREATE INDEX idempotent_resident ON idempotent (authority, resident)",
    "CREATE INDEX idempotent_expires_at ON idempotent (expires_at)",

    "CREATE TABLE declaration ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, resident TEXT NOT NULL, form TEXT NOT NULL, content TEXT NOT "
    "NULL, statement TEXT NOT NULL, number INTEGER NOT NULL, made_at INTEGER NOT NULL, day INTEGER NOT NULL, is_well INTEGER NOT NULL,"
    " PRIMARY KEY (authority, id), FOREIGN KEY (authority, resident) REFERENCES resident (authority, id)) STRICT",
    "CREATE INDEX declaration_resident ON declaration (authority, resident, made_at)",
    "CREATE TABLE consent ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, resident TEXT NOT NULL, statement TEXT NOT NULL, made_at INTEGER NOT"
    " NULL, PRIMARY KEY (authority, id), FOREIGN KEY (authority, resident) REFERENCES resident (authority, id))"
    " STRICT",
    "CREATE INDEX consent_resident ON consent (authority, resident)",
    "CREATE TABLE fact ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, id_hash TEXT NOT NULL, kind TEXT NOT NULL, happened_at INTEGER "
    "NOT NULL, known_at INTEGER NOT NULL, evidence TEXT NOT NULL, id_compared INTEGER NOT NULL,"
    " temperature_normal INTEGER NOT NULL, batch TEXT NOT NULL, is_coloured INTEGER NOT NULL,"
    " set_aside_at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (authority, id)) STRICT",
    "CREATE INDEX fact_id_hash ON fact (authority, id_hash)",
    "CREATE INDEX fact_batch ON fact (authority, batch, id)",
    "CREATE TABLE import_batch ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, made_at INTEGER NOT NULL, undone_at INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (authority, id)) STRICT",
    "CREATE TABLE area_at_risk (authority TEXT NOT NULL, region TEXT NOT NULL, PRIMARY KEY (authority, region)) "
    "STRICT",
    "CREATE TABLE appeal ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, resident TEXT NOT NULL, made_at INTEGER NOT NULL, deadline "
    "INTEGER NOT NULL, colour INTEGER NOT NULL, rule TEXT NOT NULL, words TEXT NOT NULL, form TEXT NOT NULL,"
    " corrected TEXT NOT NULL, statement TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT '', decided_at INTEGER "
    "NOT NULL DEFAULT 0, PRIMARY KEY (authority, id), FOREIGN KEY (authority, resident) REFERENCES resident "
    "(authority, id)) STRICT",
    "CREATE INDEX appeal_resident ON appeal (authority, resident)",
    "CREATE UNIQUE INDEX appeal_open ON appeal (authority, resident) WHERE outcome = ''",
    "CREATE INDEX appeal_deadline ON appeal (authority, deadline) WHERE outcome = ''",
    "CREATE TABLE news ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, url TEXT NOT NULL,"
    " published_at INTEGER NOT NULL, withdrawn_at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (authority, id)) STRICT",

    "CREATE TABLE chain ("
    " authority TEXT NOT NULL, id TEXT NOT NULL, records INTEGER NOT NULL, head TEXT NOT NULL,"
    " PRIMARY KEY (authority, id)) STRICT",
    "CREATE TABLE record ("
    " authority TEXT NOT NULL, chain TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL, content "
    "TEXT NOT NULL, event TEXT NOT NULL, colour INTEGER NOT NULL, made_at INTEGER NOT NULL, position INTEGER,"
    " head TEXT, PRIMARY KEY (authority, chain, sequence)) STRICT",
    "CREATE UNIQUE INDEX record_position ON record (authority, position) WHERE position IS NOT NULL",
    "CREATE INDEX record_unsealed ON record (authority, made_at) WHERE position IS NULL",
    "CREATE INDEX record_made_at ON record (authority, event, made_at)",
    "CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE day_head ("
    " authority TEXT NOT NULL, day INTEGER NOT NULL, position INTEGER NOT NULL, head TEXT NOT NULL, signed TEXT "
    "NOT NULL, PRIMARY KEY (authority, day)) STRICT",

    "INSERT INTO resident (authority, id, id_hash, full_name, id_type, id_number, phone, birth_date, sex,"
    " insured_region, card_number, region, issuer, note) SELECT '', " LIANGMA_RESIDENT_ID("id") ", CAST(id AS TEXT),"
    " full_name, id_type, id_number, phone, birth_date, sex, insured_region, card_number, COALESCE(region, ''),"
    " COALESCE(issuer, ''), note FROM resident_2",
    "INSERT INTO ticket SELECT '', digest, " LIANGMA_RESIDENT_ID("resident") ", created_at, expires_at,"
    " device_key, used_at FROM ticket_2",
    "INSERT INTO demo_ticket SELECT '', digest, ticket FROM demo_ticket_2",
    "INSERT INTO device SELECT '', device_key, " LIANGMA_RESIDENT_ID("resident") ", enrolled_at FROM device_2",
    "INSERT INTO issuance SELECT '', status_index, " LIANGMA_RESIDENT_ID("resident") ", device_key, subject,"
    " issued_at, expires_at, COALESCE(colour, 0), 0 FROM issuance_2",
    "INSERT INTO withdrawal SELECT '', status_index, status, changed_at FROM withdrawal_2",
    "DROP TABLE withdrawal_2",
    "DROP TABLE issuance_2",
    "DROP TABLE device_2",
    "DROP TABLE demo_ticket_2",
    "DROP TABLE ticket_2",
    "DROP TABLE resident_2",
};

#undef LIANGMA_RESIDENT_ID

constexpr const char* kVersion5[] = {
    "ALTER TABLE appeal ADD COLUMN is_overdue INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX resident_until ON resident (authority, until) WHERE until > 0",
};

constexpr const char* kVersion7[] = {
    "CREATE INDEX fact_uncoloured ON fact (authority, batch, id_hash) WHERE is_coloured = 0",
    "CREATE TABLE import_member ("
    " authority TEXT NOT NULL, batch TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY (authority, batch, "
    "member))"
    " STRICT",
};

}  // namespace

std::span<const Migration> authorityMigrations() {
  static const Migration migrations[] = {
      kVersion1, kVersion2, kVersion3, staffMigration(), kVersion5, gateMigration(), kVersion7,
  };
  return migrations;
}

}  // namespace liangma::server
