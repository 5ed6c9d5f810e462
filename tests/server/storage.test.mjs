// SPDX-License-Identifier: Apache-2.0
// What was answered is kept: through kill -9 at any moment, while it starts too, and where the disk is full.
// LIANGMA_KILL_ROUNDS (default 8) is how often the server is killed.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { databases } from './databases.mjs';
import { assertAuthorityKept, texts } from './kept.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { answer, askAtDesk, enrol, postAnswer, prove, send, tickets } from './wallet.mjs';

const kRounds = Number(process.env.LIANGMA_KILL_ROUNDS ?? 8);
const nothingYet = () => ({ credentials: [], records: new Set(), appeals: new Set(), visits: [] });
const kDeclarations = ['none', 'cough'].map((symptoms) =>
  ({ form: 'health', fields: { symptoms, contact: false, areaAtRisk: false, livesIn: '330106', purpose: 'residence' } }));

/** Enrols, declares, appeals, renews and registers until the server is gone; notes whatever was answered. */
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
      const appealed = await send(server, resident, person.key, '/api/appeal', 'appeal', { text: '名单上的不是我' });
      if (appealed.status === 201) answered.appeals.add(appealed.body.appeal);
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
    "SELECT r.id FROM request r LEFT JOIN visit v ON v.id = r.visit WHERE r.used <> (v.id IS NOT NULL AND v.request = r.id)"), [],
    'a request that gave no number is used up, or one that did is not');
}

async function assertKept(server, resident, trust, answered) {
  const clinic = `${server.data}/clinic-hz-first.sqlite`;
  for (const file of [server.database, clinic].filter((each) => !each.startsWith('postgresql:')))
    assert.deepEqual(await texts(resident, file, 'SELECT integrity_check FROM pragma_integrity_check'), ['ok']);
  const appeals = new Set(await texts(resident, server.database, 'SELECT id FROM appeal'));
  for (const appeal of answered.appeals) assert.ok(appeals.has(appeal), 'an appeal that was taken is lost');
  await assertAuthorityKept(server.data, server.database, resident, trust, answered);
  await assertClinicKept(clinic, resident, answered);
}

for (const database of databases)
  test(`kill -9 in ${kRounds} rounds on ${database.name} loses nothing that was answered`, { skip: database.skip }, async (t) => {
    const data = makeDataFolder();
    const address = database.make(data);
    const resident = new Resident();
    t.after(() => resident.close());
    const answered = nothingYet();
    let trust;
    let server;
    for (let round = 0; round < kRounds; round += 1) {
      server = await new Server(data, { database: address }).listening();
      trust = await server.trust();
      await server.desk();
      const before = answered.credentials.length;
      const lives = [0, 1, 2].map(() => liveOn(server, resident, answered));
      // Every other time somebody has a code by then, however slow this machine is.
      for (let i = 0; i < 400 && round % 2 === 1 && answered.credentials.length === before; i += 1) await sleep(50);
      await sleep(20 + Math.random() * 300);
      await server.kill('SIGKILL');
      await Promise.all(lives);
    }
    await assertKept(server, resident, trust, answered);
    t.diagnostic(`${answered.credentials.length} credentials, ${answered.records.size} records, ${answered.appeals.size} appeals and ${answered.visits.length} queue numbers kept`);
    assert.ok(answered.credentials.length >= kRounds / 3, 'too few were answered to tell');
    assert.ok(kRounds < 30 || answered.visits.length > 0, 'nobody registered');
    });

test('a full disk is said, harms nothing, and passes', async (t) => {
  const data = makeDataFolder();
  const resident = new Resident();
  t.after(() => resident.close());
  const answered = nothingYet();
  let server = await new Server(data).listening();
  const list = await tickets(server);
  await server.kill();
  const kibibytes = Math.ceil(statSync(`${data}/authority.sqlite`).size / 1024) + 40;
  server = await new Server(data, { limit: `-f ${kibibytes}` }).listening();
  const trust = await server.trust();
  const { key } = await resident.do('newKey');
  const calls = {
    enrol: async () => {
      const { reply, credential } = await enrol(server, resident, list[0].ticket, key);
      if (reply.status === 201) answered.credentials.push({ key, credential });
      return reply;
    },
    declare: async () => {
      const reply = await send(server, resident, key, '/api/declare', 'declaration', kDeclarations[0]);
      if (reply.status === 200) answered.records.add(reply.body.record);
      return reply;
    },
  };
  assert.equal((await calls.enrol()).status, 201);
  assert.equal((await calls.declare()).status, 200);
  for (const [name, call] of Object.entries(calls)) {
    let refused;
    for (let i = 0; i < 400 && refused?.status !== 503; i += 1) refused = await call();
    assert.deepEqual([refused.status, refused.body.code], [503, 'server.storage'], name);
  }
  assert.equal((await server.call('/api/time')).status, 200, 'it no longer answers');
  await server.kill('SIGKILL');
  await assertKept(server, resident, trust, answered);
  server = await new Server(data).listening();
  const fresh = (await tickets(server)).at(-1);
  assert.equal((await enrol(server, resident, fresh.ticket)).reply.status, 201, 'it did not recover');
  await server.kill();
});

