// SPDX-License-Identifier: Apache-2.0
// Trust lists (SPEC.md 9): signing, reading, rotation, and what the list says of a party.
import * as ed from '@noble/ed25519';
import { Tag, decode, encode } from './cbor.mjs';
import { ALG, ED25519, KID, TYP, equal, isBytes, kidOf, publicKeyOf, verifies } from './cose.mjs';
import { need } from './refusal.mjs';
import { isInt, isKeyword, isListOf, isPartyId, isPlain, isRecord, isRegion, isSeconds, isUrl } from './shape.mjs';

export const TRUST_TYP = 'lmt+cwt';
const CONTENT = -65541;
const MAX_BYTES = 1024 * 1024;
const CLOCK_SLACK = 60;
const NO_AAD = new Uint8Array();

const signedBytes = (body, signer, payload) => encode(['Signature', body, signer, NO_AAD, payload]);

/** Signs a list; `content` is the Map under -65541, `seeds` the roots' secrets. Returns bytes. */
export function signList(content, { iat, exp }, seeds) {
  const body = encode(new Map([[TYP, TRUST_TYP]]));
  const payload = encode(new Map([[4, exp], [6, iat], [CONTENT, content]]));
  return encode(new Tag(98, [body, new Map(), payload, seeds.map((seed) => signature(body, payload, seed))]));
}

function signature(body, payload, seed) {
  const header = encode(new Map([[ALG, ED25519], [KID, kidOf(publicKeyOf(seed))]]));
  return [header, new Map(), ed.sign(signedBytes(body, header, payload), seed)];
}

/** Reads a list for a reader that pins `roots` and has accepted `version`; refuses with `trust.*`. */
export function acceptList(bytes, { roots, version = 0 }, now) {
  const list = readList(bytes);
  const signers = list.signatures.map((entry) => ({ ...entry, key32: keyOf(entry.kid, [...roots, ...list.roots]) }));
  const pinned = roots.map((root) => Buffer.from(root).toString('hex'));
  const known = signers.filter((entry) => entry.key32);
  for (const { message, key32, signature64 } of known)
    need(verifies(signature64, message, key32), 'trust.signature-bad');
  need(known.some((entry) => pinned.includes(Buffer.from(entry.key32).toString('hex'))), 'trust.root-unknown');
  const signed = (root) => known.some((entry) => equal(entry.key32, root));
  need(list.roots.every(signed), 'trust.rotation-incomplete');
  need(BigInt(list.version) >= BigInt(version), 'trust.rolled-back');
  checkInForce(list, now);
  return list;
}

const keyOf = (kid, keys) => keys.find((key32) => equal(kidOf(key32), kid));

/** Refuses a list that has expired, and a clock that is before it. */
export function checkInForce(trust, now) {
  need(trust, 'trust.missing');
  need(now < trust.exp, 'trust.expired');
  need(now >= trust.iat - CLOCK_SLACK, 'time.verifier-clock-suspect');
}

/** Looks a key up by its kid: `{known, key32}`; key32 is null where no such key was in force at `at`. */
export function keyInForce(keys, kid, at) {
  const named = keys.filter(({ key32 }) => equal(kidOf(key32), kid));
  const found = named.find(({ notBefore, notAfter }) => notBefore <= at && at < notAfter);
  return { known: named.length > 0, key32: found ? found.key32 : null };
}

/** Whether an issuer may speak for a region. */
export function speaksFor(issuer, region) {
  const codes = issuer.regions.length ? issuer.regions : [issuer.id];
  return codes.some((code) => code === region || (isRegion(code) && code !== '000000' && region.startsWith(code.replace(/(00)+$/, ''))));
}

function readList(bytes) {
  const item = decode(bytes, MAX_BYTES);
  need(item instanceof Tag && item.number === 98 && Array.isArray(item.value) && item.value.length === 4, 'cose.shape');
  const [body, unprotected, payload, entries] = item.value;
  need(isBytes(body, 0, Infinity) && unprotected instanceof Map && isBytes(payload, 0, Infinity), 'cose.shape');
  need(isListOf(entries, isEntry), 'cose.shape', 'signatures');
  need(entries.length <= 8, 'trust.shape', 'signatures');
  checkBody(decode(body), unprotected);
  const signatures = entries.map((entry) => readEntry(entry, body, payload));
  return { ...readContent(decode(payload, MAX_BYTES)), signatures };
}

const isEntry = (entry) =>
  Array.isArray(entry) && entry.length === 3 && isBytes(entry[0], 0, Infinity) && entry[1] instanceof Map && isBytes(entry[2], 64);

function checkBody(header, unprotected) {
  need(header instanceof Map, 'cose.shape');
  need(header.get(TYP) === TRUST_TYP, 'cose.type-wrong');
  need(header.size === 1 && unprotected.size === 0, 'cose.header-unknown');
}

