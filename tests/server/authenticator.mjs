// SPDX-License-Identifier: Apache-2.0
// What staff carry: an authenticator app (RFC 6238) and a device with passkeys (Web Authentication), in software.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

/** The six digits of a base32 secret. @param steps  how many steps of 30 s from now */
export function totp(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The digits of the step before this one; not in a step's last seconds, after which nobody takes them any more. */
export async function earlierTotp(secret) {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 8_000) await setTimeout(left + 50);
  return totp(secret, -1);
}

function decodeBase32(text) {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

const sha256 = (data) => createHash('sha256').update(data).digest();
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** Deterministic CBOR of what passkeys are made of: integers, bytes, texts, and maps in the order given. */
function cbor(value) {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  return Buffer.concat([head(2, value.length), value]);
}

function head(type, n) {
  if (n < 24) return Buffer.from([(type << 5) | n]);
  if (n < 256) return Buffer.from([(type << 5) | 24, n]);
  return Buffer.from([(type << 5) | 25, n >> 8, n & 255]);
}

const kPresent = 1, kVerified = 4, kHasCredential = 64;

/** A device with one passkey. Everything it says can be bent by `changes`. */
export class Authenticator {
  counter = 0;
  id = randomBytes(32);

  /** @param algorithm  "ES256" or "Ed25519" */
  constructor(origin, algorithm = 'ES256') {
    this.origin = origin;
    this.keys = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    this.algorithm = algorithm;
  }

  coseKey() {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const bytes = (text) => Buffer.from(text, 'base64url');
    return this.algorithm === 'ES256'
      ? new Map([[1, 2], [3, -7], [-1, 1], [-2, bytes(x)], [-3, bytes(y)]])
      : new Map([[1, 1], [3, -8], [-1, 6], [-2, bytes(x)]]);
  }

  #clientData(type, challenge, { origin = this.origin, ...rest }) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...rest }));
  }

  #head({ host = new URL(this.origin).hostname, flags }) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(host), Buffer.from([flags]), counter]);
  }

  /** @returns what navigator.credentials.create() gives, as the server takes it */
  create(challenge, { client = {}, host, flags = kPresent | kVerified | kHasCredential, key = cbor(this.coseKey()), format = 'none', rest = Buffer.alloc(0) } = {}) {
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    const data = Buffer.concat([this.#head({ host, flags }), Buffer.alloc(16), length, this.id, key, rest]);
    const attestation = cbor(new Map([['fmt', format], ['attStmt', new Map()], ['authData', data]]));
    return { clientData: base64url(this.#clientData(client.type ?? 'webauthn.create', challenge, client)), attestation: base64url(attestation) };
  }

  /** @returns what navigator.credentials.get() gives, as the server takes it */
  get(challenge, { client = {}, host, flags = kPresent | kVerified, counter = this.counter + 1, key = this.keys.privateKey } = {}) {
    this.counter = counter;
    const clientData = this.#clientData(client.type ?? 'webauthn.get', challenge, client);
    const data = this.#head({ host, flags });
    const signature = sign(this.algorithm === 'ES256' ? 'sha256' : null, Buffer.concat([data, sha256(clientData)]), key);
    return { credential: base64url(this.id), clientData: base64url(clientData), authenticatorData: base64url(data), signature: base64url(signature) };
  }
}
