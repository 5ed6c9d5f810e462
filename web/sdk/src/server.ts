// SPDX-License-Identifier: Apache-2.0
import { isErrorCode } from './error-codes.js';
import type { Host, HostRequest, HostResponse } from './host.js';
import { type Failure, failure, type Outcome, success } from './outcome.js';
import { parseJson } from './store.js';

/** The issuer's server, as seen by this package. */
export class Server {
  readonly #host: Host;
  readonly #origin: string;

  /** @param origin  such as "https://code.example"; empty: the page's own */
  constructor(host: Host, origin: string) {
    this.#host = host;
    this.#origin = origin.replace(/\/+$/, '');
  }

  /** @param path  from the origin on, or a whole URL */
  async send(path: string, request?: HostRequest): Promise<Outcome<HostResponse>> {
    const url = path.startsWith('/') ? this.#origin + path : path;
    let response: HostResponse;
    try {
      response = await this.#host.fetch(url, request);
    } catch {
      return failure('net.unreachable');
    }
    return response.status >= 200 && response.status < 300 ? success(response) : refusal(response);
  }

  async getJson<T extends object>(path: string): Promise<Outcome<T>> {
    return readJson<T>(await this.send(path));
  }

  /** @param more  headers besides the type */
  async postJson<T extends object>(
    path: string,
    body: unknown,
    more: { readonly [name: string]: string } = {},
  ): Promise<Outcome<T>> {
    const headers = { 'Content-Type': 'application/json', ...more };
    return readJson<T>(await this.send(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async postText<T extends object>(path: string, body: string): Promise<Outcome<T>> {
    const headers = { 'Content-Type': 'text/plain' };
    return readJson<T>(await this.send(path, { method: 'POST', headers, body }));
  }
}

function refusal(response: HostResponse): Failure {
  const problem = parseJson<{ code?: unknown }>(response.body);
  return isErrorCode(problem?.code)
    ? failure(problem.code)
    : failure('net.bad-reply', `http ${response.status}`);
}

function readJson<T extends object>(sent: Outcome<HostResponse>): Outcome<T> {
  if (!sent.ok) return sent;
  const value = parseJson<T>(sent.value.body);
  return typeof value === 'object' && value !== null ? success(value) : failure('net.bad-reply');
}
