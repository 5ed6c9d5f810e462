// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode, QueueTicket, RequestInfo, Visit, Wallet } from 'liangma';
import { dayNumber } from '../../shared/format.js';

/** A visit whose number is known. */
export interface RegisteredVisit extends Visit {
  readonly ticket: QueueTicket;
}

export function isRegistered(visit: Visit): visit is RegisteredVisit {
  return visit.ticket !== undefined;
}

/** Whether the hospital may have given a number, though no reply came that says so. */
export function mayHaveArrived(code: ErrorCode): boolean {
  return code === 'wallet.hospital-unreachable' || code === 'net.bad-reply';
}

/** The visits of today, as the wallet keeps them. */
export class VisitBook {
  readonly #wallet: Wallet;
  readonly #onChange: () => void;
  /** Where nothing can be stored, it is here alone and its id is empty. */
  #opened: Visit | undefined;

  constructor(wallet: Wallet, onChange: () => void) {
    this.#wallet = wallet;
    this.#onChange = onChange;
  }

  /** Those of use, the newest first. */
  get #today(): Visit[] {
    return this.#wallet.visits().filter((visit) => this.#isOfToday(visit) && visit.ticket?.state !== 'over');
  }

  get waiting(): RegisteredVisit[] {
    return this.#today.filter(isRegistered).filter(({ ticket }) => ticket.state === 'waiting');
  }

  get called(): RegisteredVisit[] {
    return this.#today.filter(isRegistered).filter(({ ticket }) => ticket.state === 'called');
  }

  /** Those of which nobody knows whether the answer arrived. */
  get unknown(): Visit[] {
    return this.#today.filter((visit) => !isRegistered(visit));
  }

  /** The one that was opened, or else the newest. */
  get opened(): Visit | undefined {
    const opened = this.#opened;
    return this.#wallet.visits().find(({ id }) => id === opened?.id) ?? opened ?? this.#today[0];
  }

  open(visit: Visit): void {
    this.#opened = visit;
    this.#onChange();
  }

  /** Notes that an answer is about to be sent. */
  async begin({ verifier, names }: RequestInfo, personId: string): Promise<Visit> {
    const now = this.#wallet.now();
    return this.#keep({ id: '', personId, hospital: verifier, names, begunAt: now, asOf: now });
  }

  /** Keeps the number that came, in place of what was known of that hospital before. */
  async register(begun: Visit, ticket: QueueTicket): Promise<void> {
    this.#opened = await this.#keep({ ...begun, ticket, asOf: this.#wallet.now() });
    const { id, hospital, personId } = this.#opened;
    const earlier = this.#wallet.visits().filter((visit) => visit.hospital === hospital && visit.personId === personId && visit.id !== id);
    for (const visit of earlier) if (!visit.ticket || visit.ticket.visitId === ticket.visitId) await this.forget(visit);
    this.#onChange();
  }

  async forget(visit: Visit): Promise<void> {
    if (this.#opened?.id === visit.id) this.#opened = undefined;
    if (visit.id) await this.#wallet.forgetVisit(visit.id);
    this.#onChange();
  }

  /** Asks the hospitals how their queues stand; without a network, what they last told stays. */
  async refresh(): Promise<void> {
    await Promise.all(this.waiting.map((visit) => this.#ask(visit)));
    const past = this.#wallet.visits().filter((visit) => visit.ticket?.state === 'over' || !this.#isOfToday(visit));
    for (const visit of past) if (visit.id !== this.#opened?.id) await this.forget(visit);
  }

  async #ask(visit: RegisteredVisit): Promise<void> {
    const told = await this.#wallet.queueState(visit.ticket);
    const isHere = this.#wallet.visits().some(({ id }) => id === visit.id);
    if (!isHere) return;
    if (told.ok) await this.#keep({ ...visit, ticket: told.value, asOf: this.#wallet.now() });
    else if (told.code === 'clinic.visit-unknown' && visit.ticket.statusUrl) await this.forget(visit);
    this.#onChange();
  }

  /** Where it cannot be stored, it is at least on screen. */
  async #keep(visit: Visit): Promise<Visit> {
    const { id, ...rest } = visit;
    const kept = await this.#wallet.keepVisit(id ? visit : rest);
    return kept.ok ? kept.value : visit;
  }

  #isOfToday({ asOf }: Visit): boolean {
    return dayNumber(asOf) === dayNumber(this.#wallet.now());
  }
}
