// SPDX-License-Identifier: Apache-2.0
// Every place of every token is changed and signed again: the judge and the command give the same verdict and id.
// Usage: tools/build native, then npm ci && node --test (in this folder).
import { test } from 'node:test';
import { Agreement } from './agreement.mjs';
import { NONCE, content, signTrust } from './fixture.mjs';
import { mutantsOf } from './mutants.mjs';
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
