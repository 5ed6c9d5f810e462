// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, sameBytes, toBase64Url } from './bytes.js';
import { failure, type Outcome, success } from './outcome.js';
import type { CommonModule, Trust } from './modules.js';
import type { Server } from './server.js';
import { type SafeStore, toJson } from './store.js';
import type { TrustInfo } from './types.js';

/** What is kept beside the list itself. */
interface Pins {
  readonly version: number;
  readonly roots: readonly string[];
  /** Unix seconds. */
  readonly acceptedAt: number;
  /** When the server last said that there is nothing newer, Unix seconds. */
  readonly checkedAt?: number;
}

interface Config {
  readonly roots?: unknown;
}

const listPath = '/trust/list.cbor';

/** Keeps the newest trust list that was ever accepted, and the roots that may sign the next one. */
export class TrustKeeper {
  readonly #module: CommonModule;
  readonly #store: SafeStore;
  #roots: readonly Uint8Array[];
  #version = 0;
  #acceptedAt = 0;
  #checkedAt: number | undefined;
  #list: Uint8Array | undefined;
  #trust: Trust | undefined;

  private constructor(module: CommonModule, store: SafeStore, roots: readonly Uint8Array[]) {
    this.#module = module;
    this.#store = store;
    this.#roots = roots;
  }

  /** @param roots  built in; those of the last accepted list take their place. Empty: the server's, once. */
  static async open(
    module: CommonModule,
    store: SafeStore,
    roots: readonly Uint8Array[],
  ): Promise<TrustKeeper> {
    const keeper = new TrustKeeper(module, store, roots);
    const pins = await store.getJson<Pins>('pins');
    const list = await store.get('list');
    const kept = pins && decodeRoots(pins.roots);
    if (!pins || !kept) return keeper;
    keeper.#roots = kept;
    keeper.#version = pins.version;
    keeper.#acceptedAt = pins.acceptedAt;
    keeper.#checkedAt = pins.checkedAt ?? pins.acceptedAt;
    if (list) keeper.#adopt(list, pins.acceptedAt); // a damaged one is fetched anew, from the same roots
    return keeper;
  }

  /** Absent: nothing was ever accepted. Whether it has expired since is for verify() to say. */
  get trust(): Trust | undefined {
    return this.#trust;
  }

  get info(): TrustInfo | undefined {
    return this.#trust?.info();
  }

  /** When the server was last asked and its list was this one, Unix seconds; undefined: never. */
  get checkedAt(): number | undefined {
    return this.#checkedAt;
  }

  /** Fetches the list and keeps it, if it is newer and properly signed. */
  async refresh(server: Server, now: number): Promise<Outcome<'new' | 'same'>> {
    const roots = await this.#pinnedRoots(server);
    if (!roots.ok) return roots;
    const fetched = await server.send(listPath);
    if (!fetched.ok) return fetched;
    const list = fetched.value.body;
    if (this.#trust && this.#list && sameBytes(this.#list, list)) return this.#confirm(now);
    return this.#accept(list, roots.value, now);
  }

  close(): void {
    this.#trust?.delete();
    this.#trust = undefined;
  }

  async #accept(
    list: Uint8Array,
    roots: readonly Uint8Array[],
    now: number,
  ): Promise<Outcome<'new' | 'same'>> {
    const opened = this.#module.Trust.open(list, roots, this.#version, now);
    if (!opened.ok) return opened;
    const info = opened.value.info();
    try {
      const pins: Pins = { version: info.version, roots: info.roots.map(toBase64Url), acceptedAt: now };
      await this.#store.commit({ pins: toJson(pins), list });
    } catch {
      opened.value.delete();
      return failure('storage.failed');
    }
    const isNew = info.version > this.#version;
    this.#roots = info.roots;
    this.#version = info.version;
    this.#acceptedAt = this.#checkedAt = now;
    this.#replace(list, opened.value);
    return success(isNew ? 'new' : 'same');
  }

  async #confirm(now: number): Promise<Outcome<'same'>> {
    this.#checkedAt = now;
    const pins: Pins = {
      version: this.#version,
      roots: this.#roots.map(toBase64Url),
      acceptedAt: this.#acceptedAt,
      checkedAt: now,
    };
    await this.#store.commit({ pins: toJson(pins) }).catch(() => undefined); // it holds for this session
    return success('same');
  }

  async #pinnedRoots(server: Server): Promise<Outcome<readonly Uint8Array[]>> {
    if (this.#roots.length > 0) return success(this.#roots);
    const config = await server.getJson<Config>('/config.json');
    if (!config.ok) return config;
    const roots = decodeRoots(config.value.roots);
    return roots ? success(roots) : failure('net.bad-reply');
  }

  /** Opens a list as of when it was accepted: a wrong clock today does not make it less genuine. */
  #adopt(list: Uint8Array, acceptedAt: number): void {
    const opened = this.#module.Trust.open(list, this.#roots, this.#version, acceptedAt);
    if (opened.ok) this.#replace(list, opened.value);
  }

  #replace(list: Uint8Array, trust: Trust): void {
    this.#trust?.delete();
    this.#list = list;
    this.#trust = trust;
  }
}

function decodeRoots(texts: unknown): Uint8Array[] | undefined {
  if (!Array.isArray(texts) || texts.length === 0) return undefined;
  const roots: Uint8Array[] = [];
  for (const text of texts) {
    const root = typeof text === 'string' ? fromBase64Url(text) : undefined;
    if (root?.length !== 32) return undefined;
    roots.push(root);
  }
  return roots;
}