/** What is published is whole: every pack is that of its folder, and nothing else is left. */
function assertPublishedWhole(folder, data) {
  for (const name of readdirSync(join(folder, 'packs'))) {
    const file = `${name.slice(0, 6)}.json`;
    const pack = readFileSync(join(name.startsWith('350200') ? join(data, 'packs') : 'tools/regions', file));
    assert.ok(readFileSync(join(folder, 'packs', name)).equals(pack), name);
  }
  assert.deepEqual(readdirSync(folder).filter((name) => !['.lock', '.drafts', 'log', 'packs', 'status', 'trust'].includes(name)), []);
  assert.deepEqual(readdirSync(join(folder, '.drafts')), []);
}

test('a disk that is full while it publishes leaves no half of a file, and no list that names what is missing', async (t) => {
  const data = makeDataFolder();
  const pack = JSON.parse(readFileSync('tools/regions/330110.json', 'utf8'));
  Object.assign(pack, { region: '350200', base: '000000', names: { 'zh-Hans': '厦门市', en: 'Xiamen' }, rules: [] });
  mkdirSync(join(data, 'packs'));
  writeFileSync(join(data, 'packs/350200.json'), JSON.stringify(pack) + ' '.repeat(50_000));
  await (await new Server(data).listening()).kill();
  const published = join(makeDataFolder(), 'public');
  const options = ['--demo', '--public', published];
  const server = await new Server(data, { options, limit: '-f 40' }).listening();
  await server.kill();
  assert.match(server.log, /"event":"publish-failed","code":"server.storage"/);
  assertPublishedWhole(published, data);
  assert.equal(existsSync(join(published, 'trust/list.cbor')), false);
  await (await new Server(data, { options }).listening()).kill();
  assertPublishedWhole(published, data);
  assert.ok(readFileSync(join(published, 'trust/list.cbor')).length > 0);
  assert.ok(readFileSync(join(published, 'status/330100/0')).length > 0);
});

const kPeople = 40;

for (const database of databases)
  test(`kill -9 while it starts, in ${kRounds} rounds on ${database.name}: migration and publication are whole`, { skip: database.skip }, async (t) => {
    const keys = makeDataFolder();
    await (await new Server(keys).listening()).kill();
    const resident = new Resident();
    t.after(() => resident.close());
    const phone = await resident.do('newKey');
    const states = new Map();
    const isOld = database.name === 'SQLite';  // the authority of the first versions knew nothing else
    for (let round = 0; round < kRounds; round += 1) {
      const address = database.make(makeDataFolder());
      const published = join(makeDataFolder(), 'public');
      const settings = { database: address, options: ['--demo', '--public', published] };
      if (isOld) await resident.do('oldAuthority', { database: address, device: phone.public, people: kPeople, withdrawn: round % 2 === 1 });
      const cut = new Server(keys, settings);
      await sleep(30 + Math.random() * (isOld ? 250 : 900));
      await cut.kill('SIGKILL');
      const [found] = await texts(resident, address, isOld
        ? 'SELECT CAST(user_version AS TEXT) FROM pragma_user_version'
        : "SELECT CAST(count(*) AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'");
      states.set(found, (states.get(found) ?? 0) + 1);
      const server = await new Server(keys, settings).listening();
      for (const [table, condition] of !isOld ? [] : [['resident', "note = 'old'"], ['ticket', "digest LIKE 'digest-%'"],
        ['device', `device_key LIKE 'device-%' OR device_key = '${phone.public}'`], ['issuance', "subject LIKE 'subject-%'"]])
        assert.deepEqual(await texts(resident, address, `SELECT CAST(count(*) AS TEXT) FROM ${table} WHERE ${condition}`), [String(kPeople)], table);
      const withdrawn = await texts(resident, address, "SELECT CAST(count(*) AS TEXT) FROM withdrawal WHERE authority = '330100'");
      assert.equal(withdrawn[0], isOld && round % 2 === 1 ? '1' : '0', 'a code that was withdrawn');
      if (!isOld) await enrol(server, resident, (await tickets(server))[0].ticket, phone.key);
      const renewed = await server.post('/api/renew', { proof: await prove(server, resident, phone.key) });
      assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
      const { statusIndex, issuer } = await resident.do('credential', { ...(await server.trust()), key: phone.key, credential: renewed.body.credential });
      const token = readFileSync(join(published, 'status', issuer, '0')).toString('base64url');
      assert.equal((await resident.do('status', { ...(await server.trust()), issuer, statusIndex, token })).value, 0);
      await server.kill(); // while it serves, a draft may be on its way
      assertPublishedWhole(published);
    }
    t.diagnostic(`${isOld ? 'version' : 'tables'} after the kill, and how often: ${[...states].map((each) => each.join(' × ')).join(', ')}`);
    });
