// SPDX-License-Identifier: Apache-2.0
// What a gate keeps to decide by: region packs and lists of withdrawn codes, stored whole, aged, used without a network.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority, issuerId, liangma, t0 } from './support/authority.mjs';
import { repository } from './support/paths.mjs';
import { Clocks, draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const wallet = await sdk.loadWallet(nodeHost());
const module = await sdk.loadGate(nodeHost());
const regions = ['000000', '310000', '330000', '330100', '440403'];
const packOf = (region) => readFileSync(join(repository, 'tools/regions', `${region}.json`));
const { recognitions } = JSON.parse(readFileSync(join(repository, 'tools/regions/recognitions.json'), 'utf8'));
const hash = (bytes) => createHash('sha256').update(bytes).digest('base64url');
const versionOf = (bytes) => JSON.parse(bytes).version;
const metro = { place: '440403', scene: 'public-transport' };
const mall = { place: '330100', scene: 'mall' };

/** A server that publishes what a gate needs. @param packs  region to the pack's bytes */
function publish({ authority, server, version, packs, statusUrl = 'https://code.example/status/{list}' }) {
  const keys = [{ key: authority.publicKeys.issuer, notBefore: t0 - 1e7, notAfter: t0 + 1e8 }];
  authority.publish(version, t0, {
    recognitions,
    issuers: [{ id: issuerId, names: {}, keys, regions: ['310000', '330000', '440000', '500000'], ...(statusUrl ? { statusUrl } : {}) }],
    packs: [...packs].map(([region, bytes]) => ({ region, version: versionOf(bytes), sha256: hash(bytes) })),
  });
  for (const [region, bytes] of packs) server.files.set(`/packs/${region}-${versionOf(bytes)}-${hash(bytes)}.json`, new Uint8Array(bytes));
}

function publishStatus({ authority, server }, changes, { at = t0, ttl = 3600, list = 0 } = {}) {
  writeFileSync(authority.path('changes'), changes);
  const out = authority.path('list.cwt');
  liangma(['status', 'build', '--key', authority.path('issuer.json'), '--uri', `https://code.example/status/${list}`,
    '--now', at, '--ttl', ttl, '--refresh', 600, '--changes', authority.path('changes'), '--out', out]);
  server.files.set(`/status/${issuerId}/${list}`, new Uint8Array(readFileSync(out)));
  server.files.set('/status/index.json', new TextEncoder().encode(JSON.stringify({ lists: [{ issuer: issuerId, list }] })));
}

function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const storage = new FailingStorage();
  const host = nodeHost({ ...clocks.parts(), storage, fetch: server.fetch });
  const packs = new Map(regions.map((region) => [region, packOf(region)]));
  const key = valueOf(wallet.DeviceKey.generate(draw(32)));
  const show = (changes) => {
    const encoded = authority.issue(key.publicKey(), { now: clocks.seconds, region: '330100', ...changes });
    return valueOf(wallet.makeLiveCode(valueOf(wallet.Credential.parse(encoded)), key, clocks.seconds, true));
  };
  const made = { authority, clocks, server, storage, packs, show };
  publish({ ...made, version: 1 });
  publishStatus(made, '7 superseded\n8 invalid\n');
  made.open = (options) => sdk.Gate.open({ host, module, server: 'https://code.example', roots: authority.roots, ...options });
  return made;
}

test('a gate fetches packs and lists once, and decides by them after a restart without a network', async () => {
  const { server, open, show } = world();
  const first = await open();
  const report = await first.refresh();
  assert.deepEqual([report.packs, report.statusLists], [{ ok: true, value: 5 }, { ok: true, value: 1 }]);
  const again = await first.refresh();
  assert.deepEqual([again.packs, again.statusLists], [{ ok: true, value: 0 }, { ok: true, value: 0 }]);
  assert.equal(server.urls.filter((url) => url.includes('/packs/')).length, 5, 'each pack is asked for once');
  first.close();
  server.online = false;
  const gate = await open();
  assert.equal((await gate.refresh()).packs.code, 'net.unreachable');
  assert.deepEqual(gate.places('zh-CN').map(({ place, name }) => [place, name]).slice(-2), [['330100', '杭州市'], ['440403', '珠海市斗门区']]);
  const dineIn = gate.scenes('en', '440403').find(({ id }) => id === 'dine-in');
  assert.deepEqual(dineIn, { id: 'dine-in', name: 'Dine-in', required: 'time', leavesContact: true });
  assert.equal(gate.recordDays('440403'), 14);
  const yellow = gate.check(show({ region: '440403', colour: 'yellow' }), metro);
  assert.deepEqual([yellow.decision, yellow.reason], ['refuse', 'colour.yellow']);
  assert.match(gate.explain(yellow, 'zh-CN', '440403').rule, /不得乘公共交通/);
  const guest = gate.check(show({ region: '310000' }), mall);
  assert.equal(guest.decision, 'admit');
  assert.match(gate.explain(guest, 'en', '330100').agreement, /Yangtze/);
  assert.equal(gate.check(show({ region: '500000' }), mall).reason, 'recognition.none');
  assert.equal(gate.check(show({ statusIndex: 7 }), mall).reason, 'status.superseded');
  assert.equal(gate.check(show({ statusIndex: 8 }), mall).reason, 'status.invalid');
  assert.equal(gate.check(show({ statusIndex: 2 ** 20 }), mall).reason, 'status.unavailable');
  assert.equal(gate.check(show({}), { place: '330100', scene: 'casino' }).reason, 'scene.unknown');
});

