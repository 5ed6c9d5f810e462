// SPDX-License-Identifier: Apache-2.0
// Random people, codes and clocks, from a seed: LIANGMA_SEED repeats a run that failed.
import { DAY, T } from './fixture.mjs';

const FIRST = [...'张王李赵欧阳司马𠮷é'];
const REST = [...'小三丰伟芳娜秀英敏静·Aa-z娅妮朵'];

/** A source of random values; `seed` is a number. */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** Integer in 0..limit-1 (mulberry32). */
  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  between(low, high) {
    return low + this.below(high - low + 1);
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  one(list) {
    return list[this.below(list.length)];
  }

  bytes(size) {
    return Uint8Array.from({ length: size }, () => this.below(256));
  }

  text(alphabet, low, high) {
    return Array.from({ length: this.between(low, high) }, () => this.one(alphabet)).join('');
  }

  some(list) {
    return list.filter(() => this.chance(50));
  }
}

/** The number with which this run is made. */
export const SEED = Number(process.env.LIANGMA_SEED ?? Date.now() % 1_000_000);

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident's number with its check character (GB 11643). */
export function idNumber(random) {
  const date = `${random.between(1930, 2019)}${String(random.between(1, 12)).padStart(2, '0')}${String(random.between(1, 28)).padStart(2, '0')}`;
  const body = `330106${date}${String(random.below(1000)).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return body + '10X98765432'[sum % 11];
}

export const fullName = (random) => random.one(FIRST) + random.text(REST, 1, 4);

/** Members of an identity, Map of key to text; fullName and idNumber always. */
export function identity(random) {
  const other = [[2, '01'], [4, `1${random.text([...'0123456789'], 10, 10)}`], [5, '1990-01-01'], [6, random.one(['1', '2'])], [7, '330100'],
    [8, random.text([...'0123456789ABC'], 1, 40)]];
  return new Map([[1, fullName(random)], [3, idNumber(random)], ...random.some(other)].sort(([a], [b]) => a - b));
}

/** Claims as the judge's issuer takes them, without the device key. */
export function claims(random, maskName) {
  const members = identity(random);
  const period = random.between(1, 60);
  const code = { colour: random.below(4), region: random.chance(10) ? '330200' : random.one([undefined, '330100', '330110', '330199']),
    name: maskName(members.get(1)), tail: members.get(3).slice(-4), statusIndex: random.below(2 ** 32),
    live: random.chance(50) ? [period, random.between(period, 120)] : undefined };
  return { iss: '330100', iat: T + random.between(-20, 20), exp: T + random.one([30, 100, DAY - 30]), code, identity: members };
}
