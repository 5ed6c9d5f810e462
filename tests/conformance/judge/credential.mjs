// SPDX-License-Identifier: Apache-2.0
// The credential, its identity and its disclosures (SPEC.md 4), as a reader sees them.
import { sha256 } from '@noble/hashes/sha2';
import { REDACTED, Tag, decode, encode } from './cbor.mjs';
import { checkHeaders, checkSignatureSize, isBytes, readCoseKey, readSign1 } from './cose.mjs';
import { need } from './refusal.mjs';
import { isInt, isListOf, isPartyId, isPlain, isRegion, isSeconds, isSub } from './shape.mjs';

export const CODE = -65537;
export const IDENTITY = -65538;
export const SD_CLAIMS = 17;
export const CREDENTIAL_TYP = 293;

/** The Blinded Claim Hash of an encoded disclosure. */
export const hashOf = (disclosure) => sha256(encode(disclosure));

/** Reads a tagged credential and checks its shape and its disclosures, but no signature. */
export function readCredential(item) {
  const token = readSign1(item);
  checkHeaders(token, { typ: CREDENTIAL_TYP, kid: true, unprotected: [SD_CLAIMS] });
  checkSignatureSize(token);
  const claims = readClaims(decode(token.payload));
  return { ...claims, token, kid: token.header.get(4), ...readDisclosures(token.unprotected, claims.hash) };
}

function readClaims(map) {
  need(map instanceof Map, 'credential.shape');
  const hash = readTopHash(map);
  const known = [1, 2, 4, 6, 8, CODE, REDACTED];
  need([...map.keys()].every((key) => known.includes(key)), 'credential.claim-unknown');
  need([1, 2, 4, 6, CODE].every((key) => map.has(key)), 'credential.claim-missing');
  const claims = { iss: map.get(1), sub: map.get(2), exp: map.get(4), iat: map.get(6), hash };
  need(isPartyId(claims.iss) && isSub(claims.sub), 'credential.claim-invalid', 'iss, sub');
  need(isSeconds(claims.exp) && isSeconds(claims.iat) && claims.iat < claims.exp, 'credential.claim-invalid', 'times');
  return { ...claims, deviceKey: map.has(8) ? readConfirmation(map.get(8)) : null, code: readCode(map.get(CODE), claims.iss) };
}

function readTopHash(map) {
  if (!map.has(REDACTED)) return null;
  const hashes = map.get(REDACTED);
  need(Array.isArray(hashes) && hashes.length === 1, 'credential.shape', 'hashes');
  need(isBytes(hashes[0], 32), 'disclosure.shape', 'hash');
  return hashes[0];
}

function readConfirmation(map) {
  need(map instanceof Map && map.size === 1 && map.has(1), 'credential.claim-invalid', 'cnf');
  return readCoseKey(map.get(1));
}

/** Reads `code`; the region is the issuer's id where it is left out. */
export function readCode(map, iss) {
  need(map instanceof Map, 'credential.claim-invalid', 'code');
  need(!map.has(REDACTED) && ![...map.values()].some(isRedactedElement), 'disclosure.shape', 'hash out of place');
  need([...map.keys()].every((key) => isInt(key, 1, 6)), 'credential.claim-unknown', 'code');
  need([1, 3, 4, 5].every((key) => map.has(key)), 'credential.claim-missing', 'code');
  const good = isInt(map.get(1), 0, 3)
    && (!map.has(2) || isRegion(map.get(2)))
    && isPlain(map.get(3), 24)
    && typeof map.get(4) === 'string' && /^[0-9]{3}[0-9X]$/.test(map.get(4))
    && isInt(map.get(5), 0, 0xffffffff)
    && (!map.has(6) || isPolicy(map.get(6)));
  need(good, 'credential.claim-invalid', 'code');
  const [colour, name, tail, statusIndex] = [1, 3, 4, 5].map((key) => map.get(key));
  return { colour, region: map.get(2) ?? iss, name, tail, statusIndex, live: map.get(6) ?? null };
}

const isRedactedElement = (value) => value instanceof Tag && value.number === 60;
const isPolicy = (value) =>
  Array.isArray(value) && value.length === 2 && isInt(value[0], 1, 60) && isInt(value[1], value[0], 120);

// Disclosures by hash; each is used up once, by the one place where its hash stands.
function readDisclosures(unprotected, topHash) {
  if (!unprotected.has(SD_CLAIMS)) return { disclosures: [], identity: null };
  const disclosures = unprotected.get(SD_CLAIMS);
  need(isListOf(disclosures, (item) => isBytes(item, 0, Infinity), 1, 64), 'disclosure.shape', 'sd_claims');
  const open = new Map();
  for (const bytes of disclosures) {
    const key = Buffer.from(hashOf(bytes)).toString('hex');
    need(!open.has(key), 'disclosure.duplicate', 'given twice');
    open.set(key, readDisclosure(bytes));
  }
  const identity = redeemIdentity(open, topHash);
  need(open.size === 0, 'disclosure.unmatched');
  return { disclosures, identity };
}

function readDisclosure(bytes) {
  const item = decode(bytes);
  need(isListOf(item, () => true, 1, 3) && isBytes(item[0], 16), 'disclosure.shape');
  need(item.length < 3 || Number.isInteger(item[2]) || ['bigint', 'string'].includes(typeof item[2]), 'disclosure.shape', 'key');
  return item;
}

function redeem(open, hash) {
  const key = Buffer.from(hash).toString('hex');
  const item = open.get(key);
  open.delete(key);
  if (item) need(item.length !== 2, 'disclosure.shape', 'not of a claim');
  return item?.length === 3 ? item : null; // [salt] is a decoy
}

function redeemIdentity(open, topHash) {
  const item = topHash && redeem(open, topHash);
  if (!item) return null;
  const [, value, key] = item;
  need(key === IDENTITY, [1, 2, 4, 6, 8, CODE].includes(key) ? 'disclosure.duplicate' : 'credential.claim-unknown');
  need(value instanceof Map && value.has(REDACTED), 'disclosure.shape', 'identity');
  need(value.size === 1, 'credential.claim-unknown', 'identity');
  const hashes = value.get(REDACTED);
  need(isListOf(hashes, (hash) => isBytes(hash, 32), 1, 8), 'disclosure.shape', 'identity hashes');
  const places = hashes.map((hash) => Buffer.from(hash).toString('hex'));
  need([...open.keys()].every((hash) => places.indexOf(hash) === places.lastIndexOf(hash)), 'disclosure.duplicate', 'hash twice');
  return redeemMembers(open, hashes);
}

function redeemMembers(open, hashes) {
  const identity = new Map();
  for (const [, value, key] of hashes.map((hash) => redeem(open, hash)).filter(Boolean)) {
    need(isInt(key, 1, 8), 'credential.claim-unknown', 'member');
    need(!identity.has(key), 'disclosure.duplicate', 'member');
    need(isPlain(value, 128), 'credential.claim-invalid', 'member');
    identity.set(key, value);
  }
  return identity;
}
