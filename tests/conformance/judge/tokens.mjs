// SPDX-License-Identifier: Apache-2.0
// Tokens from parts that a test may have changed: whatever the parts are, they are signed.
import { writeText } from './base45.mjs';
import { REDACTED, encode } from './cbor.mjs';
import { ALG, ED25519, TYP, sign1 } from './cose.mjs';
import { CREDENTIAL_TYP, IDENTITY, SD_CLAIMS, hashOf } from './credential.mjs';
import { CLAIMS, IDENTITY as MEMBERS, NONCE, SEEDS, T } from './fixture.mjs';
import { ASKED, LIVE_TYP, REQUEST_TYP, UNCONFIRMED } from './holder.mjs';
import { PAPER_TYP, claimsOf, issuerHeader } from './issuer.mjs';

const SUB = 'AAECAwQF';
const salt = (byte) => new Uint8Array(16).fill(byte);
const liveHeader = () => new Map([[ALG, ED25519], [TYP, LIVE_TYP]]);

/** Parts of an open live code. */
export const openParts = () => ({
  issuerHeader: issuerHeader(SEEDS.issuer, CREDENTIAL_TYP), issuerOpen: new Map(),
  claims: claimsOf({ ...CLAIMS, sub: SUB, code: { ...CLAIMS.code, region: '330110', live: [5, 30] } }, new Uint8Array(32).fill(9)),
  liveHeader: liveHeader(), liveOpen: new Map(), live: new Map([[3, '*'], [6, T + 60], [UNCONFIRMED, 1]]),
});

const liveItem = (parts, issuerOpen, claims) => {
  const credential = sign1(parts.issuerHeader, issuerOpen, claims, SEEDS.issuer);
  const header = parts.liveHeader instanceof Map ? new Map([...parts.liveHeader, [13, credential]]) : parts.liveHeader;
  return sign1(header, parts.liveOpen, parts.live, SEEDS.device);
};

/** The text of a live code of these parts. */
export const liveText = (parts) => writeText('live', encode(liveItem(parts, parts.issuerOpen, parts.claims)));

/** Parts of an answer that discloses three members. */
export const answerParts = () => ({
  ...openParts(), members: [...MEMBERS].map(([key, value]) => [salt(key), value, key]),
  identity: [salt(0), new Map(), IDENTITY], hashes: (list) => list.sort(Buffer.compare),
  live: new Map([[3, 'hz-first'], [6, T + 60], [39, NONCE]]),
});

/** The text of an answer; hashes are made of the parts as they are. */
export function answerText(parts) {
  const members = Array.isArray(parts.members) ? parts.members.map(encode) : [encode(parts.members)];
  const [first, value, key] = Array.isArray(parts.identity) ? parts.identity : [parts.identity];
  const hashed = value instanceof Map ? new Map([...value, [REDACTED, parts.hashes(members.map(hashOf))]]) : value;
  const identity = encode(Array.isArray(parts.identity) ? [first, hashed, key, ...parts.identity.slice(3)].slice(0, parts.identity.length) : parts.identity);
  const claims = new Map([...parts.claims, [REDACTED, [hashOf(identity)]]]);
  return writeText('live', encode(liveItem(parts, new Map([[SD_CLAIMS, [identity, ...members]]]), claims)));
}

export const paperParts = () => ({ header: issuerHeader(SEEDS.issuer, PAPER_TYP), open: new Map(),
  claims: claimsOf({ ...CLAIMS, deviceKey: undefined, sub: SUB, code: { ...CLAIMS.code, region: '330110' } }) });
export const paperText = ({ header, open, claims }) => writeText('paper', encode(sign1(header, open, claims, SEEDS.issuer)));

export const requestParts = () => ({ header: issuerHeader(SEEDS.hospital, REQUEST_TYP), open: new Map(),
  claims: new Map([[1, 'hz-first'], [4, T + 110], [6, T + 50], [39, NONCE], [ASKED, new Map([[1, 'registration'], [2, [1, 3, 4]],
    [3, 'https://first.example/answers']])]]) });
export const requestText = ({ header, open, claims }) =>
  writeText('request', encode(sign1(header, open, claims, SEEDS.hospital)));