test('the age of all of it is told, and stale is never called fresh', async () => {
  const { clocks, open, show } = world();
  const gate = await open();
  assert.equal(gate.data().stale, true, 'nothing is here yet');
  await gate.refresh();
  const fresh = gate.data();
  assert.equal(fresh.stale, false);
  assert.deepEqual(
    fresh.packs.find(({ region }) => region === '330100'),
    { region: '330100', version: versionOf(packOf('330100')), kept: true },
  );
  assert.deepEqual(fresh.statusLists, [
    { issuer: issuerId, number: 0, issuedAt: t0, expiresAt: t0 + 3600, freshness: 'fresh', ageSeconds: 0 },
  ]);
  clocks.pass(600);
  assert.equal(gate.data().statusLists[0].freshness, 'due');
  assert.equal(gate.data().stale, false);
  clocks.pass(3000);
  const stale = gate.data();
  assert.deepEqual([stale.stale, stale.statusLists[0].freshness, stale.statusLists[0].ageSeconds], [true, 'stale', 3600]);
  assert.deepEqual(verdictOf(gate.check(show({}), mall)), ['refuse', 'status.stale']);
  const lenient = await open({ staleStatus: 'check' });
  assert.deepEqual(verdictOf(lenient.check(show({}), mall)), ['check', 'status.stale']);
  assert.equal(lenient.check(show({ statusIndex: 7 }), mall).reason, 'status.superseded', 'withdrawn stays withdrawn');
});

const verdictOf = ({ decision, reason }) => [decision, reason];

test('a list that is due is fetched anew, an older one is not taken', async () => {
  const made = world();
  const { clocks, open, show } = made;
  const gate = await open();
  await gate.refresh();
  clocks.pass(700);
  publishStatus(made, '9 suspended\n', { at: t0 + 650 });
  assert.deepEqual((await gate.refresh()).statusLists, { ok: true, value: 1 });
  assert.equal(gate.check(show({ statusIndex: 9 }), mall).reason, 'status.suspended');
  clocks.pass(1000);
  publishStatus(made, '', { at: t0 + 600 });
  assert.equal((await gate.refresh()).statusLists.code, 'status-list.wrong');
  assert.equal(gate.check(show({ statusIndex: 9 }), mall).reason, 'status.suspended');
});

test('a list of another address, or an index that is no index, is refused', async () => {
  const made = world();
  const { server, open } = made;
  publishStatus(made, '', { list: 3 });
  server.files.set(`/status/${issuerId}/0`, server.files.get(`/status/${issuerId}/3`));
  const index = (lists) => server.files.set('/status/index.json', new TextEncoder().encode(JSON.stringify({ lists })));
  const gate = await open();
  index([{ issuer: issuerId, list: 0 }]);
  assert.equal((await gate.refresh()).statusLists.code, 'status-list.wrong');
  for (const lists of [7, [null], [{ issuer: '..', list: 0 }], [{ issuer: 'a/b', list: 0 }], [{ issuer: 'a', list: -1 }], [{ issuer: 'a', list: 4096 }], [{ issuer: 'a', list: '0' }]]) {
    index(lists);
    assert.equal((await gate.refresh()).statusLists.code, 'net.bad-reply', JSON.stringify(lists));
  }
});

