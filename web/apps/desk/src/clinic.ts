// SPDX-License-Identifier: Apache-2.0
import { failure, isErrorCode, type Outcome } from 'liangma';

/** A signed request that is shown as a QR. */
export interface OpenRequest {
  readonly id: string;
  /** `LMR1:` text. */
  readonly request: string;
  /** Unix seconds, by the server's clock. */
  readonly expiresAt: number;
}

/** Where a request stands. */
export interface RequestState {
  readonly state: 'waiting' | 'done' | 'refused' | 'expired';
  readonly department: string;
  readonly queueNumber?: number;
  readonly patient?: { readonly maskedName: string; readonly idTail: string };
  readonly reason?: string;
}

/** The hospital's server. */
export class Clinic {
  readonly #pass: string;
  readonly #base: string;

  /** @param base  the path below which its API is */
  constructor(pass: string, base: string) {
    this.#pass = pass;
    this.#base = base;
  }

  /** The ids of its departments. @error net.* */
  async departments(): Promise<Outcome<readonly string[]>> {
    const outcome = await send<{ departments: readonly string[] }>(`${this.#base}/departments`, {});
    return outcome.ok ? { ok: true, value: outcome.value.departments } : outcome;
  }

  /** Asks for a new signed request. @error http.unauthorized, net.* */
  open(department: string): Promise<Outcome<OpenRequest>> {
    return this.#send<OpenRequest>(`${this.#base}/requests`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ department }),
    });
  }

  /** @error clinic.request-unknown, http.unauthorized, net.* */
  state(id: string): Promise<Outcome<RequestState>> {
    return this.#send<RequestState>(`${this.#base}/requests/${encodeURIComponent(id)}`, {});
  }

  /** The server's clock minus this machine's, milliseconds; undefined where it cannot be reached. */
  async clockOffset(): Promise<number | undefined> {
    const outcome = await send<{ nowMs: number }>('/api/time', {});
    return outcome.ok ? outcome.value.nowMs - Date.now() : undefined;
  }

  /** As the desk: with its pass, which is plain ASCII or else cannot be right. */
  async #send<T>(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Outcome<T>> {
    if (!/^[\x21-\x7e]+$/.test(this.#pass)) return failure('http.unauthorized');
    return send<T>(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${this.#pass}` } });
  }
}

async function send<T>(path: string, init: RequestInit): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    const body = (await response.json()) as T & { code?: unknown };
    if (response.ok) return { ok: true, value: body };
    return failure(isErrorCode(body.code) ? body.code : 'net.bad-reply');
  } catch {
    return failure('net.unreachable');
  }
}
