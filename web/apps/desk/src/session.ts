// SPDX-License-Identifier: Apache-2.0
import { browserHost, loadGate, type ErrorCode, type GateModule, type QrSymbol } from 'liangma';
import type { Clinic, OpenRequest, Queue } from './clinic.js';

const kRenewBeforeSeconds = 10;
const kPollMilliseconds = 1000;

/** One desk at work: keeps a fresh request on screen and knows the queue. Tells "change". */
export class Session extends EventTarget {
  readonly #clinic: Clinic;
  readonly #department: string;
  #module: GateModule | undefined;
  #shown: OpenRequest | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offset = 0;
  #running = false;
  /** Names the call that was asked for and not confirmed yet. */
  #call = '';

  symbol: QrSymbol | undefined;
  /** Absent until the server has answered. */
  queue: Queue | undefined;
  /** What last went wrong with the server. */
  trouble: ErrorCode | undefined;
  calling = false;

  constructor(clinic: Clinic, department: string) {
    super();
    this.#clinic = clinic;
    this.#department = department;
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#module = await loadGate(browserHost({ database: 'liangma-desk' }));
    this.#offset = (await this.#clinic.clockOffset()) ?? 0;
    await this.#turn();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Seconds until the request on screen is replaced. */
  get secondsLeft(): number {
    return this.#shown ? this.#secondsLeftOf(this.#shown) : 0;
  }

  /** Why the newest refused answer to a request that is still open was refused. */
  get refusal(): string | undefined {
    const open = this.queue?.requests.filter((one) => this.#now() < one.expiresAt) ?? [];
    return open.reverse().find((one) => one.reason)?.reason;
  }

  /** Calls the next number. Asked again after a failure, it is the same call. */
  async callNext(): Promise<void> {
    this.calling = true;
    this.#changed();
    this.#call ||= randomName();
    const outcome = await this.#clinic.callNext(this.#department, this.#call);
    if (outcome.ok) this.#call = '';
    else this.trouble = outcome.code;
    await this.#look();
    this.calling = false;
    this.#changed();
  }

  #secondsLeftOf(request: OpenRequest): number {
    return Math.max(0, Math.ceil(request.expiresAt - kRenewBeforeSeconds - this.#now()));
  }

  #now(): number {
    return (Date.now() + this.#offset) / 1000;
  }

  /** Looks at the queue, and replaces the request on screen where it is due. */
  async #turn(): Promise<void> {
    await this.#look();
    if (this.#running && !this.trouble && this.secondsLeft === 0) await this.#renew();
    if (this.secondsLeft === 0) this.symbol = undefined;
    this.#changed();
    if (this.#running) this.#timer = setTimeout(() => void this.#turn(), kPollMilliseconds);
  }

  async #look(): Promise<void> {
    const outcome = await this.#clinic.queue(this.#department);
    this.trouble = outcome.ok ? undefined : outcome.code;
    if (!outcome.ok) return;
    this.queue = outcome.value;
    this.#show(this.queue.requests.find((one) => this.#secondsLeftOf(one) > 0 && one.id === this.#shown?.id) ??
      this.queue.requests.find((one) => this.#secondsLeftOf(one) > 0));
  }

  async #renew(): Promise<void> {
    const outcome = await this.#clinic.open(this.#department);
    this.trouble = outcome.ok ? undefined : outcome.code;
    if (outcome.ok) this.#show(outcome.value);
  }

  #show(request: OpenRequest | undefined): void {
    if (request?.id !== this.#shown?.id) {
      const drawn = request && this.#module!.makeQrSymbol(request.request);
      this.symbol = drawn?.ok ? drawn.value : undefined;
    }
    this.#shown = request;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
