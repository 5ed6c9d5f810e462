// SPDX-License-Identifier: Apache-2.0
// What stands before each stored value: "LM", the version of this layout, the CRC-32 of all that follows it,
// and the commit that wrote the value.

const kVersion = 1;
const kHeadSize = 11;

const crcTable = Uint32Array.from({ length: 256 }, (_unused, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param sequence  1..2^32 - 1 */
export function frame(value: Uint8Array, sequence: number): Uint8Array {
  const framed = new Uint8Array(kHeadSize + value.length);
  framed.set([0x4c, 0x4d, kVersion]);
  framed.set(value, kHeadSize);
  view(framed).setUint32(7, sequence);
  view(framed).setUint32(3, crc32(framed.subarray(7)));
  return framed;
}

/** What frame() was given; undefined for anything that it would not write: damaged, cut off, of another version. */
export function unframe(framed: Uint8Array): { value: Uint8Array; sequence: number } | undefined {
  if (framed.length < kHeadSize) return undefined;
  const isKnown = framed[0] === 0x4c && framed[1] === 0x4d && framed[2] === kVersion;
  if (!isKnown || view(framed).getUint32(3) !== crc32(framed.subarray(7))) return undefined;
  return { value: framed.slice(kHeadSize), sequence: view(framed).getUint32(7) };
}
