// SPDX-License-Identifier: Apache-2.0
// Random codes in both directions: what the command makes the judge reads and verifies, and would have made byte for byte;
// what the judge makes the command admits, checks or refuses at the same second with the same id.
// Usage: tools/build native, then npm ci && node --test (in this folder). LIANGMA_SEED repeats a run, LIANGMA_ROUNDS sets its length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORLD, worldOf } from './agreement.mjs';
import { writeText, fromBase45 } from './base45.mjs';
import { COLOURS, KEY_FILES, MEMBERS, SEAL_FILE, base64url, bytesOf, cliVerify, file, hex, liangma, produce, trustFile, wantedArgs } from './cli.mjs';
import { decode } from './cbor.mjs';
import { checkSignature, publicKeyOf } from './cose.mjs';
import { readCredential } from './credential.mjs';
import { DAY, ENDPOINT, PUBLIC, SEAL_KEY, SEAL_SECRET, SEEDS, T, content, sceneEntry, signTrust } from './fixture.mjs';
import { answer, readRequest, seal, show, unseal } from './holder.mjs';
import { issue, issuePaper, maskName } from './issuer.mjs';
import { Random, SEED, claims } from './random.mjs';
import { acceptList, signList } from './trust.mjs';
import { makeRequest, readPaper, verifyBytes, verifyText } from './verifier.mjs';

const ROUNDS = Number(process.env.LIANGMA_ROUNDS ?? 100);
const SCENES = [undefined, 'hospital', 'quick'];
const world = worldOf(content().set(5, [...content().get(5), sceneEntry('quick', 2, [2, 0, 2, 2], 7)]));
const random = new Random(SEED);
const same = (ours, theirs, what) => assert.equal(hex(ours), hex(theirs), `${what}, LIANGMA_SEED=${SEED}`);

// The judge's verdict in the words of `liangma verify --json`.
function inWords({ verdict, reason, assurance = 'none', code, identity, ageSeconds }, iss, exp) {
  const known = code && verdict ? { colour: COLOURS[code.colour], region: code.region, name: code.name, idTail: code.tail, issuer: iss, expiresAt: exp,
    ageSeconds } : {};
  const members = identity?.size ? Object.fromEntries([...identity].map(([key, value]) => [MEMBERS[key - 1], value])) : null;
  return { verdict, reason, assurance, identity: members, ...known };
}

// Compares all that both sides say; facts only where the judge believes them.
function sameVerdict(ours, theirs, what) {
  const words = Object.fromEntries(Object.keys(ours).map((key) => [key, theirs[key]]));
  assert.deepEqual(words, ours, `${what}, LIANGMA_SEED=${SEED}`);
  assert.equal(theirs.status, { admit: 0, refuse: 1, check: 2 }[ours.verdict]);
}

const believed = (found) => found.code !== undefined;
const tally = new Map();
const count = (what) => tally.set(what, (tally.get(what) ?? 0) + 1);

function bothVerify(text, options, { iss, exp }, what) {
  const ours = verifyText(text, { ...options, trust: world.trust });
  const theirs = cliVerify(text, { ...options, trust: world.file });
  const words = inWords(ours, iss, exp);
  if (!believed(ours)) delete words.assurance;
  if (ours.verdict === 'refuse') delete words.identity;
  sameVerdict(words, theirs, what);
  count(ours.reason);
}

test(`the judge issues, shows and answers; the command verifies (seed ${SEED})`, (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const person = { ...claims(random, maskName), deviceKey: PUBLIC.device };
    const entropy = (size) => random.bytes(size);
    const credential = issue(person, SEEDS.issuer, entropy);
    const signedAt = T + random.between(0, 40);
    const now = signedAt + random.between(-15, 30);
    const scene = random.one(SCENES);
    const live = show(credential, SEEDS.device, { now: signedAt, unconfirmed: random.chance(30) });
    bothVerify(live, { now, scene }, person, `round ${round}, live`);
    const expected = { id: 'hz-first', nonce: random.bytes(random.between(16, 32)), wanted: random.some([...person.identity.keys()]) };
    const bytes = answer(expected, credential, SEEDS.device, signedAt);
    bothVerify(writeText('live', bytes), { now, scene, expected }, person, `round ${round}, answer`);
    const life = random.one([50, DAY, 14 * DAY, 14 * DAY + 1]);
    const paper = { ...person, exp: person.iat + life, code: { ...person.code, live: undefined } };
    bothVerify(writeText('paper', issuePaper(paper, SEEDS.issuer, entropy)), { now: person.iat + random.between(-15, life + 5), scene }, paper, `round ${round}, paper`);
  }
  t.diagnostic(`${ROUNDS} rounds: ${[...tally].map(([reason, times]) => `${reason} ${times}`).join(', ')}`);
  if (ROUNDS >= 100) for (const reason of ['colour.green', 'colour.red', 'time.too-old', 'time.future', 'issuer.region-not-allowed', 'paper.check-id']) assert.ok(tally.has(reason), reason);
});

