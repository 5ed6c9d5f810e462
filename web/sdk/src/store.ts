// SPDX-License-Identifier: Apache-2.0
import { fromUtf8, toUtf8 } from './bytes.js';
import type { Host, HostStorage } from './host.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { frame, unframe } from './store-frame.js';

type Slot = 'a' | 'b';
/** A slot and the commit that wrote it, such as "a12". */
type Place = `${Slot}${number}`;

/** Which of its two slots holds each record's present value. */
interface Root {
  readonly sequence: number;
  readonly places: { readonly [name: string]: Place };
  /** Keys whose bytes are no longer wanted but may still be there. */
  readonly garbage: readonly string[];
}

export interface CommitOptions {
  /** Also removes what the records held before: it must not be read again. */
  readonly scrub?: boolean;
  /** Records that must be as this store last saw them, whoever shares the storage. */
  readonly unchanged?: readonly string[] | 'everything';
}

const emptyRoot: Root = { sequence: 0, places: {}, garbage: [] };

/**
 * Named records that change together or not at all, whenever the process is killed; damage is noticed.
 *
 * Each record has two slots and so has the root, which says which slots count. A commit writes into slots that do
 * not count, then into the root that does not count: that last write is what switches. Where the slot that counts
 * is damaged, the value before it is still there, unless it was scrubbed.
 */
export class SafeStore {
  readonly #host: Host;
  readonly #prefix: string;
  #root: Root;

  private constructor(host: Host, prefix: string, root: Root) {
    this.#host = host;
    this.#prefix = prefix;
    this.#root = root;
  }

