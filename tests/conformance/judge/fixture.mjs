// SPDX-License-Identifier: Apache-2.0
// The keys, clock, claims and trust list of SPEC.md 12, built by the judge.
import { x25519 } from '@noble/curves/ed25519';
import { publicKeyOf } from './cose.mjs';
import { signList } from './trust.mjs';

const filled = (byte) => new Uint8Array(32).fill(byte);
export const SEEDS = { root: filled(0x10), issuer: filled(0x11), device: filled(0x12), hospital: filled(0x13) };
export const SEAL_SECRET = filled(0x14);
export const SEAL_SEED = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
export const PUBLIC = Object.fromEntries(Object.entries(SEEDS).map(([name, seed]) => [name, publicKeyOf(seed)]));
export const SEAL_KEY = x25519.getPublicKey(SEAL_SECRET);
export const NONCE = new Uint8Array(16).fill(0x15);
export const T = 1582243200;
export const DAY = 86400;
export const ENDPOINT = 'https://first.example/answers';

/** Bytes 00, 01, 02, … as the examples' entropy. */
export function countingEntropy() {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => next++ & 255);
}

export const CODE = { colour: 1, name: '张*三', tail: '1239', statusIndex: 48 * 2 ** 20 + 70000 };
export const IDENTITY = new Map([[1, '张小三'], [3, '330106199001011239'], [4, '13900000000']]);
export const CLAIMS = { iss: '330100', iat: T, exp: T + DAY, deviceKey: PUBLIC.device, code: CODE, identity: IDENTITY };

const names = (en, zh) => new Map([['en', en], ['zh-Hans', zh]]);
const dates = [T - 1000, T + 90 * DAY];
export const issuerEntry = () => new Map([[1, '330100'], [2, names('Hangzhou', '杭州市')],
  [3, [[PUBLIC.issuer, ...dates]]], [5, [5, 20, 10]], [6, []]]);
export const verifierEntry = () => new Map([[1, 'hz-first'],
  [2, names('Hangzhou First Hospital', '杭州第一医院')], [3, [[PUBLIC.hospital, ...dates]]],
  [4, 'hospital'], [5, SEAL_KEY], [6, [ENDPOINT]]]);
export const sceneEntry = (id, required, byColour, window) => new Map([[1, id], [2, new Map()], [3, required],
  ...(window === undefined ? [] : [[4, window]]), [5, byColour]]);

/** The content of the examples' trust list; tests change the Map. */
export const content = () => new Map([[1, 7], [2, [PUBLIC.root]], [3, [issuerEntry()]], [4, [verifierEntry()]],
  [5, [sceneEntry('hospital', 3, [1, 0, 1, 2])]]]);
export const TRUST_TIMES = { iat: T - 100, exp: T + 30 * DAY };
export const signTrust = (map = content(), seeds = [SEEDS.root], times = TRUST_TIMES) => signList(map, times, seeds);
