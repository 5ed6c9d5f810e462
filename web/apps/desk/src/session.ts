// SPDX-License-Identifier: Apache-2.0
import { browserHost, loadGate, type ErrorCode, type GateModule, type QrSymbol } from 'liangma';
import type { Clinic, OpenRequest, RequestState } from './clinic.js';

/** One registration, or one that was refused. */
export interface Visit {
  readonly id: string;
  /** Milliseconds since 1970, this machine's clock. */
  readonly at: number;
  readonly state: RequestState;
}

const kRenewBeforeSeconds = 10;
const kPollMilliseconds = 1000;
const kGraceSeconds = 5;

/** One desk at work: keeps a fresh request on screen and waits for answers. Tells "change". */
export class Session extends EventTarget {
  readonly #clinic: Clinic;
  readonly #department: string;
  #module: GateModule | undefined;
  #open: OpenRequest[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offset = 0;
  #running = false;

  symbol: QrSymbol | undefined;
  visits: readonly Visit[] = [];
  /** What last went wrong with the server. */
  trouble: ErrorCode | undefined;

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
    const shown = this.#open[this.#open.length - 1];
    return shown ? Math.max(0, Math.ceil(shown.expiresAt - kRenewBeforeSeconds - this.#now())) : 0;
  }

  #now(): number {
    return (Date.now() + this.#offset) / 1000;
  }

  /** Looks at what was answered, and replaces the request on screen where it is due. */
  async #turn(): Promise<void> {
    for (const one of [...this.#open]) await this.#look(one);
    if (this.#running && this.secondsLeft === 0) await this.#renew();
    this.#changed();
    if (this.#running) this.#timer = setTimeout(() => void this.#turn(), kPollMilliseconds);
  }

  async #look(one: OpenRequest): Promise<void> {
    const outcome = await this.#clinic.state(one.id);
    if (!outcome.ok) {
      if (outcome.code === 'net.unreachable') this.trouble = outcome.code;
      else this.#close(one);
      return;
    }
    this.trouble = undefined;
    const { state } = outcome.value;
    if (state === 'done' || state === 'refused') this.#finish(one, outcome.value);
    else if (this.#now() > one.expiresAt + kGraceSeconds) this.#close(one);
  }

  #finish(one: OpenRequest, state: RequestState): void {
    this.#close(one);
    this.visits = [{ id: one.id, at: Date.now(), state }, ...this.visits];
  }

  #close(one: OpenRequest): void {
    const wasShown = this.#open[this.#open.length - 1] === one;
    this.#open = this.#open.filter((other) => other !== one);
    if (wasShown) this.symbol = undefined;
  }

  async #renew(): Promise<void> {
    const outcome = await this.#clinic.open(this.#department);
    if (!outcome.ok) {
      this.trouble = outcome.code;
      this.symbol = undefined;
      return;
    }
    this.trouble = undefined;
    const symbol = this.#module!.makeQrSymbol(outcome.value.request);
    if (!symbol.ok) {
      this.trouble = symbol.code;
      return;
    }
    this.#open = [...this.#open, outcome.value];
    this.symbol = symbol.value;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
