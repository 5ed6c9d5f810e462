// SPDX-License-Identifier: Apache-2.0
import type { ColourId, Verdict } from 'liangma';
import { settings } from './settings.js';

export const countedKinds = ['green', 'yellow', 'red', 'pending', 'none'] as const;
/** A colour, or "none" for what was no code that could be relied on. */
export type CountedKind = ColourId | 'none';
export type Counts = { readonly [kind in CountedKind]: number };

interface Kept {
  readonly day: string;
  readonly counts: Counts;
}

const zero: Counts = { green: 0, yellow: 0, red: 0, pending: 0, none: 0 };

function read(): Kept | undefined {
  try {
    const kept = JSON.parse(settings.counts) as Partial<Kept> | null;
    const isWhole = countedKinds.every((kind) => Number.isSafeInteger(kept?.counts?.[kind]));
    return isWhole && typeof kept?.day === 'string' ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** How many codes of each colour were answered on a day. @param day  "2026-03-12" */
export function countsOf(day: string): Counts {
  const kept = read();
  return kept?.day === day ? kept.counts : zero;
}

/** Counts one answer; the days before are forgotten. */
export function countVerdict(day: string, { code }: Verdict): void {
  const counts = countsOf(day);
  const kind: CountedKind = code?.colour ?? 'none';
  settings.counts = JSON.stringify({ day, counts: { ...counts, [kind]: counts[kind] + 1 } } satisfies Kept);
}
