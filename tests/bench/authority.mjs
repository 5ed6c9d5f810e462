// SPDX-License-Identifier: Apache-2.0
// How many residents an authority enrols and renews a second, with SQLite and as a city would run it (PostgreSQL,
// two processes, nginx), how fast its files are served, and what a province needs; tools/bench calls it.
//
// The client runs on the same machine, so that what it takes of the cores is missing in the figures.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Resident } from '../server/resident.mjs';
import { rawPublic } from './keys.mjs';

const zhejiang = 50_470_000;
const people = 60_000;
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '16' },
    bin: { type: 'string', default: 'build/bin' },
    only: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const bin = resolve(values.bin);

const cleanUp = [];
process.on('exit', () => cleanUp.forEach((each) => each()));
process.on('SIGINT', () => process.exit(130));

// ---- the phone

/** A device: an Ed25519 key, and the proof that SPEC.md 4.4 asks for. */
class Device {
  #key = generateKeyPairSync('ed25519');
  #public = rawPublic(this.#key);

  proof(issuer, nonce) {
    const now = Buffer.alloc(5, 0x1a);
    now.writeUInt32BE(Math.floor(Date.now() / 1000), 1);
    const payload = Buffer.concat([
      Buffer.from([0xa4, 0x03, 0x60 + issuer.length]), Buffer.from(issuer), Buffer.from([0x06]), now,
      Buffer.from('08a101a301012006215820', 'hex'), this.#public,
      Buffer.from([0x18, 39]), bytesHead(nonce), nonce,
    ]);
    const header = Buffer.from('a201321067' + Buffer.from('lmk+cwt').toString('hex'), 'hex');
    const toBeSigned = Buffer.concat([
      Buffer.from([0x84, 0x6a]), Buffer.from('Signature1'), bytesHead(header), header, Buffer.from([0x40]), bytesHead(payload), payload,
    ]);
    const signature = sign(null, toBeSigned, this.#key.privateKey);
    return Buffer.concat([Buffer.from([0xd2, 0x84]), bytesHead(header), header, Buffer.from([0xa0]), bytesHead(payload), payload,
      bytesHead(signature), signature]).toString('base64url');
  }
}

const bytesHead = ({ length }) => (length < 24 ? Buffer.from([0x40 + length]) : Buffer.from([0x58, length]));

// ---- requests

class Client {
  constructor(origin) {
    this.origin = origin;
    const settings = { keepAlive: true, maxSockets: connections * 2, rejectUnauthorized: false };
    this.library = origin.startsWith('https') ? https : http;
    this.agent = new this.library.Agent(settings);
  }

  call(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    return new Promise((done, failed) => {
      const request = this.library.request(this.origin + path, { method, headers, agent: this.agent }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const content = Buffer.concat(chunks);
          done({ status: response.statusCode, body: response.headers['content-type']?.includes('json') ? JSON.parse(content) : content });
        });
        response.on('error', failed);
      });
      request.on('error', failed);
      request.end(text);
    });
  }
}

/** Runs `once` on all connections until the time is over; gives what each took, in milliseconds. */
async function atFullSpeed(once, until) {
  const took = [];
  const start = performance.now();
  const end = start + until * 1000;
  await Promise.all(Array.from({ length: connections }, async (_, i) => {
    while (performance.now() < end) {
      const began = performance.now();
      if (await once(i)) took.push(performance.now() - began);
    }
  }));
  took.sort((a, b) => a - b);
  const perSecond = took.length / ((performance.now() - start) / 1000);
  return { perSecond, count: took.length, median: took[took.length >> 1], p99: took[Math.floor(took.length * 0.99)] };
}

// ---- servers

function spawnServer(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true, ...options });
  cleanUp.push(() => { try { process.kill(-child.pid, 'SIGTERM'); } catch { /* it has ended */ } });
  return child;
}

function folder() {
  const made = mkdtempSync(join(tmpdir(), 'liangma-authority-'));
  cleanUp.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** What the child writes, until it matches. */
function until(child, pattern) {
  return new Promise((done, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text = (text + chunk).slice(-20000);
      const found = pattern.exec(text);
      if (found) done(found);
    });
    child.on('close', () => failed(new Error(text)));
  });
}

async function startSqlite() {
  const data = folder();
  const child = spawnServer(join(bin, 'liangma-server'), ['--demo', '--port', '0', '--rate', '1000000', '--data', data]);
  const [, port] = await until(child, /"event":"listening","port":(\d+)/);
  return { name: 'SQLite, one process', database: `sqlite:${data}/authority.sqlite`, origin: `http://127.0.0.1:${port}`, data, child };
}

