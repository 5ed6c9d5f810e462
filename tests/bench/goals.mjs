// SPDX-License-Identifier: Apache-2.0
// The goals of the project, judged by the median of the rounds' ratios.
import { compare, median } from './statistics.mjs';

const ratio = ({ samples }, who, of) => compare(samples[who], samples[of]).median;

const kinds = {
  /** The fastest of `against` takes at least `limit` times as long as ours. */
  atLeastTimes(table, { limit, against, text }) {
    const value = Math.min(...against.map((name) => ratio(table, name, table.base)));
    return { text: `${text} takes ≥ ${limit} × ours`, value: `${value.toFixed(1)} ×`, met: value >= limit };
  },
  /** `who` takes at most `limit` times as long as `of`. */
  atMostTimes(table, { limit, who, of }) {
    const value = ratio(table, who, of);
    const text = `${table.labels[who]} takes ≤ ${limit} × ${table.labels[of]}`;
    return { text, value: `${value.toFixed(2)} ×`, met: value <= limit };
  },
  /** `who` takes at most `limit` of the table's unit. */
  atMost(table, { limit, who }) {
    const value = median(table.samples[who]);
    const text = `${table.labels[who]} takes ≤ ${limit} ${table.unit}`;
    return { text, value: `${value.toFixed(1)} ${table.unit}`, met: value <= limit };
  },
  none: (_table, { count, what }) => ({ text: `no ${what}`, value: String(count), met: count === 0 }),
};

export function judgeGoals(table) {
  return table.goals.map((goal) => ({ table: table.title, ...kinds[goal.kind](table, goal) }));
}
