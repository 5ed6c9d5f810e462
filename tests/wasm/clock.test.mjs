// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FailingStorage } from './support/storage.mjs';

/** A device, its storage, and a server that knows the time. */
function device({ storage = new FailingStorage(), clocks = new Clocks() } = {}) {
  const net = { online: true, roundTripSeconds: 0, reply: () => ({ nowMs: clocks.worldMs }) };
  const fetch = async () => {
    if (!net.online) throw new Error('offline');
    clocks.pass(net.roundTripSeconds / 2);
    const body = new TextEncoder().encode(JSON.stringify(net.reply()));
    clocks.pass(net.roundTripSeconds / 2);
    return { status: 200, header: () => undefined, body };
  };
  const host = nodeHost({ ...clocks.parts(), storage, fetch });
  const server = new sdk.Server(host, 'https://code.example');
  const open = async () => sdk.TrustedClock.open(host, await sdk.SafeStore.open(host, 'test'));
  return { clocks, net, server, storage, open };
}

test('a clock that never met a server says so, and follows the device', async () => {
  const { clocks, open } = device();
  clocks.setDevice(600);
  const clock = await open();
  assert.deepEqual(clock.now(), { seconds: t0 + 600, confirmed: false, offsetSeconds: 0 });
});

test('a device that is 10 minutes off is right once the server was asked', async () => {
  for (const wrong of [600, -600]) {
    const { clocks, server, open } = device();
    clocks.setDevice(wrong);
    const clock = await open();
    valueOf(await clock.learn(server));
    clocks.pass(90);
    assert.deepEqual(clock.now(), { seconds: t0 + 90, confirmed: true, offsetSeconds: -wrong });
  }
});

test('half of the round trip is taken off', async () => {
  const { clocks, net, server, open } = device();
  clocks.setDevice(600);
  net.roundTripSeconds = 4;
  const clock = await open();
  valueOf(await clock.learn(server));
  assert.equal(clock.now().seconds, clocks.seconds);
});

test('what was learnt is kept through a restart', async () => {
  const first = device();
  first.clocks.setDevice(600);
  valueOf(await (await first.open()).learn(first.server));
  const second = device({ storage: first.storage, clocks: first.clocks });
  first.clocks.pass(3600);
  second.net.online = false;
  const clock = await second.open();
  assert.deepEqual(clock.now(), { seconds: t0 + 3600, confirmed: true, offsetSeconds: -600 });
  assert.equal((await clock.learn(second.server)).code, 'net.unreachable');
  assert.equal(clock.now().confirmed, true);
});

test('setting the device clock during a session does no harm', async () => {
  for (const confirmedFirst of [true, false]) {
    const { clocks, server, open } = device();
    const clock = await open();
    if (confirmedFirst) valueOf(await clock.learn(server));
    for (const wrong of [600, -600, 86400]) {
      clocks.setDevice(wrong);
      clocks.pass(5);
      assert.equal(clock.now().seconds, clocks.seconds);
      assert.equal(clock.now().confirmed, confirmedFirst);
    }
  }
});

test('a device set back between sessions is not believed', async () => {
  const first = device();
  valueOf(await (await first.open()).learn(first.server));
  first.clocks.pass(60);
  first.clocks.setDevice(-3600);
  const clock = await first.open();
  assert.equal(clock.now().confirmed, false);
  valueOf(await clock.learn(first.server));
  assert.deepEqual(clock.now(), { seconds: first.clocks.seconds, confirmed: true, offsetSeconds: 3600 });
});

test('after a sleep the device clock is followed, unconfirmed until a server is reached', async () => {
  const { clocks, server, open } = device();
  clocks.setDevice(600);
  const clock = await open();
  valueOf(await clock.learn(server));
  clocks.sleep(3600);
  assert.deepEqual(clock.now(), { seconds: clocks.seconds, confirmed: false, offsetSeconds: -600 });
  valueOf(await clock.learn(server));
  assert.equal(clock.now().confirmed, true);
  clocks.pass(5);
  assert.equal(clock.now().seconds, clocks.seconds);
});

test('a server that is slow, or makes no sense, teaches nothing', async () => {
  const { clocks, net, server, open } = device();
  const clock = await open();
  net.roundTripSeconds = 6;
  assert.equal((await clock.learn(server)).code, 'net.too-slow');
  net.roundTripSeconds = 0;
  for (const reply of [{}, { nowMs: 'soon' }, { nowMs: -1 }, [], null]) {
    net.reply = () => reply;
    assert.equal((await clock.learn(server)).code, 'net.bad-reply');
  }
  assert.equal(clock.now().confirmed, false);
  assert.equal(clock.now().seconds, clocks.seconds);
});

test('time learnt without storage holds for the session', async () => {
  const { clocks, server, storage, open } = device();
  clocks.setDevice(600);
  const clock = await open();
  storage.failAt(1, 'refused');
  assert.equal((await clock.learn(server)).code, 'storage.failed');
  assert.deepEqual(clock.now(), { seconds: clocks.seconds, confirmed: true, offsetSeconds: -600 });
});
