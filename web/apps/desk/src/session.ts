// SPDX-License-Identifier: Apache-2.0
import { LiangmaError, type ErrorCode, type GateModule, type QrSymbol } from 'liangma';
import type { Clinic, OpenRequest, Queue, Visit } from './clinic.js';
import { gateModule } from './module.js';
import type { ServerClock } from './server-clock.js';

const kRenewBeforeSeconds = 10;
/** How long a request is good at most: core/SPEC.md. */
const kMaxRequestSeconds = 60;
const kPollMilliseconds = 1000;
const kLoadMilliseconds = 5000;
const kMaxPauseMilliseconds = 30_000;

/** One desk at work: keeps a fresh request on screen and knows the queue. Tells "change". */
export class Session extends EventTarget {
  readonly #clinic: Clinic;
  readonly #department: string;
  readonly #clock: ServerClock;
  #module: GateModule | undefined;
  #shown: OpenRequest | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loadTimer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  /** Names the call that was asked for and not confirmed yet. */
  #call = '';
  /** From one request that brought nothing to the next, and when that is, by performance.now(). */
  #pause = 0;
  #renewAt = 0;
  /** Why the last request was not made. */
  #unmade: ErrorCode | undefined;
  #looks = 0;

  symbol: QrSymbol | undefined;
  /** Absent until the server has answered. */
  queue: Queue | undefined;
  /** Whom this desk called last since it was opened. */
  called: Visit | undefined;
  /** What last went wrong with the server. */
  trouble: ErrorCode | undefined;
  /** Why no symbol can be drawn. */
  unloaded: ErrorCode | undefined;
  calling = false;

  constructor(clinic: Clinic, department: string, clock: ServerClock) {
    super();
    this.#clinic = clinic;
    this.#department = department;
    this.#clock = clock;
  }

  start(): void {
    this.#running = true;
    void this.load();
    void this.#turn();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#loadTimer);
  }

  /** Loads what draws the symbols; where that fails, again after a while. */
  async load(): Promise<void> {
    clearTimeout(this.#loadTimer);
    try {
      this.#module = await gateModule();
      this.unloaded = undefined;
      this.#show(this.#shown);
    } catch (error) {
      this.unloaded = error instanceof LiangmaError ? error.code : 'host.wasm-failed';
      clearTimeout(this.#loadTimer);
      if (this.#running) this.#loadTimer = setTimeout(() => void this.load(), kLoadMilliseconds);
    }
    this.#changed();
  }

  /** Seconds until the request on screen is replaced. */
  get secondsLeft(): number {
    return this.#shown ? this.#secondsLeftOf(this.#shown) : 0;
  }

  /** Whether secondsLeft can be relied on. */
  get isTimed(): boolean {
    return this.#clock.isKnown;
  }

  /** Why the newest refused answer to a request that is still open was refused. */
  get refusal(): string | undefined {
    const open = this.queue?.requests.filter((one) => this.#clock.now < one.expiresAt) ?? [];
    return open.reverse().find((one) => one.reason)?.reason;
  }

  /** Calls the next number. Asked again after a failure, it is the same call. */
  async callNext(): Promise<void> {
    if (this.calling || !this.queue?.waiting) return;
    this.calling = true;
    this.#changed();
    this.#call ||= randomName();
    const outcome = await this.#clinic.callNext(this.#department, this.#call);
    if (outcome.ok) [this.#call, this.called] = ['', outcome.value.called ?? this.called];
    else this.trouble = outcome.code;
    await this.#look();
    this.calling = false;
    this.#changed();
  }

  #secondsLeftOf(request: OpenRequest): number {
    return Math.max(0, Math.ceil(request.expiresAt - kRenewBeforeSeconds - this.#clock.now));
  }

  /** Looks at the queue, and replaces the request on screen where it is due. */
  async #turn(): Promise<void> {
    if (!this.#clock.isKnown) await this.#clock.learn();
    const isThere = await this.#look();
    const isDue = this.secondsLeft === 0 && performance.now() >= this.#renewAt;
    if (this.#running && this.#module && isThere && isDue) await this.#renew();
    if (this.secondsLeft === 0) this.symbol = undefined;
    this.#changed();
    if (this.#running) this.#timer = setTimeout(() => void this.#turn(), kPollMilliseconds);
  }

  /** @returns whether the server answered; false too where it was asked again since */
  async #look(): Promise<boolean> {
    const look = ++this.#looks;
    const outcome = await this.#clinic.queue(this.#department);
    if (look !== this.#looks) return false;
    this.trouble = outcome.ok ? this.#unmade : outcome.code;
    if (!outcome.ok) return false;
    this.queue = outcome.value;
    if (!this.queue.called) this.called = undefined; // a new day
    this.#show(this.queue.requests.find((one) => this.#secondsLeftOf(one) > 0 && one.id === this.#shown?.id) ??
      this.queue.requests.find((one) => this.#secondsLeftOf(one) > 0));
    return true;
  }

  async #renew(): Promise<void> {
    const outcome = await this.#clinic.open(this.#department);
    this.trouble = this.#unmade = outcome.ok ? undefined : outcome.code;
    if (outcome.ok) await this.#showNew(outcome.value);
    this.#pause = this.secondsLeft > 0 ? 0 : Math.min(this.#pause * 2 || kPollMilliseconds, kMaxPauseMilliseconds);
    this.#renewAt = performance.now() + this.#pause;
  }

  /** A request that was made just now tells about what time it is; where it seems to be over, the clock is wrong. */
  async #showNew(request: OpenRequest): Promise<void> {
    if (this.#secondsLeftOf(request) === 0) await this.#clock.learn();
    if (!this.#clock.isKnown || this.#secondsLeftOf(request) === 0) this.#clock.assume(request.expiresAt - kMaxRequestSeconds);
    this.#show(request);
  }

  #show(request: OpenRequest | undefined): void {
    if (request && (request.id !== this.#shown?.id || !this.symbol)) {
      const drawn = this.#module?.makeQrSymbol(request.request);
      this.symbol = drawn?.ok ? drawn.value : undefined;
    }
    if (!request) this.symbol = undefined;
    this.#shown = request;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
