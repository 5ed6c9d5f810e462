// SPDX-License-Identifier: Apache-2.0
import { toBase64Url } from './bytes.js';
import { requireText } from './guard.js';
import type { Host } from './host.js';
import type { DeviceKey, WalletModule } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import { encodeHolder, type Holder, readHolders, recordName, release } from './people.js';
import { PinLock, pinRecord, triesRecord } from './pin-lock.js';
import { type CommitOptions, type SafeStore, tryCommit } from './store.js';
import { Turns } from './turns.js';
import type { Fault, LockState, Relation } from './wallet-types.js';

/** A key, and how it is stored: sealed under the host key. */
export interface KeyPair {
  readonly key: DeviceKey;
  readonly sealedKey: Uint8Array;
}

const notePrefix = 'note-';

function noteName(name: string): string {
  return notePrefix + name;
}

function withoutNotes(names: readonly string[]): { [name: string]: undefined } {
  return Object.fromEntries(names.map((name) => [noteName(name), undefined]));
}

/** The people of a wallet, each with a key and perhaps a code, as they are stored, and the PIN that seals them. */
export class Keyring {
  readonly #host: Host;
  readonly #module: WalletModule;
  readonly #store: SafeStore;
  readonly #pin: PinLock;
  readonly #holders = new Map<string, Holder>();
  /** What is kept besides people, sealed as they are. */
  readonly #notes = new Map<string, Uint8Array>();
  /** No note is sealed under a key that is just being replaced. */
  readonly #turns = new Turns();
  #faults: readonly Fault[] = [];
  /** What the PIN gave out; absent while there is no PIN or it was not given. */
  #pinKey32: Uint8Array | undefined;

  private constructor(host: Host, module: WalletModule, store: SafeStore, pin: PinLock) {
    this.#host = host;
    this.#module = module;
    this.#store = store;
    this.#pin = pin;
  }

  /** @throws LiangmaError storage.damaged, wallet.key-unreadable, host.not-secure */
  static async open(host: Host, module: WalletModule, store: SafeStore): Promise<Keyring> {
    const pin = await withHostKey(host, (hostKey32) => PinLock.open(host, module, store, hostKey32));
    const keyring = new Keyring(host, module, store, pin);
    if (!pin.isSet) await keyring.#read();
    return keyring;
  }

