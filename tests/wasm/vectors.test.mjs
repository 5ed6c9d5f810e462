// SPDX-License-Identifier: Apache-2.0
// The golden vectors of tests/vectors, through the package: the same inputs, the same outcomes as natively.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from './support/paths.mjs';
import { nodeHost, sdk } from './support/sdk.mjs';
import { runVectors, vectorFiles } from './support/vector-runs.mjs';

const wallet = await sdk.loadWallet(nodeHost());
const gate = await sdk.loadGate(nodeHost());
const read = (name) => JSON.parse(readFileSync(join(repository, `tests/vectors/${name}.json`), 'utf8'));
const content = Object.fromEntries(vectorFiles.map((name) => [name, read(name)]));

for (const { what, ran, of, wrong } of runVectors({ wallet, gate, content })) {
  test(`${what}: ${ran} of ${of} records`, () => {
    assert.ok(ran > 0);
    assert.deepEqual(wrong, []);
  });
}

test('a vector that expects something else is told', () => {
  const altered = structuredClone(content);
  altered.credential.records[0].expected = { error: 'ok' };
  const { wrong } = runVectors({ wallet, gate, content: altered }).find(({ what }) => what === 'credential');
  assert.deepEqual(wrong, [altered.credential.records[0].name]);
});
