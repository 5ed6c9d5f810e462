// SPDX-License-Identifier: Apache-2.0
// Every example of SPEC.md 12, made again byte for byte and verified by the judge.
// Usage: npm ci && node --test (in this folder).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase45, toBase45, writeText } from './base45.mjs';
import { decode, encode } from './cbor.mjs';
import { kidOf } from './cose.mjs';
import { readCredential } from './credential.mjs';
import { CLAIMS, CODE, DAY, ENDPOINT, IDENTITY, NONCE, PUBLIC, SEAL_KEY, SEAL_SECRET, SEAL_SEED, SEEDS, T,
  countingEntropy, signTrust } from './fixture.mjs';
import { answer, proveKey, readRequest, seal, show, showBytes, unseal } from './holder.mjs';
import { acceptKeyProof, issue, issuePaper } from './issuer.mjs';
import { BLOCK_COUNT, EXAMPLES, STATED } from './spec-examples.mjs';
import { acceptList } from './trust.mjs';
import { makeRequest, verifyBytes, verifyText } from './verifier.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const sameBytes = (ours, theirs) => assert.equal(hex(ours), hex(theirs));
const ours = issue(CLAIMS, SEEDS.issuer, countingEntropy());
const trust = acceptList(EXAMPLES.trustList, { roots: [PUBLIC.root] }, T);
const wanted = [1, 3, 4];
const request = { id: 'hz-first', iat: T + 50, exp: T + 110, nonce: NONCE, purpose: 'registration', wanted, url: ENDPOINT };
const expected = { id: 'hz-first', nonce: NONCE, wanted };

test('the section holds the nine examples', () => {
  assert.equal(BLOCK_COUNT, 10);
  assert.ok(Object.values(EXAMPLES).every((example) => example.length > 0));
});

test('public keys and kid', () => {
  const keys = [PUBLIC.root, PUBLIC.issuer, PUBLIC.device, PUBLIC.hospital, SEAL_KEY].map(hex);
  assert.deepEqual(STATED.keys, keys);
  assert.equal(STATED.kid, hex(kidOf(PUBLIC.issuer)));
});

test('credential', () => {
  sameBytes(ours, EXAMPLES.credential);
  assert.deepEqual(readCredential(decode(EXAMPLES.credential)).identity, IDENTITY);
});

test('live code', () => {
  sameBytes(showBytes(ours, SEEDS.device, { now: T + 60 }), EXAMPLES.liveBytes);
  assert.equal(show(ours, SEEDS.device, { now: T + 60 }), EXAMPLES.live);
  assert.equal(EXAMPLES.live, `LM1:${toBase45(EXAMPLES.liveBytes)}`);
  assert.equal(EXAMPLES.liveBytes.length, 319);
  assert.equal(EXAMPLES.live.length, 483);
});

test('a verifier admits the live code from T + 50 to T + 80', () => {
  const reasons = { 49: 'time.future', 50: 'colour.green', 80: 'colour.green', 81: 'time.too-old' };
  for (const [second, reason] of Object.entries(reasons)) {
    const found = verifyText(EXAMPLES.live, { trust, now: T + Number(second) });
    assert.equal(found.reason, reason);
    assert.equal(found.verdict, reason === 'colour.green' ? 'admit' : 'refuse');
  }
});

test('request', () => {
  assert.equal(makeRequest(request, SEEDS.hospital), EXAMPLES.request);
  assert.deepEqual(readRequest(EXAMPLES.request, trust, T + 55), request);
});

test('answer, plain and sealed', () => {
  const bytes = answer(request, ours, SEEDS.device, T + 60);
  assert.equal(writeText('live', bytes), EXAMPLES.answer);
  assert.equal(seal(bytes, SEAL_KEY, SEAL_SEED), EXAMPLES.sealed);
  sameBytes(unseal(EXAMPLES.sealed, SEAL_SECRET), fromBase45(EXAMPLES.answer.slice(4)));
  const found = verifyBytes(unseal(EXAMPLES.sealed, SEAL_SECRET), { trust, now: T + 61, expected, scene: 'hospital' });
  assert.deepEqual([found.verdict, found.reason, found.assurance], ['admit', 'colour.green', 'challenge']);
  assert.deepEqual(found.identity, IDENTITY);
});

test('paper code', () => {
  const paper = issuePaper({ ...CLAIMS, exp: T + 7 * DAY }, SEEDS.issuer, countingEntropy());
  assert.equal(writeText('paper', paper), EXAMPLES.paper);
  const found = verifyText(EXAMPLES.paper, { trust, now: T + DAY });
  assert.deepEqual([found.verdict, found.reason, found.code.name], ['check', 'paper.check-id', CODE.name]);
});

test('key proof', () => {
  sameBytes(proveKey(SEEDS.device, { id: '330100', nonce: NONCE, now: T }), EXAMPLES.keyProof);
  sameBytes(acceptKeyProof(EXAMPLES.keyProof, { id: '330100', nonce: NONCE, now: T + 300 }), PUBLIC.device);
});

test('trust list', () => {
  sameBytes(signTrust(), EXAMPLES.trustList);
  assert.equal(trust.version, 7);
});

test('every example is written again as it was read', () => {
  const texts = [EXAMPLES.live, EXAMPLES.request, EXAMPLES.answer, EXAMPLES.paper];
  const binaries = texts.map((text) => fromBase45(text.slice(text.indexOf(':') + 1)));
  for (const bytes of [...binaries, EXAMPLES.credential, EXAMPLES.keyProof, EXAMPLES.trustList])
    sameBytes(encode(decode(bytes)), bytes);
});
