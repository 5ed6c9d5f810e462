// SPDX-License-Identifier: Apache-2.0
// Nothing secret is left anywhere in WebAssembly memory once it was used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';

const authority = new Authority();
let memory;
const base = nodeHost();
const host = {
  ...base,
  async instantiate(file, imports) {
    const instance = await base.instantiate(file, imports);
    memory = Object.values(instance.exports).find((each) => each instanceof WebAssembly.Memory);
    return instance;
  },
};
const wallet = await sdk.loadWallet(host);
const pin = '𠮷-correct-horse-2580';
const parts = (secret) => [secret.subarray(0, 16), secret.subarray(16, 32)].map((part) => Buffer.from(part));

/** Whether any half of a secret is somewhere in the memory. */
function isThere(secret) {
  const all = Buffer.from(memory.buffer);
  return parts(secret).some((part) => part.length > 0 && all.includes(part));
}

test('the scan finds a secret that is there', () => {
  const seed = draw(32);
  const key = valueOf(wallet.DeviceKey.generate(seed));
  assert.ok(isThere(seed), 'the key in use holds its seed');
  key.delete();
  assert.ok(!isThere(seed), 'a deleted key does not');
});

test('after every use and delete(), seed, host key and PIN are gone', () => {
  const seed = draw(32);
  const hostKey32 = draw(32);
  const pinUtf8 = Buffer.from(pin);
  const key = valueOf(wallet.DeviceKey.generate(seed));
  const credential = valueOf(wallet.Credential.parse(authority.issue(key.publicKey())));
  const trust = valueOf(wallet.Trust.open(authority.list, authority.roots, 0, t0));
  const sealedHost = valueOf(key.sealHost(hostKey32, draw(24)));
  const sealedPin = valueOf(key.sealPin(pin, 1, 64, draw(40)));
  const again = [
    valueOf(wallet.DeviceKey.openHost(sealedHost, hostKey32)),
    valueOf(wallet.DeviceKey.openPin(sealedPin, pin)),
  ];
  for (const each of [key, ...again]) {
    valueOf(each.proof('330100', draw(16), t0));
    valueOf(wallet.makeLiveFrame(credential, each, t0, true));
    const asked = authority.request(t0);
    const request = valueOf(wallet.openRequest(asked.text, trust, t0));
    valueOf(wallet.makeSealedAnswer(request, credential, each, asked.wanted, t0, true, draw(32)));
    request.delete();
  }
  assert.ok(!isThere(hostKey32), 'host key');
  assert.ok(!Buffer.from(memory.buffer).includes(pinUtf8), 'PIN');
  for (const each of [key, ...again]) each.delete();
  assert.ok(!isThere(seed), 'seed');
  for (let at = 0; at + 8 <= 32; at += 8) {
    assert.ok(
      !Buffer.from(memory.buffer).includes(Buffer.from(seed.subarray(at, at + 8))),
      `seed from ${at}`,
    );
  }
});

test('after failures too', () => {
  const seed = draw(32);
  const right = draw(32);
  const wrong = draw(32);
  const key = valueOf(wallet.DeviceKey.generate(seed));
  const sealed = valueOf(key.sealHost(right, draw(24)));
  const sealedPin = valueOf(key.sealPin(pin, 1, 64, draw(40)));
  key.delete();
  assert.equal(wallet.DeviceKey.openHost(sealed, wrong).code, 'vault.unreadable');
  assert.equal(wallet.DeviceKey.openPin(sealedPin, 'wrong-horse-0000').code, 'vault.unreadable');
  assert.equal(wallet.DeviceKey.openHost(sealed.subarray(1), right).code, 'vault.shape');
  for (const secret of [seed, right, wrong, Buffer.from(pin), Buffer.from('wrong-horse-0000')]) {
    assert.ok(!isThere(secret));
  }
});

test('the entropy of a sealed answer is gone, so that nobody can open it afterwards', () => {
  const entropy = draw(32);
  const key = valueOf(wallet.DeviceKey.generate(draw(32)));
  const credential = valueOf(wallet.Credential.parse(authority.issue(key.publicKey())));
  const trust = valueOf(wallet.Trust.open(authority.list, authority.roots, 0, t0));
  const asked = authority.request(t0);
  const request = valueOf(wallet.openRequest(asked.text, trust, t0));
  valueOf(wallet.makeSealedAnswer(request, credential, key, asked.wanted, t0, true, entropy));
  assert.ok(!isThere(entropy));
});
