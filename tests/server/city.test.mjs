// SPDX-License-Identifier: Apache-2.0
// tools/start --postgres: two servers on one PostgreSQL behind nginx, as a city would run it, one of them killed under load.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { databases } from './databases.mjs';
import { assertAuthorityKept } from './kept.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder } from './server.mjs';
import { prove, tickets } from './wallet.mjs';

const start = fileURLToPath(new URL('../../tools/start', import.meta.url));
const hasNginx = spawnSync('nginx', ['-v']).status === 0 && spawnSync('openssl', ['version']).status === 0;
const hasWrk = !spawnSync('wrk', ['-v']).error;
const skip = databases[1].skip || (hasNginx ? false : 'skipped, no nginx');

/** What tools/start runs, asked through nginx. */
class City {
  data = makeDataFolder();
  database = `postgresql:///liangma?host=${this.data}/postgres&user=liangma`;
  text = '';
  #agent;

  async start() {
    const options = ['--postgres', '--no-build', '--data', this.data, '--port', '0', '--', '--rate', '6000'];
    const env = { ...process.env, LIANGMA_BIN: dirname(programs.server) };
    this.child = spawn(start, options, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => { this.child.on('close', resolve); });
    await new Promise((resolve, reject) => {
      const take = (chunk) => { this.text += chunk; if (/Otherwise put a proxy/.test(this.text)) resolve(); };
      this.child.stdout.on('data', take);
      this.child.stderr.on('data', take);
      this.child.on('close', () => reject(new Error(this.text)));
    });
    this.origin = /wallet +(https:\/\/localhost:\d+)\//.exec(this.text)[1];
    this.#agent = new https.Agent({ ca: readFileSync(join(this.data, 'nginx/tls.crt')), keepAlive: true });
    return this;
  }

  /** The processes that tools/start has begun. */
  children(name) {
    const { pid } = this.child;
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    return pids.filter((each) => readFileSync(`/proc/${each}/comm`, 'utf8').startsWith(name));
  }

  /** A connection that breaks is `net.unreachable`, as to a phone, even in the midst of a reply. */
  call(path, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const broken = ({ message }) => resolve({ status: 0, body: { code: 'net.unreachable', message } });
      const request = https.request(this.origin + path, { method, headers, agent: this.#agent }, (response) => {
        response.toArray().then((chunks) => {
          const bytes = Buffer.concat(chunks);
          const type = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode, headers: response.headers, bytes,
            body: type.includes('json') ? JSON.parse(bytes.toString()) : bytes.toString() });
        }, broken).catch(reject);
      });
      request.on('error', broken);
      request.end(body);
    });
  }

  post(path, content, headers = {}) {
    return this.call(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(content) });
  }

  async trust() {
    const { roots } = (await this.call('/config.json')).body;
    return { roots, trust: (await this.call('/trust/list.cbor')).bytes.toString('base64url') };
  }

  /** Sends the same request until a server answers it, as a phone does. */
  async insist(path, content) {
    const headers = { 'Idempotency-Key': `"${randomUUID()}"` };
    for (let tries = 1; ; tries += 1) {
      const reply = await this.post(path, content, headers);
      if (reply.body.code !== 'net.unreachable' || tries > 50) return { ...reply, tries };
      await sleep(50);
    }
  }

  close() {
    this.#agent?.destroy();
    try { process.kill(this.child.pid, 'SIGTERM'); } catch { /* it has ended */ }
    return this.ended;
  }
}

