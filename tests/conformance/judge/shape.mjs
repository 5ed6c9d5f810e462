// SPDX-License-Identifier: Apache-2.0
// The scalar rules of SPEC.md 3's CDDL.
import { isBytes } from './cose.mjs';

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const sizeOf = (text) => Buffer.byteLength(text, 'utf8');

export const isText = (value, min, max = min) =>
  typeof value === 'string' && sizeOf(value) >= min && sizeOf(value) <= max;
export const isInt = (value, min, max) => Number.isInteger(value) && value >= min && value <= max;
export const isSeconds = (value) => isInt(value, 0, Number.MAX_SAFE_INTEGER);
export const isPartyId = (value) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,16}$/.test(value);
export const isSub = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{8}$/.test(value);
export const isKeyword = (value) => typeof value === 'string' && /^[a-z0-9:-]{1,32}$/.test(value);
export const isRegion = (value) => typeof value === 'string' && /^[0-9]{6}$/.test(value);
export const isNonce = (value) => isBytes(value, 16, 32);
export const isPlain = (value, max) => isText(value, 1, max) && !UNSEEN.test(value);
export const isUrl = (value) =>
  isText(value, 1, 512) && /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:[0-9]*)?(?=\/|$))[!-~]*$/.test(value);
export const isListOf = (value, test, min = 0, max = Infinity) =>
  Array.isArray(value) && value.length >= min && value.length <= max && value.every(test);

/** Whether a map holds all of `required`, none but these and `optional`, and each passes its test. */
export function isRecord(value, required, optional = {}) {
  const tests = new Map(Object.entries({ ...required, ...optional }).map(([key, test]) => [Number(key), test]));
  return value instanceof Map
    && Object.keys(required).every((key) => value.has(Number(key)))
    && [...value].every(([key, member]) => tests.has(key) && tests.get(key)(member));
}
