// SPDX-License-Identifier: Apache-2.0
// What must hold of an authority's database whatever happened to its servers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { programs } from './programs.mjs';

/** Rows as text, their columns joined by "|". */
export async function texts(resident, database, statement) {
  return (await resident.rows(database, statement)).map((row) => row.join('|'));
}

/**
 * Whatever was answered is there, no index was given twice, no credential is without its record, the log verifies.
 *
 * @param authority  the address of the database
 * @param answered   {credentials: [{key, credential}], records: Set}
 */
export async function assertAuthorityKept(data, authority, resident, trust, answered) {
  const issued = new Set(await texts(resident, authority,
    'SELECT CAST(i.status_index AS TEXT), i.subject FROM issuance i JOIN device d ON d.device_key = i.device_key AND d.resident = i.resident'));
  for (const { key, credential } of answered.credentials) {
    const { statusIndex, subject } = await resident.do('credential', { ...trust, key, credential });
    assert.ok(issued.has(`${statusIndex}|${subject}`), 'a credential that was handed out is not in the database');
  }
  assert.deepEqual(await texts(resident, authority,
    'SELECT CAST(count(*) - count(DISTINCT status_index) AS TEXT) FROM issuance'), ['0']);
  assert.deepEqual(await texts(resident, authority,
    `SELECT i.subject FROM issuance i LEFT JOIN record r ON r.chain = i.resident AND r.sequence = i.record_sequence
     AND r.event = 'colour' AND r.colour = i.colour WHERE r.chain IS NULL`), [], 'a credential without the record of its colour');
  const records = new Set(await texts(resident, authority, 'SELECT content FROM record'));
  for (const record of answered.records) assert.ok(records.has(record), 'a record that was handed out is lost');
  const command = ['log', 'verify', '--data', data, '--database', authority];
  assert.deepEqual(JSON.parse(execFileSync(programs.server, command, { encoding: 'utf8' })).faults, []);
}
