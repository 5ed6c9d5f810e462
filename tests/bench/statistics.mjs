// SPDX-License-Identifier: Apache-2.0

/** The value below which a share (0..1) of the sample lies, between neighbours in proportion. */
export function quantile(sample, share) {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

export const median = (sample) => quantile(sample, 0.5);

/** Median, quartiles and least. */
export function summarize(sample) {
  return { median: median(sample), lower: quantile(sample, 0.25), upper: quantile(sample, 0.75), best: Math.min(...sample) };
}

/** The same of each round's ratio, so that what slows a whole round cancels out; `best` compares the best rounds. */
export function compare(sample, base) {
  const ratios = sample.map((value, round) => value / base[round]);
  return { ...summarize(ratios), best: Math.min(...sample) / Math.min(...base) };
}
