// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, toBase64Url } from './bytes.js';
import type { Host } from './host.js';
import type { DeviceKey } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import type { ColourId } from './types.js';
import type { AppealState, Declared, Relation } from './wallet-types.js';

/** A credential as it came, and the record of its colour. */
export interface Issued {
  readonly credential: Uint8Array;
  readonly record: Uint8Array;
}

/** What the issuer says of a resident's colour. */
export interface Told {
  readonly colour: ColourId;
  readonly checkIns: number;
  readonly appeal?: AppealState;
}

/** On whose behalf: `subject` names one of several people on one key. */
export interface Caller {
  readonly key: DeviceKey;
  readonly subject?: string | undefined;
}

/** How often a request is sent again where no reply came. */
const resends = 2;
const colours: readonly unknown[] = ['pending', 'green', 'yellow', 'red'];

/** The issuer's API for residents: tools/server/openapi.yaml. Every call gives what the server refuses with, and net.*. */
export class Authority {
  readonly #host: Host;
  readonly #server: Server;
  readonly #now: () => number;

  constructor(host: Host, server: Server, now: () => number) {
    this.#host = host;
    this.#server = server;
    this.#now = now;
  }

  /** Binds a key to whoever a ticket is for. */
  async enrol(key: DeviceKey, ticket: string): Promise<Outcome<Issued>> {
    const proof = await this.#prove(key);
    return proof.ok ? readIssued(await this.#post('/api/enrol', { ticket, proof: proof.value })) : proof;
  }

  async renew(caller: Caller): Promise<Outcome<Issued>> {
    return readIssued(await this.#withProof('/api/renew', caller, {}));
  }

  async state(caller: Caller): Promise<Outcome<Told>> {
    return readTold(await this.#withProof('/api/state', caller, {}));
  }

  async declare(caller: Caller, declared: Declared): Promise<Outcome<Told>> {
    return readTold(await this.#withStatement('/api/declare', 'declaration', caller, declared));
  }

  async appeal(caller: Caller, text: string, corrected?: Declared): Promise<Outcome<AppealState>> {
    const reply = await this.#withStatement('/api/appeal', 'appeal', caller, { text, ...corrected });
    if (!reply.ok) return reply;
    const appeal = readAppeal(reply.value);
    return appeal ? success(appeal) : failure('net.bad-reply');
  }

  /** Moves somebody to a key, known by a fresh ticket or by the word of the key that they had. */
  async replace(key: DeviceKey, by: { readonly ticket: string } | { readonly statement: string }): Promise<Outcome<Issued>> {
    const proof = await this.#prove(key);
    return proof.ok ? readIssued(await this.#post('/api/replace', { proof: proof.value, ...by })) : proof;
  }

  /** The word of a key for the one that takes its place. @param newKey  base64url */
  handOver({ key }: Caller, newKey: string): Promise<Outcome<string>> {
    return this.#state('replace', key, { key: newKey });
  }

  async addDependant(guardian: DeviceKey, ticket: string, relation: Relation): Promise<Outcome<Issued>> {
    const statement = await this.#state('guardian', guardian, { relation });
    return statement.ok
      ? readIssued(await this.#post('/api/dependants', { ticket, statement: statement.value }))
      : statement;
  }

  async paper(caller: Caller, days: number): Promise<Outcome<string>> {
    const reply = await this.#withProof<{ paper?: unknown }>('/api/paper', caller, { days });
    if (!reply.ok) return reply;
    const { paper } = reply.value;
    return typeof paper === 'string' ? success(paper) : failure('net.bad-reply');
  }

  async erase(caller: Caller): Promise<Outcome<true>> {
    const reply = await this.#withStatement('/api/erase', 'erase', caller, {});
    return reply.ok ? success(true) : reply;
  }

  async #withProof<T extends object>(path: string, { key, subject }: Caller, rest: object): Promise<Outcome<T>> {
    const proof = await this.#prove(key);
    return proof.ok ? this.#post<T>(path, { proof: proof.value, ...rest, ...(subject && { subject }) }) : proof;
  }

  async #withStatement(path: string, kind: string, { key, subject }: Caller, content: object): Promise<Outcome<object>> {
    const statement = await this.#state(kind, key, content);
    return statement.ok ? this.#post(path, { statement: statement.value, ...(subject && { subject }) }) : statement;
  }

  /** Sends it again where no reply came: by its idempotency key the server knows that it is the same. */
  async #post<T extends object>(path: string, body: object): Promise<Outcome<T>> {
    const id = toBase64Url(await this.#host.randomBytes(16));
    let sent = await this.#server.postJson<T>(path, body, { 'Idempotency-Key': `"${id}"` });
    for (let left = resends; left > 0 && !sent.ok && sent.code === 'net.unreachable'; left--)
      sent = await this.#server.postJson<T>(path, body, { 'Idempotency-Key': `"${id}"` });
    return sent;
  }

  #prove(key: DeviceKey): Promise<Outcome<string>> {
    return this.#answer((issuer, nonce) => key.proof(issuer, nonce, this.#now()));
  }

  #state(kind: string, key: DeviceKey, content: object): Promise<Outcome<string>> {
    const text = JSON.stringify(content);
    return this.#answer((issuer, nonce) => key.statement(kind, text, issuer, nonce, this.#now()));
  }

  /** Signs something over a fresh challenge of the issuer's. */
  async #answer(sign: (issuer: string, nonce: Uint8Array) => Outcome<Uint8Array>): Promise<Outcome<string>> {
    const challenge = await this.#server.postJson<{ nonce?: unknown; issuer?: unknown }>('/api/enrol/challenge', {});
    if (!challenge.ok) return challenge;
    const { nonce, issuer } = challenge.value;
    const nonceBytes = typeof nonce === 'string' ? fromBase64Url(nonce) : undefined;
    if (!nonceBytes || typeof issuer !== 'string') return failure('net.bad-reply');
    const signed = sign(issuer, nonceBytes);
    return signed.ok ? success(toBase64Url(signed.value)) : signed;
  }
}

/** @error record.missing */
function readIssued(reply: Outcome<{ credential?: unknown; record?: unknown }>): Outcome<Issued> {
  if (!reply.ok) return reply;
  const [credential, record] = [reply.value.credential, reply.value.record].map((text) =>
    typeof text === 'string' ? fromBase64Url(text) : undefined,
  );
  if (!credential) return failure('net.bad-reply');
  return record ? success({ credential, record }) : failure('record.missing');
}

function readTold(reply: Outcome<object>): Outcome<Told> {
  if (!reply.ok) return reply;
  const { colour, checkIns, appeal } = reply.value as { [name in keyof Told]?: unknown };
  const read = readAppeal(appeal);
  if (!colours.includes(colour) || typeof checkIns !== 'number') return failure('net.bad-reply');
  return success({ colour: colour as ColourId, checkIns, ...(read && { appeal: read }) });
}

function readAppeal(value: unknown): AppealState | undefined {
  const { appeal, deadline, outcome, reason } = (value ?? {}) as { [name: string]: unknown };
  if (typeof appeal !== 'string' || typeof deadline !== 'number') return undefined;
  if (outcome !== 'open' && outcome !== 'granted' && outcome !== 'refused') return undefined;
  if (reason !== undefined && typeof reason !== 'string') return undefined;
  return { id: appeal, deadline, outcome, ...(reason && { reason }) };
}
