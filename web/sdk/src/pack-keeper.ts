// SPDX-License-Identifier: Apache-2.0
import { toBase64Url } from './bytes.js';
import type { PackState } from './gate-types.js';
import type { GateModule, RegionPacks, Trust } from './modules.js';
import { type Failure, failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import { type SafeStore, tryCommit } from './store.js';
import type { TrustedPack } from './types.js';

const recordPrefix = 'pack-';

function recordName({ region, sha256 }: TrustedPack): string {
  return `${recordPrefix}${region}-${toBase64Url(sha256)}`;
}

function path({ region, version, sha256 }: TrustedPack): string {
  return `/packs/${region}-${version}-${toBase64Url(sha256)}.json`;
}

/** Keeps the region packs that the trust list names, each stored under its hash. */
export class PackKeeper {
  readonly #module: GateModule;
  readonly #store: SafeStore;
  #packs: RegionPacks;
  #listed: readonly TrustedPack[] = [];
  /** Records of those that are in `#packs`. */
  #kept = new Set<string>();

  constructor(module: GateModule, store: SafeStore) {
    this.#module = module;
    this.#store = store;
    this.#packs = new module.RegionPacks();
  }

  get packs(): RegionPacks {
    return this.#packs;
  }

  get states(): PackState[] {
    return this.#listed.map((pack) => ({
      region: pack.region,
      version: pack.version,
      kept: this.#kept.has(recordName(pack)),
    }));
  }

  /** Takes from the storage what a trust list names. */
  async load(trust: Trust): Promise<void> {
    await this.#gather(trust, () => Promise.resolve(failure('net.unreachable')));
  }

  /**
   * Fetches what a trust list names and is not here, and drops what it names no more. Until all of it is there, the
   * packs of before go on.
   *
   * @returns how many arrived
   * @error net.*, storage.failed, pack.*, json.malformed
   */
  async refresh(server: Server, trust: Trust): Promise<Outcome<number>> {
    const { arrived, failed } = await this.#gather(trust, async (pack) => {
      const fetched = await server.send(path(pack));
      return fetched.ok ? success(fetched.value.body) : fetched;
    });
    const changes = { ...this.#unlisted(), ...arrived };
    const stored = Object.keys(changes).length > 0 ? await tryCommit(this.#store, changes) : success(true);
    if (!stored.ok) return stored;
    return failed ?? success(Object.keys(arrived).length);
  }

  close(): void {
    this.#packs.delete();
  }

  /** Puts together the packs that a trust list names, from the storage or else from `fetch`. */
  async #gather(
    trust: Trust,
    fetch: (pack: TrustedPack) => Promise<Outcome<Uint8Array>>,
  ): Promise<{ arrived: { [name: string]: Uint8Array }; failed?: Failure }> {
    const listed = this.#module.trustRegions(trust).packs;
    const packs = new this.#module.RegionPacks();
    const kept = new Set<string>();
    const arrived: { [name: string]: Uint8Array } = {};
    let failed: Failure | undefined;
    for (const pack of listed) {
      const name = recordName(pack);
      const stored = await this.#store.get(name);
      if (stored && packs.keep(stored, trust).ok) {
        kept.add(name);
        continue;
      }
      const fetched = await fetch(pack);
      const read = fetched.ok ? packs.keep(fetched.value, trust) : fetched;
      if (!read.ok) failed = read;
      else if (fetched.ok) {
        kept.add(name);
        arrived[name] = fetched.value;
      }
    }
    const old = this.#packs;
    this.#packs = packs;
    this.#listed = listed;
    this.#kept = kept;
    old.delete();
    return { arrived, ...(failed ? { failed } : {}) };
  }

  #unlisted(): { [name: string]: undefined } {
    const names = new Set(this.#listed.map(recordName));
    const gone = this.#store.names.filter((name) => name.startsWith(recordPrefix) && !names.has(name));
    return Object.fromEntries(gone.map((name) => [name, undefined]));
  }
}
