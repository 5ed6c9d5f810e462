// SPDX-License-Identifier: Apache-2.0
import { toBase64Url } from './bytes.js';
import { requireObject, requireText } from './guard.js';
import { type Outcome, success } from './outcome.js';
import { readQueueTicket } from './queue-ticket.js';
import { parseJson, toJson } from './store.js';
import type { Names } from './types.js';
import type { WalletParts } from './wallet-parts.js';
import type { NewVisit, Visit } from './wallet-types.js';

const notePrefix = 'visit-';

/** The visits to hospitals that a wallet keeps, each in a sealed note: the calls of Wallet of the same names. */
export class Visits {
  readonly #parts: WalletParts;

  constructor(parts: WalletParts) {
    this.#parts = parts;
  }

  /** The newest first. */
  get all(): Visit[] {
    const kept = [...this.#parts.keyring.notes].reverse(); // of one second, the one that came last is the newest
    const read = kept.flatMap(([name, note]) => readVisit(name, note) ?? []);
    return read.sort((one, other) => other.begunAt - one.begunAt);
  }

  async keep(visit: NewVisit): Promise<Outcome<Visit>> {
    const { host, keyring } = this.#parts;
    const { id = toBase64Url(await host.randomBytes(9)), ...rest } = requireObject('visit', visit);
    const kept = await keyring.keepNote(notePrefix + requireText('visit.id', id), toJson(rest));
    return kept.ok ? success({ ...rest, id }) : kept;
  }

  forget(id: string): Promise<Outcome<true>> {
    return this.#parts.keyring.forgetNotes([notePrefix + requireText('id', id)]);
  }

  /** The notes that hold somebody's. */
  notesOf(personId: string): string[] {
    return this.all.filter((visit) => visit.personId === personId).map(({ id }) => notePrefix + id);
  }
}

/** undefined: another version wrote it. */
function readVisit(name: string, note: Uint8Array): Visit | undefined {
  const { personId, hospital, names, begunAt, asOf, ticket } = parseJson<Partial<Visit>>(note) ?? {};
  if (typeof personId !== 'string' || typeof hospital !== 'string' || !isNames(names)) return undefined;
  if (!Number.isSafeInteger(begunAt) || !Number.isSafeInteger(asOf)) return undefined;
  const read = readQueueTicket(ticket);
  if (ticket !== undefined && !read) return undefined;
  const id = name.slice(notePrefix.length);
  return { id, personId, hospital, names, begunAt: begunAt!, asOf: asOf!, ...(read && { ticket: read }) };
}

function isNames(value: unknown): value is Names {
  return typeof value === 'object' && value !== null && Object.values(value).every((name) => typeof name === 'string');
}