describe('a city', { skip }, () => {
  let city;
  let resident;
  before(async () => {
    resident = new Resident();
    city = await new City().start();
  });
  after(async () => {
    resident.close();
    await city.close();
  });

  /** A proof for a fresh challenge, whichever server is there. */
  async function proofOf(key) {
    for (;;) {
      try {
        return await prove(city, resident, key);
      } catch (error) {
        if (!/json|undefined|audience|nonce/i.test(error.message)) throw error;
        await sleep(50);
      }
    }
  }

  async function enrolNext(list, i) {
    const { key } = await resident.do('newKey');
    const { status, body } = await city.insist('/api/enrol', { ticket: list[i].ticket, proof: await proofOf(key) });
    assert.equal(status, 201);
    return { key, credential: body.credential, record: body.record };
  }

  test('published files come from nginx, each to be kept for its time, and are known again', async () => {
    const cases = [
      ['/trust/list.cbor', 'application/cose', 'no-cache'],
      ['/status/330100/0', 'application/statuslist+cwt', 'public, max-age=300'],
      ['/status/index.json', 'application/json', 'no-cache'],
    ];
    for (const [path, type, keep] of cases) {
      const { status, headers, bytes } = await city.call(path);
      assert.deepEqual([status, headers['content-type'], headers['cache-control'], headers['access-control-allow-origin']], [200, type, keep, '*']);
      assert.ok(bytes.equals(readFileSync(join(city.data, 'public', path))));
      assert.equal((await city.call(path, { headers: { 'If-None-Match': headers.etag } })).status, 304);
    }
    for (const path of ['/status/', '/packs/330100-1-AAAA.json', '/trust/.lock', '/.lock', '/log/../server.json'])
      assert.deepEqual([(await city.call(path)).status, (await city.call(path)).body.code], [404, 'http.not-found'], path);
  });

  test('metrics are not shown, a large body is refused, a desk is let in', async () => {
    assert.equal((await city.call('/readyz')).status, 200);
    const metrics = await city.call('/metrics');
    assert.deepEqual([metrics.status, metrics.body.code], [404, 'http.not-found']);
    const large = await city.post('/api/enrol', { ticket: 'x'.repeat(40_000) });
    assert.deepEqual([large.status, large.body.code], [413, 'http.too-large']);
    const [, code] = /\/desk\/#code=([2-9A-Z]{10})\n/.exec(city.text);
    assert.equal((await city.post('/api/clinic/sessions', { code })).status, 201);
    assert.match(city.text, /\/bureau\/#invite=[^\s]{8,}\n/);
  });

  test('where it runs already, the addresses are said again', () => {
    const env = { ...process.env, LIANGMA_BIN: dirname(programs.server) };
    const second = spawnSync(start, ['--postgres', '--no-build', '--data', city.data], { env, encoding: 'utf8' });
    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stdout, /running already/);
    assert.ok(second.stdout.includes(`${city.origin}/wallet/`));
  });

  test('one address cannot ask without end', { skip: hasWrk ? false : 'skipped, no wrk' }, async () => {
    const crowd = spawn('wrk', ['-t1', '-c64', '-d30s', `${city.origin}/api/time`], { stdio: 'ignore' });
    const gone = new Promise((resolve) => { crowd.on('close', resolve); });
    let reply;
    do reply = await city.call('/api/time');
    while (reply.status === 200 && crowd.exitCode === null);
    crowd.kill();
    await gone;
    assert.deepEqual([reply.status, reply.body.code], [429, 'http.rate-limited']);
    await sleep(1000);
  });

  test('one server killed under load: what was answered is kept, nothing is issued twice, the lists go on', async (t) => {
    const list = await tickets(city);
    const people = [];
    for (let i = 0; i < 6; i += 1) people.push(await enrolNext(list, i));
    const answered = { credentials: [...people], records: new Set(people.map(({ record }) => record)) };
    let living = true;
    let again = 0;
    const lives = people.map(async ({ key }) => {
      while (living) {
        const { status, body, tries } = await city.insist('/api/renew', { proof: await proofOf(key) });
        assert.equal(status, 200, JSON.stringify(body));
        if (tries > 1) again += 1;
        answered.credentials.push({ key, credential: body.credential });
      }
    });
    await sleep(1500);
    const servers = city.children('liangma-server');
    assert.equal(servers.length, 2);
    const before = answered.credentials.length;
    process.kill(servers[0], 'SIGKILL');
    await sleep(2500);
    living = false;
    await Promise.all(lives);
    assert.ok(before > 20 && answered.credentials.length > before + 20, `${before}, then ${answered.credentials.length}`);
    await assertAuthorityKept(city.data, city.database, resident, await city.trust(), answered);
    const [[issued]] = await resident.rows(city.database, 'SELECT CAST(count(*) AS TEXT) FROM issuance');
    assert.equal(Number(issued), answered.credentials.length, 'a request that was sent again was answered twice');

    // The one that is left publishes from now on: a code that is withdrawn is so in what nginx serves.
    const { key, credential } = people[0];
    const trust = await city.trust();
    const { issuer, statusIndex } = await resident.do('credential', { ...trust, key, credential });
    const command = ['status', '--data', city.data, '--database', city.database, '--index', String(statusIndex), 'invalid'];
    assert.equal(spawnSync(programs.server, command).status, 0);
    let status;
    for (let i = 0; i < 100 && status !== 1; i += 1) {
      await sleep(200);
      const token = (await city.call(`/status/${issuer}/0`)).bytes.toString('base64url');
      status = (await resident.do('status', { ...trust, issuer, statusIndex, token })).value;
    }
    assert.equal(status, 1);
    t.diagnostic(`${answered.credentials.length} credentials, ${again} of them asked for again`);
  });

  test('a backup holds the database, and becomes another city', () => {
    const folder = join(makeDataFolder(), 'backup');
    const run = (...args) => spawnSync(programs.server, args, { encoding: 'utf8' });
    const made = run('backup', folder, '--data', city.data, '--database', city.database);
    assert.equal(made.status, 0, made.stderr);
    const other = databases[1].make();
    const data = join(makeDataFolder(), 'restored');
    assert.match(run('restore', folder, '--data', data).stderr, /--database: is needed/);
    const restored = run('restore', folder, '--data', data, '--database', other);
    assert.equal(restored.status, 0, restored.stderr);
    const verify = (folderOf, database) => JSON.parse(run('log', 'verify', '--data', folderOf, '--database', database).stdout);
    const report = verify(data, other);
    assert.deepEqual(report.faults, []);
    assert.ok(report.records >= 6);
    assert.equal(run('backup', `${folder}-2`, '--data', city.data, '--database', 'postgresql:///none?host=/nowhere').status, 64);
  });

  test('Ctrl-C ends all of it', async () => {
    const pids = ['liangma-server', 'nginx', 'postgres'].flatMap((name) => city.children(name));
    assert.equal(pids.length, 3);
    process.kill(-city.child.pid, 'SIGINT');
    assert.equal(await city.ended, 0);
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.doesNotMatch(readFileSync(join(city.data, 'postgres/server.log'), 'utf8'), /PANIC|was not properly shut down/);
  });
});
