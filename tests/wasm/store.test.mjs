// SPDX-License-Identifier: Apache-2.0
// A commit is seen wholly or not at all, whichever write fails or is cut short.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeHost, sdk } from './support/sdk.mjs';
import { FailingStorage } from './support/storage.mjs';

const bytes = (text) => new TextEncoder().encode(text);

async function contents(storage) {
  const store = await sdk.SafeStore.open(nodeHost({ storage }), 'test');
  const entries = await Promise.all(
    store.names.map(async (name) => [name, String(Buffer.from(await store.get(name)))]),
  );
  return Object.fromEntries(entries.sort());
}

async function commit(storage, changes) {
  const store = await sdk.SafeStore.open(nodeHost({ storage }), 'test');
  await store.commit(
    Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value && bytes(value)])),
  );
}

const before = { x: 'x0', y: 'y0', z: 'z0' };
const changes = { x: 'x1', y: undefined, w: 'w1' };
const after = { w: 'w1', x: 'x1', z: 'z0' };

for (const mode of ['refused', 'torn', 'done-but-reported-failed']) {
  test(`a write that is ${mode} leaves all of the old or all of the new`, async () => {
    const seen = new Set();
    for (let failAt = 1; ; failAt++) {
      const storage = new FailingStorage();
      await commit(storage, before);
      storage.failAt(failAt, mode);
      const failed = await commit(storage, changes).then(
        () => false,
        () => true,
      );
      const didFail = storage.hasFailed;
      storage.heal();
      const now = await contents(storage);
      assert.ok(
        [before, after].some((state) => JSON.stringify(state) === JSON.stringify(now)),
        JSON.stringify(now),
      );
      if (!failed) assert.deepEqual(now, after);
      seen.add(JSON.stringify(now));
      await commit(storage, changes);
      assert.deepEqual(await contents(storage), after, 'the next commit goes through');
      if (!didFail) break;
    }
    assert.equal(seen.size, 2, 'both states were met');
  });
}

test('what was removed is gone from the storage, now or at the next commit', async () => {
  const storage = new FailingStorage();
  await commit(storage, { secret: 's' });
  await commit(storage, { secret: 't' });
  storage.failRemoves = true;
  await commit(storage, { secret: undefined });
  assert.equal(storage.keys().filter((key) => key.includes('secret')).length, 2);
  storage.failRemoves = false;
  await commit(storage, { other: 'o' });
  assert.deepEqual(
    storage.keys().filter((key) => key.includes('secret')),
    [],
  );
});

test('two that share a storage do not undo each other', async () => {
  const storage = new FailingStorage();
  const one = await sdk.SafeStore.open(nodeHost({ storage }), 'test');
  const two = await sdk.SafeStore.open(nodeHost({ storage }), 'test');
  await one.commit({ x: bytes('1') });
  await two.commit({ y: bytes('2') });
  await one.commit({ z: bytes('3') });
  assert.deepEqual(await contents(storage), { x: '1', y: '2', z: '3' });
});
