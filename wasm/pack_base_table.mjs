// SPDX-License-Identifier: Apache-2.0
// Takes libsodium's table of multiples of the Ed25519 base point out of a linked module: its 30 KB become zeros,
// and core/crypto/base_table.c is told where to put them back when the module starts.
//
//   node pack_base_table.mjs MODULE.wasm path/to/fe_25_5/base.h
import { readFileSync, writeFileSync } from 'node:fs';

const notPacked = 0x6c6d6274;
const dataSection = 11;

function readLeb(bytes, start) {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    value |= (bytes[at] & 0x7f) << shift;
    if (bytes[at++] < 0x80) return { value: value >>> 0, next: at };
  }
}

/** The data section's body: `{start, end}` in the file. */
function findDataSection(wasm) {
  for (let at = 8; at < wasm.length; ) {
    const { value: size, next } = readLeb(wasm, at + 1);
    if (wasm[at] === dataSection) return { start: next, end: next + size };
    at = next + size;
  }
  throw new Error('the module has no data section');
}

/** Every active segment: where its bytes are in the file, and their address in memory. */
function readSegments(wasm) {
  const { start } = findDataSection(wasm);
  let { value: count, next: at } = readLeb(wasm, start);
  const segments = [];
  while (count-- > 0) {
    if (wasm[at] !== 0 || wasm[at + 1] !== 0x41) throw new Error('a data segment is not active with a constant address');
    const offset = readLeb(wasm, at + 2);
    const size = readLeb(wasm, offset.next + 1); // past the `end` of the constant expression
    segments.push({ start: size.next, end: size.next + size.value, address: offset.value });
    at = size.next + size.value;
  }
  return segments;
}

/** Where `needle` stands, which it must do exactly once. */
function findOnce(wasm, segments, needle, what) {
  const places = [];
  for (const { start, end, address } of segments) {
    const data = wasm.subarray(start, end);
    for (let i = data.indexOf(needle); i >= 0; i = data.indexOf(needle, i + 1)) {
      places.push({ fileOffset: start + i, address: address + i });
    }
  }
  if (places.length !== 1) throw new Error(`${what} stands ${places.length} times in the data section, not once`);
  return places[0];
}

/** The table's bytes, without the zeros at its end: segments leave such bytes out. */
function tableBytes(header) {
  const limbs = readFileSync(header, 'utf8').replace(/\/\*.*?\*\//gs, '').match(/-?\d+/g).map(Number);
  if (limbs.length !== 32 * 8 * 3 * 10) throw new Error(`${header} has ${limbs.length} numbers`);
  const bytes = Buffer.from(Int32Array.from(limbs).buffer);
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

const [modulePath, headerPath] = process.argv.slice(2);
const wasm = readFileSync(modulePath);
const table = tableBytes(headerPath);
const marker = Buffer.alloc(4);
marker.writeUInt32LE(notPacked);

const segments = readSegments(wasm);
const tableAt = findOnce(wasm, segments, table, 'the base-point table');
const markerAt = findOnce(wasm, segments, marker, 'the table address');
wasm.fill(0, tableAt.fileOffset, tableAt.fileOffset + table.length);
wasm.writeUInt32LE(tableAt.address, markerAt.fileOffset);
writeFileSync(modulePath, wasm);
