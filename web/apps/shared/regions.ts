// SPDX-License-Identifier: Apache-2.0
import type { Translate } from 'liangma-elements/texts';

/** The divisions of the first level, by the first two digits of their GB/T 2260 number. */
const firstLevel =
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(' ');

/** A division that can be named instead of numbered. */
export interface NamedRegion {
  readonly number: string;
  readonly name: string;
}

export function namedRegions(t: Translate): readonly NamedRegion[] {
  return firstLevel.map((digits) => ({ number: `${digits}0000`, name: t(`region.${digits}0000`) }));
}

/** The number of a division that was typed as a number or a name; undefined: it is neither. */
export function regionFrom(t: Translate, typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  if (/^\d{6}$/.test(text)) return text;
  return namedRegions(t).find(({ name }) => name.toLowerCase() === text.toLowerCase())?.number;
}
