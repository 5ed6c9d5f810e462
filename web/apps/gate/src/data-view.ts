// SPDX-License-Identifier: Apache-2.0
import type { Translate } from 'liangma-elements';
import type { GateData } from 'liangma';
import { formatAge } from '../../shared/format.js';

function packsText(t: Translate, { packs }: GateData): string {
  if (packs.length === 0) return '';
  const missing = packs.filter(({ kept }) => !kept).length;
  return missing > 0 ? t('gate.data.packs-missing', { n: missing }) : t('gate.data.packs', { n: packs.length });
}

function statusText(t: Translate, { statusLists }: GateData): string {
  if (statusLists.length === 0) return '';
  const age = formatAge(t, Math.max(...statusLists.map(({ ageSeconds }) => ageSeconds)));
  const isStale = statusLists.some(({ freshness }) => freshness === 'stale');
  return t(isStale ? 'gate.data.status-stale' : 'gate.data.status', { age });
}

/** Whether no code at all can be admitted, for want of a trust list that still holds. */
export function isStopped({ trust }: GateData, now: number): boolean {
  return now >= trust.expiresAt;
}

/** How old everything is that the gate decides by, and apart from that when the server was last asked for more. */
export function dataText(t: Translate, data: GateData, now: number): string {
  const { version, ageSeconds, checkedSecondsAgo, stale } = data.trust;
  if (version === 0) return t('gate.trust.none');
  const age = formatAge(t, ageSeconds);
  if (isStopped(data, now)) return t('gate.trust.expired', { age });
  const list = t(stale ? 'gate.trust.stale' : 'gate.trust.fresh', { age });
  const checked = checkedSecondsAgo === undefined ? '' : t('gate.trust.checked', { age: formatAge(t, checkedSecondsAgo) });
  return [list, packsText(t, data), statusText(t, data), checked].filter(Boolean).join(' ');
}
