// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, Server, type Names, type TrustInfo } from 'liangma';
import { Clinic } from './clinic.js';
import { gateModule, host } from './module.js';
import type { ServerClock } from './server-clock.js';

const kRetryMilliseconds = 3000;
const kNamesRetryMilliseconds = 15_000;

/** The hospital that an address is for. Tells "change". */
export class Hospital extends EventTarget {
  readonly #base: string;
  readonly #clock: ServerClock;

  /** The ids of its departments; absent until its server has answered. */
  departments: readonly string[] | undefined;
  /** As a wallet shows them where it says who asks; absent where the trust list was not read or does not name it. */
  names: Names | undefined;
  /** Its server cannot be reached. */
  lost = false;

  /** @param base  the path below which its API is */
  constructor(base: string, clock: ServerClock) {
    super();
    this.#base = base;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    const outcome = await Clinic.about(this.#base);
    this.lost = !outcome.ok;
    if (outcome.ok) {
      this.departments = outcome.value.departments;
      void this.#loadNames(outcome.value.hospital);
    } else setTimeout(() => void this.load(), kRetryMilliseconds);
    this.dispatchEvent(new Event('change'));
  }

  async #loadNames(id: string): Promise<void> {
    if (!this.#clock.isKnown) await this.#clock.learn();
    const trust = await readTrust(this.#clock.now).catch(() => undefined);
    this.names = trust?.verifiers.find((verifier) => verifier.id === id)?.names;
    if (!this.names) setTimeout(() => void this.#loadNames(id), kNamesRetryMilliseconds);
    this.dispatchEvent(new Event('change'));
  }
}

/** The trust list of this page's own server, signed by the roots that it names. @param now  Unix seconds */
async function readTrust(now: number): Promise<TrustInfo | undefined> {
  const module = await gateModule();
  const server = new Server(host, '');
  const config = await server.getJson<{ roots?: readonly string[] }>('/config.json');
  const list = await server.send('/trust/list.cbor');
  if (!config.ok || !list.ok) return undefined;
  const roots = (config.value.roots ?? []).map((root) => fromBase64Url(root)!);
  const opened = module.Trust.open(list.value.body, roots, 0, Math.floor(now));
  if (!opened.ok) return undefined;
  const info = opened.value.info();
  opened.value.delete();
  return info;
}
