// SPDX-License-Identifier: Apache-2.0
// Every place of every token is changed and signed again: the judge and the command give the same verdict and id.
// Usage: tools/build native, then npm ci && node --test (in this folder).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agreement } from './agreement.mjs';
import { writeText, fromBase45 } from './base45.mjs';
import { encode } from './cbor.mjs';
import { sign1 } from './cose.mjs';
import { NONCE, SEEDS, content, signTrust } from './fixture.mjs';
import { mutantsOf } from './mutants.mjs';
import { oddlyWritten } from './odd.mjs';
import { answerParts, answerText, liveText, openParts, paperParts, paperText, requestParts, requestText } from './tokens.mjs';

// With no header parameters at all, or an identity that is no map, several things are wrong at once.
const several = (label) => /eader := \{\}$|^identity\/1 := /.test(label);
const expected = { id: 'hz-first', nonce: NONCE, wanted: [1, 3, 4] };

function* changed(base, write) {
  for (const part of Object.keys(base).filter((name) => typeof base[name] !== 'function'))
    for (const [place, what, value] of mutantsOf(base[part]))
      if (!(part === 'claims' && write === answerText && place === '' && !(value instanceof Map)))
        yield [`${part}${place} := ${what}`, write({ ...base, [part]: value })];
}

test('open live codes', (t) => {
  const agreement = new Agreement(several);
  for (const [label, text] of changed(openParts(), liveText)) agreement.verify(label, text);
  agreement.settle(t, 20);
});

test('answers', (t) => {
  const agreement = new Agreement(several);
  for (const [label, text] of changed(answerParts(), answerText)) agreement.verify(label, text, { expected });
  agreement.settle(t, 24);
});

test('paper codes', (t) => {
  const agreement = new Agreement(several);
  for (const [label, text] of changed(paperParts(), paperText)) agreement.verify(label, text);
  agreement.settle(t, 14);
});

test('requests', (t) => {
  const agreement = new Agreement(several);
  for (const [label, text] of changed(requestParts(), requestText)) agreement.request(label, text);
  agreement.settle(t, 8);
});

test('trust lists', (t) => {
  const agreement = new Agreement();
  const full = content();
  full.get(3)[0].set(4, 'https://s.example/{list}').set(6, ['330100', '110000']);
  full.get(5)[0].set(4, 10);
  for (const [place, what, value] of mutantsOf(full)) agreement.trust(`content${place} := ${what}`, signTrust(value));
  agreement.settle(t, 3);
});

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
