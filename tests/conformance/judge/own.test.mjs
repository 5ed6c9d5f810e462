// SPDX-License-Identifier: Apache-2.0
// Rules of SPEC.md that the command has no question for: the memory of codes seen, key proofs, the size of a live code.
// Usage: npm ci && node --test (in this folder).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from './cbor.mjs';
import { sign1 } from './cose.mjs';
import { CLAIMS, CODE, IDENTITY, NONCE, PUBLIC, SEEDS, T, countingEntropy, signTrust } from './fixture.mjs';
import { proveKey, show, showBytes } from './holder.mjs';
import { acceptKeyProof, issue, maskName } from './issuer.mjs';
import { refusalOf } from './refusal.mjs';
import { acceptList } from './trust.mjs';
import { verifyText } from './verifier.mjs';

const trust = acceptList(signTrust(), { roots: [PUBLIC.root] }, T);
const credential = issue(CLAIMS, SEEDS.issuer, countingEntropy());

test('a gate takes a code once, and forgets it when it would be too old anyway', () => {
  const seen = new Map();
  const at = (text, now) => verifyText(text, { trust, now, seen }).reason;
  const first = show(credential, SEEDS.device, { now: T + 60 });
  assert.equal(at(first, T + 61), 'colour.green');
  assert.equal(at(first, T + 80), 'replay.seen-before');
  assert.equal(at(first, T + 81), 'time.too-old');
  assert.equal(at(show(credential, SEEDS.device, { now: T + 100 }), T + 100), 'colour.green');
  assert.equal(seen.size, 1);
});

test('a key proof is for one issuer, one nonce and five minutes', () => {
  const proof = proveKey(SEEDS.device, { id: '330100', nonce: NONCE, now: T });
  const asked = (change) => refusalOf(() => acceptKeyProof(proof, { id: '330100', nonce: NONCE, now: T, ...change }));
  assert.equal(asked({}), null);
  assert.equal(asked({ id: '330200' }), 'audience.mismatch');
  assert.equal(asked({ nonce: new Uint8Array(16) }), 'nonce.mismatch');
  assert.equal(asked({ now: T + 300 }), null);
  assert.equal(asked({ now: T + 301 }), 'time.too-old');
  assert.equal(asked({ now: T - 300 }), null);
  assert.equal(asked({ now: T - 301 }), 'time.future');
});

test('a key proof is signed by the key that it carries', () => {
  const token = decode(proveKey(SEEDS.device, { id: '330100', nonce: NONCE, now: T }));
  const forged = encode(sign1(decode(token.value[0]), new Map(), decode(token.value[2]), SEEDS.hospital));
  assert.equal(refusalOf(() => acceptKeyProof(forged, { id: '330100', nonce: NONCE, now: T })), 'holder.signature-bad');
});

test('whatever an issuer may issue makes an open live code of at most 349 bytes', () => {
  const sizes = [];
  const fill = () => {
    for (let length = 1; length <= 24; length++) {
      const claims = { ...CLAIMS, code: { ...CODE, name: 'x'.repeat(length), region: '330110', live: [60, 120] } };
      sizes.push(showBytes(issue(claims, SEEDS.issuer, countingEntropy()), SEEDS.device, { now: T, unconfirmed: true }).length);
    }
  };
  assert.throws(fill, RangeError);
  assert.equal(Math.max(...sizes), 349);
});

test('names are masked by character', () => {
  assert.deepEqual(['张小三', '欧阳娜娜', '张三', '𠮷野家'].map(maskName), ['张*三', '欧*娜', '张*', '𠮷*家']);
  assert.equal(IDENTITY.get(1), '张小三');
});
