// SPDX-License-Identifier: Apache-2.0
import { TrustedClock } from './clock.js';
import { requireObject, requireText } from './guard.js';
import type { Host } from './host.js';
import { pickName } from './locale.js';
import type { GateModule, SeenCodes } from './modules.js';
import { LiangmaError, type Outcome } from './outcome.js';
import { failure } from './outcome.js';
import { Server } from './server.js';
import { SafeStore } from './store.js';
import { TrustKeeper } from './trust-keeper.js';
import type { AssuranceId, Verdict } from './types.js';
import type { ClockState, TrustState } from './wallet-types.js';

export interface GateOptions {
  readonly host: Host;
  readonly module: GateModule;
  /** The server that publishes the trust list; empty: the page's own. */
  readonly server: string | { readonly href: string };
  /** Ed25519 public keys of 32 bytes that sign the trust list. Absent: those that the server names first. */
  readonly roots?: readonly Uint8Array[];
}

/** A kind of door to choose from. */
export interface SceneChoice {
  readonly id: string;
  readonly name: string;
  readonly required: AssuranceId;
}

/** What a refresh did, part by part. */
export interface GateRefreshReport {
  readonly online: boolean;
  readonly clock: Outcome<ClockState>;
  readonly trust: Outcome<'new' | 'same'>;
}

/** A code that is still in front of the camera. */
interface Held {
  readonly text: string;
  readonly sceneId: string | undefined;
  readonly verdict: Verdict;
  readonly sinceMs: number;
  lastMs: number;
}

/** Between two looks at a code that stays in front of the camera. */
const holdMs = 3000;
/** However long it stays there. */
const maxHoldMs = 10_000;

/** A door that checks codes, with or without a network. */
export class Gate {
  readonly #host: Host;
  readonly #module: GateModule;
  readonly #server: Server;
  readonly #clock: TrustedClock;
  readonly #trust: TrustKeeper;
  readonly #seen: SeenCodes;
  #held: Held | undefined;

  private constructor(options: GateOptions, server: Server, clock: TrustedClock, trust: TrustKeeper) {
    this.#host = options.host;
    this.#module = options.module;
    this.#server = server;
    this.#clock = clock;
    this.#trust = trust;
    this.#seen = new options.module.SeenCodes();
  }

  /**
   * Restores the trust list from the host's storage. Needs no network.
   *
   * @throws LiangmaError storage.failed
   */
  static async open(options: GateOptions): Promise<Gate> {
    const { host, module, server, roots = [] } = requireObject('options', options);
    const origin = typeof server === 'string' ? server : requireObject('options.server', server).href;
    try {
      const store = await SafeStore.open(host, 'gate');
      const clock = await TrustedClock.open(host, store);
      const trust = await TrustKeeper.open(module, store, roots);
      return new Gate(options, new Server(host, origin), clock, trust);
    } catch (error) {
      if (error instanceof LiangmaError || error instanceof TypeError) throw error;
      throw new LiangmaError('storage.failed', { cause: error });
    }
  }

  close(): void {
    this.#seen.delete();
    this.#trust.close();
  }

  /**
   * Checks what a scanner has read.
   *
   * A code that is read again within 3 s, because it is still in front of the camera, gets the same verdict, for
   * 10 s at the most; after that it is "replay.seen-before".
   *
   * @param sceneId  one of scenes(); absent: green passes, yellow and pending are checked
   */
  check(text: string, sceneId?: string): Verdict {
    requireText('text', text);
    if (sceneId !== undefined) requireText('sceneId', sceneId);
    const atMs = this.#host.monotonic();
    const held = this.#stillHeld(text, sceneId, atMs);
    if (held) {
      held.lastMs = atMs;
      return held.verdict;
    }
    const { trust } = this.#trust;
    const verdict = this.#module.verify(text, { trust, now: this.now(), scene: sceneId, seen: this.#seen });
    this.#held = { text, sceneId, verdict, sinceMs: atMs, lastMs: atMs };
    return verdict;
  }

  /** Learns the time and fetches the trust list. Offline it does nothing, and says so. */
  async refresh(): Promise<GateRefreshReport> {
    const clock = await this.#clock.learn(this.#server);
    const online = clock.ok || clock.code !== 'net.unreachable';
    const trust = online ? await this.#trust.refresh(this.#server, this.now()) : failure('net.unreachable');
    return { online, clock, trust };
  }

  get clock(): ClockState {
    const { confirmed, offsetSeconds } = this.#clock.now();
    return { confirmed, offsetSeconds };
  }

  /** The time by the trusted clock, Unix seconds. */
  now(): number {
    return this.#clock.now().seconds;
  }

  trust(): TrustState {
    const info = this.#trust.info;
    if (!info) return { version: 0, issuedAt: 0, expiresAt: 0, ageSeconds: 0, stale: true };
    const { version, issuedAt, expiresAt } = info;
    const now = this.now();
    return {
      version,
      issuedAt,
      expiresAt,
      ageSeconds: Math.max(0, now - issuedAt),
      stale: now >= (issuedAt + expiresAt) / 2,
    };
  }

  /** The doors that the trust list knows, named in a language. @param locale  BCP 47 */
  scenes(locale: string): SceneChoice[] {
    const scenes = this.#trust.info?.scenes ?? [];
    return scenes.map(({ id, names, required }) => ({ id, name: pickName(names, locale) ?? id, required }));
  }

  /** An issuer's name in a language; its id where it has none. */
  issuerName(issuer: string, locale: string): string {
    const names = this.#trust.info?.issuers.find((each) => each.id === issuer)?.names;
    return (names && pickName(names, locale)) ?? issuer;
  }

  #stillHeld(text: string, sceneId: string | undefined, atMs: number): Held | undefined {
    const held = this.#held;
    if (held?.text !== text || held.sceneId !== sceneId) return undefined;
    const isSteady = atMs - held.lastMs <= holdMs && atMs - held.sinceMs <= maxHoldMs;
    return isSteady ? held : undefined;
  }
}
