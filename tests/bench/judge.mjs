// SPDX-License-Identifier: Apache-2.0
// A contender that is wrong is no contender: what each makes is compared with what the core made.
import assert from 'node:assert/strict';
import jsQr from 'jsqr';
import { toHex } from './bytes.mjs';

const sizeV13 = 69;
const quietZone = 4;
const pixels = 3;

/** Reads a symbol with a decoder that none of the contenders is made of. */
function readSymbol(rows) {
  const side = (rows.length + 2 * quietZone) * pixels;
  const image = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const dark = rows[Math.floor(y / pixels) - quietZone]?.[Math.floor(x / pixels) - quietZone] === '#';
      if (dark) image.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
  return jsQr(image, side, side)?.data;
}

/** Of the parsers' ids only the group is compared: each library finds another fault of a cut text first. */
function comparable(verdict) {
  const { decision, reason, assurance, ageSeconds, code } = verdict;
  if (decision === 'refuse') return { decision, reason: reason.replace(/^cbor\..*/, 'cbor') };
  const { identity, ...stated } = code;
  assert.deepEqual(identity ?? {}, {});
  return { decision, reason, assurance, ageSeconds, code: stated };
}

function judgeFrame({ text, symbol }, expected) {
  assert.equal(text, expected, 'the live code');
  assert.equal(symbol.length, sizeV13, 'the version');
  assert.equal(readSymbol(symbol), text, 'the symbol');
}

/** @throws AssertionError */
export function judge(name, { frames, verdicts, credential }, payload) {
  try {
    frames.forEach((frame, i) => judgeFrame(frame, payload.liveCodes[i]));
    verdicts.forEach((verdict, i) => assert.deepEqual(comparable(verdict), comparable(payload.checks[i].verdict)));
    assert.equal(toHex(credential), payload.credential, 'the credential');
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}
