// SPDX-License-Identifier: Apache-2.0
import type { QueueTicket } from 'liangma';

const kKey = 'liangma.queue-ticket';

/** The number got in this tab, if any: it outlives a reload but not the tab. */
export function readTicket(): QueueTicket | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(kKey) ?? 'null') as QueueTicket | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeTicket(ticket: QueueTicket | undefined): void {
  try {
    if (ticket) sessionStorage.setItem(kKey, JSON.stringify(ticket));
    else sessionStorage.removeItem(kKey);
  } catch {
    // A browser that keeps nothing: the number stays on screen.
  }
}