  /** Frees everybody, keys zeroed, and forgets what the PIN gave out. */
  close(): void {
    for (const holder of this.#holders.values()) release(holder);
    this.#holders.clear();
    this.#notes.clear();
    this.#faults = [];
    this.#replacePinKey(undefined);
  }

  get lock(): LockState {
    if (!this.#pin.isSet) return 'none';
    return this.#pinKey32 ? 'open' : 'locked';
  }

  /** Records that do not open. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /** What is kept besides people, by name; nothing while locked. */
  get notes(): ReadonlyMap<string, Uint8Array> {
    return this.#notes;
  }

  /** In the order in which they came. */
  get holders(): readonly Holder[] {
    return [...this.#holders.values()];
  }

  find(id: string): Holder | undefined {
    return this.#holders.get(id);
  }

  pinWaitSeconds(now: number): Promise<number> {
    return this.#pin.waitSeconds(now);
  }

  /** @error wallet.pin-wrong, wallet.pin-wait, storage.failed, storage.changed */
  async unlock(pin: string, now: number): Promise<Outcome<true>> {
    if (this.lock !== 'locked') return success(true);
    const opened = await this.#pin.open(pin, now);
    if (!opened.ok) return opened;
    this.#pinKey32 = opened.value;
    await this.#read();
    return success(true);
  }

  /** Forgets what the PIN gave out, until it is given again. */
  lockNow(): void {
    if (this.#pin.isSet) this.close();
  }

  /** @param current  needed where a PIN is set @error wallet.pin-weak, and those of unlock() */
  async setPin(pin: string, current: string | undefined, now: number): Promise<Outcome<true>> {
    const allowed = await this.#confirmPin(current, now);
    if (!allowed.ok) return allowed;
    const made = await withHostKey(this.#host, (hostKey32) => this.#pin.make(pin, hostKey32));
    if (!made.ok) return made;
    const { record, sealed, key32 } = made.value;
    return this.#turns.take(async () => {
      const done = await this.#sealAnew(key32, record);
      if (!done.ok) return done;
      this.#pin.adopt(sealed);
      this.#replacePinKey(key32);
      return done;
    });
  }

  /** @error those of unlock() */
  async removePin(current: string, now: number): Promise<Outcome<true>> {
    const allowed = await this.#confirmPin(current, now);
    if (!allowed.ok) return allowed;
    return this.#turns.take(async () => {
      const done = await withHostKey(this.#host, (hostKey32) => this.#sealAnew(hostKey32, undefined));
      if (!done.ok) return done;
      this.#pin.adopt(undefined);
      this.#replacePinKey(undefined);
      return done;
    });
  }

  async makeKey(): Promise<Outcome<KeyPair>> {
    const key = this.#module.DeviceKey.generate(await this.#host.randomBytes(32));
    if (!key.ok) return key;
    const entropy = await this.#host.randomBytes(24);
    const sealed = await withHostKey(this.#host, (hostKey32) => key.value.sealHost(hostKey32, entropy));
    return sealed.ok ? success({ key: key.value, sealedKey: sealed.value }) : sealed;
  }

  /** Somebody's key once more, so that each person here can be forgotten alone. @error wallet.person-unknown */
  async copyKey(id: string): Promise<Outcome<KeyPair>> {
    const holder = this.#holders.get(id);
    if (!holder?.info) return failure('wallet.person-unknown');
    const { sealedKey } = holder;
    const key = await withHostKey(this.#host, (hostKey32) => this.#module.DeviceKey.openHost(sealedKey, hostKey32));
    return key.ok ? success({ key: key.value, sealedKey }) : key;
  }

  /** Stores somebody whose code has yet to come. @error storage.failed, storage.changed */
  async add(
    { key, sealedKey }: KeyPair,
    addedAt: number,
    pending: { readonly ticket?: string; readonly relation?: Relation | undefined } = {},
  ): Promise<Outcome<Holder>> {
    const id = toBase64Url(await this.#host.randomBytes(9));
    const holder: Holder = { id, addedAt, ...pending, key, sealedKey };
    const kept = await this.replace(holder);
    if (!kept.ok) release(holder);
    return kept;
  }

  /** Stores somebody as they are from now on. @error storage.failed, storage.changed */
  async replace(next: Holder): Promise<Outcome<Holder>> {
    const sealed = await withHostKey(this.#host, (hostKey32) => this.#seal(next, this.#pinKey32 ?? hostKey32));
    const kept = sealed.ok ? await this.#commit({ [recordName(next.id)]: sealed.value }) : sealed;
    if (!kept.ok) return kept;
    this.#holders.set(next.id, next);
    return success(next);
  }

  /**
   * Forgets somebody, key and code; also one whose record does not open.
   *
   * @param notes  what is forgotten with them
   * @error storage.failed, storage.changed
   */
  async remove(id: string, notes: readonly string[] = []): Promise<Outcome<true>> {
    const done = await this.#commit({ [recordName(id)]: undefined, ...withoutNotes(notes) });
    if (!done.ok) return done;
    for (const name of notes) this.#notes.delete(name);
    const holder = this.#holders.get(id);
    if (holder) release(holder);
    this.#holders.delete(id);
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    return done;
  }

  /** Keeps something besides people, sealed as they are. @error wallet.locked, storage.failed, storage.changed */
  keepNote(name: string, value: Uint8Array): Promise<Outcome<true>> {
    return this.#turns.take(async () => {
      const entropy = await this.#host.randomBytes(24);
      const sealed = await withHostKey(this.#host, (hostKey32) =>
        this.lock === 'locked'
          ? failure('wallet.locked')
          : this.#module.sealRecord(value, this.#pinKey32 ?? hostKey32, entropy),
      );
      const kept = sealed.ok ? await this.#commit({ [noteName(name)]: sealed.value }) : sealed;
      if (!kept.ok) return kept;
      if (this.lock !== 'locked') this.#notes.set(name, value);
      return kept;
    });
  }

  /** Those that are not there are forgotten already. @error storage.failed, storage.changed */
  forgetNotes(names: readonly string[]): Promise<Outcome<true>> {
    return this.#turns.take(async () => {
      const done = await this.#commit(withoutNotes(names));
      if (done.ok) for (const name of names) this.#notes.delete(name);
      return done;
    });
  }

  /** Restores everybody, now that what seals their records is known. */
  async #read(): Promise<void> {
    const { holders, faults } = await withHostKey(this.#host, async (hostKey32) => {
      const recordKey32 = this.#pinKey32 ?? hostKey32;
      await this.#readNotes(recordKey32);
      return readHolders(this.#module, this.#store, { hostKey32, recordKey32 });
    });
    for (const holder of holders) this.#holders.set(holder.id, holder);
    this.#faults = faults;
  }

  /** One that does not open is worth no word: it would have been forgotten soon. */
  async #readNotes(recordKey32: Uint8Array): Promise<void> {
    for (const stored of this.#store.names.filter((each) => each.startsWith(notePrefix))) {
      const kept = await this.#store.get(stored);
      const opened = kept && this.#module.openRecord(kept, recordKey32);
      if (opened?.ok) this.#notes.set(stored.slice(notePrefix.length), opened.value);
    }
  }

