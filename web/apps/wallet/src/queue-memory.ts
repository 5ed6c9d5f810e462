// SPDX-License-Identifier: Apache-2.0
import { readQueueTicket, type Names, type QueueTicket } from 'liangma';

/** A queue number with the hospital's names, as the trust list has them. */
export interface KeptTicket extends QueueTicket {
  readonly names: Names;
  /** When the hospital last told how the queue stands, Unix seconds. */
  readonly asOf: number;
}

const kKey = 'liangma.queue-tickets';

/** The numbers got in this tab: they outlive a reload but not the tab. */
export function readTickets(): KeptTicket[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(kKey) ?? '[]');
    return Array.isArray(stored) ? stored.flatMap((each) => checkTicket(each) ?? []) : [];
  } catch {
    return [];
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

export function writeTickets(tickets: readonly KeptTicket[]): void {
  try {
    if (tickets.length > 0) sessionStorage.setItem(kKey, JSON.stringify(tickets));
    else sessionStorage.removeItem(kKey);
  } catch {
    // A browser that keeps nothing: the numbers stay on screen.
  }
}

export function isSameVisit(one: QueueTicket, other: QueueTicket | undefined): boolean {
  return one.hospital === other?.hospital && one.visitId === other.visitId;
}
