// SPDX-License-Identifier: Apache-2.0
// What operators need: health, readiness, metrics, logs without people in them, backups.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

test("it is there under the command's name", () => {
  const served = spawnSync(join(dirname(programs.server), 'liangma'), ['serve', 'desk-code', 'nowhere', '--data', 'missing'], { encoding: 'utf8' });
  assert.match(served.stderr, /^liangma-server: /);
});

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

test('the authority can be served alone', async () => {
  await withServer(async (other) => {
    assert.equal((await other.post('/api/enrol/challenge', {})).status, 200);
    assert.equal((await other.call('/api/clinic/departments')).status, 404);
  }, { options: ['--demo', 'authority'] });
  const data = makeDataFolder();
  await (await new Server(data).listening()).kill();
  const settings = JSON.parse(readFileSync(join(data, 'server.json'), 'utf8'));
  delete settings.authority;
  writeFileSync(join(data, 'server.json'), JSON.stringify(settings));
  const refused = run('authority', '--port', '0', '--data', data);
  assert.deepEqual([refused.status, /names no authority/.test(refused.stderr)], [64, true]);
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

/** The first 8 bytes of a key's thumbprint, by which a credential names who signed it. */
function keyId(publicKey) {
  const coseKey = Buffer.concat([Buffer.from('a301012006215820', 'hex'), Buffer.from(publicKey, 'base64url')]);
  return createHash('sha256').update(coseKey).digest().subarray(0, 8);
}

const signedBy = (credential, publicKey) => Buffer.from(credential, 'base64url').includes(keyId(publicKey));

test('what is wrong with a folder or a passphrase is said of that one', async () => {
  const data = makeDataFolder();
  await (await new Server(data).listening()).kill();
  const missing = join(data, 'missing');
  const backup = join(data, 'copy');
  const refused = [
    [['backup', backup, '--data', missing], {}, `${missing}: there is no such folder`],
    [['authority', '--port', '0', '--data', missing], {}, `${missing}: there is no such folder`],
    [['erase', '--purpose', 'declaration', '--packs', missing, '--data', data], {}, `${missing}: there is no such folder`],
    [['authority', '--port', '0', '--packs', missing, '--data', data], {}, `${missing}: there is no such folder`],
    [['rotate-key', '--seal', '--data', data], { LIANGMA_PASSPHRASE: 'right' }, undefined],
    [['authority', '--port', '0', '--data', data], { LIANGMA_PASSPHRASE: 'wrong' }, 'the passphrase in LIANGMA_PASSPHRASE is not that of this key', 1],
  ];
  for (const [args, env, words, code = 64] of refused) {
    const { status, stderr } = spawnSync(programs.server, args, { encoding: 'utf8', env: { ...process.env, ...env } });
    assert.deepEqual([status, stderr.includes(words ?? '')], [words ? code : 0, true], stderr);
  }
  assert.deepEqual([missing, backup, `${backup}.part`].filter(existsSync), []);
});

test('a new key on a full disk is made once there is room', async () => {
  const data = makeDataFolder();
  await (await new Server(data).listening()).kill();
  const full = spawnSync('bash', ['-c', 'ulimit -f 0; exec "$@"', 'bash', programs.server, 'rotate-key', '--data', data], { encoding: 'utf8' });
  assert.deepEqual([full.status, /cannot be written/.test(full.stderr)], [64, true], full.stderr);
  const made = run('rotate-key', '--data', data);
  assert.equal(made.status, 0, made.stderr);
});

test('a new key signs once the trust list names it, and the codes of the old one stay good', async () => {
  const person = await enrol(server, resident, (await tickets(server))[2].ticket);
  const made = run('rotate-key', '--data', server.data);
  assert.equal(made.status, 0, made.stderr);
  const publicKey = made.stdout.trim();
  assert.equal(signedBy(person.credential, publicKey), false);
  let renewed;
  for (let i = 0; i < 50 && !(renewed && signedBy(renewed, publicKey)); ++i) {
    await sleep(200);
    renewed = (await server.post('/api/renew', { proof: await prove(server, resident, person.key) })).body.credential;
  }
  assert.ok(signedBy(renewed, publicKey));
  const trust = await server.trust();
  for (const credential of [person.credential, renewed])
    assert.equal((await resident.do('credential', { ...trust, key: person.key, credential })).check, 'ok');
  const unknown = run('rotate-key', '--issuer', '999999', '--data', server.data);
  assert.deepEqual([unknown.status, /does not sign for it/.test(unknown.stderr)], [64, true]);
});

test('a sealed key opens with its passphrase from the environment, and a server without it does not start', async () => {
  const data = makeDataFolder();
  await (await new Server(data).listening()).kill();
  process.env.LIANGMA_PASSPHRASE = 'made up for this test';
  try {
    assert.equal(run('rotate-key', '--seal', '--data', data).status, 0);
    assert.doesNotMatch(readFileSync(join(data, 'keys/issuer-330100-2.json'), 'utf8'), /"d"/);
    await (await new Server(data).listening()).kill();
    process.env.LIANGMA_PASSPHRASE = 'another one';
    await assert.rejects(new Server(data).listening(), /vault.unreadable|issuer-330100-2.json/);
  } finally {
    delete process.env.LIANGMA_PASSPHRASE;
  }
  await assert.rejects(new Server(data).listening(), /passphrase/);
});

test('a key can stand in the environment', async () => {
  const data = makeDataFolder();
  await (await new Server(data).listening()).kill();
  const settings = JSON.parse(readFileSync(join(data, 'server.json'), 'utf8'));
  process.env.LIANGMA_TEST_KEY = readFileSync(join(data, settings.authority.key), 'utf8');
  rmSync(join(data, settings.authority.key));
  settings.authority.key = 'env:LIANGMA_TEST_KEY';
  writeFileSync(join(data, 'server.json'), JSON.stringify(settings));
  const other = await new Server(data).listening();
  const person = await enrol(other, resident, (await tickets(other))[0].ticket);
  await other.kill();
  assert.equal(person.reply.status, 201);
  delete process.env.LIANGMA_TEST_KEY;
  await assert.rejects(new Server(data).listening(), /LIANGMA_TEST_KEY/);
});
