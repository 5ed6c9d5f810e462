// SPDX-License-Identifier: Apache-2.0
// Visits to hospitals that a wallet keeps: sealed like people, gone with them, and never in the way of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const module = await sdk.loadWallet(nodeHost());
const pin = '280519';
const ticket = {
  hospital: 'hz-lake', department: 'surgery', queueNumber: 1, queueLabel: 'B001', ahead: 0, visitId: 'visit-of-today', route: 'registration',
  state: 'waiting', already: false, statusUrl: 'https://code.example/api/clinic/visits/visit-of-today.secretsecretsecret',
};

/** A wallet of one person. */
async function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const storage = new FailingStorage();
  const host = nodeHost({ ...clocks.parts(), storage, fetch: server.fetch, hostKey: async () => new Uint8Array(32).fill(7) });
  const open = () => sdk.Wallet.open({ host, module, server: 'https://code.example', roots: authority.roots });
  server.addTicket('T1');
  const wallet = await open();
  const person = valueOf(await wallet.enrol('T1'));
  const begun = { personId: person.id, hospital: 'hz-lake', names: { en: 'Clinic by the Lake' }, begunAt: t0, asOf: t0 };
  return { storage, wallet, person, begun, open };
}

test('a visit is there again after a start, with and without its number, and nothing of it can be read in the storage', async () => {
  const { storage, wallet, begun, open } = await world();
  const kept = valueOf(await wallet.keepVisit(begun));
  assert.deepEqual((await open()).visits(), [kept], 'an answer under way');
  const registered = valueOf(await wallet.keepVisit({ ...kept, ticket }));
  const later = valueOf(await wallet.keepVisit({ ...begun, begunAt: t0 + 60 }));
  assert.deepEqual((await open()).visits(), [later, registered], 'the newest first');
  const text = storage.values().map((value) => Buffer.from(value).toString('latin1')).join();
  for (const secret of ['B001', 'hz-lake', 'secretsecret', 'visit-of-today', 'Clinic by the Lake']) assert.ok(!text.includes(secret), secret);
  valueOf(await wallet.forgetVisit(later.id));
  assert.deepEqual((await open()).visits(), [registered]);
});

test('whoever is removed takes their visits along, and nobody else’s', async () => {
  const { wallet, person, begun, open } = await world();
  valueOf(await wallet.keepVisit({ ...begun, ticket }));
  const other = valueOf(await wallet.keepVisit({ ...begun, personId: 'somebody-else' }));
  valueOf(await wallet.remove(person.id));
  assert.deepEqual(wallet.visits(), [other]);
  assert.deepEqual((await open()).visits(), [other]);
});

test('under a PIN there is none until it is given; without one again, they stay', async () => {
  const { wallet, begun, open } = await world();
  const before = valueOf(await wallet.keepVisit(begun));
  valueOf(await wallet.setPin(pin));
  const after = valueOf(await wallet.keepVisit({ ...begun, begunAt: t0 + 60, ticket }));
  await wallet.lockNow();
  assert.deepEqual(wallet.visits(), []);
  assert.equal((await wallet.keepVisit(begun)).code, 'wallet.locked');
  const again = await open();
  assert.deepEqual(again.visits(), []);
  valueOf(await again.unlock(pin));
  assert.deepEqual(again.visits(), [after, before]);
  valueOf(await again.removePin(pin));
  assert.deepEqual((await open()).visits(), [after, before]);
});

test('one that is damaged, or of another version, is left out and harms nobody', async () => {
  const { storage, wallet, begun, open } = await world();
  valueOf(await wallet.keepVisit({ ...begun, ticket: { ...ticket, queueLabel: 'javascript:alert(1)' } }));
  const kept = valueOf(await wallet.keepVisit(begun));
  const whole = valueOf(await wallet.keepVisit({ ...begun, begunAt: t0 + 60 }));
  for (const key of storage.keys().filter((each) => each.includes(kept.id))) {
    const bytes = (await storage.get(key)).slice();
    bytes[bytes.length >> 1] ^= 1;
    await storage.set(key, bytes);
  }
  const again = await open();
  assert.deepEqual(again.visits(), [whole]);
  assert.deepEqual(again.faults(), []);
  assert.equal(again.people().length, 1);
});
