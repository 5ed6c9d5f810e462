// SPDX-License-Identifier: Apache-2.0
// Signed records of colours (core/SPEC.md 9.5), good ones and bent ones, written without the core.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const colours = ['pending', 'green', 'yellow', 'red'];
const day = 86400;
/** What the rules of tools/regions give for each colour. */
const reasons = {
  pending: {},
  green: { rule: 'CR-000000-COLOUR-GREEN', reasonClass: 'declared' },
  yellow: { rule: 'CR-000000-COLOUR-YELLOW', reasonClass: 'risk', days: 7 },
  red: { rule: 'CR-000000-COLOUR-RED', reasonClass: 'contact', days: 14 },
};

function head(type, n) {
  if (n < 24) return Buffer.from([(type << 5) | n]);
  const [info, size] = n < 256 ? [24, 1] : n < 65536 ? [25, 2] : n < 2 ** 32 ? [26, 4] : [27, 8];
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = (type << 5) | info;
  if (size === 8) bytes.writeBigUInt64BE(BigInt(n), 1);
  else bytes.writeUIntBE(n, 1, size);
  return bytes;
}

/** Deterministic CBOR of integers, texts, bytes, arrays, and maps whose keys come in order. */
function cbor(value) {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  return Buffer.concat([head(2, value.length), value]);
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/**
 * Signs the first record of a log.
 *
 * @param keyFile  the issuer's JSON Web Key
 * @param colour   that the rules give; everything else can be bent
 * @param until    Unix seconds; null: none
 */
export function colourRecord(keyFile, { issuer, now, colour, region = issuer, event = 'colour', ...bent }) {
  const jwk = JSON.parse(readFileSync(keyFile, 'utf8'));
  const { rule, reasonClass, until = null } = {
    ...reasons[colour], ...(reasons[colour].days && { until: now + reasons[colour].days * day }), ...bent };
  const thumbprint = sha256(cbor(new Map([[1, 1], [-1, 6], [-2, Buffer.from(jwk.x, 'base64url')]])));
  const members = [[1, Buffer.alloc(16, 7)], [2, 0], [3, Buffer.alloc(32)], [4, event], [5, ['rules']],
    [6, event === 'colour' ? colours.indexOf(colour) : null], [7, event === 'colour' ? region : null],
    [8, rule ?? null], [9, reasonClass ?? null], [11, until]];
  const header = cbor(new Map([[1, -19], [4, thumbprint.subarray(0, 8)], [16, 'lmc+cwt']]));
  const payload = cbor(new Map([[1, issuer], [6, now], [-65542, new Map(members.filter(([, value]) => value !== null))]]));
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: jwk.x, d: jwk.d } });
  const signature = sign(null, cbor(['Signature1', header, Buffer.alloc(0), payload]), key);
  return Buffer.concat([Buffer.from([0xd2]), cbor([header, new Map(), payload, signature])]);
}
