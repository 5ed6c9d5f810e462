// SPDX-License-Identifier: Apache-2.0
import { readQueueTicket, type Names, type QueueTicket } from 'liangma';

/** A queue number with the hospital's names, as the trust list has them. */
export interface KeptTicket extends QueueTicket {
  readonly names: Names;
  /** When the hospital last told how the queue stands, Unix seconds. */
  readonly asOf: number;
}

const kKey = 'liangma.queue-ticket';

/** The number got in this tab, if any: it outlives a reload but not the tab. */
export function readTicket(): KeptTicket | undefined {
  try {
    return checkTicket(JSON.parse(sessionStorage.getItem(kKey) ?? 'null'));
  } catch {
    return undefined;
  }
}

/** A page of another kind on this origin may have written anything: what is not exactly a ticket is dropped. */
function checkTicket(stored: { readonly names?: unknown; readonly asOf?: unknown } | null): KeptTicket | undefined {
  const ticket = readQueueTicket(stored);
  const { names, asOf } = stored ?? {};
  if (!ticket || !isNames(names) || !Number.isSafeInteger(asOf)) return undefined;
  return { ...ticket, names, asOf: asOf as number };
}

function isNames(value: unknown): value is Names {
  return typeof value === 'object' && value !== null && !Array.isArray(value) &&
    Object.values(value).every((name) => typeof name === 'string' && name.length <= 256);
}

export function writeTicket(ticket: KeptTicket | undefined): void {
  try {
    if (ticket) sessionStorage.setItem(kKey, JSON.stringify(ticket));
    else sessionStorage.removeItem(kKey);
  } catch {
    // A browser that keeps nothing: the number stays on screen.
  }
}
