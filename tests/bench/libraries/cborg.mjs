// SPDX-License-Identifier: Apache-2.0
import { decode, encode, Token, Type } from 'cborg';

class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

function toTokens(value) {
  if (value instanceof Uint8Array) return new Token(Type.bytes, value);
  if (Array.isArray(value)) return [new Token(Type.array, value.length), ...value.map(toTokens)];
  if (value instanceof Map) return [new Token(Type.map, value.size), ...[...value].flat().map(toTokens)];
  return new Token(value < 0 ? Type.negint : Type.uint, value);
}

const encodeTagged = (item) => [new Token(Type.tag, item.tag), toTokens(item.value)];
const cborgEncode = { mapSorter: undefined, typeEncoders: { Object: encodeTagged } };
const tags = [];
for (const tag of [18, 98]) tags[tag] = (value) => new Tagged(tag, value);
const cborgDecode = { strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, tags };

export const cborgStrict = {
  encode: (value) => encode(value, cborgEncode),
  decode: (bytes) => decode(bytes, cborgDecode),
  tagged: (number, value) => new Tagged(number, value),
};
