// SPDX-License-Identifier: Apache-2.0
import type { Outcome } from 'liangma';
import { authorized, posted, send, type Sent } from '../../shared/json-api.js';

/** A signed request that is shown as a QR. */
export interface OpenRequest {
  readonly id: string;
  /** `LMR1:` text. */
  readonly request: string;
  /** Unix seconds, by the server's clock. */
  readonly expiresAt: number;
  /** Why the last answer to it was refused; it can still be answered. */
  readonly reason?: string;
}

/** A number that was given. */
export interface Visit {
  readonly state: 'waiting' | 'called';
  readonly department: string;
  /** As it is called, such as "B012". */
  readonly queueLabel: string;
  readonly route: 'registration' | 'pre-check' | 'fever-clinic';
  /** Unix seconds. */
  readonly at: number;
  readonly patient: { readonly maskedName: string; readonly idTail: string };
}

/** What this desk did last. */
export interface LatestVisit extends Visit {
  /** The resident had this number already and still waited. */
  readonly already: boolean;
}

/** Where a department's queue and this desk stand. */
export interface Queue {
  readonly waiting: number;
  /** Whom any desk of the department called last. */
  readonly called?: Visit;
  readonly latest?: LatestVisit;
  /** Of this desk; the newest last. */
  readonly requests: readonly OpenRequest[];
  /** Of today; the newest first. */
  readonly visits: readonly Visit[];
}

/** The hospital's server. */
export class Clinic {
  readonly #session: string;
  readonly #base: string;

  /** @param base  the path below which its API is */
  constructor(session: string, base: string) {
    this.#session = session;
    this.#base = base;
  }

  /** Exchanges a login code for a session. @error clinic.login-refused, http.rate-limited, net.* */
  static async logIn(code: string, base: string): Promise<Outcome<string>> {
    const outcome = await send<{ session: string }>(`${base}/sessions`, posted({ code }));
    return outcome.ok ? { ok: true, value: outcome.value.session } : outcome;
  }

  /** Which hospital it is, by its id in the trust list, and the ids of its departments. @error net.* */
  static about(base: string): Promise<Outcome<{ readonly hospital: string; readonly departments: readonly string[] }>> {
    return send(`${base}/departments`, {});
  }

  /** The server's time, Unix milliseconds. @error net.* */
  static async time(): Promise<Outcome<number>> {
    const outcome = await send<{ nowMs: number }>('/api/time', {});
    return outcome.ok ? { ok: true, value: outcome.value.nowMs } : outcome;
  }

  /** Ends the session; a server that cannot do that, or never knew it, leaves nothing to do here. */
  async logOut(): Promise<void> {
    await this.#send(`${this.#base}/session/end`, { ...posted({}), keepalive: true });
  }

  /** Asks for a new signed request. @error http.unauthorized, net.* */
  open(department: string): Promise<Outcome<OpenRequest>> {
    return this.#send<OpenRequest>(`${this.#base}/requests`, posted({ department }));
  }

  /** @error http.unauthorized, net.* */
  queue(department: string): Promise<Outcome<Queue>> {
    return this.#send<Queue>(`${this.#base}/queues/${encodeURIComponent(department)}`, {});
  }

  /**
   * Calls the next number.
   *
   * @param call  a name of this call: sent again, it calls nobody else
   * @returns whom it called
   * @error http.unauthorized, net.*
   */
  callNext(department: string, call: string): Promise<Outcome<Pick<Queue, 'called'>>> {
    return this.#send(`${this.#base}/queues/${encodeURIComponent(department)}/next`, posted({ call }));
  }

  #send<T>(path: string, init: Sent): Promise<Outcome<T>> {
    return send<T>(path, authorized(this.#session, init));
  }
}
