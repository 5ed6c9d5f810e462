// SPDX-License-Identifier: Apache-2.0
import { fromUtf8, toUtf8 } from './bytes.js';
import type { Host, HostStorage } from './host.js';

type Slot = 'a' | 'b';

/** Which of its two slots holds each record's present value. */
interface Root {
  readonly sequence: number;
  readonly slots: { readonly [name: string]: Slot };
  /** Records that are gone, whose bytes may still be there. */
  readonly removed: readonly string[];
}

const emptyRoot: Root = { sequence: 0, slots: {}, removed: [] };

/**
 * Named records that change together or not at all, whenever the process is killed.
 *
 * Each record has two slots and so has the root, which says which slots count. A commit writes into slots that do
 * not count, then into the root that does not count: that last write is what switches.
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

  /** @param prefix  keeps this store's keys apart from others' in the same storage */
  static async open(host: Host, prefix: string): Promise<SafeStore> {
    const store = new SafeStore(host, prefix, emptyRoot);
    store.#root = await store.#readRoot();
    return store;
  }

  get names(): string[] {
    return Object.keys(this.#root.slots);
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const slot = this.#root.slots[name];
    return slot && (await this.#storage.get(this.#key(name, slot)));
  }

  /** A record that holds JSON; undefined where there is none or it is not JSON. */
  async getJson<T>(name: string): Promise<T | undefined> {
    const bytes = await this.get(name);
    return bytes && parseJson<T>(bytes);
  }

  /** Replaces records, or removes those whose new value is undefined. Rejects with nothing changed. */
  commit(changes: { readonly [name: string]: Uint8Array | undefined }): Promise<void> {
    const task = () => this.#commit(changes);
    return this.#host.exclusive ? this.#host.exclusive(task) : task();
  }

  async #commit(changes: { readonly [name: string]: Uint8Array | undefined }): Promise<void> {
    const old = await this.#readRoot();
    const slots = { ...old.slots };
    const removed = new Set(await this.#clean(old.removed));
    for (const [name, value] of Object.entries(changes)) {
      if (value) {
        slots[name] = other(old.slots[name]);
        await this.#storage.set(this.#key(name, slots[name]), value);
        removed.delete(name);
      } else {
        delete slots[name];
        removed.add(name);
      }
    }
    await this.#writeRoot({ sequence: old.sequence + 1, slots, removed: [...removed] });
    await this.#clean(this.#root.removed);
  }

  /** Frees what removed records held. @returns the names that are still there */
  async #clean(names: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const name of names) {
      try {
        await this.#storage.remove(this.#key(name, 'a'));
        await this.#storage.remove(this.#key(name, 'b'));
      } catch {
        left.push(name);
      }
    }
    return left;
  }

  async #readRoot(): Promise<Root> {
    const roots = await Promise.all(
      (['a', 'b'] as const).map((slot) => this.#storage.get(this.#key('root', slot))),
    );
    const read = roots.map((bytes) => (bytes && parseJson<Root>(bytes)) || emptyRoot);
    return read[0]!.sequence > read[1]!.sequence ? read[0]! : read[1]!;
  }

  async #writeRoot(root: Root): Promise<void> {
    await this.#storage.set(this.#key('root', root.sequence % 2 ? 'a' : 'b'), toJson(root));
    this.#root = root;
  }

  get #storage(): HostStorage {
    return this.#host.storage;
  }

  #key(name: string, slot: Slot): string {
    return `${this.#prefix}/${name}.${slot}`;
  }
}

function other(slot: Slot | undefined): Slot {
  return slot === 'a' ? 'b' : 'a';
}

export function toJson(value: unknown): Uint8Array {
  return toUtf8(JSON.stringify(value));
}

/** undefined where the bytes are not JSON, as after a write that was cut short. */
export function parseJson<T>(bytes: Uint8Array): T | undefined {
  try {
    return JSON.parse(fromUtf8(bytes) ?? '') as T;
  } catch {
    return undefined;
  }
}
