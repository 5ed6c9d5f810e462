// SPDX-License-Identifier: Apache-2.0
// A wallet with a PIN: what opens it, what a copy of its storage gives, and what a wrong PIN costs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const module = await sdk.loadWallet(nodeHost());
const pin = '280519';

/** A wallet of one person. */
async function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const storage = new FailingStorage();
  const hostKey32 = new Uint8Array(32).fill(7);
  const openOn = (kept, key32 = hostKey32) =>
    sdk.Wallet.open({
      host: nodeHost({ ...clocks.parts(), storage: kept, fetch: server.fetch, hostKey: async () => key32.slice() }),
      module,
      server: 'https://code.example',
      roots: authority.roots,
    });
  server.addTicket('T1');
  const wallet = await openOn(storage);
  const person = valueOf(await wallet.enrol('T1'));
  return { authority, clocks, server, storage, wallet, person, openOn, open: () => openOn(storage) };
}

test('with a PIN nothing of a person is there until it is given', async () => {
  const { authority, clocks, wallet, person, open } = await world();
  assert.equal(wallet.lock, 'none');
  valueOf(await wallet.setPin(pin));
  assert.equal(wallet.lock, 'open');
  assert.equal(wallet.frame(person.id).ok, true, 'whoever has set it goes on');

  const again = await open();
  assert.deepEqual([again.lock, again.state], ['locked', 'locked']);
  assert.deepEqual(again.people(), []);
  assert.equal(again.frame(person.id).code, 'wallet.locked');
  assert.equal((await again.enrol('T2')).code, 'wallet.locked');
  assert.deepEqual((await again.refresh()).renewed, []);
  assert.equal((await again.unlock('280518')).code, 'wallet.pin-wrong');
  valueOf(await again.unlock('２８０５１９ '));
  assert.equal(again.people()[0].maskedName, '张*丰');
  assert.equal(authority.verify(valueOf(again.frame(person.id)).text, clocks.seconds).verdict, 'admit');

  await again.lockNow();
  assert.deepEqual([again.lock, again.people()], ['locked', []]);
});

test('renewed and newly enrolled under a PIN, everybody is under it', async () => {
  const { server, wallet, person, open } = await world();
  valueOf(await wallet.setPin(pin));
  server.addTicket('T2', { identity: { fullName: '李四', idNumber: '11010519491231002X' } });
  valueOf(await wallet.renew(person.id));
  valueOf(await wallet.enrol('T2'));
  const again = await open();
  assert.deepEqual(again.people(), []);
  valueOf(await again.unlock(pin));
  assert.deepEqual(again.people().map(({ maskedName }) => maskedName), ['张*丰', '李*']);
});

test('a copy of everything that is stored, host key included, stays shut without the PIN', async () => {
  const { storage, wallet, openOn } = await world();
  const before = storage.copy();
  assert.equal((await openOn(before)).people().length, 1, 'without a PIN the whole copy opens');
  valueOf(await wallet.setPin(pin));
  const thief = await openOn(storage.copy());
  assert.equal(thief.lock, 'locked');
  assert.equal((await thief.unlock('111111')).code, 'wallet.pin-wrong');
  assert.deepEqual(thief.people(), []);
  const record = storage.keys().find((key) => key.startsWith('wallet/person-'));
  assert.equal(storage.keys().filter((key) => key.startsWith('wallet/person-')).length, 1, 'what was sealed before is gone');
  const stored = (await storage.get(record)).subarray(11);
  assert.equal(module.openRecord(stored, new Uint8Array(32).fill(7)).code, 'vault.unreadable');
});

test('a copy of the stored content without the host key does not even take the PIN', async () => {
  const { storage, wallet, openOn } = await world();
  valueOf(await wallet.setPin(pin));
  await assert.rejects(openOn(storage.copy(), new Uint8Array(32).fill(8)), { code: 'wallet.key-unreadable' });
});

