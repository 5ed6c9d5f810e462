// SPDX-License-Identifier: Apache-2.0
import { toUtf8 } from './bytes.js';
import type { Host } from './host.js';
import type { WalletModule } from './modules.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { type SafeStore, toJson, tryCommit } from './store.js';

/** Wrong PINs in a row, and when the last of them was tried. */
interface Tries {
  readonly failures: number;
  /** Unix seconds. */
  readonly at: number;
}

export const pinRecord = 'pin';
export const triesRecord = 'pin-tries';

/** Argon2id: what a guess costs a thief as well. */
const passes = 3;
const memoryKiB = 65536;
/** Seconds to wait after so many wrong PINs in a row; the last holds for all that follow. */
const waits = [0, 0, 0, 10, 30, 60, 300, 900, 3600];
const maxPinBytes = 128;
const leastDigits = 6;
const leastCharacters = 8;

/** What of a PIN counts: full-width digits are digits, spaces at the ends are nothing. */
function normalize(pin: string): string {
  return pin.normalize('NFKC').trim();
}

/** Whether a PIN is one of those that are tried first. */
function isWeak(pin: string): boolean {
  const codes = [...pin].map((character) => character.codePointAt(0)!);
  const least = /^\d+$/.test(pin) ? leastDigits : leastCharacters;
  const steps = new Set(codes.slice(1).map((code, at) => code - codes[at]!));
  const isRun = steps.size === 1 && [-1, 0, 1].includes([...steps][0]!);
  return codes.length < least || isRun;
}

/**
 * A key that only a PIN gives out, on this device alone: sealed under the PIN, and that under the host's key.
 * The records of a wallet with a PIN are sealed under it.
 */
export class PinLock {
  readonly #host: Host;
  readonly #module: WalletModule;
  readonly #store: SafeStore;
  /** Absent: no PIN is set. */
  #sealed: Uint8Array | undefined;

  private constructor(host: Host, module: WalletModule, store: SafeStore, sealed: Uint8Array | undefined) {
    this.#host = host;
    this.#module = module;
    this.#store = store;
    this.#sealed = sealed;
  }

  /** @throws LiangmaError storage.damaged, wallet.key-unreadable (stored by another device) */
  static async open(
    host: Host,
    module: WalletModule,
    store: SafeStore,
    hostKey32: Uint8Array,
  ): Promise<PinLock> {
    const kept = await store.read(pinRecord);
    if (kept === 'damaged') throw new LiangmaError('storage.damaged');
    const opened = kept && module.openRecord(kept, hostKey32);
    if (opened && !opened.ok) throw new LiangmaError('wallet.key-unreadable');
    return new PinLock(host, module, store, opened?.value);
  }

  get isSet(): boolean {
    return this.#sealed !== undefined;
  }

  /** Makes a new key under a PIN. @returns the record to be kept, and the key @error wallet.pin-weak */
  async make(
    pin: string,
    hostKey32: Uint8Array,
  ): Promise<Outcome<{ sealed: Uint8Array; record: Uint8Array; key32: Uint8Array }>> {
    const text = normalize(pin);
    const pinUtf8 = toUtf8(text);
    if (isWeak(text) || pinUtf8.length > maxPinBytes) return failure('wallet.pin-weak');
    const key32 = await this.#host.randomBytes(32);
    const sealed = this.#module.sealRecordWithPin(key32, pinUtf8, passes, memoryKiB, await this.#host.randomBytes(40));
    pinUtf8.fill(0);
    if (!sealed.ok) return sealed;
    const record = this.#module.sealRecord(sealed.value, hostKey32, await this.#host.randomBytes(24));
    return record.ok ? success({ sealed: sealed.value, record: record.value, key32 }) : record;
  }

  /** Takes over what make() gave, once it is kept; undefined: no PIN any more. */
  adopt(sealed: Uint8Array | undefined): void {
    this.#sealed = sealed;
  }

  /** How long no PIN will be tried. @param now  Unix seconds */
  async waitSeconds(now: number): Promise<number> {
    const { failures, at } = await this.#tries();
    const wait = waits[Math.min(failures, waits.length - 1)]!;
    return Math.min(wait, Math.max(0, at + wait - now)); // a clock that was set back does not lengthen it
  }

  /**
   * Tries a PIN. The attempt is counted before it is made, so that closing the page takes nothing back.
   *
   * @param now  Unix seconds
   * @error wallet.pin-wrong, wallet.pin-wait
   * @error storage.failed, storage.changed  the attempt could not be counted, so it was not made
   */
  async open(pin: string, now: number): Promise<Outcome<Uint8Array>> {
    if (!this.#sealed) return failure('misuse.argument', 'pin');
    if ((await this.waitSeconds(now)) > 0) return failure('wallet.pin-wait');
    const { failures } = await this.#tries();
    const counted = await this.#count({ failures: failures + 1, at: now });
    if (!counted.ok) return counted;
    const pinUtf8 = toUtf8(normalize(pin));
    const opened = this.#module.openRecordWithPin(this.#sealed, pinUtf8);
    pinUtf8.fill(0);
    if (!opened.ok) return opened.code === 'internal.error' ? opened : failure('wallet.pin-wrong');
    await this.#count(undefined);
    return opened;
  }

  async #tries(): Promise<Tries> {
    const kept = await this.#store.read(triesRecord);
    if (kept === undefined) return { failures: 0, at: 0 };
    const tries = await this.#store.getJson<Tries>(triesRecord);
    return tries ?? { failures: waits.length, at: 0 };
  }

  #count(tries: Tries | undefined): Promise<Outcome<true>> {
    const changes = { [triesRecord]: tries && toJson(tries) };
    return tryCommit(this.#store, changes, { scrub: true, unchanged: [triesRecord] });
  }
}
