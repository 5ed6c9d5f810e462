// SPDX-License-Identifier: Apache-2.0
import { failure, isErrorCode, type Outcome } from 'liangma';

/** What send() sends; headers as a plain object, so that others can be added. */
export type Sent = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

/** A POST of JSON. */
export function posted(body: object): Sent {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** The same, as somebody who holds a session. */
export function authorized(session: string, init: Sent): Sent {
  return { ...init, headers: { ...init.headers, Authorization: `Bearer ${session}` } };
}

/** Calls a server whose answers are JSON. @error what the server says, net.* */
export async function send<T>(path: string, init: Sent): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    const body = (await response.json()) as T & { code?: unknown };
    if (response.ok) return { ok: true, value: body };
    return failure(isErrorCode(body.code) ? body.code : 'net.bad-reply');
  } catch {
    return failure('net.unreachable');
  }
}
