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
  const host = nodeHost({ ...clocks.parts(), storage: new FailingStorage(), fetch: server.fetch });
  const open = () => sdk.Gate.open({ host, module, server: 'https://code.example', roots: authority.roots });
  const key = valueOf(walletModule.DeviceKey.generate(draw(32)));
  const show = () => {
    const encoded = authority.issue(key.publicKey(), { now: clocks.seconds });
    const credential = valueOf(walletModule.Credential.parse(encoded));
    return valueOf(walletModule.makeLiveCode(credential, key, clocks.seconds, true));
  };
  return { authority, clocks, server, open, show };
}

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
  const first = gate.check(text, 'metro');
  assert.equal(first.decision, 'admit');
  clocks.pass(2.5);
  assert.equal(gate.check(text, 'metro'), first);
  clocks.pass(2.5);
  assert.equal(gate.check(text, 'metro'), first, 'still there');
  clocks.pass(3.5);
  assert.equal(gate.check(text, 'metro').reason, 'replay.seen-before');
  const next = show();
  assert.equal(gate.check(next, 'metro').decision, 'admit');
  assert.equal(gate.check(text, 'metro').reason, 'replay.seen-before');
  assert.equal(gate.check(next, 'metro').reason, 'replay.seen-before', 'another code was between');
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
