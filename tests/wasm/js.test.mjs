// SPDX-License-Identifier: Apache-2.0
// The JavaScript build, in a world without WebAssembly.
import assert from 'node:assert/strict';
import vm from 'node:vm';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { Phone } from './support/phone.mjs';
import { Clocks, nodeHost, sdk } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';

function start() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const phone = new Phone(clocks, server.fetch);
  const liangma = phone.start();
  assert.equal(vm.runInContext('typeof WebAssembly', phone.context), 'undefined');
  const host = liangma.wxHost(phone.wx, undefined);
  assert.equal(host.instantiate, undefined);
  return { authority, clocks, server, phone, liangma, host };
}

test('the wallet enrols, restarts offline and shows codes that pass', async () => {
  const { authority, clocks, server, phone, liangma, host } = start();
  server.addTicket('T1');
  const open = async () => {
    const module = await liangma.loadWallet(host, { js: () => phone.require('/liangma/js/liangma.js') });
    return liangma.Wallet.open({ host, module, server: 'https://code.example' });
  };
  const enrolled = await (await open()).enrol('T1');
  assert.equal(enrolled.ok, true, enrolled.code);
  server.online = false;
  const wallet = await open();
  const frame = wallet.frame(enrolled.value.id);
  assert.equal(frame.ok, true, frame.code);
  assert.equal(frame.value.modules.length, frame.value.sizeModules ** 2);
  assert.equal(authority.verify(frame.value.text, clocks.seconds).verdict, 'admit');
  assert.equal(authority.verify(frame.value.text, clocks.seconds + 30).reason, 'time.too-old');
});

test('the gate judges as the WebAssembly build does', async () => {
  const { authority, clocks, phone, liangma, host } = start();
  const gate = await liangma.loadGate(host, { js: () => phone.require('/liangma/js/liangma-gate.js') });
  const trust = gate.Trust.open(authority.list, authority.roots, 0, clocks.seconds).value;
  const real = await sdk.loadGate(nodeHost());
  const realTrust = real.Trust.open(authority.list, authority.roots, 0, clocks.seconds).value;
  for (const text of ['', 'hello', 'LM1:ABC', 'HC1:ABC', `LM1:${'A'.repeat(400)}`]) {
    const [one, other] = [gate.verify(text, { trust, now: t0 }), real.verify(text, { trust: realTrust, now: t0 })];
    assert.deepEqual({ ...one }, { ...other }, text);
    assert.notEqual(one.reason, 'trust.missing');
  }
});

test('without WebAssembly and without the JavaScript build, loading says so', async () => {
  const { liangma, host } = start();
  await assert.rejects(liangma.loadWallet(host), { name: 'LiangmaError', code: 'host.wasm-failed' });
});
