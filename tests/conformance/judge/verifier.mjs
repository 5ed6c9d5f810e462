// SPDX-License-Identifier: Apache-2.0
// What a gate or a hospital does: requests (SPEC.md 6) and the order of checks (10).
import { sha256 } from '@noble/hashes/sha2';
import { readText, writeText } from './base45.mjs';
import { decode, encode } from './cbor.mjs';
import { checkHeaders, checkSignature, checkSignatureSize, equal, readSign1, sign1, sigStructure } from './cose.mjs';
import { CODE, CREDENTIAL_TYP, readCode, readCredential } from './credential.mjs';
import { ASKED, LIVE_TYP, REQUEST_TYP, UNCONFIRMED } from './holder.mjs';
import { PAPER_TYP, issuerHeader } from './issuer.mjs';
import { Refusal, need } from './refusal.mjs';
import { isNonce, isPartyId, isRecord, isSeconds, isSub } from './shape.mjs';
import { checkInForce, keyInForce, speaksFor } from './trust.mjs';

const DAY = 86400;
const COLOURS = ['pending', 'green', 'yellow', 'red'];
const DECISIONS = ['admit', 'check', 'refuse'];
const NO_SCENE = { required: 2, window: Infinity, byColour: [1, 0, 1, 2] };

/** Asks for members of the identity; returns the text of the request. */
export function makeRequest({ id, iat, exp, nonce, purpose, wanted, url }, seed) {
  const asked = new Map([[1, purpose], [2, wanted]]);
  if (url) asked.set(3, url);
  const payload = new Map([[1, id], [4, exp], [6, iat], [39, nonce], [ASKED, asked]]);
  return writeText('request', encode(sign1(issuerHeader(seed, REQUEST_TYP), new Map(), payload, seed)));
}

/**
 * Checks a text and decides.
 *
 * @param expected  `{id, nonce, wanted}` where an answer to a request is expected; null for open display
 * @param seen      Map that this verifier keeps, from hash to the time when it may forget; null keeps none
 * @returns `{verdict, reason}` and, where they are believed, `assurance`, `code`, `identity`, `ageSeconds`
 */
export function verifyText(text, options) {
  return judged(() => {
    const { kind, bytes } = readText(text, ['live', 'paper']);
    return kind === 'paper' ? checkPaper(bytes, options) : checkLive(bytes, options);
  });
}

/** As {@link verifyText}, for the bytes of an answer that was opened. */
export const verifyBytes = (bytes, options) => judged(() => checkLive(bytes, options));

function judged(step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refusal) return { verdict: 'refuse', reason: error.id };
    throw error;
  }
}

function checkLive(bytes, { trust, now, scene, expected = null, seen = null }) {
  const live = readLive(bytes);
  const { credential } = live;
  checkInForce(trust, now);
  const rules = sceneOf(trust, scene);
  const issuer = checkIssuer(credential, trust);
  checkTimes(credential, now, issuer.live[2], DAY);
  need(credential.deviceKey, 'holder.key-missing');
  checkSignature(live.token, credential.deviceKey, 'holder.signature-bad');
  checkAudience(live, expected);
  const window = Math.min(credential.code.live?.[1] ?? issuer.live[1], rules.window);
  checkWindow(live, { window, future: issuer.live[2] }, now);
  checkReplay(live, window, seen, now);
  return decide(rules, expected ? 3 : 2, { code: credential.code, identity: credential.identity, ageSeconds: now - live.iat });
}

/** Reads the bytes of a live code and checks every shape, but no signature. */
export function readLive(bytes) {
  const token = readSign1(decode(bytes));
  need(token.header.get(16) !== CREDENTIAL_TYP, 'holder.signature-missing', 'bare credential');
  need(token.header.get(16) !== PAPER_TYP, 'format.wrong-kind', 'paper');
  checkHeaders(token, { typ: LIVE_TYP, also: [13] });
  need(token.signature.length > 0, 'holder.signature-missing', 'empty');
  checkSignatureSize(token);
  const credential = readCredential(token.header.get(13));
  const map = decode(token.payload);
  need(isRecord(map, { 3: (aud) => aud === '*' || isPartyId(aud), 6: isSeconds },
    { 39: isNonce, [UNCONFIRMED]: (value) => value === 1 }), 'live.shape');
  return { token, credential, aud: map.get(3), iat: map.get(6), nonce: map.get(39), unconfirmed: map.has(UNCONFIRMED) };
}

