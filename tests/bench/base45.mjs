// SPDX-License-Identifier: Apache-2.0
// Base45 (RFC 9285) by table, for the contenders.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const charCodes = Uint8Array.from(alphabet, (c) => c.charCodeAt(0));
const noDigit = 255;
const digits = new Uint8Array(128).fill(noDigit);
charCodes.forEach((code, digit) => (digits[code] = digit));
const ascii = new TextDecoder('latin1');

export function encodeBase45(bytes) {
  const text = new Uint8Array((bytes.length >> 1) * 3 + (bytes.length & 1) * 2);
  let at = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const value = bytes[i] * 256 + bytes[i + 1];
    text[at++] = charCodes[value % 45];
    text[at++] = charCodes[((value / 45) | 0) % 45];
    text[at++] = charCodes[(value / 2025) | 0];
  }
  if (bytes.length & 1) {
    const value = bytes[bytes.length - 1];
    text[at++] = charCodes[value % 45];
    text[at++] = charCodes[(value / 45) | 0];
  }
  return ascii.decode(text);
}

/** @return an id of SPEC.md where the text is not Base45 */
export function decodeBase45(text, from) {
  const length = text.length - from;
  if (length % 3 === 1) return 'base45.length';
  const bytes = new Uint8Array(((length / 3) | 0) * 2 + (length % 3 ? 1 : 0));
  let at = 0;
  let i = from;
  for (; i + 2 < text.length; i += 3) {
    const a = digits[text.charCodeAt(i) & 127];
    const b = digits[text.charCodeAt(i + 1) & 127];
    const c = digits[text.charCodeAt(i + 2) & 127];
    if (a === noDigit || b === noDigit || c === noDigit) return 'base45.character';
    const value = a + b * 45 + c * 2025;
    if (value > 0xffff) return 'base45.overflow';
    bytes[at++] = value >> 8;
    bytes[at++] = value & 255;
  }
  if (i < text.length) {
    const a = digits[text.charCodeAt(i) & 127];
    const b = digits[text.charCodeAt(i + 1) & 127];
    if (a === noDigit || b === noDigit) return 'base45.character';
    if (a + b * 45 > 255) return 'base45.overflow';
    bytes[at] = a + b * 45;
  }
  return bytes;
}
