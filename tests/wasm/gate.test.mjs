// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { Clocks, draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const walletModule = await sdk.loadWallet(nodeHost());
const module = await sdk.loadGate(nodeHost());

function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const storage = new FailingStorage();
  const host = nodeHost({ ...clocks.parts(), storage, fetch: server.fetch });
  const open = () => sdk.Gate.open({ host, module, server: 'https://code.example', roots: authority.roots });
  const key = valueOf(walletModule.DeviceKey.generate(draw(32)));
  const show = () => {
    const encoded = authority.issue(key.publicKey(), { now: clocks.seconds });
    const credential = valueOf(walletModule.Credential.parse(encoded));
    return valueOf(walletModule.makeLiveCode(credential, key, clocks.seconds, true));
  };
  return { authority, clocks, server, storage, host, open, show };
}

/** Lets what a check has set off reach the storage. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a gate without a trust list admits nobody', async () => {
  const { open, show } = world();
  const gate = await open();
  assert.deepEqual(gate.trust(), { version: 0, issuedAt: 0, expiresAt: 0, ageSeconds: 0, stale: true });
  const verdict = gate.check(show());
  assert.deepEqual([verdict.decision, verdict.reason], ['refuse', 'trust.missing']);
  assert.deepEqual(gate.scenes('en'), []);
});

test('a gate keeps working without a network, and says how old its data are', async () => {
  const { clocks, server, open, show } = world();
  const report = await (await open()).refresh();
  assert.deepEqual([report.online, report.trust], [true, { ok: true, value: 'new' }]);
  server.online = false;
  const gate = await open();
  assert.equal((await gate.refresh()).online, false);
  assert.equal(gate.check(show()).decision, 'admit');
  clocks.pass(3600);
  assert.deepEqual(gate.trust(), {
    version: 1,
    issuedAt: t0,
    expiresAt: t0 + 7 * 86400,
    ageSeconds: 3600,
    checkedSecondsAgo: 3600,
    stale: false,
  });
  clocks.pass(4 * 86400);
  assert.equal(gate.trust().stale, true);
  clocks.pass(4 * 86400);
  assert.equal(gate.check(show()).reason, 'trust.expired');
  assert.equal((await open()).check(show()).reason, 'trust.expired', 'after a restart too');
});

test('a code in front of the camera keeps its verdict; shown again later it was seen before', async () => {
  const { clocks, open, show } = world();
  const gate = await open();
  await gate.refresh();
  const text = show();
  const first = gate.check(text, { scene: 'metro' });
  assert.equal(first.decision, 'admit');
  clocks.pass(2.5);
  assert.equal(gate.check(text, { scene: 'metro' }), first);
  clocks.pass(2.5);
  assert.equal(gate.check(text, { scene: 'metro' }), first, 'still there');
  clocks.pass(3.5);
  assert.equal(gate.check(text, { scene: 'metro' }).reason, 'replay.seen-before');
  const next = show();
  assert.equal(gate.check(next, { scene: 'metro' }).decision, 'admit');
  assert.equal(gate.check(text, { scene: 'metro' }).reason, 'replay.seen-before');
  assert.equal(gate.check(next, { scene: 'metro' }).reason, 'replay.seen-before', 'another code was between');
});

test('a photo held up for ever is not held for ever', async () => {
  const { clocks, open, show } = world();
  const gate = await open();
  await gate.refresh();
  const text = show();
  const decisions = [];
  for (let second = 0; second < 30; second++) {
    decisions.push(gate.check(text).decision);
    clocks.pass(1);
  }
  assert.equal(decisions.indexOf('refuse'), 11);
  assert.ok(!decisions.slice(11).includes('admit'));
});

test('a gate whose own clock is off follows the server', async () => {
  const { clocks, open, show } = world();
  clocks.setDevice(600);
  const gate = await open();
  await gate.refresh();
  assert.deepEqual(gate.clock, { confirmed: true, offsetSeconds: -600 });
  assert.equal(gate.check(show()).decision, 'admit');
});

test('scenes and issuers have names in the reader’s language', async () => {
  const { open } = world();
  const gate = await open();
  await gate.refresh();
  assert.deepEqual(
    gate.scenes('zh-CN').map(({ id, name }) => [id, name]),
    [
      ['metro', '地铁'],
      ['ward', '病房'],
    ],
  );
  assert.deepEqual(
    gate.scenes('fr').map(({ name }) => name),
    ['Metro', 'Ward'],
  );
  assert.equal(gate.issuerName('330100', 'zh-Hans'), '杭州市');
  assert.equal(gate.issuerName('999999', 'en'), '999999');
});

test('asking the server again makes the check newer, not the list', async () => {
  const { clocks, open } = world();
  const gate = await open();
  await gate.refresh();
  clocks.pass(7200);
  assert.deepEqual((await gate.refresh()).trust, { ok: true, value: 'same' });
  clocks.pass(60);
  const { ageSeconds, checkedSecondsAgo } = gate.trust();
  assert.deepEqual([ageSeconds, checkedSecondsAgo], [7260, 60]);
  assert.equal((await open()).trust().checkedSecondsAgo, 60, 'after a restart too');
});

test('a code seen before a restart was seen before, for as long as it could pass', async () => {
  const { clocks, storage, open, show } = world();
  const gate = await open();
  await gate.refresh();
  const text = show();
  assert.equal(gate.check(text).decision, 'admit');
  await settled();
  gate.close();
  clocks.pass(5);
  const again = await open();
  assert.equal(again.check(text).reason, 'replay.seen-before');
  assert.deepEqual(again.memory, { damaged: false, kept: true });
  clocks.pass(30);
  assert.equal(again.check(show()).decision, 'admit');
  await settled();
  assert.equal((await storage.get('gate/seen')).length, 11 + 40, 'what can pass no more is erased');
});

test('pages of the same gate tell each other what they have seen', async () => {
  const { host, storage, show, authority } = world();
  const listeners = new Map();
  let turn = Promise.resolve();
  const exclusive = (task) => (turn = turn.then(task));
  const page = async (name) => {
    const shared = {
      get: (key) => storage.get(key),
      remove: (key) => storage.remove(key),
      async set(key, value) {
        await storage.set(key, value);
        for (const [other, listener] of listeners) if (other !== name) listener(key);
      },
      watch(listener) {
        listeners.set(name, listener);
        return () => listeners.delete(name);
      },
    };
    return sdk.Gate.open({ host: { ...host, storage: shared, exclusive }, module, server: '', roots: authority.roots });
  };
  const [left, right] = [await page('left'), await page('right')];
  await left.refresh();
  await right.refresh();
  // The second page learnt its trust list when it asked for it itself.
  const [first, second] = [show(), show()];
  assert.equal(left.check(first).decision, 'admit');
  assert.equal(right.check(second).decision, 'admit');
  await settled();
  assert.equal(right.check(first).reason, 'replay.seen-before');
  assert.equal(left.check(second).reason, 'replay.seen-before');
  left.close();
  assert.deepEqual([...listeners.keys()], ['right']);
});

test('a memory that cannot be read is dropped and said; in the same page nothing passes twice', async () => {
  for (const harm of [
    (bytes) => bytes.slice(0, 20),
    (bytes) => bytes.map((byte, at) => (at === 30 ? byte ^ 1 : byte)),
    (bytes) => bytes.map((byte, at) => (at === 2 ? 9 : byte)),
    () => new Uint8Array([1]),
  ]) {
    const { clocks, storage, open, show } = world();
    const gate = await open();
    await gate.refresh();
    const text = show();
    assert.equal(gate.check(text).decision, 'admit');
    await settled();
    await storage.set('gate/seen', harm(await storage.get('gate/seen')));
    const again = await open();
    assert.equal(again.memory.damaged, true);
    assert.equal(storage.keys().includes('gate/seen'), false);
    assert.equal(gate.check(show()).decision, 'admit', 'the page that was open goes on');
    await settled();
    clocks.pass(4);
    assert.equal(gate.check(text).reason, 'replay.seen-before', 'and forgets nothing');
    assert.equal((await open()).memory.damaged, false);
  }
});

test('a gate that cannot store what it has seen says so, and remembers it while it runs', async () => {
  const { clocks, storage, open, show } = world();
  const gate = await open();
  await gate.refresh();
  storage.failAt(1, 'refused');
  const text = show();
  assert.equal(gate.check(text).decision, 'admit');
  await settled();
  assert.equal(gate.memory.kept, false);
  clocks.pass(4);
  assert.equal(gate.check(text).reason, 'replay.seen-before');
});

test('a text that is brought anew gets no verdict of before', async () => {
  const { open, show } = world();
  const gate = await open();
  await gate.refresh();
  const text = show();
  assert.equal(gate.check(text, undefined, true).decision, 'admit');
  assert.equal(gate.check(text, undefined, true).reason, 'replay.seen-before');
});
