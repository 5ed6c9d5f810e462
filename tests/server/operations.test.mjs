// SPDX-License-Identifier: Apache-2.0
// What operators need: health, readiness, metrics, logs without people in them, backups.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server, withServer } from './server.mjs';
import { enrol, prove, tickets } from './wallet.mjs';

let server;
let resident;
before(async () => {
  resident = new Resident();
  server = await new Server(makeDataFolder()).listening();
});
after(async () => {
  resident.close();
  await server.kill();
});

const run = (...args) => spawnSync(programs.server, args, { encoding: 'utf8' });

async function metric(name) {
  const { body } = await server.call('/metrics');
  const line = body.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

test('it is alive and ready, and says so', async () => {
  assert.deepEqual((await server.call('/healthz')).body, { status: 'ok' });
  assert.deepEqual((await server.call('/readyz')).body, { status: 'ready' });
});

test('it is not ready where its tables do not answer, while it is still alive', async () => {
  await withServer(async (other) => {
    assert.equal((await other.call('/readyz')).status, 200);
    const file = join(other.data, 'authority.sqlite');
    for (const part of [file, `${file}-wal`, `${file}-shm`]) writeFileSync(part, Buffer.alloc(statSync(part).size, 0xff), { flag: 'r+' });
    const ready = await other.call('/readyz');
    assert.deepEqual([ready.status, ready.body.code], [503, 'server.storage']);
    assert.equal((await other.call('/healthz')).status, 200);
  });
});

test('metrics count requests by route and status, in Prometheus’ format', async () => {
  const name = 'liangma_http_requests_total{method="POST",route="/api/enrol/challenge",status="200"}';
  const { headers, body } = await server.call('/metrics');
  assert.match(headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  for (const line of body.trimEnd().split('\n')) assert.match(line, /^(# (HELP|TYPE) [a-z_:]+ .+|[a-z_:]+(\{.*\})? \S+)$/);
  const earlier = (await metric(name)) ?? 0;
  await server.post('/api/enrol/challenge', {});
  await server.post('/api/enrol/challenge', {});
  assert.equal(await metric(name), earlier + 2);
  assert.ok((await metric('liangma_http_request_seconds_count{method="POST",route="/api/enrol/challenge"}')) >= 2);
  assert.ok((await metric('liangma_trust_list_version')) >= 1);
  assert.ok((await metric('liangma_trust_list_expires_seconds')) > Date.now() / 1000);
});

test('metrics are there for this machine alone', async () => {
  await withServer(async (other) => {
    const from = (address) => other.call('/metrics', { headers: { 'X-Forwarded-For': address } });
    assert.equal((await from('203.0.113.7')).status, 404);
    assert.equal((await from('127.0.0.1')).status, 200);
  }, { options: ['--demo', '--trusted-proxy', '127.0.0.1'] });
});

test('neither log nor metrics hold what a client sent', async () => {
  await server.call('/api/%E5%BC%A0%E4%B8%89?token=secret-7531');
  await server.post('/api/enrol', { ticket: 'secret-7531', proof: 'AAAA' });
  const person = await enrol(server, resident, (await tickets(server))[0].ticket);
  const { body } = await server.call('/metrics');
  for (const text of [server.log, body]) {
    for (const secret of ['secret-7531', '张', '%E5', person.credential, '127.0.0.1']) assert.ok(!text.includes(secret), secret);
  }
  for (const line of server.log.trimEnd().split('\n')) assert.ok(JSON.parse(line).event);
});

test('a backup of a running server, restored, knows everybody and renews their codes', async () => {
  const person = await enrol(server, resident, (await tickets(server))[1].ticket);
  const backup = join(makeDataFolder(), 'backup');
  const made = run('backup', backup, '--data', server.data);
  assert.equal(made.status, 0, made.stderr);
  assert.equal(spawnSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: backup }).status, 0);
  assert.equal(statSync(backup).mode & 0o077, 0);
  const data = join(makeDataFolder(), 'restored');
  const restored = run('restore', backup, '--data', data);
  assert.equal(restored.status, 0, restored.stderr);
  assert.equal(readFileSync(join(data, 'keys/root.json'), 'utf8'), readFileSync(join(server.data, 'keys/root.json'), 'utf8'));
  const other = await new Server(data).listening();
  const again = await other.post('/api/renew', { proof: await prove(other, resident, person.key) });
  await other.kill();
  assert.equal(again.status, 200);
});

test('a backup that was damaged, or would cover something, is refused, and nothing is left', async () => {
  const backup = join(makeDataFolder(), 'backup');
  assert.equal(run('backup', backup, '--data', server.data).status, 0);
  assert.equal(run('backup', backup, '--data', server.data).status, 64);
  assert.equal(run('restore', backup, '--data', server.data).status, 64);
  appendFileSync(join(backup, 'authority.sqlite'), 'x');
  const data = join(makeDataFolder(), 'restored');
  const refused = run('restore', backup, '--data', data);
  assert.deepEqual([refused.status, existsSync(data), existsSync(`${data}.part`)], [65, false, false]);
});
