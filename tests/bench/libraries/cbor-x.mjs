// SPDX-License-Identifier: Apache-2.0
import { Encoder, Tag } from 'cbor-x';

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/** Does not see whether its input is deterministic. */
export const cborX = {
  encode: (value) => encoder.encode(value),
  decode: (bytes) => encoder.decode(bytes),
  tagged: (number, value) => new Tag(value, number),
};
