// SPDX-License-Identifier: Apache-2.0
// COSE keys, COSE_Sign1 and Ed25519 as SPEC.md 3 wants them.
import * as ed from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2';
import { Tag, concat, decode, encode } from './cbor.mjs';
import { need, refuse } from './refusal.mjs';

ed.etc.sha512Sync = (...parts) => sha512(concat(...parts));

export const ALG = 1;
export const KID = 4;
export const TYP = 16;
export const ED25519 = -19;
const EDDSA = -8;
const NO_AAD = new Uint8Array();

export const publicKeyOf = (seed) => ed.getPublicKey(seed);
export const equal = (a, b) => a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
export const isBytes = (value, min, max = min) =>
  value instanceof Uint8Array && value.length >= min && value.length <= max;

/** COSE_Key of an Ed25519 public key. */
export const coseKey = (key32) => new Map([[1, 1], [-1, 6], [-2, key32]]);

/** The first 8 bytes of the thumbprint of a public key. */
export const kidOf = (key32) => sha256(encode(coseKey(key32))).slice(0, 8);

/** The 32 bytes of a COSE_Key; refuses with `cose.key-shape`. */
export function readCoseKey(map) {
  const good = map instanceof Map && map.size === 3 && map.get(1) === 1 && map.get(-1) === 6;
  need(good && isBytes(map.get(-2), 32), 'cose.key-shape');
  return map.get(-2);
}

const littleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const times = (point, scalar) => (scalar === 0n ? ed.Point.ZERO : point.multiply(scalar, false));

/** Whether an Ed25519 signature holds: S below the order, neither key nor R of small order, and R = [S]B - [k]A byte for byte. */
export function verifies(signature, message, key32) {
  const s = littleEndian(signature.slice(32));
  const order = ed.CURVE.n;
  const key = pointOf(key32);
  if (signature.length !== 64 || s >= order || !key || key.isSmallOrder()) return false;
  const r = signature.slice(0, 32);
  const k = littleEndian(sha512(concat(r, key32, message))) % order;
  const sum = times(ed.Point.BASE, s).add(times(key, k).negate());
  return !sum.isSmallOrder() && equal(sum.toRawBytes(), r);
}

function pointOf(key32) {
  try {
    return ed.Point.fromHex(key32, false);
  } catch {
    return null;
  }
}

/** The bytes that a COSE_Sign1 signs. */
export const sigStructure = (protectedBytes, payload) =>
  encode(['Signature1', protectedBytes, NO_AAD, payload]);

/** A signed token; `payload` is a value to encode. Returns the tagged item. */
export function sign1(header, unprotected, payload, seed) {
  const protectedBytes = encode(header);
  const payloadBytes = encode(payload);
  const signature = ed.sign(sigStructure(protectedBytes, payloadBytes), seed);
  return new Tag(18, [protectedBytes, unprotected, payloadBytes, signature]);
}

/** Takes a tagged item apart without judging it further; refuses with `cose.shape`. Any length of signature passes. */
export function readSign1(item) {
  need(item instanceof Tag && item.number === 18, 'cose.shape', 'not tag 18');
  need(Array.isArray(item.value) && item.value.length === 4, 'cose.shape', 'not four parts');
  const [protectedBytes, unprotected, payload, signature] = item.value;
  const good = isBytes(protectedBytes, 0, Infinity) && unprotected instanceof Map;
  need(good && isBytes(payload, 0, Infinity) && isBytes(signature, 0, Infinity), 'cose.shape', 'parts');
  return { protectedBytes, unprotected, payload, signature, header: readHeader(protectedBytes) };
}

function readHeader(bytes) {
  const header = decode(bytes);
  need(header instanceof Map, 'cose.shape', 'protected header');
  return header;
}

/** Checks the protected header against what the token has: `{typ, kid, also}`; and the unprotected keys. */
export function checkHeaders(token, { typ, kid = false, also = [], unprotected = [] }) {
  const { header } = token;
  need(header.get(TYP) === typ, 'cose.type-wrong', String(header.get(TYP)));
  need([ED25519, EDDSA].includes(header.get(ALG)), 'cose.algorithm-unsupported');
  const known = [ALG, TYP, ...(kid ? [KID] : []), ...also];
  need([...header.keys()].every((key) => known.includes(key)), 'cose.header-unknown', 'protected');
  need(known.every((key) => header.has(key)), 'cose.header-unknown', 'missing');
  if (kid) need(isBytes(header.get(KID), 8), 'cose.header-unknown', 'kid');
  need([...token.unprotected.keys()].every((key) => unprotected.includes(key)), 'cose.header-unknown', 'unprotected');
}

/** Refuses a signature that is not 64 bytes. */
export function checkSignatureSize(token) {
  need(token.signature.length === 64, 'cose.shape', 'signature');
}

/** Refuses with `id` unless the token's signature holds under the key. */
export function checkSignature(token, key32, id) {
  if (!verifies(token.signature, sigStructure(token.protectedBytes, token.payload), key32)) refuse(id);
}