  /**
   * @param prefix  keeps this store's keys apart from others' in the same storage
   * @throws LiangmaError storage.damaged  something is kept, but not even its list can be read
   */
  static async open(host: Host, prefix: string): Promise<SafeStore> {
    const store = new SafeStore(host, prefix, emptyRoot);
    store.#root = await store.#readRoot();
    if (store.#root.garbage.length > 0) await store.commit({}).catch(() => undefined); // the next commit does it
    return store;
  }

  /** Removes every record of a prefix, read or not. */
  static async erase(host: Host, prefix: string): Promise<void> {
    const store = new SafeStore(host, prefix, emptyRoot);
    const listed = await store.#readRoot().catch(() => emptyRoot);
    const keys = (await host.storage.keys?.()) ?? Object.keys(listed.places).flatMap((name) => store.#keys(name));
    for (const key of keys) if (key.startsWith(`${prefix}/`)) await host.storage.remove(key);
    for (const key of store.#keys('root')) await host.storage.remove(key);
  }

  get names(): string[] {
    return Object.keys(this.#root.places);
  }

  /** What a record holds: "damaged" where that cannot be told any more, undefined where there is none. */
  async read(name: string): Promise<Uint8Array | 'damaged' | undefined> {
    const place = this.#root.places[name];
    if (!place) return undefined;
    const slot = slotOf(place);
    const found = (await this.#readSlot(name, slot)) ?? (await this.#readSlot(name, other(slot)));
    return found?.value ?? 'damaged';
  }

  /** A record's value; undefined where there is none that can be read. */
  async get(name: string): Promise<Uint8Array | undefined> {
    const value = await this.read(name);
    return value === 'damaged' ? undefined : value;
  }

  /** A record that holds JSON; undefined where there is none or it is not JSON. */
  async getJson<T>(name: string): Promise<T | undefined> {
    const bytes = await this.get(name);
    return bytes && parseJson<T>(bytes);
  }

  /**
   * Replaces records, or removes those whose new value is undefined. Rejects with nothing changed.
   *
   * @throws LiangmaError storage.changed  one of `options.unchanged` was changed by another
   */
  commit(
    changes: { readonly [name: string]: Uint8Array | undefined },
    options: CommitOptions = {},
  ): Promise<void> {
    const task = () => this.#commit(changes, options);
    return this.#host.exclusive ? this.#host.exclusive(task) : task();
  }

  async #commit(
    changes: { readonly [name: string]: Uint8Array | undefined },
    { scrub = false, unchanged = [] }: CommitOptions,
  ): Promise<void> {
    const old = await this.#readRoot();
    if (!isUnchanged(unchanged, this.#root, old)) throw new LiangmaError('storage.changed');
    const sequence = old.sequence + 1;
    const places = { ...old.places };
    const garbage = new Set(await this.#clean(old.garbage));
    for (const [name, value] of Object.entries(changes)) {
      const before = old.places[name];
      if (value) {
        const slot = before ? other(slotOf(before)) : 'a';
        await this.#storage.set(this.#key(name, slot), frame(value, sequence));
        places[name] = `${slot}${sequence}`;
        garbage.delete(this.#key(name, slot));
        if (scrub) garbage.add(this.#key(name, other(slot)));
      } else {
        delete places[name];
        for (const key of this.#keys(name)) garbage.add(key);
      }
    }
    await this.#writeRoot({ sequence, places, garbage: [...garbage] });
    await this.#clean(this.#root.garbage);
  }

  /** Frees what is no longer wanted. @returns the keys that are still there */
  async #clean(keys: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const key of keys) await this.#storage.remove(key).catch(() => left.push(key));
    return left;
  }

  async #readSlot(name: string, slot: Slot): Promise<{ value: Uint8Array; sequence: number } | undefined> {
    const bytes = await this.#storage.get(this.#key(name, slot));
    return bytes && unframe(bytes);
  }

  async #readRoot(): Promise<Root> {
    const kept = await Promise.all(this.#keys('root').map((key) => this.#storage.get(key)));
    const roots = kept.flatMap((bytes) => (bytes && decodeRoot(bytes)) ?? []);
    const [newest] = roots.sort((one, two) => two.sequence - one.sequence);
    if (newest) return newest;
    return kept.every((bytes) => bytes === undefined) ? emptyRoot : this.#rebuildRoot(kept.includes(undefined));
  }

  /** Without a list, what is there tells what there was. */
  async #rebuildRoot(isFirst: boolean): Promise<Root> {
    if (isFirst) return emptyRoot; // the very first commit was cut short
    const keys = await this.#storage.keys?.();
    if (!keys) throw new LiangmaError('storage.damaged');
    let root = emptyRoot;
    for (const key of keys.filter((each) => each.startsWith(`${this.#prefix}/`))) {
      const name = key.slice(this.#prefix.length + 1, -2);
      const slot = key.slice(-1) as Slot;
      const found = name === 'root' ? undefined : await this.#readSlot(name, slot);
      if (found) root = adopt(root, name, `${slot}${found.sequence}`);
    }
    return root;
  }

  async #writeRoot(root: Root): Promise<void> {
    const key = this.#key('root', root.sequence % 2 ? 'a' : 'b');
    await this.#storage.set(key, frame(toJson(root), root.sequence));
    this.#root = root;
  }

  get #storage(): HostStorage {
    return this.#host.storage;
  }

  #key(name: string, slot: Slot): string {
    return `${this.#prefix}/${name}.${slot}`;
  }

  #keys(name: string): string[] {
    return [this.#key(name, 'a'), this.#key(name, 'b')];
  }
}

/** commit() as an outcome. @error storage.failed, storage.changed */
export async function tryCommit(
  store: SafeStore,
  changes: { readonly [name: string]: Uint8Array | undefined },
  options?: CommitOptions,
): Promise<Outcome<true>> {
  try {
    await store.commit(changes, options);
    return success(true);
  } catch (error) {
    return failure(error instanceof LiangmaError ? error.code : 'storage.failed');
  }
}

function isUnchanged(names: readonly string[] | 'everything', seen: Root, now: Root): boolean {
  if (names === 'everything') return seen.sequence === now.sequence;
  return names.every((name) => seen.places[name] === now.places[name]);
}

function slotOf(place: Place): Slot {
  return place.startsWith('a') ? 'a' : 'b';
}

function sequenceOf(place: Place | undefined): number {
  return place ? Number(place.slice(1)) : 0;
}

function other(slot: Slot): Slot {
  return slot === 'a' ? 'b' : 'a';
}

function decodeRoot(bytes: Uint8Array): Root | undefined {
  const found = unframe(bytes);
  return found && parseJson<Root>(found.value);
}

/** The root with a record's place, if that is newer than the one known. */
function adopt(root: Root, name: string, place: Place): Root {
  const sequence = Math.max(root.sequence, sequenceOf(place));
  if (sequenceOf(place) <= sequenceOf(root.places[name])) return { ...root, sequence };
  return { ...root, sequence, places: { ...root.places, [name]: place } };
}

export function toJson(value: unknown): Uint8Array {
  return toUtf8(JSON.stringify(value));
}

/** undefined where the bytes are not JSON. */
export function parseJson<T>(bytes: Uint8Array): T | undefined {
  try {
    return JSON.parse(fromUtf8(bytes) ?? '') as T;
  } catch {
    return undefined;
  }
}