function readEntry([bytes, unprotected, signature64], body, payload) {
  const header = decode(bytes);
  need(header instanceof Map, 'cose.shape');
  need([-19, -8].includes(header.get(ALG)), 'cose.algorithm-unsupported');
  need(header.size === 2 && isBytes(header.get(KID), 8) && unprotected.size === 0, 'cose.header-unknown');
  return { kid: header.get(KID), signature64, message: signedBytes(body, bytes, payload) };
}

const isTag = (value) => typeof value === 'string' && /^[A-Za-z0-9-]{2,35}$/.test(value);
const isNames = (value) =>
  value instanceof Map && [...value].every(([tag, name]) => isTag(tag) && isPlain(name, 120));
const isDated = (value) =>
  Array.isArray(value) && value.length === 3 && isBytes(value[0], 32) && isSeconds(value[1]) && isSeconds(value[2])
  && value[1] < value[2];
const isKeys = (value) => isListOf(value, isDated, 1, 16);
const isPolicy = (value) => Array.isArray(value) && value.length === 3 && isInt(value[0], 1, 60)
  && isInt(value[1], value[0], 120) && isInt(value[2], 0, 60);
const isIssuer = (value) => isRecord(value, { 1: isPartyId, 2: isNames, 3: isKeys, 5: isPolicy,
  6: (list) => isListOf(list, isRegion) }, { 4: isUrl });
const isVerifier = (value) => isRecord(value, { 1: isPartyId, 2: isNames, 3: isKeys, 4: isKeyword,
  5: (key) => isBytes(key, 32), 6: (list) => isListOf(list, isUrl) });
const isScene = (value) => isRecord(value, { 1: isKeyword, 2: isNames, 3: (level) => isInt(level, 2, 3),
  5: (list) => isListOf(list, (decision) => isInt(decision, 0, 2), 4, 4) }, { 4: (window) => isInt(window, 0, 120) });
const isHash = (value) => isBytes(value, 32);
const areRegions = (least) => (value) => isListOf(value, isRegion, least, 64);
const isTime = (value) => isListOf(value, isSeconds, 2, 2) && value[0] < value[1];
const isRecognition = (value) => isRecord(value, { 1: isKeyword, 2: isNames, 3: (path) => isInt(path, 0, 2), 4: areRegions(1),
  5: areRegions(0), 7: isTime, 8: (rules) => isInt(rules, 0, 1) }, { 6: isPartyId, 9: isKeyword })
  && value.has(6) === (value.get(3) !== 0);
const isPack = (value) => isRecord(value, { 1: isRegion, 2: isVersion, 3: isHash });
const isVersion = (value) => isInt(value, 1, Number.MAX_SAFE_INTEGER) || (typeof value === 'bigint' && value > 0n);
const distinct = (list) => new Set(list.map((entry) => entry.get(1))).size === list.length;
const isContent = (value) => isRecord(value, { 1: isVersion, 2: (list) => isListOf(list, (root) => isBytes(root, 32), 1, 4),
  3: (list) => isListOf(list, isIssuer) && distinct(list), 4: (list) => isListOf(list, isVerifier) && distinct(list),
  5: (list) => isListOf(list, isScene) && distinct(list) }, { 6: (list) => isListOf(list, isRecognition, 1) && distinct(list),
  7: (list) => isListOf(list, isPack, 1) && distinct(list) });

function readContent(map) {
  need(isRecord(map, { 4: isSeconds, 6: isSeconds, [CONTENT]: isContent }), 'trust.shape');
  need(map.get(6) < map.get(4), 'trust.shape', 'times');
  const [version, roots, issuers, verifiers, scenes] = [1, 2, 3, 4, 5].map((key) => map.get(CONTENT).get(key));
  const byId = (list, read) => new Map(list.map((entry) => [entry.get(1), read(entry)]));
  return { exp: map.get(4), iat: map.get(6), version, roots, issuers: byId(issuers, readIssuer),
    verifiers: byId(verifiers, readVerifier), scenes: byId(scenes, readScene) };
}

const readKeys = (list) => list.map(([key32, notBefore, notAfter]) => ({ key32, notBefore, notAfter }));
const readIssuer = (entry) => ({ id: entry.get(1), keys: readKeys(entry.get(3)), live: entry.get(5), regions: entry.get(6) });
const readVerifier = (entry) => ({ id: entry.get(1), keys: readKeys(entry.get(3)), kind: entry.get(4),
  sealingKey: entry.get(5), endpoints: entry.get(6) });
const readScene = (entry) => ({ required: entry.get(3), window: entry.get(4) ?? Infinity, byColour: entry.get(5) });
