// SPDX-License-Identifier: Apache-2.0
import { toBase64Url, toUtf8 } from './bytes.js';
import type { GateRequest } from './gate-types.js';
import type { Host } from './host.js';
import type { Challenge, GateKey, GateModule } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import { type SafeStore, toJson, tryCommit } from './store.js';
import type { IdentityClaimId, Verdict } from './types.js';

const keyRecord = 'key';
const identityRecord = 'identity';
const requestSeconds = 60;
/** An answer that comes this much too late is still known for what it is. */
const lateSeconds = 60;
/** How long a holder whose answer was taken may go on showing it, signed anew every few seconds. */
const lingerGapMs = 7000;
const maxLingerMs = 60_000;

interface Identity {
  readonly id: string;
}

/** Who answered, and what was said. */
interface Use {
  readonly subject: string;
  readonly verdict: Verdict;
  readonly sinceMs: number;
  lastMs: number;
}

interface Question extends Challenge {
  /** Unix seconds. */
  readonly expiresAt: number;
  use?: Use;
}

/** A gate's own key, the questions that it has signed, and the answers to them. Each question is answered once. */
export class GateQuestions {
  readonly #host: Host;
  readonly #module: GateModule;
  readonly #store: SafeStore;
  #id: string | undefined;
  #key: GateKey | undefined;
  /** The newest first. */
  #open: Question[] = [];

  private constructor(host: Host, module: GateModule, store: SafeStore, id: string | undefined) {
    this.#host = host;
    this.#module = module;
    this.#store = store;
    this.#id = id;
  }

  static async open(host: Host, module: GateModule, store: SafeStore): Promise<GateQuestions> {
    const identity = await store.getJson<Identity>(identityRecord);
    const questions = new GateQuestions(host, module, store, identity?.id);
    if (identity) questions.#key = await questions.#readKey();
    return questions;
  }

  /** The gate's id in the trust list; undefined: it was never enrolled, or its key does not open here. */
  get id(): string | undefined {
    return this.#key && this.#id;
  }

  /**
   * Enters this device's key into the trust list under the id that its owner's code names.
   *
   * @error enrol.code-refused, net.*, storage.failed, host.not-secure
   */
  async enrol(server: Server, code: string, now: number): Promise<Outcome<string>> {
    const config = await server.getJson<{ issuer?: unknown }>('/config.json');
    if (!config.ok) return config;
    const { issuer } = config.value;
    if (typeof issuer !== 'string' || issuer === '') return failure('enrol.code-refused');
    const nonce = toUtf8(code.toUpperCase().replace(/[\s-]/g, ''));
    if (nonce.length < 16 || nonce.length > 32) return failure('enrol.code-refused');
    const key = await this.#ensureKey();
    if (!key.ok) return key;
    const proof = key.value.proof(issuer, nonce, now);
    return proof.ok ? this.#register(server, key.value, proof.value) : proof;
  }

  /**
   * Signs a new question.
   *
   * @error verifier.not-enrolled
   */
  async ask(purpose: string, wanted: readonly IdentityClaimId[], now: number): Promise<Outcome<GateRequest>> {
    if (!this.#key || this.#id === undefined) return failure('verifier.not-enrolled');
    const nonce = (await this.#host.randomBytes(16)).slice();
    const expiresAt = now + requestSeconds;
    const signed = this.#key.request({ verifier: this.#id, issuedAt: now, expiresAt, nonce, purpose, wanted });
    if (!signed.ok) return signed;
    const symbol = this.#module.makeQrSymbol(signed.value);
    if (!symbol.ok) return symbol;
    this.#open = [{ verifier: this.#id, nonce, wanted, expiresAt }, ...this.#alive(now)];
    return success({ text: signed.value, symbol: symbol.value, issuedAt: now, expiresAt });
  }

  /**
   * Judges a text as an answer to one of the open questions.
   *
   * @param verify  gives the verdict on it as the answer to one question
   * @returns undefined: it answers no question of this gate's
   */
  judge(text: string, now: number, verify: (challenge: Challenge) => Verdict): Verdict | undefined {
    if (!text.startsWith('LM1:')) return undefined;
    this.#open = this.#alive(now);
    let last: Verdict | undefined;
    for (const question of this.#open) {
      const verdict = verify(question);
      if (verdict.reason === 'audience.mismatch') return undefined;
      if (verdict.reason !== 'nonce.mismatch')
        return now < question.expiresAt ? this.#use(question, verdict) : refusal('nonce.mismatch');
      last = verdict;
    }
    return last;
  }

  close(): void {
    this.#key?.delete();
    this.#key = undefined;
  }

  #use(question: Question, verdict: Verdict): Verdict {
    const { code, decision } = verdict;
    const atMs = this.#host.monotonic();
    const { use } = question;
    if (use) return code || verdict.reason === 'replay.seen-before' ? this.#again(use, verdict, atMs) : verdict;
    if (code && decision !== 'refuse')
      question.use = { subject: code.subject, verdict, sinceMs: atMs, lastMs: atMs };
    return verdict;
  }

  /** The same holder, still there, is told the same; anybody else that the question was answered already. */
  #again(use: Use, { code }: Verdict, atMs: number): Verdict {
    const isSteady = atMs - use.lastMs <= lingerGapMs && atMs - use.sinceMs <= maxLingerMs;
    if (isSteady && code?.subject === use.subject) {
      use.lastMs = atMs;
      return use.verdict;
    }
    return refusal('replay.seen-before');
  }

  #alive(now: number): Question[] {
    return this.#open.filter(({ expiresAt }) => now < expiresAt + lateSeconds);
  }

  async #register(server: Server, key: GateKey, proof: Uint8Array): Promise<Outcome<string>> {
    const reply = await server.postJson<{ id?: unknown }>('/api/gates', { proof: toBase64Url(proof) });
    if (!reply.ok) return reply;
    const { id } = reply.value;
    if (typeof id !== 'string') return failure('net.bad-reply');
    const stored = await tryCommit(this.#store, { [identityRecord]: toJson({ id } satisfies Identity) });
    if (!stored.ok) return stored;
    if (id !== this.#id) this.#open = [];
    this.#id = id;
    this.#key = key;
    return success(id);
  }

  /** The key that is stored, or a new one, stored before anybody hears of it. */
  async #ensureKey(): Promise<Outcome<GateKey>> {
    const kept = this.#key ?? (await this.#readKey());
    if (kept) return success(kept);
    const made = this.#module.GateKey.generate(await this.#host.randomBytes(32));
    if (!made.ok) return made;
    const entropy = await this.#host.randomBytes(24);
    const hostKey32 = await this.#host.hostKey();
    const sealed = made.value.sealHost(hostKey32, entropy);
    hostKey32.fill(0);
    const stored = sealed.ok ? await tryCommit(this.#store, { [keyRecord]: sealed.value }) : sealed;
    if (stored.ok) return made;
    made.value.delete();
    return stored;
  }

  async #readKey(): Promise<GateKey | undefined> {
    const sealed = await this.#store.get(keyRecord);
    if (!sealed) return undefined;
    const hostKey32 = await this.#host.hostKey();
    const opened = this.#module.GateKey.openHost(sealed, hostKey32);
    hostKey32.fill(0);
    return opened.ok ? opened.value : undefined;
  }
}

function refusal(reason: 'nonce.mismatch' | 'replay.seen-before'): Verdict {
  return { decision: 'refuse', reason, advice: 'advice.ask-again', assurance: 'none' };
}