async function startPostgres() {
  const data = folder();
  const child = spawnServer('tools/start', ['--postgres', '--no-build', '--port', '0', '--data', data, '--', '--rate', '1000000'],
    { env: { ...process.env, LIANGMA_BIN: bin } });
  const [, origin] = await until(child, /wallet +(https:\/\/localhost:\d+)\/wallet\//);
  const database = `postgresql:///liangma?host=${data}/postgres&user=liangma`;
  return { name: 'PostgreSQL, two processes, nginx with TLS', database, origin, data, child };
}

async function stop({ child }) {
  const ended = new Promise((done) => child.on('close', done));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

// ---- people

/** Makes people like the first of the demo's, each with a ticket. @returns the tickets */
async function populate({ database }) {
  const resident = new Resident();
  const columns = 'full_name, id_type, id_number, phone, birth_date, sex, insured_region, card_number, region, issuer';
  const id = "substr('BAAAAAAAAAAAAAAAAAAAA', 1, 21 - length(CAST(n AS TEXT))) || CAST(n AS TEXT) || 'A'";
  await resident.rows(database, `INSERT INTO resident (authority, id, id_hash, ${columns}, note)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${people})
    SELECT authority, ${id}, 'bench-' || CAST(n AS TEXT), ${columns}, 'bench'
    FROM numbers, (SELECT * FROM resident WHERE note <> '' ORDER BY note LIMIT 1) AS one RETURNING id`);
  const tickets = Array.from({ length: people }, () => randomBytes(16).toString('base64url'));
  const digest = (ticket) => createHash('sha256').update(ticket).digest('base64url');
  const ids = (await resident.rows(database, "SELECT id FROM resident WHERE note = 'bench'")).flat();
  for (let i = 0; i < people; i += 1000) {
    const values = ids.slice(i, i + 1000).map((each, j) => `('330100', '${digest(tickets[i + j])}', '${each}', 0, 9999999999)`);
    await resident.rows(database, `INSERT INTO ticket (authority, digest, resident, created_at, expires_at) VALUES ${values} RETURNING digest`);
  }
  resident.close();
  return tickets;
}

// ---- measuring

class Authority {
  people = [];
  #tickets;

  constructor(origin, tickets) {
    this.client = new Client(origin);
    this.#tickets = tickets;
  }

  async #challenge() {
    const { body } = await this.client.call('POST', '/api/enrol/challenge', {});
    return [body.issuer, Buffer.from(body.nonce, 'base64url')];
  }

  async enrol() {
    const ticket = this.#tickets.pop();
    if (ticket === undefined) throw new Error('nobody is left to enrol');
    const device = new Device();
    const { status } = await this.client.call('POST', '/api/enrol', { ticket, proof: device.proof(...await this.#challenge()) });
    if (status === 201) this.people.push(device);
    return status === 201;
  }

  async renew(i) {
    const device = this.people[(i * 7919 + Math.floor(Math.random() * this.people.length)) % this.people.length];
    const { status } = await this.client.call('POST', '/api/renew', { proof: device.proof(...await this.#challenge()) });
    return status === 200;
  }
}

const whole = (number) => Math.round(number).toLocaleString('en');
const row = (what, { perSecond, count, median, p99 }) =>
  console.log(`| ${what} | ${whole(perSecond)} | ${median.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${whole(count)} |`);

/** What is published, by nginx, asked for by wrk. */
function serveFiles({ origin, data }) {
  const pack = readdirSync(join(data, 'public/packs')).find((name) => name.startsWith('330100'));
  for (const path of [`/packs/${pack}`, '/status/330100/0', '/trust/list.cbor']) {
    const { stdout, status, error } = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${Math.ceil(seconds / 3)}s`, '--latency', origin + path], { encoding: 'utf8' });
    if (status !== 0) throw error ?? new Error(stdout);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
    console.log(`| publish: ${path.replace(/-[\w-]{43}/, '-…')} | ${whole(perSecond)} | ${/50%\s+([\d.]+\S+)/.exec(stdout)[1]} | ${/99%\s+(\S+)/.exec(stdout)[1]} | |`);
    if (/Non-2xx/.test(stdout)) throw new Error(stdout);
  }
}

async function measure(server) {
  console.log(`\n**${server.name}**\n\n| | a second | median | p99 | in all |\n|---|--:|--:|--:|--:|`);
  const authority = new Authority(server.origin, await populate(server));
  row('enrol: challenge, proof, code', await atFullSpeed(() => authority.enrol(), seconds));
  const renewed = await atFullSpeed((i) => authority.renew(i), seconds);
  row('renew: challenge, proof, code', renewed);
  if (server.origin.startsWith('https')) serveFiles(server);
  await stop(server);
  return renewed.perSecond;
}

console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, the client among them; ${seconds} s and ${connections} connections each.`);
const rates = {};
if (values.only !== 'postgres') rates.sqlite = await measure(await startSqlite());
if (values.only !== 'sqlite') rates.postgres = await measure(await startPostgres());

const day = 24 * 3600;
const mean = zhejiang / day;
// A code lives a day and is renewed at a random moment of its second half; people look at it by day alone, so all
// of it falls into some sixteen hours.
const peak = (mean * 24) / 16;
console.log(`\n${whole(zhejiang)} residents with codes of 24 hours: ${whole(mean)} renewals a second on average; ${whole(peak)} at the peak, where all of `
  + 'them fall into 16 hours and jitter spreads them there.');
for (const [name, rate] of Object.entries(rates))
  console.log(`With ${name}, that is ${(peak / rate).toFixed(1)} machines like this one.`);
process.exit(0);
