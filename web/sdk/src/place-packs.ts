// SPDX-License-Identifier: Apache-2.0
import { fromUtf8, sameBytes, toBase64Url } from './bytes.js';
import type { Trust, WalletModule } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import type { Server } from './server.js';
import type { Names, TrustedPack } from './types.js';
import type { DeclarationForm, Listing } from './wallet-types.js';

/** A rule document; its logic is CertLogic. */
export interface Rule {
  readonly identifier: string;
  readonly type: 'Admission' | 'Colour' | 'Duration';
  readonly validFrom: string;
  readonly validTo: string;
  readonly description: Names;
  readonly reasonClass?: string;
  readonly logic: unknown;
}

/** What a wallet reads of a region pack; core/SPEC.md 9.3 and 9.4. */
export interface Pack {
  readonly region: string;
  readonly base?: string;
  readonly rules: readonly Rule[];
  readonly forms?: readonly DeclarationForm[];
  readonly services?: readonly Listing[];
  readonly helpLines?: readonly Listing[];
}

const hub = '000000';
/** Bases behind one another at the most, the pack itself included. */
const maxChain = 4;

/** Whether an area holds a place: 330100 holds 330110. The hub and an id that is no division code hold only themselves. */
export function covers(area: string, place: string): boolean {
  if (area === place) return true;
  if (!/^\d{6}$/.test(area) || !/^\d{6}$/.test(place) || area === hub) return false;
  return place.startsWith(area.replace(/(00)+$/, ''));
}

/** The region packs of places, fetched when asked for and kept in memory under their hashes. */
export class PlacePacks {
  readonly #module: WalletModule;
  readonly #server: Server;
  readonly #known = new Map<string, Pack>();

  constructor(module: WalletModule, server: Server) {
    this.#module = module;
    this.#server = server;
  }

  /**
   * The packs that speak at a place, the most particular first.
   *
   * @error net.*, pack.not-listed, pack.shape
   */
  async at(place: string, trust: Trust): Promise<Outcome<readonly Pack[]>> {
    const listed = this.#module.trustedPacks(trust);
    const chain: Pack[] = [];
    let next = pickPack(listed, place);
    while (next && chain.length < maxChain) {
      const pack = await this.#get(next);
      if (!pack.ok) return pack;
      chain.push(pack.value);
      next = listed.find(({ region }) => region === pack.value.base);
    }
    return success(chain);
  }

  async #get(listed: TrustedPack): Promise<Outcome<Pack>> {
    const name = `${listed.region}-${listed.version}-${toBase64Url(listed.sha256)}`;
    const known = this.#known.get(name);
    if (known) return success(known);
    const fetched = await this.#server.send(`/packs/${name}.json`);
    if (!fetched.ok) return fetched;
    if (!sameBytes(this.#module.sha256(fetched.value.body), listed.sha256)) return failure('pack.not-listed');
    const pack = readPack(fetched.value.body);
    if (!pack) return failure('pack.shape');
    this.#known.set(name, pack);
    return success(pack);
  }
}

/** The pack of the smallest area that covers a place, or else the hub's. */
function pickPack(listed: readonly TrustedPack[], place: string): TrustedPack | undefined {
  const around = listed.filter(({ region }) => covers(region, place));
  const inward = around.sort((one, other) => (covers(one.region, other.region) ? 1 : -1));
  return inward[0] ?? listed.find(({ region }) => region === hub);
}

/** What the trust list names was checked when it was signed: this only keeps a broken file from being used. */
function readPack(bytes: Uint8Array): Pack | undefined {
  try {
    const pack = JSON.parse(fromUtf8(bytes) ?? '') as Pack;
    return typeof pack.region === 'string' && Array.isArray(pack.rules) ? pack : undefined;
  } catch {
    return undefined;
  }
}
