// SPDX-License-Identifier: Apache-2.0
// What was answered is kept: through kill -9 at any moment, and where the disk is full.
// LIANGMA_KILL_ROUNDS (default 30) is how often the server is killed.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { databases } from './databases.mjs';
import { assertAuthorityKept, texts } from './kept.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { answer, askAtDesk, enrol, postAnswer, prove, send, tickets } from './wallet.mjs';

const kRounds = Number(process.env.LIANGMA_KILL_ROUNDS ?? 30);
const kDeclarations = ['none', 'cough'].map((symptoms) =>
  ({ form: 'health', fields: { symptoms, contact: false, areaAtRisk: false, livesIn: '330106', purpose: 'residence' } }));

/** Enrols, declares, renews and registers until the server is gone; notes whatever was answered. */
async function liveOn(server, resident, answered) {
  try {
    for (;;) {
      const list = await tickets(server);
      const { ticket } = list[Math.floor(Math.random() * 6)];
      const person = await enrol(server, resident, ticket);
      if (person.reply.status !== 201) continue;
      answered.credentials.push(person);
      const content = kDeclarations[Math.floor(Math.random() * 2)];
      const declared = await send(server, resident, person.key, '/api/declare', 'declaration', content);
      if (declared.status === 200) answered.records.add(declared.body.record);
      const renewed = await server.post('/api/renew', { proof: await prove(server, resident, person.key) });
      if (renewed.status === 200) answered.credentials.push({ ...person, credential: renewed.body.credential });
      const { sealed } = await answer(server, resident, person, await askAtDesk(server));
      const reply = await postAnswer(server, sealed);
      if (reply.status === 200) answered.visits.push(reply.body);
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;  // fetch failed: it is gone
  }
}

async function assertClinicKept(clinic, resident, answered) {
  const visits = new Set(await texts(resident, clinic,
    "SELECT v.id, v.department, CAST(number AS TEXT) FROM visit v JOIN request r ON r.visit = v.id AND r.used = 1"));
  for (const { visitId, department, queueNumber } of answered.visits)
    assert.ok(visits.has([visitId, department, queueNumber].join('|')), 'a queue number that was given is lost');
  assert.deepEqual(await texts(resident, clinic,
    "SELECT department FROM queue q WHERE last_number <> (SELECT count(*) FROM visit v WHERE v.department = q.department AND v.day = q.day)"),
    [], 'a queue has a gap');
  assert.deepEqual(await texts(resident, clinic,
    "SELECT id FROM request WHERE used <> (visit IS NOT NULL)"), []);
}

async function assertKept(server, resident, trust, answered) {
  const clinic = `${server.data}/clinic-hz-first.sqlite`;
  for (const file of [server.database, clinic].filter((each) => !each.startsWith('postgresql:')))
    assert.deepEqual(await texts(resident, file, 'SELECT integrity_check FROM pragma_integrity_check'), ['ok']);
  await assertAuthorityKept(server.data, server.database, resident, trust, answered);
  await assertClinicKept(clinic, resident, answered);
}

for (const database of databases)
  test(`kill -9 in ${kRounds} rounds on ${database.name} loses nothing that was answered`, { skip: database.skip }, async (t) => {
    const data = makeDataFolder();
    const address = database.make(data);
    const resident = new Resident();
    const answered = { credentials: [], records: new Set(), visits: [] };
    let trust;
    let server;
    for (let round = 0; round < kRounds; round += 1) {
      server = await new Server(data, { database: address }).listening();
      trust = await server.trust();
      await server.desk();
      const lives = [0, 1, 2].map(() => liveOn(server, resident, answered));
      await new Promise((resolve) => { setTimeout(resolve, 20 + Math.random() * 300); });
      await server.kill('SIGKILL');
      await Promise.all(lives);
    }
    await assertKept(server, resident, trust, answered);
    t.diagnostic(`${answered.credentials.length} credentials, ${answered.records.size} records and ${answered.visits.length} queue numbers kept`);
    assert.ok(answered.credentials.length >= kRounds / 3, 'too few were answered to tell');
    assert.ok(answered.visits.length >= 1, 'nobody registered');
    resident.close();
  });

test('a full disk is said, harms nothing, and passes', async () => {
  const data = makeDataFolder();
  const resident = new Resident();
  const answered = { credentials: [], records: new Set(), visits: [] };
  let server = await new Server(data).listening();
  const list = await tickets(server);
  await server.kill();
  const kibibytes = Math.ceil(statSync(`${data}/authority.sqlite`).size / 1024) + 40;
  server = await new Server(data, { limit: `-f ${kibibytes}` }).listening();
  const trust = await server.trust();
  let refused;
  const { key } = await resident.do('newKey');
  for (let i = 0; i < 200 && !refused; i += 1) {
    const challenge = await server.post('/api/enrol/challenge', {});
    if (challenge.status !== 200) { refused = challenge; break; }
    const { nonce, issuer } = challenge.body;
    const { proof } = await resident.do('proof', { key, audience: issuer, nonce });
    const reply = await server.post('/api/enrol', { ticket: list[0].ticket, proof });
    if (reply.status === 201) answered.credentials.push({ key, credential: reply.body.credential });
    else refused = reply;
  }
  assert.deepEqual([refused?.status, refused?.body.code], [503, 'server.storage']);
  assert.equal((await server.call('/api/time')).status, 200, 'it no longer answers');
  await server.kill('SIGKILL');
  await assertKept(server, resident, trust, answered);
  server = await new Server(data).listening();
  const fresh = (await tickets(server)).at(-1);
  assert.equal((await enrol(server, resident, fresh.ticket)).reply.status, 201, 'it did not recover');
  await server.kill();
  resident.close();
});
