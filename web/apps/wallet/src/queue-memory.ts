// SPDX-License-Identifier: Apache-2.0
import type { Names, QueueTicket } from 'liangma';

/** A queue number with the hospital's names, as the trust list has them. */
export interface KeptTicket extends QueueTicket {
  readonly names: Names;
  /** Where to go first: "registration", "pre-check" or "fever-clinic". */
  readonly route?: string;
}

const kKey = 'liangma.queue-ticket';

/** The number got in this tab, if any: it outlives a reload but not the tab. */
export function readTicket(): KeptTicket | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(kKey) ?? 'null') as KeptTicket | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeTicket(ticket: KeptTicket | undefined): void {
  try {
    if (ticket) sessionStorage.setItem(kKey, JSON.stringify(ticket));
    else sessionStorage.removeItem(kKey);
  } catch {
    // A browser that keeps nothing: the number stays on screen.
  }
}
