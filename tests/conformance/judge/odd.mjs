// SPDX-License-Identifier: Apache-2.0
// Encodings that are CBOR, or nearly, but not deterministic: one place at a time.
import { Raw, Simple, Tag, concat, encode, head } from './cbor.mjs';

const BREAK = Uint8Array.of(0xff);
const MAJOR = { text: 3, bytes: 2, array: 4, map: 5, tag: 6, int: 0, other: 7 };
const kindOf = (value) => typeof value === 'string' ? 'text' : value instanceof Uint8Array ? 'bytes'
  : Array.isArray(value) ? 'array' : value instanceof Map ? 'map' : value instanceof Tag ? 'tag'
    : Number.isInteger(value) ? 'int' : 'other';
const argumentOf = (value) => ({ text: () => Buffer.byteLength(value), bytes: () => value.length, array: () => value.length,
  map: () => value.size, tag: () => value.number, int: () => (value < 0 ? -1 - value : value) })[kindOf(value)]();
const majorOf = (value) => (kindOf(value) === 'int' && value < 0 ? 1 : MAJOR[kindOf(value)]);
const tailOf = (value) => {
  const whole = encode(value);
  return whole.subarray(head(majorOf(value), argumentOf(value)).length);
};
const withHead = (bytes) => (value) => concat(bytes(majorOf(value), argumentOf(value)), tailOf(value));
const sortedEntries = (map) => [...map].map(([key, value]) => concat(encode(key), encode(value))).sort(Buffer.compare);
const not = (...kinds) => (value) => !kinds.includes(kindOf(value));
const only = (...kinds) => (value) => kinds.includes(kindOf(value));
const entries = (count) => (value) => kindOf(value) === 'map' && value.size >= count;

/** `name: [applies to a value?, its odd bytes, the id]`. */
export const ODD = {
  'head in one more byte': [(value) => kindOf(value) !== 'other' && argumentOf(value) < 24,
    withHead((major, argument) => head(major, argument, 1)), 'cbor.not-shortest'],
  'head in nine bytes': [not('other'), withHead((major, argument) => head(major, argument, 8)), 'cbor.not-shortest'],
  'reserved head': [not('other'), withHead((major) => Uint8Array.of((major << 5) | 28)), 'cbor.malformed'],
  'indefinite': [only('text', 'bytes'), (value) => concat(head(majorOf(value), 0).map((byte) => byte | 31), encode(value), BREAK),
    'cbor.indefinite-length'],
  'indefinite container': [only('array', 'map'), (value) => concat(head(majorOf(value), 0).map((byte) => byte | 31), tailOf(value), BREAK),
    'cbor.indefinite-length'],
  'indefinite integer': [only('int'), (value) => head(majorOf(value), 0).map((byte) => byte | 31), 'cbor.malformed'],
  'indefinite tag': [only('tag'), (value) => concat(Uint8Array.of(0xdf), tailOf(value)), 'cbor.malformed'],
  'break': [not('other'), () => BREAK, 'cbor.malformed'],
  'first two entries swapped': [entries(2), (map) => {
    const [first, second, ...rest] = sortedEntries(map);
    return concat(head(5, map.size), second, first, ...rest);
  }, 'cbor.key-order'],
  'first entry twice': [entries(1), (map) => {
    const sorted = sortedEntries(map);
    return concat(head(5, map.size + 1), sorted[0], ...sorted);
  }, 'cbor.duplicate-key'],
  'a bad UTF-8 byte': [only('text'), (value) => concat(head(3, argumentOf(value) + 1), tailOf(value), Uint8Array.of(0xc0)), 'cbor.utf8'],
  'a surrogate': [only('text'), (value) => concat(head(3, argumentOf(value) + 3), tailOf(value), Uint8Array.of(0xed, 0xa0, 0x80)), 'cbor.utf8'],
  'a double for a half': [only('int'), () => Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0), 'cbor.not-shortest'],
  'a NaN with payload': [only('int'), () => Uint8Array.of(0xf9, 0x7e, 0x01), 'cbor.not-shortest'],
  'a simple value in two bytes': [only('int'), () => Uint8Array.of(0xf8, 0x14), 'cbor.malformed'],
  'nested 17 deep': [only('int'), () => concat(new Uint8Array(17).fill(0x81), Uint8Array.of(0)), 'cbor.too-deep'],
};

/** All `[place, name, Raw, id]` of a value with one item of it written oddly. */
export function* oddlyWritten(value, place = '') {
  for (const [name, [applies, write, id]] of Object.entries(ODD))
    if (applies(value)) yield [place, name, new Raw(write(value)), id];
  yield* oddMembers(value, place);
}

function* oddMembers(value, place) {
  if (value instanceof Tag)
    for (const [at, name, raw, id] of oddlyWritten(value.value, `${place}/tag`)) yield [at, name, encodedRaw(new Tag(value.number, raw)), id];
  if (!(Array.isArray(value) || value instanceof Map)) return;
  for (const [key, member] of value.entries()) {
    for (const [at, name, raw, id] of oddlyWritten(member, `${place}/${key instanceof Simple ? 'hash' : key}`)) {
      const copy = value instanceof Map ? new Map(value) : [...value];
      if (copy instanceof Map) copy.set(key, raw);
      else copy[key] = raw;
      yield [at, name, encodedRaw(copy), id];
    }
  }
}

const encodedRaw = (value) => new Raw(encode(value));
