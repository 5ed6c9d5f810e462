// SPDX-License-Identifier: Apache-2.0
import type { Host } from './host.js';
import { failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import { type SafeStore, toJson } from './store.js';
import type { ClockState } from './wallet-types.js';

/** A server's answer that took longer says too little about the time. */
const maxRoundTripMs = 5000;
/** A device clock that strays less from the monotonic one is only being corrected. */
const maxDriftMs = 2000;
/** How far a device clock may have gone back before what was learnt from it is worthless. */
const maxSetBackMs = 60_000;
/** How often the time is kept, so that a device that was set back is noticed. */
const keepEveryMs = 600_000;

interface Learnt {
  /** Server's time minus the device's. */
  readonly offsetMs: number;
  /** The latest time that was known to have come. */
  readonly atMs: number;
}

/** A moment as three clocks had it. */
interface Anchor {
  readonly deviceMs: number;
  readonly monotonicMs: number;
  readonly suspensions: number;
}

/**
 * The time as a server last told it, kept through restarts.
 *
 * A session follows the monotonic clock, so that setting the device's clock meanwhile does no harm. Only where the
 * host may have slept, its monotonic clock standing still, a device clock that ran ahead is believed, unconfirmed
 * until a server is reached again.
 */
export class TrustedClock {
  readonly #host: Host;
  readonly #store: SafeStore;
  #offsetMs: number;
  #confirmed: boolean;
  #anchor: Anchor;

  private constructor(host: Host, store: SafeStore, learnt: Learnt | undefined) {
    this.#host = host;
    this.#store = store;
    this.#anchor = this.#moment();
    this.#offsetMs = learnt?.offsetMs ?? 0;
    this.#confirmed = learnt !== undefined && this.#nowMs() > learnt.atMs - maxSetBackMs;
  }

  static async open(host: Host, store: SafeStore): Promise<TrustedClock> {
    const learnt = await store.getJson<Learnt>('clock');
    const clock = new TrustedClock(host, store, isLearnt(learnt) ? learnt : undefined);
    const nowMs = clock.#nowMs();
    if (learnt && clock.#confirmed && nowMs > learnt.atMs + keepEveryMs) {
      await clock.#keep(nowMs).catch(() => undefined); // the older one does, for now
    }
    return clock;
  }

  /** The time now; never fails. */
  now(): ClockState & { /** Unix seconds. */ readonly seconds: number } {
    this.#noticeSleep();
    const seconds = Math.max(0, Math.floor(this.#nowMs() / 1000));
    return { seconds, ...this.state() };
  }

  state(): ClockState {
    return { confirmed: this.#confirmed, offsetSeconds: Math.round(this.#offsetMs / 1000) };
  }

  /**
   * Asks the server for its time; half of the round trip is taken off.
   *
   * @error net.unreachable, net.bad-reply
   * @error net.too-slow    the answer took more than 5 s
   * @error storage.failed  the time was learnt for this session only
   */
  async learn(server: Server): Promise<Outcome<ClockState>> {
    const sentAt = this.#host.monotonic();
    const answer = await server.getJson<{ nowMs?: unknown }>('/api/time');
    if (!answer.ok) return answer;
    const roundTripMs = this.#host.monotonic() - sentAt;
    const { nowMs } = answer.value;
    if (typeof nowMs !== 'number' || !Number.isFinite(nowMs) || nowMs < 0) return failure('net.bad-reply');
    if (roundTripMs > maxRoundTripMs) return failure('net.too-slow');
    return this.#accept(nowMs + roundTripMs / 2);
  }

  async #accept(serverMs: number): Promise<Outcome<ClockState>> {
    this.#anchor = this.#moment();
    this.#offsetMs = serverMs - this.#anchor.deviceMs;
    this.#confirmed = true;
    try {
      await this.#keep(serverMs);
    } catch {
      return failure('storage.failed');
    }
    return success(this.state());
  }

  #keep(atMs: number): Promise<void> {
    return this.#store.commit({ clock: toJson({ offsetMs: this.#offsetMs, atMs } satisfies Learnt) });
  }

  #noticeSleep(): void {
    const now = this.#moment();
    const strayMs = now.deviceMs - this.#anchor.deviceMs - (now.monotonicMs - this.#anchor.monotonicMs);
    if (strayMs <= maxDriftMs || now.suspensions === this.#anchor.suspensions) return;
    this.#anchor = now;
    this.#confirmed = false;
  }

  #nowMs(): number {
    const sinceMs = this.#host.monotonic() - this.#anchor.monotonicMs;
    return this.#anchor.deviceMs + sinceMs + this.#offsetMs;
  }

  #moment(): Anchor {
    return {
      deviceMs: this.#host.now(),
      monotonicMs: this.#host.monotonic(),
      suspensions: this.#host.suspensions?.() ?? 0,
    };
  }
}

function isLearnt(value: Learnt | undefined): value is Learnt {
  return Number.isFinite(value?.offsetMs) && Number.isFinite(value?.atMs);
}
