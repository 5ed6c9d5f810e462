// SPDX-License-Identifier: Apache-2.0
// Hostile input to the `liangma` command: LIANGMA_BIN=DIR node --test hostile.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const binary = join(resolve(process.env.LIANGMA_BIN ?? join(here, '../../build/bin')), 'liangma');
const vectors = process.env.LIANGMA_VECTORS ?? resolve(here, '../../../shared/vectors');
const NOW = '1771600000';
const WORKERS = 2;
// LIANGMA_THOROUGH=1 takes all of the strings and files; otherwise every eighth of them.
const kEvery = process.env.LIANGMA_THOROUGH ? 1 : 8;
const some = (items) => items.filter((_, index) => index % kEvery === 0);

let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liangma-hostile-'));
  const world = await run('bash', ['-c', `PATH="${dirname(binary)}:$PATH"; . "${join(here, 'world.sh')}"; world`]);
  assert.equal(world.exit, 0, world.stderr);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in the test's folder; `exit` is a signal's name where it was killed. */
function run(program, args, stdin = '') {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: folder });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.stdin.on('error', () => {}); // it may have ended without reading
    child.on('error', fail);
    child.on('close', (code, signal) => {
      done({ exit: signal ?? code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(stdin);
  });
}

/** Runs `liangma`; fails unless it ends in one of the expected ways and no sanitizer complains. */
async function liangma(args, stdin, expected, what) {
  const got = await run(binary, args, stdin);
  const told = `${what}: liangma ${args[0]}: exit ${got.exit}: ${got.stderr}`;
  assert.ok(expected.includes(got.exit), told);
  assert.ok(!/Sanitizer|runtime error/.test(got.stderr), told);
  return got;
}

async function forEachParallel(items, work) {
  const rest = [...items.entries()];
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/** The vectors' folder of this name, or null, having said that the test is skipped. */
function vectorFolder(t, name) {
  const path = join(vectors, name);
  if (existsSync(path)) return path;
  t.skip('skipped, no vectors');
  return null;
}

function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** A small generator of repeatable pseudo-random bytes (xorshift32). */
function randomBytes(seed, size) {
  let state = seed * 2654435761 + 1;
  return Uint8Array.from({ length: size }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

const encodeNonce = (number) => number.toString(16).padStart(32, 'a');

const jsonReaders = {
  claims: (file) => ['issue', '--key', 'issuer.json', '--iss', '330100', '--device', 'A'.repeat(43), '--claims', file],
  paper: (file) => ['paper', '--key', 'issuer.json', '--iss', '330100', '--claims', file],
  signingKey: (file) => ['show', '--credential', 'c.cred', '--device-key', file],
  sealingKey: (file) => ['open', '--key', file, '--request-nonce', '00'.repeat(16), '--verifier', 'H1', '--trust', 'trust.json', 'x'],
  trustFile: (file) => ['verify', '--trust', file, 'x'],
  trustContent: (file) => ['trust', 'build', '--content', file, '--root', 'root.json'],
};

for (const [reader, args] of Object.entries(jsonReaders)) {
  test(`JSONTestSuite: no file is taken for a ${reader}`, async (t) => {
    const path = vectorFolder(t, 'json/test_parsing');
    if (!path) return;
    const names = readdirSync(path).filter((name) => name.startsWith('n_') || reader === 'claims');
    await forEachParallel(reader === 'claims' ? names : some(names), (name) => liangma([...args(join(path, name)), '--now', NOW], '', [65], name));
  });
}

test('nested and huge JSON is bad data', async () => {
  const texts = ['['.repeat(500_000), '{"a":'.repeat(200_000), `"${'a'.repeat(1_000_000)}"`, '1'.repeat(1_000_000)];
  texts.push(`{${Array.from({ length: 60_000 }, (_, i) => `"${i}":1`).join()}}`);
  await forEachParallel(texts, (text, index) =>
    liangma([...jsonReaders.claims('-'), '--now', NOW], text, [65], `text ${index}`));
});

test('hostile strings: as a code they are refused, inspected they are explained', async (t) => {
  const path = vectorFolder(t, 'strings/blns.json');
  if (!path) return;
  await forEachParallel(some(JSON.parse(readFileSync(path))), async (text) => {
    const verified = await liangma(['verify', '--trust', 'trust.json', '--now', NOW, '--json'], text, [1], text);
    assert.equal(JSON.parse(verified.stdout).verdict, 'refuse');
    const inspected = await liangma(['inspect'], text, [0, 65], text);
    assert.ok(!/[\0-\x09\x0b-\x1f\x7f]/.test(inspected.stdout.toString()), `${text}: control character printed`);
  });
});

test('hostile strings: as a name they are refused, or come back masked and harmless', async (t) => {
  const path = vectorFolder(t, 'strings/blns.json');
  if (!path) return;
  const paper = ['paper', '--key', 'issuer.json', '--iss', '330100', '--claims', '-', '--now', NOW];
  const verify = ['verify', '--trust', 'trust.json', '--now', NOW];
  await forEachParallel(some(JSON.parse(readFileSync(path))), async (name) => {
    const claims = JSON.stringify({ colour: 'green', name, idTail: '1234', identity: { fullName: name } });
    const made = await liangma(paper, claims, [0, 64, 65], name);
    if (made.exit !== 0) return;
    const verdict = JSON.parse((await liangma([...verify, '--json'], made.stdout, [2], name)).stdout);
    const scalars = [...name];
    assert.equal(verdict.name, scalars[0] + '*' + (scalars.length > 2 ? scalars.at(-1) : ''));
    if (/^[ -~\u4e00-\u9fff]*$/.test(name)) return;
    const words = (await liangma(verify, made.stdout, [2], name)).stdout.toString();
    assert.ok(!/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(words), `${name}: acts on the terminal`);
  });
});

test('hostile strings: as an identity they are refused, or come back whole to the verifier that asked', async (t) => {
  const path = vectorFolder(t, 'strings/blns.json');
  if (!path) return;
  const device = JSON.parse(readFileSync(join(folder, 'device.json'))).x;
  const issue = ['issue', '--key', 'issuer.json', '--iss', '330100', '--device', device, '--claims', '-', '--now', NOW];
  const short = JSON.parse(readFileSync(path)).filter((text) => text !== '' && Buffer.byteLength(text) <= 128);
  await forEachParallel(some(short), async (phone, index) => {
    const claims = JSON.stringify({ colour: 'green', name: '甲乙', idTail: '1234', identity: { phone } });
    const issued = await liangma([...issue, '--out', `blns${index}.cred`], claims, [0, 65], phone);
    if (issued.exit === 65) return assert.match(issued.stderr, /credential\.claim-invalid/);
    const nonce = encodeNonce(index);
    const ask = ['request', '--key', 'hospital.json', '--verifier', 'H1', '--purpose', 'entry', '--wanted', 'phone'];
    const request = await liangma([...ask, '--nonce', nonce, '--now', NOW], '', [0], phone);
    const give = ['answer', '--request', '-', '--credential', `blns${index}.cred`, '--device-key', 'device.json'];
    const given = [...give, '--trust', 'trust.json', '--agree', 'phone', '--seal', '--now', NOW];
    const answer = await liangma(given, request.stdout, [0], phone);
    const open = ['open', '--key', 'seal.json', '--request-nonce', nonce, '--verifier', 'H1', '--trust', 'trust.json'];
    const opened = await liangma([...open, '--wanted', 'phone', '--now', NOW, '--json'], answer.stdout, [0], phone);
    assert.equal(JSON.parse(opened.stdout).identity.phone, phone);
  });
});

test('random bytes are explained and refused', async () => {
  await forEachParallel(Array.from({ length: 100 }), async (_, index) => {
    const bytes = randomBytes(index, index * 14);
    await liangma(['inspect'], bytes, [0, 65], `seed ${index}`);
    await liangma(['verify', '--trust', 'trust.json', '--now', NOW], bytes, [1], `seed ${index}`);
    await liangma(['show', '--credential', '-', '--device-key', 'device.json', '--now', NOW], bytes, [65], `seed ${index}`);
  });
});

test('damaged credentials are explained, and not shown as whole ones', async () => {
  const whole = readFileSync(join(folder, 'c.cred'));
  const trustless = ['show', '--credential', '-', '--device-key', 'device.json', '--now', NOW];
  await forEachParallel(Array.from({ length: 100 }), async (_, index) => {
    const damaged = Uint8Array.from(whole);
    damaged[(index * 31) % whole.length] ^= 1 << (index % 8);
    await liangma(['inspect'], damaged, [0, 65], `flip ${index}`);
    const shown = await liangma(trustless, damaged, [0, 1, 65], `flip ${index}`);
    if (shown.exit === 0) await liangma(['verify', '--trust', 'trust.json', '--now', NOW], shown.stdout, [1], `flip ${index}`);
    await liangma(['inspect'], whole.subarray(0, index * 4), [65], `first ${index * 4} bytes`);
  });
});

test('deep and lying CBOR is explained', async () => {
  const deep = [0x81, 0xa1, 0xd2, 0xc1, 0x9f, 0xbf, 0x5f, 0x7f].map((byte) => new Uint8Array(500_000).fill(byte));
  const lying = [0x5b, 0x7b, 0x9b, 0xbb].map((byte) => Uint8Array.of(byte, 255, 255, 255, 255, 255, 255, 255, 255));
  for (const bytes of [...deep, ...lying]) await liangma(['inspect'], bytes, [65], `${bytes[0]}…`);
});

test("other systems' tokens are explained or called unknown", async (t) => {
  for (const name of ['sd-cwt', 'claim-169', 'eu-dcc', 'cbor/not-well-formed', 'cose']) {
    const path = vectorFolder(t, name);
    if (!path) return;
    const files = filesBelow(path).filter((file) => statSync(file).size <= 1 << 20);
    await forEachParallel(files, (file) => liangma(['inspect'], readFileSync(file), [0, 65], file));
  }
});

test('ID numbers: check character and date decide', async (t) => {
  const path = vectorFolder(t, 'china/id-numbers/vectors.json');
  if (!path) return;
  // What depends on the history of division codes is not decided here, nor are numbers of 15 digits taken.
  const decided = JSON.parse(readFileSync(path)).ids.filter(({ id, valid, note }) =>
    valid ? id.length === 18 : /位数|出生日期码|验证码|校验位/.test(note));
  assert.ok(decided.some(({ valid }) => valid) && decided.some(({ valid }) => !valid));
  for (const { id, valid } of decided) {
    const claims = JSON.stringify({ colour: 'green', name: '甲乙', identity: { idNumber: id } });
    const args = ['paper', '--key', 'issuer.json', '--iss', '330100', '--claims', '-', '--now', NOW, '--json'];
    const made = await liangma(args, claims, [valid ? 0 : 65], id);
    if (!valid) assert.equal(JSON.parse(made.stdout).error, 'cli.id-number');
  }
});

test('without entropy nothing is made', async (t) => {
  const noEntropy = process.env.LIANGMA_NO_ENTROPY; // a library that makes getrandom fail
  if (!noEntropy) return t.skip('skipped, no library to preload');
  const preload = (args) => run('env', [`LD_PRELOAD=${noEntropy}`, binary, ...args]);
  const made = await preload(['keygen', '--out', 'none.json']);
  assert.equal(made.exit, 1, made.stderr);
  assert.match(made.stderr, /misuse\.entropy-missing/);
  assert.ok(!existsSync(join(folder, 'none.json')));
  const request = ['request', '--key', 'hospital.json', '--verifier', 'H1', '--purpose', 'registration'];
  assert.equal((await preload(request)).exit, 1);
  writeFileSync(join(folder, 'claims.json'), '{"colour":"green","name":"甲乙","idTail":"1234"}');
  const device = JSON.parse(readFileSync(join(folder, 'device.json'))).x;
  const issue = ['issue', '--key', 'issuer.json', '--iss', '330100', '--device', device, '--claims', 'claims.json'];
  assert.equal((await preload([...issue, '--out', 'none.cred'])).exit, 1);
  assert.ok(!existsSync(join(folder, 'none.cred')));
});

test('no freed memory holds a secret', async (t) => {
  const watch = process.env.LIANGMA_FREED_WATCH; // a library that aborts where freed memory holds LIANGMA_WATCH
  if (!watch) return t.skip('skipped, no library to preload');
  const watched = (bytes, program, args) =>
    run('env', [`LD_PRELOAD=${watch}`, `LIANGMA_WATCH=${Buffer.from(bytes).toString('hex')}`, program, ...args]);
  const caught = await watched('watched word', 'bash', ['-c', 'word="watched"; word="$word word"; unset word']);
  assert.equal(caught.exit, 'SIGABRT', 'the watch does not see what it should');
  const commands = {
    device: ['show', '--credential', 'c.cred', '--device-key', 'device.json', '--now', NOW],
    issuer: ['paper', '--key', 'issuer.json', '--iss', '330100', '--claims', 'person.json', '--now', NOW],
    root: ['trust', 'build', '--content', 'content.json', '--root', 'root.json', '--now', NOW],
  };
  writeFileSync(join(folder, 'person.json'), '{"colour":"green","name":"甲乙","idTail":"1234"}');
  for (const [key, args] of Object.entries(commands)) {
    const { d } = JSON.parse(readFileSync(join(folder, `${key}.json`)));
    for (const secret of [d, Buffer.from(d, 'base64url')])
      assert.equal((await watched(secret, binary, args)).exit, 0, `${args[0]} leaves the secret of ${key}.json behind`);
  }
});
