// SPDX-License-Identifier: Apache-2.0
// Base45 (RFC 9285) and the four texts of SPEC.md 2.
import { need, refuse } from './refusal.mjs';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const MAX_TEXT = 4296;
const KINDS = { 'LM1:': 'live', 'LMR1:': 'request', 'LMS1:': 'sealed', 'LMP1:': 'paper' };

/** Base45 of bytes. */
export function toBase45(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      text += ALPHABET[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** The bytes of a Base45 text; refuses with `base45.*`. */
export function fromBase45(text) {
  const digits = Array.from(text, (character) => ALPHABET.indexOf(character));
  need(digits.length % 3 !== 1, 'base45.length');
  need(!digits.includes(-1), 'base45.character');
  const bytes = [];
  for (let i = 0; i < digits.length; i += 3) {
    const [a, b, c] = digits.slice(i, i + 3);
    const value = a + 45 * b + 2025 * (c ?? 0);
    need(value <= (c === undefined ? 255 : 65535), 'base45.overflow');
    if (c !== undefined) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

function kindOf(text) {
  const prefix = Object.keys(KINDS).find((candidate) => text.startsWith(candidate));
  if (prefix) return [KINDS[prefix], text.slice(prefix.length)];
  if (/^LM[RSP]?[2-9]:/.test(text)) refuse('format.version-unsupported');
  if (/^(HC1:|NL2:|shc:\/|[hH][tT]{2}[pP][sS]?:\/\/)/.test(text)) refuse('format.other-system');
  return refuse('format.prefix-unknown');
}

/** Takes a text apart: `{kind, bytes}`; `kinds` are those expected. Refuses with `format.*` and `base45.*`. */
export function readText(text, kinds) {
  need(text.length > 0, 'format.empty');
  need(text.length <= MAX_TEXT, 'format.too-long');
  const [kind, body] = kindOf(text);
  need(kinds.includes(kind), 'format.wrong-kind', kind);
  return { kind, bytes: fromBase45(body) };
}

/** The text that carries these bytes. */
export function writeText(kind, bytes) {
  const prefix = Object.keys(KINDS).find((candidate) => KINDS[candidate] === kind);
  return prefix + toBase45(bytes);
}
