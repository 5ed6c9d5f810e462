// SPDX-License-Identifier: Apache-2.0
import { regional, type Translate } from 'liangma-elements/texts';

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

/** "10 minutes ago"; "just now" below 90 seconds. */
export function formatAge(t: Translate, seconds: number): string {
  if (seconds < 90) return t('common.just-now');
  const [unit, n] = largestUnit(seconds);
  return t(`common.${unit}-ago`, { n });
}

/** Counts the days where the reader is. @param seconds  Unix seconds */
export function dayNumber(seconds: number): number {
  const date = new Date(seconds * 1000);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** "明天 14:30", "3月12日 14:30". @param seconds  Unix seconds @param now  Unix seconds */
export function formatMoment(locale: string, seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  const time = date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const days = dayNumber(seconds) - dayNumber(now);
  const day =
    Math.abs(days) <= 1
      ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
      : date.toLocaleDateString(regional(locale), { month: 'short', day: 'numeric' });
  return `${day} ${time}`;
}
