// SPDX-License-Identifier: Apache-2.0
import type { Translate } from 'liangma-elements/texts';

type Unit = 'seconds' | 'minutes' | 'hours' | 'days';

function largestUnit(seconds: number): readonly [Unit, number] {
  if (seconds < 90) return ['seconds', Math.round(seconds)];
  if (seconds < 90 * 60) return ['minutes', Math.round(seconds / 60)];
  if (seconds < 36 * 3600) return ['hours', Math.round(seconds / 3600)];
  return ['days', Math.round(seconds / 86400)];
}

/** "10 minutes". @param seconds  the sign is left out */
export function formatSpan(t: Translate, seconds: number): string {
  const [unit, n] = largestUnit(Math.abs(seconds));
  return t(`common.${unit}`, { n });
}

/** "10 minutes ago". @param seconds  below 0 counts as 0 */
export function formatAge(t: Translate, seconds: number): string {
  const [unit, n] = largestUnit(Math.max(0, seconds));
  return t(`common.${unit}-ago`, { n });
}

/** "3月12日 14:30". @param seconds  Unix seconds */
export function formatMoment(locale: string, seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

/** "14:30:05". @param seconds  Unix seconds */
export function formatTime(locale: string, seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale, { hour12: false });
}
