// SPDX-License-Identifier: Apache-2.0
// Tokens written in other bytes than SPEC.md's, and damaged ones: the judge and the command refuse them with the same id.
// Usage: tools/build native, then npm ci && node --test (in this folder).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agreement } from './agreement.mjs';
import { writeText, fromBase45 } from './base45.mjs';
import { encode } from './cbor.mjs';
import { sign1 } from './cose.mjs';
import { SEEDS } from './fixture.mjs';
import { oddlyWritten } from './odd.mjs';
import { liveText, openParts } from './tokens.mjs';

const odd = openParts();
const credential = (parts) => sign1(parts.header ?? odd.issuerHeader, new Map(), parts.claims ?? odd.claims, SEEDS.issuer);
const live = (header, payload) => sign1(header, new Map(), payload, SEEDS.device);
const headerOf = (token) => new Map([...odd.liveHeader, [13, token]]);
const ODDITIES = {
  claims: [odd.claims, (raw) => live(headerOf(credential({ claims: raw })), odd.live)],
  'issuer header': [odd.issuerHeader, (raw) => live(headerOf(credential({ header: raw })), odd.live)],
  payload: [odd.live, (raw) => live(headerOf(credential({})), raw)],
  header: [headerOf(credential({})), (raw) => live(raw, odd.live)],
  token: [live(headerOf(credential({})), odd.live), (raw) => raw],
};

test('encodings that are not deterministic', (t) => {
  const agreement = new Agreement();
  for (const [part, [value, write]] of Object.entries(ODDITIES))
    for (const [place, name, raw, id] of oddlyWritten(value)) {
      agreement.verify(`${part}${place} ${name}`, writeText('live', encode(write(raw))));
      assert.equal([...agreement.reasons.keys()].at(-1).startsWith('refuse cbor.'), true, `${part}${place} ${name} ${id}`);
    }
  agreement.settle(t, 7);
});

test('every byte flipped, every length cut', (t) => {
  const agreement = new Agreement(() => true);
  const bytes = fromBase45(liveText(openParts()).slice(4));
  for (let i = 0; i < bytes.length; i++) {
    agreement.verify(`bit ${i}`, writeText('live', bytes.map((byte, at) => (at === i ? byte ^ (1 << (i * 7) % 8) : byte))));
    agreement.verify(`cut ${i}`, writeText('live', bytes.slice(0, i)));
  }
  assert.ok([...agreement.reasons.keys()].every((reason) => reason.startsWith('refuse ')));
  agreement.settle(t, 8);
});
