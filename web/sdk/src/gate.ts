// SPDX-License-Identifier: Apache-2.0
import { TrustedClock } from './clock.js';
import { requireObject, requireText } from './guard.js';
import type { Host } from './host.js';
import { pickName } from './locale.js';
import type { GateModule } from './modules.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { SeenMemory } from './seen-memory.js';
import { Server } from './server.js';
import { SafeStore } from './store.js';
import { TrustKeeper } from './trust-keeper.js';
import type { AssuranceId, Verdict } from './types.js';
import type { ClockState, MemoryState, TrustState } from './wallet-types.js';

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
  readonly #seen: SeenMemory;
  #held: Held | undefined;

  private constructor(
    options: GateOptions,
    server: Server,
    clock: TrustedClock,
    trust: TrustKeeper,
    seen: SeenMemory,
  ) {
    this.#host = options.host;
    this.#module = options.module;
    this.#server = server;
    this.#clock = clock;
    this.#trust = trust;
    this.#seen = seen;
  }

  /**
   * Restores the trust list, and the codes seen a moment ago, from the host's storage. Needs no network.
   *
   * @throws LiangmaError storage.failed, storage.damaged (see erase())
   */
  static async open(options: GateOptions): Promise<Gate> {
    const { host, module, server, roots = [] } = requireObject('options', options);
    const origin = typeof server === 'string' ? server : requireObject('options.server', server).href;
    try {
      const store = await SafeStore.open(host, 'gate');
      const clock = await TrustedClock.open(host, store);
      const trust = await TrustKeeper.open(module, store, roots);
      const seen = await SeenMemory.open(host, module, () => clock.now().seconds);
      return new Gate(options, new Server(host, origin), clock, trust, seen);
    } catch (error) {
      if (error instanceof LiangmaError || error instanceof TypeError) throw error;
      throw new LiangmaError('storage.failed', { cause: error });
    }
  }

  /** Starts over: removes everything that a gate has stored on a host. @error storage.failed */
  static async erase(host: Host): Promise<Outcome<true>> {
    try {
      await SafeStore.erase(host, 'gate');
      return success(true);
    } catch {
      return failure('storage.failed');
    }
  }

  close(): void {
    this.#seen.close();
    this.#trust.close();
  }

  /**
   * Checks what a scanner has read.
   *
   * A code that is read again within 3 s, because it is still in front of the camera, gets the same verdict, for
   * 10 s at the most; after that it is "replay.seen-before".
   *
   * @param sceneId       one of scenes(); absent: green passes, yellow and pending are checked
   * @param isNewShowing  the text was brought anew, as a picture or by pasting: it gets no verdict of before
   */
  check(text: string, sceneId?: string, isNewShowing = false): Verdict {
    requireText('text', text);
    if (sceneId !== undefined) requireText('sceneId', sceneId);
    const atMs = this.#host.monotonic();
    const held = isNewShowing ? undefined : this.#stillHeld(text, sceneId, atMs);
    if (held) {
      held.lastMs = atMs;
      return held.verdict;
    }
    const { trust } = this.#trust;
    const verdict = this.#module.verify(text, { trust, now: this.now(), scene: sceneId, seen: this.#seen.codes });
    if (verdict.code) void this.#seen.keep();
    this.#held = { text, sceneId, verdict, sinceMs: atMs, lastMs: atMs };
    return verdict;
  }

  /** How far the memory of codes seen reaches. */
  get memory(): MemoryState {
    return { damaged: this.#seen.isDamaged, kept: this.#seen.isKept };
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
    const checkedAt = this.#trust.checkedAt;
    return {
      version,
      issuedAt,
      expiresAt,
      ageSeconds: Math.max(0, now - issuedAt),
      ...(checkedAt === undefined ? {} : { checkedSecondsAgo: Math.max(0, now - checkedAt) }),
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
