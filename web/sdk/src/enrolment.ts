// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, toBase64Url } from './bytes.js';
import type { DeviceKey } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';

/** Gets a credential for a device key by a ticket, which works once. */
export async function enrolKey(
  server: Server,
  key: DeviceKey,
  ticket: string,
  now: () => number,
): Promise<Outcome<Uint8Array>> {
  const proof = await prove(server, key, now);
  return proof.ok
    ? readCredential(await server.postJson('/api/enrol', { ticket, proof: proof.value }))
    : proof;
}

/** Gets a new credential for a device key that has had one. */
export async function renewKey(
  server: Server,
  key: DeviceKey,
  now: () => number,
): Promise<Outcome<Uint8Array>> {
  const proof = await prove(server, key, now);
  return proof.ok ? readCredential(await server.postJson('/api/renew', { proof: proof.value })) : proof;
}

async function prove(server: Server, key: DeviceKey, now: () => number): Promise<Outcome<string>> {
  const challenge = await server.postJson<{ nonce?: unknown; issuer?: unknown }>('/api/enrol/challenge', {});
  if (!challenge.ok) return challenge;
  const { nonce, issuer } = challenge.value;
  const nonceBytes = typeof nonce === 'string' ? fromBase64Url(nonce) : undefined;
  if (!nonceBytes || typeof issuer !== 'string') return failure('net.bad-reply');
  const proof = key.proof(issuer, nonceBytes, now());
  return proof.ok ? success(toBase64Url(proof.value)) : proof;
}

function readCredential(reply: Outcome<{ credential?: unknown }>): Outcome<Uint8Array> {
  if (!reply.ok) return reply;
  const { credential } = reply.value;
  const encoded = typeof credential === 'string' ? fromBase64Url(credential) : undefined;
  return encoded ? success(encoded) : failure('net.bad-reply');
}
