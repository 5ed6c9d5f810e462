// SPDX-License-Identifier: Apache-2.0
// What a phone does: present (SPEC.md 4.3), live codes (5), key proofs (4.4), requests and answers (6, 7).
import { xsalsa20poly1305, hsalsa } from '@noble/ciphers/salsa';
import { x25519 } from '@noble/curves/ed25519';
import { blake2b } from '@noble/hashes/blake2';
import { sha512 } from '@noble/hashes/sha2';
import { Tag, concat, decode, encode } from './cbor.mjs';
import { ALG, ED25519, KID, TYP, checkHeaders, checkSignature, checkSignatureSize, coseKey, publicKeyOf, readSign1,
  sign1 } from './cose.mjs';
import { IDENTITY, SD_CLAIMS } from './credential.mjs';
import { KEY_PROOF_TYP } from './issuer.mjs';
import { need } from './refusal.mjs';
import { readText, writeText } from './base45.mjs';
import { isInt, isKeyword, isListOf, isNonce, isPartyId, isPlain, isRecord, isSeconds } from './shape.mjs';
import { checkInForce, keyInForce } from './trust.mjs';

export const LIVE_TYP = 294;
export const REQUEST_TYP = 'lmr+cwt';
export const UNCONFIRMED = -65539;
export const ASKED = -65540;
const KCWT = 13;
const REQUEST_FUTURE = 10;

/** The credential with the chosen members disclosed and no other; everything else stays byte for byte. */
export function present(credential, members = []) {
  const [header, unprotected, payload, signature] = decode(credential).value;
  const kept = members.length ? unprotected.get(SD_CLAIMS).filter((disclosure) => {
    const key = decode(disclosure)[2];
    return key === IDENTITY || members.includes(key);
  }) : [];
  return new Tag(18, [header, kept.length ? new Map([[SD_CLAIMS, kept]]) : new Map(), payload, signature]);
}

/** The bytes of a live code. `aud` is "*", or a verifier's id with its nonce. */
export function showBytes(credential, seed, { now, members = [], aud = '*', nonce, unconfirmed = false }) {
  const payload = new Map([[3, aud], [6, now]]);
  if (nonce) payload.set(39, nonce);
  if (unconfirmed) payload.set(UNCONFIRMED, 1);
  const header = new Map([[ALG, ED25519], [KCWT, present(credential, members)], [TYP, LIVE_TYP]]);
  return encode(sign1(header, new Map(), payload, seed));
}

/** The text of an open live code. */
export const show = (credential, seed, options) => writeText('live', showBytes(credential, seed, options));

/** Proves a device key to an issuer, against its nonce. */
export function proveKey(seed, { id, nonce, now }) {
  const payload = new Map([[3, id], [6, now], [8, new Map([[1, coseKey(publicKeyOf(seed))]])], [39, nonce]]);
  return encode(sign1(new Map([[ALG, ED25519], [TYP, KEY_PROOF_TYP]]), new Map(), payload, seed));
}

const isAsked = (value) => isRecord(value, { 1: isKeyword, 2: isWanted }, { 3: (url) => isPlain(url, 512) });
const isWanted = (value) =>
  isListOf(value, (key, i) => isInt(key, 1, 8) && (i === 0 || value[i - 1] < key), 0, 8);

/** Reads a request and checks it against the trust list: who asks, for what, where the answer goes. */
export function readRequest(text, trust, now) {
  const { bytes } = readText(text, ['request']);
  const token = readSign1(decode(bytes));
  checkHeaders(token, { typ: REQUEST_TYP, kid: true });
  checkSignatureSize(token);
  const map = decode(token.payload);
  need(isRecord(map, { 1: isPartyId, 4: isSeconds, 6: isSeconds, 39: isNonce, [ASKED]: isAsked }), 'request.shape');
  const [id, exp, iat, nonce, asked] = [1, 4, 6, 39, ASKED].map((key) => map.get(key));
  need(iat < exp && exp - iat <= 60, 'request.shape', 'times');
  checkMaker(token, trust, { id, iat, exp, now, url: asked.get(3) });
  return { id, iat, exp, nonce, purpose: asked.get(1), wanted: asked.get(2), url: asked.get(3) ?? null };
}

function checkMaker(token, trust, { id, iat, exp, now, url }) {
  checkInForce(trust, now);
  const verifier = trust.verifiers.get(id);
  need(verifier, 'verifier.unknown');
  const key = keyInForce(verifier.keys, token.header.get(KID), iat);
  need(key.known && key.key32, 'verifier.key-not-in-force');
  checkSignature(token, key.key32, 'verifier.signature-bad');
  need(url === undefined || verifier.endpoints.includes(url), 'verifier.unknown', 'address');
  need(now < exp, 'time.request-expired');
  need(iat - now <= REQUEST_FUTURE, 'time.request-future');
}

/** Answers a request that {@link readRequest} took; returns the bytes of the live code. */
export const answer = (request, credential, seed, now) =>
  showBytes(credential, seed, { now, members: request.wanted, aud: request.id, nonce: request.nonce });

const boxKey = (secret, key32) => {
  const shared = x25519.getSharedSecret(secret, key32);
  const out = new Uint32Array(8);
  const words = (bytes) => new Uint32Array(Uint8Array.from(bytes).buffer);
  hsalsa(words(Buffer.from('expand 32-byte k')), words(shared), new Uint32Array(4), out);
  return new Uint8Array(out.buffer);
};
const boxNonce = (ephemeral32, key32) => blake2b(concat(ephemeral32, key32), { dkLen: 24 });

/** The sealed text of an answer's bytes; `seed32` makes the ephemeral key as `crypto_box_seed_keypair` does. */
export function seal(bytes, key32, seed32) {
  const secret = sha512(seed32).slice(0, 32);
  const ephemeral = x25519.getPublicKey(secret);
  const box = xsalsa20poly1305(boxKey(secret, key32), boxNonce(ephemeral, key32)).encrypt(bytes);
  return writeText('sealed', concat(ephemeral, box));
}

/** Opens a sealed answer; refuses with `answer.unreadable`. */
export function unseal(text, secret32) {
  const { bytes } = readText(text, ['sealed']);
  need(bytes.length >= 48, 'answer.unreadable');
  try {
    const ephemeral = bytes.slice(0, 32);
    const nonce = boxNonce(ephemeral, x25519.getPublicKey(secret32));
    return xsalsa20poly1305(boxKey(secret32, ephemeral), nonce).decrypt(bytes.slice(32));
  } catch {
    return need(false, 'answer.unreadable');
  }
}