function checkIssuer({ token, iss, iat, kid, code }, trust) {
  const issuer = trust.issuers.get(iss);
  need(issuer, 'issuer.unknown');
  const key = keyInForce(issuer.keys, kid, iat);
  need(key.known, 'issuer.key-unknown');
  need(key.key32, 'issuer.key-not-in-force');
  need(speaksFor(issuer, code.region), 'issuer.region-not-allowed');
  checkSignature(token, key.key32, 'issuer.signature-bad');
  return issuer;
}

function checkTimes({ iat, exp }, now, future, life) {
  need(exp - iat <= life, 'time.credential-life-too-long');
  need(now < exp, 'time.credential-expired');
  need(now >= iat - future, 'time.credential-not-yet');
}

function checkAudience({ aud, nonce, credential }, expected) {
  need(aud === (expected ? expected.id : '*'), 'audience.mismatch');
  if (!expected) {
    need(nonce === undefined, 'audience.mismatch', 'an answer');
    need(credential.disclosures.length === 0, 'disclosure.unasked');
    return;
  }
  need(nonce, 'nonce.missing');
  need(equal(nonce, expected.nonce), 'nonce.mismatch');
  const shown = [...(credential.identity?.keys() ?? [])];
  need(shown.every((key) => expected.wanted.includes(key)), 'disclosure.unasked');
  need(expected.wanted.every((key) => shown.includes(key)), 'disclosure.missing');
  const needed = expected.wanted.length > 0 ? expected.wanted.length + 1 : 0;
  need(credential.disclosures.length === needed, 'disclosure.unasked');
}

function sceneOf(trust, id) {
  if (id === undefined) return NO_SCENE;
  const scene = trust.scenes.get(id);
  need(scene, 'scene.unknown');
  return scene;
}

function checkWindow({ iat, unconfirmed, credential }, { window, future }, now) {
  need(now - iat <= window, unconfirmed ? 'time.clock-suspect' : 'time.too-old');
  need(iat - now <= future, unconfirmed ? 'time.clock-suspect' : 'time.future');
  need(iat >= credential.iat && iat < credential.exp, 'time.outside-credential');
}

function checkReplay({ token, iat }, window, seen, now) {
  if (!seen) return;
  for (const [key, until] of seen) if (until < now) seen.delete(key);
  const key = Buffer.from(sha256(sigStructure(token.protectedBytes, token.payload))).toString('hex');
  need(!seen.has(key), 'replay.seen-before');
  seen.set(key, iat + window);
}

function decide(rules, assurance, facts) {
  need(assurance >= rules.required, 'assurance.challenge-required');
  const { colour } = facts.code;
  const verdict = DECISIONS[rules.byColour[colour]];
  return { verdict, reason: `colour.${COLOURS[colour]}`, assurance: assurance === 3 ? 'challenge' : 'time', ...facts };
}

function checkPaper(bytes, { trust, now, scene, expected }) {
  const paper = readPaper(bytes);
  checkInForce(trust, now);
  const rules = sceneOf(trust, scene);
  const issuer = checkIssuer(paper, trust);
  checkTimes(paper, now, issuer.live[2], 14 * DAY);
  need(!expected && rules.required < 3, 'assurance.challenge-required');
  const refused = rules.byColour[paper.code.colour] === 2;
  const facts = { assurance: 'paper', code: paper.code, identity: null, ageSeconds: null };
  return refused ? { verdict: 'refuse', reason: `colour.${COLOURS[paper.code.colour]}`, ...facts }
    : { verdict: 'check', reason: 'paper.check-id', ...facts };
}

/** Reads the bytes of a paper code and checks its shape, but no signature. */
export function readPaper(bytes) {
  const token = readSign1(decode(bytes));
  checkHeaders(token, { typ: PAPER_TYP, kid: true });
  checkSignatureSize(token);
  const map = decode(token.payload);
  need(isRecord(map, { 1: isPartyId, 2: isSub, 4: isSeconds, 6: isSeconds,
    [CODE]: (code) => !(code instanceof Map && code.has(6)) }), 'paper.shape');
  const [iss, exp, iat] = [1, 4, 6].map((key) => map.get(key));
  need(iat < exp, 'paper.shape', 'times');
  return { token, kid: token.header.get(4), iss, exp, iat, code: readCode(map.get(CODE), iss) };
}
