// SPDX-License-Identifier: Apache-2.0
// Deterministic CBOR (SPEC.md 3; RFC 8949, 4.2.1). cbor-x reads and writes the leaves; it neither refuses what is not
// deterministic nor knows simple(59), so that containers, tags and simple values are walked here.
import { Decoder, Encoder } from 'cbor-x';
import { need, refuse } from './refusal.mjs';

const leafReader = new Decoder({ useRecords: false, mapsAsObjects: false });
const leafWriter = new Encoder({ useRecords: false, tagUint8Array: false });
const MAX_DEPTH = 16;
const MAX_BYTES = 16 * 1024;

/** A tagged item. */
export class Tag {
  constructor(number, value) {
    Object.assign(this, { number, value });
  }
}

/** A simple value other than false, true and null. */
export class Simple {
  constructor(number) {
    this.number = number;
  }
}

/** The map key under which hashes of redacted claims stand; a value of its own, so that `Map.get` finds it. */
export const REDACTED = new Simple(59);

/** Bytes to be written as they are; only tests need it. */
export class Raw {
  constructor(bytes) {
    this.bytes = bytes;
  }
}

export function concat(...parts) {
  return Uint8Array.from(Buffer.concat(parts));
}

/** The head of an item: major type 0..7 and argument; `width` 1, 2, 4 or 8 makes it longer than need be. */
export function head(major, argument, width = 0) {
  const value = BigInt(argument);
  const fits = value < 24n ? 0 : value < 0x100n ? 1 : value < 0x10000n ? 2 : value < 0x100000000n ? 4 : 8;
  const size = Math.max(width, fits);
  if (size === 0) return Uint8Array.of((major << 5) | Number(value));
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (major << 5) | { 1: 24, 2: 25, 4: 26, 8: 27 }[size];
  for (let i = 0; i < size; i++) bytes[size - i] = Number((value >> BigInt(8 * i)) & 255n);
  return bytes;
}

/** Writes a value in the deterministic encoding. Maps are `Map`, byte strings `Uint8Array`. */
export function encode(value) {
  if (value instanceof Raw) return value.bytes;
  if (value instanceof Tag) return concat(head(6, value.number), encode(value.value));
  if (value instanceof Simple) return value.number < 24 ? head(7, value.number) : Uint8Array.of(0xf8, value.number);
  if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(encode));
  if (value instanceof Map) return encodeMap(value);
  const wide = typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) > 0x7fffffff);
  if (wide) return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value); // cbor-x would write a float
  return Uint8Array.from(leafWriter.encode(value));
}

function encodeMap(map) {
  const entries = [...map].map(([key, value]) => [encode(key), encode(value)]);
  entries.sort(([a], [b]) => Buffer.compare(a, b));
  return concat(head(5, map.size), ...entries.flat());
}

/** Reads exactly one deterministic item; refuses with `cbor.*`. `limit` is the most bytes that it may have. */
export function decode(bytes, limit = MAX_BYTES) {
  need(bytes.length <= limit, 'cbor.too-large');
  const cursor = { bytes, at: 0 };
  const value = readItem(cursor, 1);
  need(cursor.at === bytes.length, 'cbor.trailing-bytes');
  return value;
}

function take(cursor, count) {
  need(count <= cursor.bytes.length - cursor.at, 'cbor.truncated');
  cursor.at += count;
  return cursor.bytes.subarray(cursor.at - count, cursor.at);
}

function readHead(cursor) {
  const first = take(cursor, 1)[0];
  const major = first >> 5;
  const info = first & 31;
  if (info === 31) refuse(major >= 2 && major <= 5 ? 'cbor.indefinite-length' : 'cbor.malformed');
  need(info < 28, 'cbor.malformed', 'reserved head');
  const tail = info < 24 ? [] : take(cursor, 1 << (info - 24));
  const argument = info < 24 ? BigInt(info) : tail.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if (major !== 7) need(head(major, argument).length === 1 + tail.length, 'cbor.not-shortest');
  return { major, info, argument };
}

function readItem(cursor, depth) {
  const start = cursor.at;
  const { major, info, argument } = readHead(cursor);
  need(depth <= MAX_DEPTH, 'cbor.too-deep');
  if (major === 4) return readArray(cursor, argument, depth + 1);
  if (major === 5) return readMap(cursor, argument, depth + 1);
  if (major === 6) return readTag(cursor, narrow(argument), depth + 1);
  if (major === 7) return readSimple(info, argument, cursor.bytes.subarray(start, cursor.at));
  if (major === 2 || major === 3) {
    const content = take(cursor, argument > 0xffffffffn ? Infinity : Number(argument));
    if (major === 3) need(isUtf8(content), 'cbor.utf8');
  }
  const leaf = leafReader.decode(cursor.bytes.slice(start, cursor.at));
  return major === 2 ? Uint8Array.from(leaf) : narrow(leaf);
}

const narrow = (value) =>
  typeof value === 'bigint' && value >= -(2n ** 53n) && value < 2n ** 53n ? Number(value) : value;

function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function readTag(cursor, number, depth) {
  const value = readItem(cursor, depth);
  const big = (number === 2 || number === 3) && value instanceof Uint8Array;
  need(!big || (value.length > 8 && value[0] !== 0), 'cbor.not-shortest', 'big number');
  return new Tag(number, value);
}

function readArray(cursor, count, depth) {
  const items = [];
  for (let i = 0n; i < count; i++) items.push(readItem(cursor, depth));
  return items;
}

function readMap(cursor, count, depth) {
  const map = new Map();
  let before = null;
  for (let i = 0n; i < count; i++) {
    const start = cursor.at;
    const key = readItem(cursor, depth);
    const encoded = cursor.bytes.subarray(start, cursor.at);
    const order = before ? Buffer.compare(before, encoded) : -1;
    need(order !== 0, 'cbor.duplicate-key');
    need(order < 0, 'cbor.key-order');
    before = encoded;
    map.set(key, readItem(cursor, depth));
  }
  return map;
}

function readSimple(info, argument, encoded) {
  if (info >= 25) return readFloat(encoded);
  if (info === 24) need(argument >= 32n, 'cbor.malformed', 'simple value in two bytes');
  const known = { 20: false, 21: true, 22: null, 59: REDACTED };
  const number = Number(argument);
  return number in known ? known[number] : new Simple(number);
}

function readFloat(encoded) {
  const value = leafReader.decode(Uint8Array.from(encoded));
  const shortest = shortestFloat(value);
  need(Buffer.compare(encoded, shortest) === 0, 'cbor.not-shortest', 'float');
  return value;
}

/** The shortest of the three encodings that keeps the value. */
export function shortestFloat(value) {
  if (Number.isNaN(value)) return Uint8Array.of(0xf9, 0x7e, 0x00);
  const half = toHalf(value);
  if (half !== null) return Uint8Array.of(0xf9, half >> 8, half & 255);
  const single = Object.is(Math.fround(value), value);
  const view = new DataView(new ArrayBuffer(single ? 5 : 9));
  view.setUint8(0, single ? 0xfa : 0xfb);
  if (single) view.setFloat32(1, value);
  else view.setFloat64(1, value);
  return new Uint8Array(view.buffer);
}

// The 16 bits of a value that half precision holds exactly; null for any other.
function toHalf(value) {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return sign | 0x7c00;
  if (magnitude === 0) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const fraction = magnitude / 2 ** (exponent - 10);
  if (exponent > 15 || !Number.isInteger(fraction)) return null;
  return fraction < 1024 ? sign | fraction : sign | ((exponent + 15) << 10) | (fraction - 1024);
}
