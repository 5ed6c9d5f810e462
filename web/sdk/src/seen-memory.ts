// SPDX-License-Identifier: Apache-2.0
import type { Host } from './host.js';
import type { GateModule, SeenCodes } from './modules.js';
import { frame, unframe } from './store-frame.js';

const storageKey = 'gate/seen';

/**
 * A gate's memory of the live codes it has accepted, which outlives the page and is shared by every page of the same
 * gate. Codes that can pass no more are forgotten.
 */
export class SeenMemory {
  readonly codes: SeenCodes;
  readonly #host: Host;
  readonly #now: () => number;
  readonly #stopWatching: (() => void) | undefined;
  #isDamaged = false;
  #isKept = true;
  #isClosed = false;
  #turn: Promise<void> = Promise.resolve();

  private constructor(host: Host, module: GateModule, now: () => number) {
    this.#host = host;
    this.#now = now;
    this.codes = new module.SeenCodes();
    this.#stopWatching = host.storage.watch?.((key) => {
      if (key === storageKey) void this.#inTurn(() => this.#load());
    });
  }

  /** @param now  the gate's time, Unix seconds */
  static async open(host: Host, module: GateModule, now: () => number): Promise<SeenMemory> {
    const memory = new SeenMemory(host, module, now);
    await memory.#inTurn(() => memory.#load());
    return memory;
  }

  /** Whether what had been kept could not be read, and was dropped. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Whether the last code was kept for the time after a restart. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Keeps what is remembered, together with what other pages have kept. Never rejects. */
  keep(): Promise<void> {
    return this.#inTurn(() => (this.#host.exclusive ? this.#host.exclusive(() => this.#merge()) : this.#merge()));
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching?.();
    this.codes.delete();
  }

  async #merge(): Promise<void> {
    await this.#load();
    await this.#host.storage.set(storageKey, frame(this.codes.save(this.#now()), 1));
  }

  async #load(): Promise<void> {
    const bytes = await this.#host.storage.get(storageKey);
    if (!bytes || this.#isClosed) return;
    const saved = unframe(bytes)?.value;
    if (saved && this.codes.load(saved, this.#now()).ok) return;
    this.#isDamaged = true;
    await this.#host.storage.remove(storageKey);
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn
      .then(async () => {
        if (!this.#isClosed) await task();
      })
      .then(
        () => void (this.#isKept = true),
        () => void (this.#isKept = false),
      );
    return this.#turn;
  }
}
