// SPDX-License-Identifier: Apache-2.0
// Written out, because mini-programs have neither TextEncoder nor atob.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const sextets = new Map([...alphabet].map((character, value) => [character, value]));

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const characters = Math.min(bytes.length - at, 3) + 1;
    for (let i = 0; i < characters; i++) text += alphabet[(group >> (18 - 6 * i)) & 63];
  }
  return text;
}

/** Decodes base64url without padding; undefined for anything that toBase64Url() would not write. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const character of text) {
    const value = sextets.get(character);
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) bytes[at++] = bits >> (count -= 8);
  }
  return bits & ((1 << count) - 1) ? undefined : bytes;
}

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function toUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0)!;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    pushScalar(bytes, point);
  }
  const encoded = Uint8Array.from(bytes);
  bytes.fill(0);
  return encoded;
}

function pushScalar(bytes: number[], point: number): void {
  if (point < 0x80) bytes.push(point);
  else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
  else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
  else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
}

function tail(bits: number): number {
  return 0x80 | (bits & 63);
}

/** Decodes UTF-8; undefined where the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  let escaped = '';
  for (const byte of bytes) escaped += byte < 0x80 ? plain(byte) : `%${byte.toString(16)}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}

function plain(byte: number): string {
  return byte === 0x25 ? '%25' : String.fromCharCode(byte);
}

/** Whether two arrays hold the same bytes. Not for secrets. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
