// SPDX-License-Identifier: Apache-2.0
// The examples of SPEC.md 12, parsed out of the Markdown.
import { readFileSync } from 'node:fs';

const SPEC = new URL('../../../core/SPEC.md', import.meta.url);

const section = readFileSync(SPEC, 'utf8').split('\n## 12. Examples\n')[1];
const blocks = [...section.matchAll(/```\n([^]*?)```/g)].map(([, body]) => body.replaceAll('\n', ''));
const isHex = (block) => /^[0-9a-f]+$/.test(block);
const [credential, liveBytes, keyProof, trustList] = blocks.filter(isHex).map((block) => Buffer.from(block, 'hex'));
const [live, request, answer, sealed, paper] = blocks.filter((block) => !isHex(block));

/** Bytes (credential, liveBytes, keyProof, trustList) and texts (live, request, answer, sealed, paper). */
export const EXAMPLES = { credential, liveBytes, keyProof, trustList, live, request, answer, sealed, paper };

/** Every 32-byte value in backquotes, in order, and the kid: public keys of root, issuer, device, hospital, X25519. */
export const STATED = {
  keys: [...section.matchAll(/`([0-9a-f]{64})`/g)].map(([, hex]) => hex),
  kid: section.match(/kid `([0-9a-f]{16})`/)[1],
};
export const BLOCK_COUNT = blocks.length;
