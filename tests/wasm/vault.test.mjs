// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';

const wallet = await sdk.loadWallet(nodeHost());
const newKey = () => valueOf(wallet.DeviceKey.generate(draw(32)));

test('a key sealed by the host opens with the same host key only', () => {
  const key = newKey();
  const hostKey32 = draw(32);
  const sealed = valueOf(key.sealHost(hostKey32, draw(24)));
  assert.deepEqual(valueOf(wallet.DeviceKey.openHost(sealed, hostKey32)).publicKey(), key.publicKey());
  assert.equal(wallet.DeviceKey.openHost(sealed, draw(32)).code, 'vault.unreadable');
  assert.equal(wallet.DeviceKey.openHost(sealed, draw(31)).code, 'misuse.argument');
});

test('a key sealed by a PIN opens with the same PIN only', () => {
  const key = newKey();
  const sealed = valueOf(key.sealPin('2580亮', 2, 256, draw(40)));
  assert.deepEqual(valueOf(wallet.DeviceKey.openPin(sealed, '2580亮')).publicKey(), key.publicKey());
  for (const pin of ['2580', '2580亮 ', '2580亭']) {
    assert.equal(wallet.DeviceKey.openPin(sealed, pin).code, 'vault.unreadable');
  }
});

test('the cost that the phones pay by default fits into memory', () => {
  const key = newKey();
  const sealed = valueOf(key.sealPin('2580', 3, 65536, draw(40)));
  assert.deepEqual(valueOf(wallet.DeviceKey.openPin(sealed, '2580')).publicKey(), key.publicKey());
});

test('every altered byte of a sealed key is noticed', () => {
  const key = newKey();
  const hostKey32 = draw(32);
  const sealed = valueOf(key.sealHost(hostKey32, draw(24)));
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.slice();
    altered[at] ^= 1;
    assert.match(wallet.DeviceKey.openHost(altered, hostKey32).code, /^(vault|cbor)\./, `byte ${at}`);
  }
});

test('without entropy nothing is made', () => {
  const key = newKey();
  for (const entropy of [new Uint8Array(), draw(8), new Uint8Array(32)]) {
    assert.equal(wallet.DeviceKey.generate(entropy).code, 'misuse.entropy-missing');
    assert.equal(key.sealHost(draw(32), entropy.subarray(0, 23)).code, 'misuse.entropy-missing');
  }
  assert.equal(key.sealPin('2580', 1, 64, draw(39)).code, 'misuse.entropy-missing');
  assert.equal(key.sealPin('', 1, 64, draw(40)).code, 'misuse.argument');
  assert.equal(key.sealPin('2580', 11, 64, draw(40)).code, 'misuse.argument');
});
