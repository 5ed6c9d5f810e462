// SPDX-License-Identifier: Apache-2.0
import type { StatusState } from './gate-types.js';
import type { GateModule, StatusLists, Trust } from './modules.js';
import { type Failure, failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import { type SafeStore, tryCommit } from './store.js';

/** One of an issuer's lists. */
interface ListId {
  readonly issuer: string;
  readonly list: number;
}

const recordPrefix = 'status-';
const indexPath = '/status/index.json';
const maxList = 4095;
const maxLists = 10_000;

function recordName({ issuer, list }: ListId): string {
  return `${recordPrefix}${issuer}-${list}`;
}

function idOfRecord(name: string): ListId {
  const end = name.lastIndexOf('-');
  return { issuer: name.slice(recordPrefix.length, end), list: Number(name.slice(end + 1)) };
}

/**
 * Keeps the lists of withdrawn codes. All issuers' are fetched from the gate's own server; whose each is, and which,
 * its signature says.
 */
export class StatusKeeper {
  readonly #module: GateModule;
  readonly #store: SafeStore;
  #lists: StatusLists;
  #ids: readonly ListId[] = [];

  constructor(module: GateModule, store: SafeStore) {
    this.#module = module;
    this.#store = store;
    this.#lists = new module.StatusLists();
  }

  get lists(): StatusLists {
    return this.#lists;
  }

  /** @param now  Unix seconds */
  states(now: number): StatusState[] {
    return this.#ids.flatMap(({ issuer, list }) => {
      const info = this.#lists.info(issuer, list, now);
      return info ? [{ ...info, ageSeconds: Math.max(0, now - info.issuedAt) }] : [];
    });
  }

  /** Whether any issuer of a trust list says where its lists are: then a code without one is not admitted. */
  isExpected(trust: Trust): boolean {
    return trust.info().issuers.some(({ id }) => this.#module.statusListUri(trust, id, 0) !== '');
  }

  /** Takes from the storage what the issuers of a trust list have signed. */
  async load(trust: Trust, now: number): Promise<void> {
    const lists = new this.#module.StatusLists();
    const ids: ListId[] = [];
    for (const id of this.#store.names.filter((name) => name.startsWith(recordPrefix)).map(idOfRecord)) {
      const token = await this.#store.get(recordName(id));
      if (token && lists.keep(token, trust, id.issuer, now).ok) ids.push(id);
    }
    const old = this.#lists;
    this.#lists = lists;
    this.#ids = ids;
    old.delete();
  }

  /**
   * Fetches the lists that are missing or due.
   *
   * @returns how many arrived
   * @error net.*, storage.failed, status-list.*, issuer.*
   */
  async refresh(server: Server, trust: Trust, now: number): Promise<Outcome<number>> {
    if (!this.isExpected(trust)) return success(0);
    const index = await server.getJson<{ lists?: unknown }>(indexPath);
    if (!index.ok) return index;
    const published = readIndex(index.value.lists);
    if (!published) return failure('net.bad-reply');
    let failed: Failure | undefined;
    let arrived = 0;
    for (const id of published.filter((each) => this.#isWanted(each, now))) {
      const taken = await this.#take(server, id, trust, now);
      if (taken.ok) arrived++;
      else failed = taken;
    }
    return failed ?? success(arrived);
  }

  close(): void {
    this.#lists.delete();
  }

  #isWanted({ issuer, list }: ListId, now: number): boolean {
    return this.#lists.info(issuer, list, now)?.freshness !== 'fresh';
  }

  async #take(server: Server, id: ListId, trust: Trust, now: number): Promise<Outcome<true>> {
    const fetched = await server.send(`/status/${id.issuer}/${id.list}`);
    if (!fetched.ok) return fetched;
    const token = fetched.value.body;
    const kept = this.#lists.keep(token, trust, id.issuer, now);
    if (!kept.ok) return kept;
    if (kept.value.number !== id.list) return failure('status-list.wrong');
    this.#ids = [...this.#ids.filter((each) => recordName(each) !== recordName(id)), id];
    return tryCommit(this.#store, { [recordName(id)]: token });
  }
}

function readIndex(lists: unknown): ListId[] | undefined {
  if (!Array.isArray(lists) || lists.length > maxLists) return undefined;
  const ids = lists.map((each: Partial<Record<keyof ListId, unknown>> | null) => ({
    issuer: each?.issuer,
    list: each?.list,
  }));
  return ids.every(isListId) ? ids : undefined;
}

function isListId(id: { issuer: unknown; list: unknown }): id is ListId {
  const { issuer, list } = id;
  const isIssuer = typeof issuer === 'string' && /^[A-Za-z0-9._-]{1,16}$/.test(issuer) && !/^\.+$/.test(issuer);
  return isIssuer && Number.isInteger(list) && (list as number) >= 0 && (list as number) <= maxList;
}
