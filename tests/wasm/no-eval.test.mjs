// SPDX-License-Identifier: Apache-2.0
// The whole thread again where code may not be made from strings, as under a page's strict CSP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const flag = '--disallow-code-generation-from-strings';

function run(args) {
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  return spawnSync(process.execPath, [flag, ...args], { encoding: 'utf8', env });
}

test('the flag does what it says', () => {
  assert.match(run(['--eval', 'new Function("return 1")']).stderr, /EvalError/);
});

for (const file of ['thread', 'wallet', 'gate', 'vault', 'wx']) {
  test(`${file} passes without code generation from strings`, () => {
    const { status, stdout, stderr } = run([join(here, `${file}.test.mjs`)]);
    assert.equal(status, 0, stdout.slice(-3000) + stderr.slice(-2000));
    assert.match(stdout, /# fail 0|fail 0/);
  });
}
