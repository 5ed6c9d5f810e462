// SPDX-License-Identifier: Apache-2.0
// What the server publishes: the trust list, the region packs that it names, and status lists; and how a city
// goes live, and a code is withdrawn, while it runs.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { enrol, prove, tickets } from './wallet.mjs';

let server;
let resident;
before(async () => {
  resident = new Resident();
  server = await new Server(makeDataFolder()).listening();
});
after(async () => {
  resident.close();
  await server.kill();
});

/** Asks again until `holds` does, for at most 20 s. */
async function eventually(ask, holds) {
  for (let i = 0; i < 100; ++i) {
    const got = await ask();
    if (holds(got)) return got;
    await sleep(200);
  }
  return ask();
}

async function bytes(path, headers = {}, from = server) {
  const response = await fetch(`http://127.0.0.1:${from.port}${path}`, { headers });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

const changeStatus = (...args) =>
  spawnSync(programs.server, ['status', '--data', server.data, ...args], { encoding: 'utf8' });

/** Somebody of the demo whose note begins so, enrolled, with what the code says. */
async function enrolNoted(note, from = server) {
  const { ticket } = (await tickets(from)).find((entry) => entry.note.startsWith(note));
  const { key, credential } = await enrol(from, resident, ticket);
  return { key, credential, ...(await resident.do('credential', { ...(await from.trust()), key, credential })) };
}

/** What the published list says of a code. */
async function statusOf({ issuer, statusIndex }) {
  const list = Math.floor(statusIndex / 2 ** 20);
  const { body } = await bytes(`/status/${issuer}/${list}`);
  return resident.do('status', { ...(await server.trust()), issuer, statusIndex, token: body.toString('base64url') });
}

test('every pack that the trust list names is there, byte for byte, for ever', async () => {
  const names = readdirSync(join(server.data, 'public/packs'));
  const packs = readdirSync('tools/regions').filter((file) => /^\d{6}\.json$/.test(file));
  assert.equal(names.length, packs.length);
  for (const file of packs) {
    const content = readFileSync(join('tools/regions', file));
    const hash = createHash('sha256').update(content).digest('base64url');
    const name = `/packs/${file.slice(0, 6)}-${JSON.parse(content).version}-${hash}.json`;
    const { status, headers, body } = await bytes(name);
    assert.equal(status, 200, file);
    assert.ok(body.equals(content), file);
    assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal((await bytes(name, { 'If-None-Match': headers.get('etag') })).status, 304);
  }
  assert.equal((await bytes('/packs/330100-2-AAAA.json')).status, 404);
});

test('the trust list is published as it is served', async () => {
  const { body } = await bytes('/trust/list.cbor');
  assert.ok(body.equals(readFileSync(join(server.data, 'public/trust/list.cbor'))));
});

test('status lists come signed, with an ETag, and are to be kept until the next is due', async () => {
  const person = await enrolNoted('an adult');
  const index = await eventually(() => server.call('/status/index.json'), ({ body }) => body.lists?.length > 0);
  assert.equal(index.status, 200);
  assert.ok(index.body.lists.some(({ issuer, list }) => issuer === '330100' && list === 0));
  const { headers } = await bytes('/status/330100/0');
  assert.equal(headers.get('content-type'), 'application/statuslist+cwt');
  assert.equal(headers.get('cache-control'), 'public, max-age=300');
  assert.equal((await bytes('/status/330100/0', { 'If-None-Match': headers.get('etag') })).status, 304);
  const said = await statusOf(person);
  assert.deepEqual([said.value, said.freshness, said.ttlSeconds, said.lifeSeconds], [0, 'fresh', 300, 86400]);
  for (const path of ['/status/330100/4096', '/status/330100/', '/status/.lock', '/status/999999/0', '/packs/', '/status/%2e%2e/server.json'])
    assert.equal((await bytes(path)).status, 404, path);
});

test('a withdrawn code is in the list within seconds, and the change can be taken back', async () => {
  const person = await enrolNoted('a name of two');
  const index = ['--index', String(person.statusIndex)];
  for (const [status, value] of [['invalid', 1], ['suspended', 2], ['valid', 0]]) {
    const done = changeStatus(...index, status);
    assert.equal(done.status, 0, done.stderr);
    const said = await eventually(() => statusOf(person), (each) => each.value === value);
    assert.equal(said.value, value, status);
  }
});

test('a status that is none, or of a code that never was, is refused', () => {
  assert.equal(changeStatus('--index', '1', 'red').status, 64);
  const unknown = changeStatus('--index', '4294967295', 'invalid');
  assert.deepEqual([unknown.status, /no code of this authority/.test(unknown.stderr)], [64, true]);
});

test('a phone that renewed, and lost the reply, is not locked out', async () => {
  const person = await enrolNoted('a long name in Latin');
  const again = await server.post('/api/renew', { proof: await prove(server, resident, person.key) });
  const { statusIndex } = await resident.do('credential', { ...(await server.trust()), key: person.key, credential: again.body.credential });
  assert.notEqual(statusIndex, person.statusIndex);
  await sleep(2500);
  assert.equal((await statusOf(person)).value, 0);
  assert.equal((await statusOf({ ...person, statusIndex })).value, 0);
});

test('people of other regions have codes of their own issuers, and a list each', async () => {
  const expected = { 'from Shanghai': '310000', 'from Henan': '410000', 'a worker from Hunan': '430000', 'yellow in Doumen': '440400', 'from Hainan': '460000', 'a code that the national hub': '000000' };
  for (const [note, issuer] of Object.entries(expected)) {
    const person = await enrolNoted(note);
    assert.deepEqual([person.check, person.issuer], ['ok', issuer], note);
    const said = await eventually(() => statusOf(person).catch(() => ({})), ({ value }) => value === 0);
    assert.equal(said.value, 0, note);
    const renewed = await server.post('/api/renew', { proof: await prove(server, resident, person.key) });
    assert.equal(renewed.status, 200, note);
  }
});

test('a city goes live when its pack is put into the data folder, and nothing else', async () => {
  const pack = JSON.parse(readFileSync('tools/regions/330110.json', 'utf8'));
  Object.assign(pack, { region: '350200', base: '000000', names: { 'zh-Hans': '厦门市', en: 'Xiamen' }, rules: [] });
  const text = JSON.stringify(pack);
  const name = `350200-1-${createHash('sha256').update(text).digest('base64url')}.json`;
  const known = (await server.trust()).trust;
  assert.equal((await bytes(`/packs/${name}`)).status, 404);
  mkdirSync(join(server.data, 'packs'), { recursive: true });
  writeFileSync(join(server.data, 'packs/350201.json'), '{"format":1}');
  writeFileSync(join(server.data, 'packs/350200.json'), text);
  const found = await eventually(() => bytes(`/packs/${name}`), ({ status }) => status === 200);
  assert.equal(found.status, 200);
  assert.equal(found.body.toString(), text);
  assert.notEqual((await server.trust()).trust, known);
  assert.match(server.log, /"event":"pack-refused","file":"350201.json","code":"pack.shape"/);
});

test('a second start publishes the same packs, and newer lists', async () => {
  const data = makeDataFolder();
  const first = await new Server(data).listening();
  await first.kill();
  const files = readdirSync(join(data, 'public'), { recursive: true }).sort();
  const second = await new Server(data).listening();
  assert.deepEqual(readdirSync(join(data, 'public'), { recursive: true }).sort(), files);
  await second.kill();
});

test('what is published is written whole, and drafts do not stay', () => {
  assert.deepEqual(readdirSync(join(server.data, 'public/.drafts')), []);
  assert.equal(execFileSync('find', [join(server.data, 'public'), '-perm', '/077'], { encoding: 'utf8' }), '');
});
