// SPDX-License-Identifier: Apache-2.0
// The mini-program lane: a world with nothing but ECMAScript, a path-only WXWebAssembly and a few calls of `wx`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { lane, Phone } from './support/phone.mjs';
import { Clocks } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';

test('the lane is ES2018 CommonJS without a name of the page', () => {
  const source = readFileSync(join(lane, 'index.js'), 'utf8');
  for (const name of [/\bimport\.meta\b/, /\bimport\(/, /\bnew Function\b/, /\beval\(/, /\?\?/, /\?\./]) {
    assert.doesNotMatch(source, name);
  }
});

test('with storage and random values alone: a key is made, enrolled, sealed, and its code admitted', async () => {
  const authority = new Authority();
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const host = liangma.wxHost(phone.wx, phone.wxWebAssembly);
  const module = await liangma.loadWallet(host);
  const key = module.DeviceKey.generate(await host.randomBytes(32)).value;
  const encoded = authority.issue(key.publicKey());
  const credential = module.Credential.parse(encoded).value;
  const text = module.makeLiveCode(credential, key, t0, true).value;
  assert.equal(authority.verify(text, t0 + 1).verdict, 'admit');
  assert.equal(authority.verify(text, t0 + 1).name, '张*丰');
  assert.equal(authority.verify(text, t0 + 30).reason, 'time.too-old');

  const sealed = key.sealHost(await host.hostKey(), await host.randomBytes(24)).value;
  await host.storage.set('key', sealed);
  await host.storage.set('credential', encoded);

  const again = phone.start();
  const host2 = again.wxHost(phone.wx, phone.wxWebAssembly);
  const module2 = await again.loadWallet(host2);
  const key2 = module2.DeviceKey.openHost(await host2.storage.get('key'), await host2.hostKey()).value;
  const credential2 = module2.Credential.parse(await host2.storage.get('credential')).value;
  const frame = module2.makeLiveFrame(credential2, key2, t0 + 60, true).value;
  assert.equal(authority.verify(frame.text, t0 + 60).verdict, 'admit');
  assert.equal(frame.modules.length, frame.sizeModules ** 2);
  assert.deepEqual([...new Set(phone.calls)].sort(), ['getRandomValues', 'getStorage', 'setStorage']);
  assert.equal(phone.storage.get('liangma/host-key').encrypt, true);
});

test('the same wallet as on the web: enrolled over wx.request, restarted, offline', async () => {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  clocks.setDevice(600);
  const server = new FakeServer(authority, clocks);
  server.addTicket('T1');
  const phone = new Phone(clocks, server.fetch);
  const open = async () => {
    const liangma = phone.start();
    const host = liangma.wxHost(phone.wx, phone.wxWebAssembly);
    const module = await liangma.loadWallet(host);
    return liangma.Wallet.open({ host, module, server: 'https://code.example' });
  };
  const wallet = await open();
  const enrolled = await wallet.enrol('T1');
  assert.equal(enrolled.ok, true, enrolled.code);
  assert.equal(wallet.clock.offsetSeconds, -600);
  server.online = false;
  const again = await open();
  const [person] = again.people();
  assert.equal(person.maskedName, '张*丰');
  const frame = again.frame(person.id);
  assert.equal(authority.verify(frame.value.text, clocks.seconds).verdict, 'admit');
  assert.equal((await again.refresh()).online, false);
  server.online = true;
  assert.equal((await again.remove(person.id)).ok, true);
  assert.deepEqual((await open()).people().length, 0);
});

test('without wx.request the server is unreachable, in words', async () => {
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const host = liangma.wxHost(phone.wx, phone.wxWebAssembly);
  const wallet = await liangma.Wallet.open({
    host,
    module: await liangma.loadWallet(host),
    server: 'https://code.example',
  });
  assert.equal((await wallet.enrol('T1')).code, 'net.unreachable');
});

test('the gate’s module loads there too', async () => {
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const gate = await liangma.loadGate(liangma.wxHost(phone.wx, phone.wxWebAssembly));
  assert.equal(gate.inspect('hello').kind, 'unknown');
  assert.equal(gate.verify('LM1:', { now: t0 }).reason, 'trust.missing');
});

test('storage that fails, rather than having nothing, is an error', async () => {
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const wx = {
    ...phone.wx,
    getStorage: ({ fail }) => queueMicrotask(() => fail({ errMsg: 'getStorage:fail exceed' })),
  };
  const host = liangma.wxHost(wx, phone.wxWebAssembly);
  const module = await liangma.loadWallet(host);
  await assert.rejects(liangma.Wallet.open({ host, module, server: '' }), { code: 'storage.failed' });
});

test('a file that is not there is said when loading', async () => {
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const host = liangma.wxHost(phone.wx, phone.wxWebAssembly, { wasmFolder: '/liangma/nowhere/' });
  await assert.rejects(liangma.loadWallet(host), { name: 'LiangmaError', code: 'host.wasm-failed' });
});

test('an instance that comes alone is taken, too', async () => {
  const phone = new Phone(new Clocks(t0));
  const liangma = phone.start();
  const alone = { instantiate: async (...given) => (await phone.wxWebAssembly.instantiate(...given)).instance };
  const module = await liangma.loadWallet(liangma.wxHost(phone.wx, alone));
  assert.equal(module.DeviceKey.generate(new Uint8Array(32).map((_, at) => at)).ok, true);
});

test('without random values there is no key, and the phone says why', async () => {
  const failing = { fail: ({ fail }) => fail({ errMsg: 'getRandomValues:fail' }), absent: undefined };
  for (const [name, getRandomValues] of Object.entries(failing)) {
    const phone = new Phone(new Clocks(t0));
    const liangma = phone.start();
    const host = liangma.wxHost({ ...phone.wx, getRandomValues }, phone.wxWebAssembly);
    await assert.rejects(async () => host.randomBytes(32), { code: 'misuse.entropy-missing' }, name);
    const module = await liangma.loadWallet(host);
    await assert.rejects(liangma.Wallet.open({ host, module, server: 'https://code.example' }), { code: 'misuse.entropy-missing' }, name);
    assert.equal(phone.storage.size, 0);
  }
});

test('texts come in every catalog there', async () => {
  const phone = new Phone(new Clocks(t0));
  phone.start();
  const { messages, locales } = phone.require('/liangma/messages.js');
  assert.ok(locales.includes('zh-Hans') && locales.includes('en'));
  const { locale, t } = await messages('zh-CN');
  assert.equal(locale, 'zh-Hans');
  assert.match(t('time.too-old'), /\p{Script=Han}/u);
});
