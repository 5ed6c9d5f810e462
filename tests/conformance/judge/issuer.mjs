// SPDX-License-Identifier: Apache-2.0
// What an issuer does: credentials (SPEC.md 4.2), paper codes (8), and the check of a device's key proof (4.4).
import { REDACTED, Tag, decode, encode } from './cbor.mjs';
import { ALG, ED25519, KID, TYP, checkHeaders, checkSignature, checkSignatureSize, coseKey, equal, kidOf, publicKeyOf,
  readCoseKey, readSign1, sign1 } from './cose.mjs';
import { CODE, CREDENTIAL_TYP, IDENTITY, SD_CLAIMS, hashOf } from './credential.mjs';
import { need } from './refusal.mjs';
import { isNonce, isPartyId, isRecord, isSeconds } from './shape.mjs';

export const KEY_PROOF_TYP = 'lmk+cwt';
export const PAPER_TYP = 'lmp+cwt';
const MAX_BARE = 252;

/** Masks a name as `code[3]` wants it. */
export function maskName(name) {
  const characters = [...name];
  return characters.length > 2 ? `${characters[0]}*${characters.at(-1)}` : `${characters[0]}*`;
}

const byNumber = (entries) => new Map(entries.filter(([, value]) => value !== undefined));

/** The map `code` of `{colour, region, name, tail, statusIndex, live}`; region and live may be left out. */
export const codeOf = ({ colour, region, name, tail, statusIndex, live }) =>
  byNumber([[1, colour], [2, region], [3, name], [4, tail], [5, statusIndex], [6, live]]);

export const issuerHeader = (seed, typ) => new Map([[ALG, ED25519], [KID, kidOf(publicKeyOf(seed))], [TYP, typ]]);

/** Encoded disclosures of an identity (Map of member to text), the identity's own first; `salt()` gives 16 bytes. */
export function redactIdentity(members, salt) {
  const inner = [...members].sort(([a], [b]) => a - b).map(([key, value]) => encode([salt(), value, key]));
  const hashes = inner.map(hashOf).sort(Buffer.compare);
  return [encode([salt(), new Map([[REDACTED, hashes]]), IDENTITY]), ...inner];
}

/** The claims map; `hash` is that of the identity's own disclosure. */
export function claimsOf({ iss, sub, exp, iat, deviceKey, code }, hash) {
  return byNumber([[1, iss], [2, sub], [4, exp], [6, iat], [8, deviceKey && new Map([[1, coseKey(deviceKey)]])],
    [CODE, codeOf(code)], [REDACTED, hash && [hash]]]);
}

/** Issues; `entropy(n)` gives fresh bytes: 6 for `sub`, then the salts. Returns the encoded credential. */
export function issue({ identity = new Map(), ...claims }, seed, entropy) {
  const sub = Buffer.from(entropy(6)).toString('base64url');
  const disclosures = identity.size ? redactIdentity(identity, () => entropy(16)) : [];
  const payload = claimsOf({ ...claims, sub }, disclosures.length ? hashOf(disclosures[0]) : undefined);
  const header = disclosures.length ? new Map([[SD_CLAIMS, disclosures]]) : new Map();
  const item = sign1(issuerHeader(seed, CREDENTIAL_TYP), header, payload, seed);
  const bare = encode(new Tag(18, [item.value[0], new Map(), ...item.value.slice(2)]));
  if (bare.length > MAX_BARE) throw new RangeError('the live code would exceed 349 bytes');
  return encode(item);
}

/** Signs a paper code; returns its bytes. */
export function issuePaper({ iss, exp, iat, code }, seed, entropy) {
  const sub = Buffer.from(entropy(6)).toString('base64url');
  return encode(sign1(issuerHeader(seed, PAPER_TYP), new Map(), claimsOf({ iss, sub, exp, iat, code }), seed));
}

/** The device key that a key proof proves; refuses where it does not. `nonce` is the issuer's own, used once. */
export function acceptKeyProof(bytes, { id, nonce, now }) {
  const token = readSign1(decode(bytes));
  checkHeaders(token, { typ: KEY_PROOF_TYP });
  checkSignatureSize(token);
  const map = decode(token.payload);
  need(isRecord(map, { 3: isPartyId, 6: isSeconds, 8: (cnf) => isRecord(cnf, { 1: (key) => key instanceof Map }),
    39: isNonce }), 'credential.shape');
  const deviceKey = readCoseKey(map.get(8).get(1));
  checkSignature(token, deviceKey, 'holder.signature-bad');
  need(map.get(3) === id, 'audience.mismatch');
  need(equal(map.get(39), nonce), 'nonce.mismatch');
  need(map.get(6) >= now - 300, 'time.too-old');
  need(map.get(6) <= now + 300, 'time.future');
  return deviceKey;
}
