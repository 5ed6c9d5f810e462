// SPDX-License-Identifier: Apache-2.0

/** A place in a hospital's queue, as the hospital's server last told it. */
export interface QueueTicket {
  readonly hospital: string;
  readonly department: string;
  readonly queueNumber: number;
  /** As it is called, such as "B012". */
  readonly queueLabel: string;
  /** How many are called before. */
  readonly ahead: number;
  readonly visitId: string;
  /** Where to go first. */
  readonly route: 'registration' | 'pre-check' | 'fever-clinic';
  /** "over": the number was for another day. */
  readonly state: 'waiting' | 'called' | 'over';
  /** The resident had this number already and still waited. */
  readonly already: boolean;
  /** Where its holder, and nobody else, asks how the queue stands; absent: nowhere. */
  readonly statusUrl?: string;
}

const routes = ['registration', 'pre-check', 'fever-clinic'] as const;
const states = ['waiting', 'called', 'over'] as const;

/** Takes exactly the members of a ticket from something read or received; undefined: it is none. */
export function readQueueTicket(value: unknown): QueueTicket | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const from = value as { readonly [name: string]: unknown };
  const { hospital, department, queueNumber, ahead, visitId, already = false, statusUrl } = from;
  const { queueLabel = String(queueNumber), route = 'registration', state = 'waiting' } = from;
  if (!isName(hospital) || !isName(department) || !isMatch(visitId, /^[\w-]{1,64}$/)) return undefined;
  if (!isCount(queueNumber) || !isCount(ahead) || !isMatch(queueLabel, /^[0-9A-Z-]{1,12}$/)) return undefined;
  if (!isOneOf(routes, route) || !isOneOf(states, state) || typeof already !== 'boolean') return undefined;
  if (statusUrl !== undefined && !isMatch(statusUrl, /^https?:\/\/[\x21-\x7e]{1,512}$/)) return undefined;
  const ticket = { hospital, department, queueNumber, queueLabel, ahead, visitId, route, state, already };
  return statusUrl === undefined ? ticket : { ...ticket, statusUrl };
}

/** The ticket in a hospital's reply. @param answerUrl  where it came from */
export function ticketFromReply(value: object, answerUrl: string): QueueTicket | undefined {
  const { visitId, ticket } = value as { readonly visitId?: unknown; readonly ticket?: unknown };
  const beside = answerUrl.slice(0, answerUrl.lastIndexOf('/'));
  const statusUrl = isMatch(ticket, /^[\w-]{16,64}$/) ? `${beside}/visits/${String(visitId)}.${ticket}` : undefined;
  return readQueueTicket({ ...value, statusUrl });
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 64;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isMatch(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isOneOf<T>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}