test('the command opens what the judge sealed, and takes its requests', () => {
  for (let round = 0; round < ROUNDS / 4; round++) {
    const person = { ...claims(random, maskName), deviceKey: PUBLIC.device, iat: T, exp: T + DAY };
    person.code.region = undefined;
    const credential = issue(person, SEEDS.issuer, (size) => random.bytes(size));
    const wanted = random.some([...person.identity.keys()]);
    const request = { id: 'hz-first', iat: T + 50, exp: T + 51 + random.below(60), nonce: random.bytes(16), purpose: 'registration', wanted, url: ENDPOINT };
    const asked = makeRequest(request, SEEDS.hospital);
    const answered = produce(['answer', '--request', asked, '--credential', file('r.cred', credential), '--device-key', KEY_FILES.device, '--trust', WORLD.file, '--now', String(T + 50),
      ...wantedArgs('--agree', wanted)]);
    const bytes = answer(request, credential, SEEDS.device, T + 50);
    assert.equal(answered, writeText('live', bytes), `LIANGMA_SEED=${SEED}`);
    const { stdout } = liangma(['open', '--json', '--key', SEAL_FILE, '--request-nonce', hex(request.nonce), '--verifier', 'hz-first', '--trust', WORLD.file, '--now', String(T + 52),
      ...wantedArgs('--wanted', wanted), '-'], seal(bytes, SEAL_KEY, random.bytes(32)));
    const opened = JSON.parse(stdout);
    assert.equal(opened.reason, `colour.${COLOURS[person.code.colour]}`);
    const shown = wanted.map((key) => [MEMBERS[key - 1], person.identity.get(key)]);
    assert.deepEqual(opened.identity ?? {}, Object.fromEntries(shown));
  }
});

const asJson = ({ code, identity }) => JSON.stringify({ colour: COLOURS[code.colour], region: code.region, name: identity.get(1), idTail: code.tail, statusIndex: code.statusIndex,
  live: code.live && { periodSeconds: code.live[0], windowSeconds: code.live[1] }, identity: Object.fromEntries([...identity].map(([key, value]) => [MEMBERS[key - 1], value])) });

// The random bytes that a token was made with: `sub`, then the members' salts, then the identity's.
function entropyOf(sub, disclosures) {
  const salts = disclosures.map((disclosure) => decode(disclosure)[0]);
  const parts = [Buffer.from(sub, 'base64url'), ...salts.slice(1), ...salts.slice(0, 1)];
  return () => parts.shift();
}

test(`the command issues, shows, asks and answers; the judge makes the same bytes and verifies (seed ${SEED})`, () => {
  for (let round = 0; round < ROUNDS; round++) {
    const person = { ...claims(random, maskName), deviceKey: PUBLIC.device };
    produce(['issue', '--key', KEY_FILES.issuer, '--iss', '330100', '--device', base64url(PUBLIC.device), '--claims', '-', '--ttl', String(person.exp - person.iat), '--out', 'c.cred',
      '--now', String(person.iat)], asJson(person));
    const credential = bytesOf('c.cred');
    const read = readCredential(decode(credential));
    checkSignature(read.token, PUBLIC.issuer, 'issuer.signature-bad');
    assert.deepEqual(read.identity, person.identity);
    same(issue(person, SEEDS.issuer, entropyOf(read.sub, read.disclosures)), credential, `round ${round}, credential`);
    const now = T + random.between(0, 25);
    const unconfirmed = random.chance(30);
    const shown = produce(['show', '--credential', 'c.cred', '--device-key', KEY_FILES.device, '--now', String(Math.max(now, person.iat)), ...(unconfirmed ? ['--unconfirmed-clock'] : [])]);
    assert.equal(shown, show(credential, SEEDS.device, { now: Math.max(now, person.iat), unconfirmed }));
    assert.ok(shown.length <= 4 + Math.ceil((349 * 3) / 2));
    bothVerify(shown, { now: now + random.between(-15, 30), scene: random.one(SCENES) }, person, `round ${round}, shown`);
  }
});

test('paper codes of the command', () => {
  for (let round = 0; round < ROUNDS / 4; round++) {
    const person = claims(random, maskName);
    person.code.live = undefined;
    person.exp = person.iat + random.between(1, 14 * DAY);
    const text = produce(['paper', '--key', KEY_FILES.issuer, '--iss', '330100', '--claims', '-', '--ttl', String(person.exp - person.iat), '--now', String(person.iat)], asJson(person));
    const bytes = fromBase45(text.slice(5));
    same(issuePaper(person, SEEDS.issuer, entropyOf(decode(readPaper(bytes).token.payload).get(2), [])), bytes, `round ${round}, paper`);
    bothVerify(text, { now: person.iat + random.below(14 * DAY), scene: random.one(SCENES) }, person, `round ${round}, paper`);
  }
});