test('packs of a newer trust list take the place of the older ones; until they are here those go on', async () => {
  const made = world();
  const { server, packs, open, show } = made;
  const gate = await open();
  await gate.refresh();
  const strict = JSON.parse(packOf('330100'));
  strict.version += 1;
  const green = strict.rules.find(({ identifier }) => identifier === 'AR-330100-GREEN');
  green.logic = { if: [{ '===': [{ var: 'code.colour' }, 'green'] }, 'check', false] };
  const newer = new Map([...packs].map(([region, bytes]) => [region, Buffer.from(JSON.stringify({ ...JSON.parse(bytes), version: versionOf(bytes) + 1 }))]));
  newer.set('330100', Buffer.from(JSON.stringify(strict)));
  publish({ ...made, version: 2, packs: newer });
  let during;
  server.onRequest = (path, done) => {
    if (path.startsWith('/packs/330100') && !done) during = gate.check(show({}), mall).decision;
  };
  assert.deepEqual((await gate.refresh()).packs, { ok: true, value: 5 });
  assert.equal(during, 'admit', 'the old pack goes on while the new one is on its way');
  assert.equal(gate.check(show({}), mall).decision, 'check');
  const names = made.storage.keys().filter((key) => key.includes('/pack-330100'));
  assert.equal(new Set(names.map((key) => key.replace(/\.[ab]$/, ''))).size, 1, 'the old one is gone');
});

test('a pack that was altered on its way is not taken, and its region’s doors stay shut', async () => {
  const { server, packs, open, show } = world();
  const path = [...server.files.keys()].find((each) => each.includes('/packs/330100'));
  server.files.set(path, new TextEncoder().encode(packs.get('330100').toString().replace('"admit"', '"check"')));
  const gate = await open();
  assert.equal((await gate.refresh()).packs.code, 'pack.not-listed');
  assert.equal(gate.data().stale, true);
  assert.equal(gate.places('en').some(({ place }) => place === '330100'), false);
  assert.notEqual(gate.check(show({}), metro).decision, 'admit');
  server.files.set(path, new Uint8Array(packs.get('330100')));
  assert.deepEqual((await gate.refresh()).packs, { ok: true, value: 1 });
  assert.equal(gate.check(show({}), mall).decision, 'admit');
});

test('where a pack that a place needs is not here, no other one decides in its stead', async () => {
  const { server, open, show } = world();
  const path = [...server.files.keys()].find((each) => each.includes('/packs/440403'));
  const pack = server.files.get(path);
  server.files.delete(path);
  const gate = await open();
  assert.equal((await gate.refresh()).packs.ok, false);
  const yellow = () => gate.check(show({ region: '440403', colour: 'yellow' }), metro);
  const { decision, reason, advice } = yellow();
  assert.deepEqual([decision, reason, advice], ['refuse', 'pack.missing', 'advice.update-gate']);
  assert.equal(gate.check(show({}), mall).decision, 'admit', 'elsewhere the gate goes on');
  server.files.set(path, pack);
  assert.equal((await gate.refresh()).packs.ok, true);
  assert.equal(yellow().rule, 'AR-440403-YELLOW');
});

test('a gate killed at any write opens again, and fetches what is missing', async () => {
  for (const mode of ['refused', 'torn', 'done-but-reported-failed']) {
    for (let write = 1; write <= 24; write++) {
      const { storage, open, show } = world1;
      storage.clear();
      storage.failAt(write, mode);
      const killed = await open().catch(() => undefined);
      await killed?.refresh().catch(() => undefined);
      storage.heal();
      storage.failAt(Infinity);
      const gate = await open();
      await gate.refresh();
      assert.equal(gate.data().stale, false, `${mode} at write ${write}`);
      assert.equal(gate.check(show({}), mall).decision, 'admit', `${mode} at write ${write}`);
      gate.close();
    }
  }
});
const world1 = world();

test('damaged packs and lists are fetched anew', async () => {
  const { storage, open, show } = world();
  await (await open()).refresh();
  for (const key of storage.keys().filter((each) => /\/(pack|status)-/.test(each))) {
    const bytes = await storage.get(key);
    await storage.set(key, bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)));
  }
  const gate = await open();
  assert.equal(gate.data().stale, true);
  const report = await gate.refresh();
  assert.deepEqual([report.packs.value, report.statusLists.value], [5, 1]);
  assert.equal(gate.check(show({}), mall).decision, 'admit');
});

test('where no issuer says where its lists are, no status is asked', async () => {
  const made = world();
  publish({ ...made, version: 2, statusUrl: '' });
  const gate = await made.open();
  assert.deepEqual((await gate.refresh()).statusLists, { ok: true, value: 0 });
  assert.equal(gate.check(made.show({ statusIndex: 8 }), mall).decision, 'admit');
});

test('misuse names the argument', async () => {
  const gate = await world1.open();
  assert.throws(() => gate.check('LM1:', 'mall'), /door must be an object/);
  assert.throws(() => gate.check('LM1:', { place: 1 }), /door\.place must be a string/);
  assert.throws(() => gate.recordDays(), /place must be a string/);
});