test('wrong PINs have to wait longer and longer, also after a restart', async () => {
  const { clocks, wallet, open } = await world();
  valueOf(await wallet.setPin(pin));
  let again = await open();
  const waits = [];
  for (let wrong = 0; wrong < 6; wrong++) {
    assert.equal((await again.unlock('000111')).code, 'wallet.pin-wrong');
    const wait = await again.pinWaitSeconds();
    waits.push(wait);
    again = await open();
    assert.equal(await again.pinWaitSeconds(), wait);
    if (wait > 0) assert.equal((await again.unlock(pin)).code, 'wallet.pin-wait');
    clocks.pass(wait);
  }
  assert.deepEqual(waits, [0, 0, 10, 30, 60, 300]);
  valueOf(await again.unlock(pin));
  await again.lockNow();
  assert.equal((await again.unlock('000111')).code, 'wallet.pin-wrong');
  assert.equal(await again.pinWaitSeconds(), 0, 'the right one ends the row');
});

test('an attempt that cannot be counted is not made', async () => {
  const { storage, wallet, open } = await world();
  valueOf(await wallet.setPin(pin));
  const again = await open();
  storage.failAt(1, 'refused');
  assert.equal((await again.unlock(pin)).code, 'storage.failed');
  assert.equal(again.lock, 'locked');
});

test('a PIN that is tried first is not taken', async () => {
  const { wallet } = await world();
  for (const weak of ['', '12345', '123456', '987654321', '000000', 'short', 'aaaaaaaa', ' 12345 ', 'x'.repeat(129)]) {
    assert.equal((await wallet.setPin(weak)).code, 'wallet.pin-weak', weak);
  }
  assert.equal(wallet.lock, 'none');
  valueOf(await wallet.setPin('春眠不觉晓处处闻'));
});

test('changed and removed with the present PIN only', async () => {
  const { wallet, open, person } = await world();
  valueOf(await wallet.setPin(pin));
  assert.equal((await wallet.setPin('739154', '739154')).code, 'wallet.pin-wrong');
  valueOf(await wallet.setPin('739154', pin));
  let again = await open();
  assert.equal((await again.unlock(pin)).code, 'wallet.pin-wrong');
  valueOf(await again.unlock('739154'));
  assert.equal((await again.removePin(pin)).code, 'wallet.pin-wrong');
  valueOf(await again.removePin('739154'));
  again = await open();
  assert.equal(again.lock, 'none');
  assert.equal(again.frame(person.id).ok, true);
});

test('killed at any write while setting a PIN, the code opens with it or without it', async () => {
  for (let failAt = 1, done = false; !done; failAt++) {
    for (const mode of ['refused', 'torn', 'done-but-reported-failed']) {
      const { storage, wallet, person, open } = await world();
      storage.failAt(failAt, mode);
      await wallet.setPin(pin);
      done = !storage.hasFailed;
      storage.heal();
      const again = await open();
      if (again.lock === 'locked') valueOf(await again.unlock(pin));
      assert.equal(again.frame(person.id).ok, true, `write ${failAt} ${mode}`);
    }
  }
});

test('a window that does not know of the PIN stores nothing beside it', async () => {
  const { clocks, wallet, person, open } = await world();
  const other = await open();
  valueOf(await wallet.setPin(pin));
  clocks.pass(50_000);
  assert.equal((await other.renew(person.id)).code, 'storage.changed');
  assert.equal((await other.setPin('739154')).code, 'storage.changed');
  const again = await open();
  valueOf(await again.unlock(pin));
  assert.equal(again.people().length, 1);
});

test('a forgotten PIN: everything is removed, and a new ticket makes a new code', async () => {
  const { server, storage, wallet, open } = await world();
  valueOf(await wallet.setPin(pin));
  valueOf(await sdk.Wallet.erase(nodeHost({ storage })));
  assert.deepEqual(storage.keys(), []);
  const again = await open();
  assert.deepEqual([again.lock, again.state], ['none', 'empty']);
  server.addTicket('T9');
  valueOf(await again.enrol('T9'));
});