test('requests and sealed answers of the command', () => {
  const person = { ...claims(random, maskName), deviceKey: PUBLIC.device, iat: T, exp: T + DAY };
  person.code = { ...person.code, region: undefined, live: undefined };
  const credential = issue(person, SEEDS.issuer, (size) => random.bytes(size));
  const kept = file('own.cred', credential);
  for (let round = 0; round < ROUNDS / 4; round++) {
    const request = { id: 'hz-first', iat: T + random.below(100), nonce: random.bytes(random.between(16, 32)), purpose: random.text([...'abcxyz019-'], 1, 32),
      wanted: random.some([...person.identity.keys()]), url: random.chance(50) ? ENDPOINT : null };
    request.exp = request.iat + random.between(1, 60);
    const text = produce(['request', '--key', KEY_FILES.hospital, '--verifier', 'hz-first', `--purpose=${request.purpose}`, '--ttl', String(request.exp - request.iat), '--nonce', hex(request.nonce),
      '--now', String(request.iat), ...wantedArgs('--wanted', request.wanted), ...(request.url ? ['--answer-url', request.url] : [])]);
    assert.equal(text, makeRequest(request, SEEDS.hospital), `round ${round}, LIANGMA_SEED=${SEED}`);
    assert.deepEqual(readRequest(text, WORLD.trust, request.iat), request);
    const sealed = produce(['answer', '--seal', '--request', text, '--credential', kept, '--device-key', KEY_FILES.device, '--trust', WORLD.file, '--now', String(request.iat),
      ...wantedArgs('--agree', request.wanted)]);
    const opened = unseal(sealed, SEAL_SECRET);
    same(opened, answer(request, credential, SEEDS.device, request.iat), `round ${round}, answer`);
    assert.equal(verifyBytes(opened, { trust: WORLD.trust, now: request.iat + 1, expected: request }).reason, `colour.${COLOURS[person.code.colour]}`);
  }
});

const dates = (random) => [[random.below(T), T + random.below(1e9)]];
const keysOf = (key32, spans) => spans.map(([notBefore, notAfter]) => ({ key: base64url(key32), notBefore, notAfter }));

test('trust lists of the command', () => {
  for (let round = 0; round < ROUNDS / 8; round++) {
    const [issuerDates, verifierDates] = [dates(random), dates(random)];
    const version = random.between(1, 2 ** 40);
    const live = [random.between(1, 60), random.between(60, 120), random.between(0, 60)];
    const byColour = [1, 2, 3, 4].map(() => random.below(3));
    const regions = random.some(['330100', '330000', '110000']);
    const decision = ['admit', 'check', 'refuse'];
    const json = { version, issuedAt: T, expiresAt: T + 1000,
      issuers: [{ id: '330100', names: { en: 'Hangzhou', 'zh-Hans': '杭州市' }, keys: keysOf(PUBLIC.issuer, issuerDates), statusUrl: 'https://s.example/{list}',
        live: { periodSeconds: live[0], windowSeconds: live[1], futureSeconds: live[2] }, regions }],
      verifiers: [{ id: 'H-1', names: { en: 'First' }, kind: 'hospital', keys: keysOf(PUBLIC.hospital, verifierDates), sealingKey32: base64url(SEAL_KEY), endpoints: [ENDPOINT] }],
      scenes: [{ id: 'ward', names: {}, required: 'challenge', windowSeconds: 10, byColour: Object.fromEntries(COLOURS.map((colour, i) => [colour, decision[byColour[i]]])) }] };
    const { list } = JSON.parse(produce(['trust', 'build', '--content', '-', '--root', KEY_FILES.root], JSON.stringify(json)));
    const tupled = (key32, spans) => spans.map((span) => [key32, ...span]);
    const map = new Map([[1, version], [2, [PUBLIC.root]],
      [3, [new Map([[1, '330100'], [2, new Map([['en', 'Hangzhou'], ['zh-Hans', '杭州市']])], [3, tupled(PUBLIC.issuer, issuerDates)], [4, 'https://s.example/{list}'], [5, live], [6, regions]])]],
      [4, [new Map([[1, 'H-1'], [2, new Map([['en', 'First']])], [3, tupled(PUBLIC.hospital, verifierDates)], [4, 'hospital'], [5, SEAL_KEY], [6, [ENDPOINT]]])]],
      [5, [sceneEntry('ward', 3, byColour, 10)]]]);
    same(signList(map, { iat: T, exp: T + 1000 }, [SEEDS.root]), Buffer.from(list, 'base64url'), `round ${round}, trust list`);
  }
});

test('the judge follows a rotation of the command, and the command one of the judge', () => {
  const next = JSON.parse(produce(['keygen', '--out', 'root2.json', '--json'])).publicKey;
  const rotated = JSON.parse(produce(['trust', 'rotate', '--trust', WORLD.file, '--root', KEY_FILES.root, '--new-root', 'root2.json', '--now', String(T)]));
  const list = acceptList(Buffer.from(rotated.list, 'base64url'), { roots: [PUBLIC.root], version: 7 }, T);
  assert.deepEqual(list.roots.map(base64url), [next]);
  assert.equal(list.version, 8);
  const second = new Uint8Array(32).fill(0x22);
  const ours = signTrust(content().set(1, 8).set(2, [publicKeyOf(second)]), [SEEDS.root, second]);
  const accepted = JSON.parse(produce(['trust', 'accept', '--trust', WORLD.file, '--list', trustFile('next.json', ours), '--now', String(T)]));
  assert.deepEqual([accepted.roots, accepted.version], [[base64url(publicKeyOf(second))], 8]);
});
