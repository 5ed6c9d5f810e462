// SPDX-License-Identifier: Apache-2.0
// tools/start: one server a data folder, nothing readable by others, no process left behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programs } from './programs.mjs';
import { makeDataFolder } from './server.mjs';

const start = fileURLToPath(new URL('../../tools/start', import.meta.url));
const data = makeDataFolder();
const options = ['--no-build', '--data', data, '--port', '0'];
const settings = { env: { ...process.env, LIANGMA_BIN: dirname(programs.server) }, encoding: 'utf8' };

/** Starts it in a group of its own, as a terminal does, and waits for what it prints. */
async function run() {
  const child = spawn(start, options, { ...settings, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  let text = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => { text += chunk; if (/Otherwise put a proxy/.test(text)) resolve(); });
    child.on('close', () => reject(new Error(text)));
  });
  return { child, ended, text };
}

const deskOf = (text) => /(http:\/\/localhost:\d+)\/desk\/#code=([2-9A-Z]{10})\n/.exec(text).slice(1);

async function logIn([origin, code]) {
  const headers = { 'Content-Type': 'application/json' };
  const reply = await fetch(`${origin}/api/clinic/sessions`, { method: 'POST', headers, body: JSON.stringify({ code }) });
  return reply.status;
}

let first;
before(async () => { first = await run(); });
after(() => { try { process.kill(-first.child.pid, 'SIGKILL'); } catch { /* it has ended */ } });

test('it prints addresses, and desks that let in once', async () => {
  const desk = deskOf(first.text);
  assert.equal(await logIn(desk), 201);
  assert.equal(await logIn(desk), 403);
});

test('a second one leaves the first alone, and prints its addresses with fresh codes', async () => {
  const log = readFileSync(join(data, 'server.log'), 'utf8');
  const second = spawnSync(start, options, settings);
  assert.equal(second.status, 0, second.stderr);
  assert.match(second.stdout, /running already/);
  const [origin, code] = deskOf(second.stdout);
  assert.deepEqual([origin, code === deskOf(first.text)[1]], [deskOf(first.text)[0], false]);
  assert.ok(readFileSync(join(data, 'server.log'), 'utf8').startsWith(log), 'the log is whole');
  assert.equal(await logIn([origin, code]), 201);
});

test('nothing in the data folder can be read by others', () => {
  const open = readdirSync(data, { recursive: true }).filter((name) => statSync(join(data, name)).mode & 0o077);
  assert.deepEqual(open, []);
  assert.equal(statSync(data).mode & 0o077, 0);
});

test('it forgets nothing while it runs', () => {
  const reset = spawnSync(start, [...options, '--reset'], settings);
  assert.equal(reset.status, 75);
  assert.ok(existsSync(join(data, 'server.json')));
});

test('Ctrl-C ends it, and no process is left', async () => {
  process.kill(-first.child.pid, 'SIGINT');
  assert.equal(await first.ended, 0);
  assert.throws(() => process.kill(-first.child.pid, 0), { code: 'ESRCH' });
});

test('--reset makes another country', async () => {
  const root = readFileSync(join(data, 'keys/root.json'), 'utf8');
  options.push('--reset');
  first = await run();
  assert.notEqual(readFileSync(join(data, 'keys/root.json'), 'utf8'), root);
  process.kill(-first.child.pid, 'SIGTERM');
  assert.equal(await first.ended, 0);
});
