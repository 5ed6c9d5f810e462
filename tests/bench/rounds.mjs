// SPDX-License-Identifier: Apache-2.0
import { median } from './statistics.mjs';

/**
 * Lets contenders take turns, A B C A B C …, and keeps one figure of each in each round.
 *
 * @param turns   {name: async () => number}
 * @return        {name: [number of each round]}
 */
export async function takeTurns(turns, rounds) {
  const samples = Object.fromEntries(Object.keys(turns).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, turn] of Object.entries(turns)) samples[name].push(await turn(round));
  }
  return samples;
}

const slicesPerTurn = 9;

/** A turn of a task in a running contender: the median of a few short slices, so that one interruption is no matter. */
export const turnOf = (subject, task) => async () => median(await subject.call('run', task, slicesPerTurn));
