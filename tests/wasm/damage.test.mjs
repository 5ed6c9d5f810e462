// SPDX-License-Identifier: Apache-2.0
// Storage that was cut short, altered, or written by another version: what can be read still is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const module = await sdk.loadWallet(nodeHost());

const harms = {
  'cut short': (bytes) => bytes.slice(0, bytes.length >> 1),
  'one bit flipped': (bytes) => bytes.map((byte, at) => (at === bytes.length - 3 ? byte ^ 4 : byte)),
  'its head flipped': (bytes) => bytes.map((byte, at) => (at === 4 ? byte ^ 1 : byte)),
  'of another version': (bytes) => bytes.map((byte, at) => (at === 2 ? byte + 1 : byte)),
  emptied: () => new Uint8Array(),
};

/** A wallet of two people whose codes were renewed since. */
async function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const storage = new FailingStorage();
  const host = nodeHost({
    ...clocks.parts(),
    storage,
    fetch: server.fetch,
    hostKey: async () => new Uint8Array(32).fill(7),
  });
  const open = () => sdk.Wallet.open({ host, module, server: 'https://code.example', roots: authority.roots });
  server.addTicket('T1');
  server.addTicket('T2', { identity: { fullName: '李四', idNumber: '11010519491231002X' } });
  const wallet = await open();
  const [one, two] = [valueOf(await wallet.enrol('T1')), valueOf(await wallet.enrol('T2'))];
  clocks.pass(54_001);
  assert.equal((await wallet.refresh()).renewed.length, 2);
  wallet.close();
  const keysOf = (name) => storage.keys().filter((key) => key.startsWith(`wallet/${name}`));
  async function harm(keys, how) {
    assert.ok(keys.length > 0);
    for (const key of keys) await storage.set(key, harms[how](await storage.get(key)));
  }
  return { authority, clocks, server, storage, host, open, one, two, keysOf, harm };
}

for (const how of Object.keys(harms)) {
  test(`${how}: one person’s record is said to be damaged, the other’s code is shown`, async () => {
    const { open, one, two, keysOf, harm, storage } = await world();
    await harm(keysOf(`person-${one.id}`), how);
    const wallet = await open();
    assert.deepEqual(wallet.faults(), [{ id: one.id, code: 'storage.damaged' }]);
    assert.deepEqual(wallet.people().map(({ id }) => id), [two.id]);
    assert.equal(wallet.frame(two.id).ok, true);
    assert.equal(wallet.frame(one.id).ok, false);
    assert.equal((await wallet.refresh()).online, true);
    assert.ok(storage.keys().some((key) => key.includes(one.id)), 'nothing is thrown away unasked');
    valueOf(await wallet.remove(one.id));
    const again = await open();
    assert.deepEqual([again.faults(), again.people().length], [[], 1]);
  });

  test(`${how}: of a person’s newest record, the one before still opens and is renewed`, async () => {
    const { open, one, storage, keysOf, harm } = await world();
    const keys = keysOf(`person-${one.id}`);
    const newest = keys.sort((a, b) => sequence(storage, b) - sequence(storage, a)).slice(0, 1);
    await harm(newest, how);
    const wallet = await open();
    assert.deepEqual(wallet.faults(), []);
    valueOf(await wallet.renew(one.id));
    assert.equal(wallet.frame(one.id).ok, true);
  });

  test(`${how}: without the list of records, everybody is found again`, async () => {
    const { open, keysOf, harm } = await world();
    await harm(keysOf('root'), how);
    const wallet = await open();
    assert.deepEqual(wallet.people().map(({ maskedName }) => maskedName), ['张*丰', '李*']);
    assert.equal(wallet.trust.version, 1);
    for (const { id } of wallet.people()) assert.equal(wallet.frame(id).ok, true);
  });

  test(`${how}: one of the two lists, everybody is there`, async () => {
    for (const at of [0, 1]) {
      const { open, keysOf, harm } = await world();
      await harm([keysOf('root')[at]], how);
      assert.equal((await open()).people().length, 2);
    }
  });

  test(`${how}: clock and trust list are learnt anew, from the roots that were pinned`, async () => {
    const { open, keysOf, harm, server } = await world();
    await harm([...keysOf('clock'), ...keysOf('list')], how);
    const wallet = await open();
    assert.deepEqual([wallet.clock.confirmed, wallet.trust], [false, undefined]);
    assert.equal(wallet.people().length, 2);
    const { authority } = server;
    server.authority = new Authority();
    assert.equal((await wallet.refresh()).trust.code, 'trust.root-unknown');
    server.authority = authority;
    assert.equal((await wallet.refresh()).trust.ok, true);
    assert.equal(wallet.clock.confirmed, true);
  });

  test(`${how}: the record of the PIN leaves nothing but to start over`, async () => {
    const { open, host, keysOf, harm } = await world();
    valueOf(await (await open()).setPin('280519'));
    await harm(keysOf('pin.'), how);
    await assert.rejects(open(), { name: 'LiangmaError', code: 'storage.damaged' });
    valueOf(await sdk.Wallet.erase(host));
    assert.equal((await open()).state, 'empty');
  });

  test(`${how}: the count of wrong PINs makes the next one wait, not free`, async () => {
    const { open, keysOf, harm } = await world();
    valueOf(await (await open()).setPin('280519'));
    assert.equal((await (await open()).unlock('111222')).code, 'wallet.pin-wrong');
    await harm(keysOf('pin-tries'), how);
    const wallet = await open();
    assert.equal((await wallet.unlock('280519')).ok, true, 'the time of the last one is not known');
  });
}

test('a list that cannot be read, on a host that cannot find the records, is damage, not an empty wallet', async () => {
  const { host, keysOf, harm, storage, authority } = await world();
  await harm(keysOf('root'), 'cut short');
  const { get, set, remove } = storage;
  const blind = { get: get.bind(storage), set: set.bind(storage), remove: remove.bind(storage) };
  await assert.rejects(
    sdk.Wallet.open({ host: { ...host, storage: blind }, module, server: '', roots: authority.roots }),
    { name: 'LiangmaError', code: 'storage.damaged' },
  );
});

test('any one bit of any record, flipped, loses nobody else’s code', async () => {
  const { open, storage } = await world();
  for (const key of storage.keys()) {
    const kept = await storage.get(key);
    for (const at of [0, 3, 8, 11, kept.length >> 1, kept.length - 1]) {
      await storage.set(key, kept.map((byte, index) => (index === at ? byte ^ 16 : byte)));
      const wallet = await open();
      assert.ok(wallet.people().length + wallet.faults().length >= 2, `${key} ${at}`);
      assert.ok(wallet.people().length >= 1, `${key} ${at}`);
      for (const { id } of wallet.people()) assert.equal(wallet.frame(id).ok, true);
      wallet.close();
    }
    await storage.set(key, kept);
  }
});

/** Which commit wrote a value: bytes 7..10 of its head. */
function sequence(storage, key) {
  const bytes = storage.values()[storage.keys().indexOf(key)];
  return Buffer.from(bytes).readUInt32BE(7);
}
