// SPDX-License-Identifier: Apache-2.0
// Changes one place of a value at a time.
import { Raw, Simple, Tag } from './cbor.mjs';

const OTHERS = [0, -1, 2 ** 53, '', 'x', new Uint8Array(), [], new Map(), null, true, new Simple(60),
  new Raw(Uint8Array.of(0xf9, 0x3e, 0x00)), new Tag(1, 0)];
const show = (value) => (value instanceof Uint8Array ? `h'${Buffer.from(value).toString('hex').slice(0, 12)}'`
  : value instanceof Map ? '{}' : value instanceof Tag ? 'tag' : value instanceof Simple ? `simple(${value.number})`
    : value instanceof Raw ? '1.5' : JSON.stringify(value));
const flipped = (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 4 : byte));
const longer = (bytes) => Uint8Array.from([...bytes, 0]);
const without = (map, key) => new Map([...map].filter(([other]) => other !== key));

function ofKind(value) {
  if (typeof value === 'number') return [value + 1, value - 1, value * 2 + 1];
  if (typeof value === 'string') return [`${value}x`, value.slice(0, -1), `${value.slice(0, -1)}\u200b`, value.repeat(9)];
  if (value instanceof Uint8Array) return [flipped(value), longer(value), value.slice(1)];
  if (Array.isArray(value)) return [value.slice(1), [...value, value.at(-1)], [...value].reverse()];
  if (value instanceof Map) return [...ofMap(value)];
  return [];
}

function* ofMap(map) {
  for (const key of map.keys()) yield without(map, key);
  for (const key of [9, 99, -1, 'x', 2]) if (!map.has(key)) yield new Map([...map, [key, 1]]);
}

/** All `[place, what, changed value]` of a value made of maps, arrays, bytes, texts and integers. */
export function* mutantsOf(value, place = '') {
  for (const other of [...OTHERS, ...ofKind(value)])
    if (show(other) !== show(value) || other instanceof Map || Array.isArray(other)) yield [place, show(other), other];
  const entries = value instanceof Map ? [...value] : Array.isArray(value) ? [...value.entries()] : [];
  for (const [key, member] of entries) {
    const name = typeof key === 'object' ? 'hash' : key;
    for (const [at, what, changed] of mutantsOf(member, `${place}/${name}`)) yield [at, what, put(value, key, changed)];
  }
}

function put(container, key, member) {
  const copy = container instanceof Map ? new Map(container) : [...container];
  if (copy instanceof Map) copy.set(key, member);
  else copy[key] = member;
  return copy;
}
