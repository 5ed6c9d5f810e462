// SPDX-License-Identifier: Apache-2.0
// The embedding program's own mistakes throw, and name the argument.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Authority, t0 } from './support/authority.mjs';
import { sdkFolder } from './support/paths.mjs';
import { draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';

const authority = new Authority();
const wallet = await sdk.loadWallet(nodeHost());
const other = await sdk.loadWallet(nodeHost());
const key = valueOf(wallet.DeviceKey.generate(draw(32)));
const credential = valueOf(wallet.Credential.parse(authority.issue(key.publicKey())));
const trust = valueOf(wallet.Trust.open(authority.list, authority.roots, 0, t0));

const gateModule = await sdk.loadGate(nodeHost());
const gate = await sdk.Gate.open({ host: nodeHost(), module: gateModule, server: '' });
const { messages } = await import(pathToFileURL(join(sdkFolder, 'dist/esm/messages.js')));

const mistakes = {
  'entropy must be a Uint8Array': () => wallet.DeviceKey.generate([1, 2, 3]),
  'entropy must be a Uint8Array ': () => wallet.DeviceKey.generate('x'.repeat(32)),
  'pin must be a string': () => wallet.DeviceKey.openPin(draw(10), 2580),
  'roots[1] must be a Uint8Array': () => wallet.Trust.open(authority.list, [draw(32), null], 0, t0),
  'roots must be an array': () => wallet.Trust.open(authority.list, draw(32), 0, t0),
  'now must be a number': () => wallet.Trust.open(authority.list, authority.roots, 0, '1'),
  'clockConfirmed must be a boolean': () => wallet.makeLiveCode(credential, key, t0),
  'credential must be a handle of this module that was not deleted': () =>
    wallet.makeLiveCode({}, key, t0, true),
  'deviceKey must be a handle of this module that was not deleted': () =>
    wallet.makeLiveCode(credential, valueOf(other.DeviceKey.generate(draw(32))), t0, true),
  'context must be an object': () => wallet.verify('LM1:'),
  'context.trust must be a handle of this module that was not deleted': () =>
    wallet.verify('', { trust: credential.info, now: t0 }),
  'context.challenge.nonce must be a Uint8Array': () =>
    wallet.verify('', { trust, now: t0, challenge: { verifier: 'x', nonce: '00', wanted: [] } }),
  'text must be a string': () => wallet.makeQrSymbol(undefined),
  'locale must be a string': () => gate.places(),
  'locale must be a string ': () => gate.scenes(),
  'locale must be a string  ': () => gate.explain(gate.check('LM1:')),
  'verdict must be an object': () => gate.explain(),
  'door.palce is not known: a door has a place and a scene': () => gate.check('LM1:', { palce: '330100', scene: 'mall' }),
};

for (const [message, mistake] of Object.entries(mistakes)) {
  test(message, () => assert.throws(mistake, { name: 'TypeError', message: message.trim() }));
}

const openings = {
  'options.host must be an object': { host: undefined },
  'options.module must be what await NAME() gives': { module: undefined },
  'options.module must be what await NAME() gives ': { module: Promise.resolve() },
  'options.server must be a string or a URL': { server: undefined },
  'options.server must begin with https:// (or http://), or be empty': { server: 'ftp://code.example' },
  'options.roots must be an array': { roots: null },
  'options.roots[0] must be a Uint8Array': { roots: ['x'.repeat(43)] },
};

for (const [opener, module, other] of [['Wallet', wallet, gateModule], ['Gate', gateModule, wallet]]) {
  const open = (wrong) => sdk[opener].open({ host: nodeHost(), module, server: '', ...wrong });
  const cases = { ...openings, 'options.module must be what await NAME() gives  ': { module: other } };
  for (const [message, wrong] of Object.entries(cases)) {
    const named = message.trim().replace('NAME', `load${opener}`);
    test(`${opener}.open: ${named}`, () => assert.rejects(open(wrong), { name: 'TypeError', message: named }));
  }
  test(`${opener}.open: a root has 32 bytes`, () =>
    assert.rejects(open({ roots: [draw(31)] }), { name: 'RangeError', message: 'options.roots[0] must have 32 bytes' }));
}

test('messages() wants a locale', () => assert.rejects(messages(), { name: 'TypeError', message: 'locale must be a string' }));

test('loadWallet() wants a host, and a gate one of its ways with stale lists', async () => {
  await assert.rejects(sdk.loadWallet(), { name: 'TypeError', message: 'host must be an object' });
  await assert.rejects(sdk.loadWallet({}), { name: 'TypeError', message: 'host must be a host: it has no randomBytes' });
  const options = { host: nodeHost(), module: gateModule, server: '', staleStatus: 'ignore' };
  await assert.rejects(sdk.Gate.open(options), { name: 'TypeError', message: 'options.staleStatus must be "refuse" or "check"' });
});

test('a place that is no division code is a RangeError', () => {
  assert.throws(() => gate.check('LM1:', { place: 'abc', scene: 'mall' }), { name: 'RangeError', message: 'door.place must be a division code of six digits' });
  assert.throws(() => gate.scenes('en', '999'), { name: 'RangeError', message: 'place must be a division code of six digits' });
});

test('numbers out of range are RangeErrors', () => {
  for (const now of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => wallet.makeLiveCode(credential, key, now, true), {
      name: 'RangeError',
      message: /^now /,
    });
  }
});

test('a deleted handle throws, deleting twice does not', () => {
  const gone = valueOf(wallet.DeviceKey.generate(draw(32)));
  gone.delete();
  gone.delete();
  assert.throws(() => wallet.makeLiveCode(credential, gone, t0, true), {
    name: 'TypeError',
    message: /^deviceKey /,
  });
  assert.throws(() => gone.publicKey());
});

test('what a function gives out is the caller’s own', () => {
  const first = key.publicKey();
  first.fill(0);
  assert.notDeepEqual(key.publicKey(), first);
  const bytes = draw(32);
  const made = valueOf(wallet.DeviceKey.generate(bytes));
  const before = made.publicKey();
  bytes.fill(1);
  assert.deepEqual(made.publicKey(), before);
});
