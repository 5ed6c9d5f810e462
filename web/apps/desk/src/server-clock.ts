// SPDX-License-Identifier: Apache-2.0
import type { Outcome } from 'liangma';

const kAskMilliseconds = 5000;
/** How far this machine's two clocks come apart before one of them was set, or stood still in a sleep. */
const kApartMilliseconds = 2000;

/** The server's time. It runs on by itself: whoever sets this machine's clock does not set it. */
export class ServerClock {
  readonly #ask: () => Promise<Outcome<number>>;
  /** The server's clock minus performance.now(), milliseconds; this machine's own until something better is known. */
  #offset = apart();
  /** How the machine's two clocks stood to each other when the time was learnt; undefined: it never was. */
  #apart: number | undefined;
  /** When the server may be asked, by performance.now(). */
  #askAt = 0;

  /** @param ask  asks the server for its time, Unix milliseconds */
  constructor(ask: () => Promise<Outcome<number>>) {
    this.#ask = ask;
  }

  /** Unix seconds. */
  get now(): number {
    return (performance.now() + this.#offset) / 1000;
  }

  get isKnown(): boolean {
    return this.#apart !== undefined && Math.abs(apart() - this.#apart) < kApartMilliseconds;
  }

  /** Asks the server; where it did not answer, not before a few seconds have gone by. */
  async learn(): Promise<void> {
    if (performance.now() < this.#askAt) return;
    const outcome = await this.#ask();
    if (!outcome.ok) return void (this.#askAt = performance.now() + kAskMilliseconds);
    this.#offset = outcome.value - performance.now();
    this.#apart = apart();
  }

  /** Takes a time for the server's until it says so itself. @param seconds  Unix seconds */
  assume(seconds: number): void {
    this.#offset = seconds * 1000 - performance.now();
    this.#apart = undefined;
  }
}

function apart(): number {
  return Date.now() - performance.now();
}