  #replacePinKey(key32: Uint8Array | undefined): void {
    this.#pinKey32?.fill(0);
    this.#pinKey32 = key32;
  }

  /** Asks for the PIN that is set, if one is. */
  async #confirmPin(current: string | undefined, now: number): Promise<Outcome<true>> {
    if (!this.#pin.isSet) return success(true);
    if (this.lock === 'locked') return failure('wallet.locked');
    const opened = await this.#pin.open(requireText('current', current), now);
    if (!opened.ok) return opened;
    opened.value.fill(0);
    return success(true);
  }

  /** Seals everybody's record and every note under another key, and removes what was sealed under the one before. */
  async #sealAnew(recordKey32: Uint8Array, pin: Uint8Array | undefined): Promise<Outcome<true>> {
    const changes: { [name: string]: Uint8Array | undefined } = { [pinRecord]: pin, [triesRecord]: undefined };
    for (const holder of this.#holders.values()) {
      const sealed = await this.#seal(holder, recordKey32);
      if (!sealed.ok) return sealed;
      changes[recordName(holder.id)] = sealed.value;
    }
    for (const [name, value] of this.#notes) {
      const sealed = this.#module.sealRecord(value, recordKey32, await this.#host.randomBytes(24));
      if (!sealed.ok) return sealed;
      changes[noteName(name)] = sealed.value;
    }
    return this.#commit(changes, { scrub: true, unchanged: 'everything' });
  }

  async #seal(holder: Holder, recordKey32: Uint8Array): Promise<Outcome<Uint8Array>> {
    const plaintext = encodeHolder(holder);
    const sealed = this.#module.sealRecord(plaintext, recordKey32, await this.#host.randomBytes(24));
    plaintext.fill(0);
    return sealed;
  }

  /** Nobody is stored under a PIN, or without one, that another window has meanwhile replaced. */
  #commit(
    changes: { readonly [name: string]: Uint8Array | undefined },
    options: CommitOptions = { unchanged: [pinRecord] },
  ): Promise<Outcome<true>> {
    return tryCommit(this.#store, changes, options);
  }
}

async function withHostKey<T>(host: Host, use: (hostKey32: Uint8Array) => T): Promise<Awaited<T>> {
  const hostKey32 = await host.hostKey();
  try {
    return await use(hostKey32);
  } finally {
    hostKey32.fill(0);
  }
}
