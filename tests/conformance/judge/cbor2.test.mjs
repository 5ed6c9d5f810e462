// SPDX-License-Identifier: Apache-2.0
// python3-cbor2 (Debian's package) reads every token, and every byte string in it that holds CBOR, as the judge does.
// Usage: npm ci && node --test (in this folder). Skipped where python3 has no cbor2.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromBase45 } from './base45.mjs';
import { Simple, Tag, decode } from './cbor.mjs';
import { PUBLIC, SEEDS, T, signTrust } from './fixture.mjs';
import { answer, proveKey, showBytes } from './holder.mjs';
import { issue, issuePaper, maskName } from './issuer.mjs';
import { Random, SEED, claims } from './random.mjs';
import { EXAMPLES } from './spec-examples.mjs';
import { makeRequest } from './verifier.mjs';

const PYTHON = '/usr/bin/python3';
const LIMIT = 2 ** 20;
const missing = spawnSync(PYTHON, ['-c', 'import cbor2']).status !== 0;

function diagnose(value) {
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (Array.isArray(value)) return `[${value.map(diagnose).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, member]) => `${diagnose(key)}: ${diagnose(member)}`).join(', ')}}`;
  if (value instanceof Tag) return `${value.number}(${diagnose(value.value)})`;
  if (value instanceof Simple) return `simple(${value.number})`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

// The bytes, and those of the byte strings in them that are CBOR by SPEC.md: headers, payloads, disclosures.
function* layersOf(bytes) {
  yield bytes;
  yield* insideOf(decode(bytes, LIMIT));
}

function* insideOf(item) {
  const [header, unprotected, payload, signers] = item.value;
  for (const part of [header, payload, ...(unprotected.get(17) ?? [])]) yield part;
  if (Array.isArray(signers)) for (const [signer] of signers) yield signer;
  for (const member of decode(header).values()) if (member instanceof Tag) yield* insideOf(member);
}

function* made(random, rounds) {
  const entropy = (size) => random.bytes(size);
  for (let round = 0; round < rounds; round++) {
    const person = { ...claims(random, maskName), deviceKey: PUBLIC.device };
    const credential = issue(person, SEEDS.issuer, entropy);
    const request = { id: 'hz-first', iat: T, exp: T + 60, nonce: random.bytes(16), purpose: 'registration', wanted: random.some([...person.identity.keys()]) };
    yield* [credential, showBytes(credential, SEEDS.device, { now: T, unconfirmed: random.chance(50) }), answer(request, credential, SEEDS.device, T),
      issuePaper({ ...person, code: { ...person.code, live: undefined } }, SEEDS.issuer, entropy), fromBase45(makeRequest(request, SEEDS.hospital).slice(5)), proveKey(SEEDS.device, { id: '330100', nonce: request.nonce, now: T })];
  }
}

test(`cbor2 reads what we write (seed ${SEED})`, { skip: missing && 'no python3-cbor2' }, (t) => {
  const texts = [EXAMPLES.live, EXAMPLES.request, EXAMPLES.answer, EXAMPLES.paper].map((text) => fromBase45(text.slice(text.indexOf(':') + 1)));
  const tokens = [...texts, EXAMPLES.credential, EXAMPLES.keyProof, EXAMPLES.trustList, signTrust(), ...made(new Random(SEED), 100)];
  const layers = tokens.flatMap((bytes) => [...layersOf(bytes)]);
  const input = layers.map((bytes) => Buffer.from(bytes).toString('hex')).join('\n');
  const { status, stdout, stderr } = spawnSync(PYTHON, [fileURLToPath(new URL('diagnose.py', import.meta.url))],
    { input, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
  assert.equal(status, 0, stderr);
  const theirs = stdout.trimEnd().split('\n');
  assert.equal(theirs.length, layers.length);
  layers.forEach((bytes, i) => assert.equal(diagnose(decode(bytes, LIMIT)), theirs[i]));
  t.diagnostic(`${tokens.length} tokens, ${layers.length} items`);
});
