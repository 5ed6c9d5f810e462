// SPDX-License-Identifier: Apache-2.0
import { TrustedClock } from './clock.js';
import { GateQuestions } from './gate-questions.js';
import type {
  Door,
  Explanation,
  GateData,
  GateIdentity,
  GateRefreshReport,
  GateRequest,
  PlaceChoice,
  SceneChoice,
} from './gate-types.js';
import { requireModule, requireObject, requirePlace, requireRoots, requireServer, requireText } from './guard.js';
import type { Host } from './host.js';
import { pickName } from './locale.js';
import type { GateContext, GateModule } from './modules.js';
import { PackKeeper } from './pack-keeper.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { covers } from './place-packs.js';
import { SeenMemory } from './seen-memory.js';
import { Server } from './server.js';
import { StatusKeeper } from './status-keeper.js';
import { SafeStore } from './store.js';
import { TrustKeeper } from './trust-keeper.js';
import { Turns } from './turns.js';
import type { Names, Scene, Verdict } from './types.js';
import type { ClockState, MemoryState, TrustState } from './wallet-types.js';

export interface GateOptions {
  readonly host: Host;
  readonly module: GateModule;
  /** The server that publishes the trust list; empty: the page's own. */
  readonly server: string | { readonly href: string };
  /** Ed25519 public keys of 32 bytes that sign the trust list. Absent: those that the server names first. */
  readonly roots?: readonly Uint8Array[];
  /** What becomes of a code that only a list too old to rely on calls valid: refused, or checked by a person. */
  readonly staleStatus?: 'refuse' | 'check';
}

/** A code that is still in front of the camera. */
interface Held {
  readonly text: string;
  readonly door: Door;
  readonly verdict: Verdict;
  readonly sinceMs: number;
  lastMs: number;
}

/** Between two looks at a code that stays in front of the camera. */
const holdMs = 3000;
/** However long it stays there. */
const maxHoldMs = 10_000;

/** What a gate is made of. */
interface Parts {
  readonly server: Server;
  readonly clock: TrustedClock;
  readonly trust: TrustKeeper;
  readonly packs: PackKeeper;
  readonly status: StatusKeeper;
  readonly questions: GateQuestions;
  readonly seen: SeenMemory;
}

/** A door that checks codes, with or without a network. */
export class Gate {
  readonly #host: Host;
  readonly #module: GateModule;
  readonly #checksStale: boolean;
  readonly #parts: Parts;
  #held: Held | undefined;
  readonly #turns = new Turns();

  private constructor(options: GateOptions, parts: Parts) {
    this.#host = options.host;
    this.#module = options.module;
    this.#checksStale = options.staleStatus === 'check';
    this.#parts = parts;
  }

  /**
   * Restores what the gate decides by, and the codes seen a moment ago, from the host's storage. Needs no network.
   *
   * @throws LiangmaError storage.failed, storage.damaged (see erase())
   * @throws TypeError, RangeError  an option is none
   */
  static async open(options: GateOptions): Promise<Gate> {
    const { host, module, server, roots } = requireObject('options', options);
    requireObject('options.host', host);
    requireModule('options.module', module, 'GateKey', 'loadGate');
    requireRoots('options.roots', roots);
    requireStaleStatus('options.staleStatus', options.staleStatus);
    const origin = requireServer('options.server', server);
    try {
      return new Gate(options, await openParts(options, new Server(options.host, origin)));
    } catch (error) {
      if (error instanceof LiangmaError || error instanceof TypeError) throw error;
      throw new LiangmaError('storage.failed', { cause: error });
    }
  }

  /** Starts over: removes everything that a gate has stored on a host. @error storage.failed */
  static async erase(host: Host): Promise<Outcome<true>> {
    try {
      await SafeStore.erase(host, 'gate');
      return success(true);
    } catch {
      return failure('storage.failed');
    }
  }

  close(): void {
    for (const part of ['seen', 'questions', 'status', 'packs', 'trust'] as const) this.#parts[part].close();
  }

  /**
   * Checks what a scanner has read: a code in open display, an answer to a question of ask(), or anything else.
   *
   * A code that is read again within 3 s, because it is still in front of the camera, gets the same verdict, for
   * 10 s at the most; after that it is "replay.seen-before".
   *
   * @param isNewShowing  the text was brought anew, as a picture, by pasting or by a scanner in somebody's hand: it
   *                      gets no verdict of before
   */
  check(text: string, door: Door = {}, isNewShowing = false): Verdict {
    requireText('text', text);
    requireDoor(door);
    const atMs = this.#host.monotonic();
    const held = isNewShowing ? undefined : this.#stillHeld(text, door, atMs);
    if (held) {
      held.lastMs = atMs;
      return held.verdict;
    }
    const verdict = this.#judge(text, door);
    if (verdict.code) void this.#parts.seen.keep();
    this.#held = { text, door, verdict, sinceMs: atMs, lastMs: atMs };
    return verdict;
  }

  /**
   * Signs a new question for whoever stands at a door. Its answer is shown as a QR, and read by check(). Each is
   * answered once, within a minute. Where guests leave their contact it asks for name and telephone number, else for
   * nothing but the code.
   *
   * @error verifier.not-enrolled  see enrol()
   * @error verifier.not-listed    the trust list that is kept here does not name this gate: nobody would answer
   */
  async ask(door: Door): Promise<Outcome<GateRequest>> {
    requireDoor(door);
    const { identity } = this;
    if (!identity) return failure('verifier.not-enrolled');
    if (!identity.listed) return failure('verifier.not-listed');
    const scene = this.#scenesAt(door.place).find(({ id }) => id === door.scene);
    const { questions } = this.#parts;
    return scene?.leavesContact
      ? questions.ask('dine-in', ['fullName', 'phone'], this.now())
      : questions.ask('entry', [], this.now());
  }

  /**
   * Makes this device a gate that may ask. Its key is made here and stays here, sealed under the host's key.
   *
   * @param code  from the server's owner; good once
   * @returns the gate's id in the trust list
   * @error enrol.code-refused, net.*, storage.failed
   */
  enrol(code: string): Promise<Outcome<string>> {
    requireText('code', code);
    const { questions, server } = this.#parts;
    return this.#turns.take(async () => {
      const enrolled = await questions.enrol(server, code, this.now());
      if (enrolled.ok) await this.#refreshAll();
      return enrolled;
    });
  }

  /** Who this gate is when it asks; undefined: it was never enrolled. */
  get identity(): GateIdentity | undefined {
    const { questions, trust } = this.#parts;
    const { id } = questions;
    if (id === undefined) return undefined;
    return { id, listed: trust.info?.verifiers.some((verifier) => verifier.id === id) ?? false };
  }

  /** How far the memory of codes seen reaches. */
  get memory(): MemoryState {
    const { seen } = this.#parts;
    return { damaged: seen.isDamaged, kept: seen.isKept };
  }

  /** Learns the time, fetches the trust list and what it names. Offline it does nothing, and says so. */
  refresh(): Promise<GateRefreshReport> {
    return this.#turns.take(() => this.#refreshAll());
  }

  get clock(): ClockState {
    const { confirmed, offsetSeconds } = this.#parts.clock.now();
    return { confirmed, offsetSeconds };
  }

  /** The time by the trusted clock, Unix seconds. */
  now(): number {
    return this.#parts.clock.now().seconds;
  }

  trust(): TrustState {
    const { info, checkedAt } = this.#parts.trust;
    if (!info) return { version: 0, issuedAt: 0, expiresAt: 0, ageSeconds: 0, stale: true };
    const { version, issuedAt, expiresAt } = info;
    const now = this.now();
    return {
      version,
      issuedAt,
      expiresAt,
      ageSeconds: Math.max(0, now - issuedAt),
      ...(checkedAt === undefined ? {} : { checkedSecondsAgo: Math.max(0, now - checkedAt) }),
      stale: now >= (issuedAt + expiresAt) / 2,
    };
  }

  /** All that the gate decides by, and how old it is. */
  data(): GateData {
    const trust = this.trust();
    const packs = this.#parts.packs.states;
    const statusLists = this.#parts.status.states(this.now());
    const list = this.#parts.trust.trust;
    const lacksStatus = list !== undefined && statusLists.length === 0 && this.#parts.status.isExpected(list);
    const stale =
      trust.stale ||
      lacksStatus ||
      packs.some(({ kept }) => !kept) ||
      statusLists.some(({ freshness }) => freshness === 'stale');
    return { trust, packs, statusLists, stale };
  }

  /** The regions whose packs are here, named in a language. @param locale  BCP 47 */
  places(locale: string): PlaceChoice[] {
    requireText('locale', locale);
    return this.#parts.packs.states
      .filter(({ kept }) => kept)
      .map(({ region }) => ({ place: region, name: this.placeName(region, locale) }))
      .sort((one, other) => (one.place < other.place ? -1 : 1));
  }

  /** Whether the trust list or a pack says what holds at a place: without either, nobody would get in there. */
  serves(place: string): boolean {
    const { trust, packs } = this.#parts;
    const [nearest] = packs.packs.at(requireText('place', place));
    if (nearest && covers(nearest.region, place)) return true;
    const recognitions = trust.trust ? this.#module.trustRegions(trust.trust).recognitions : [];
    return recognitions.some(({ hosts }) => hosts.some((host) => covers(host, place)));
  }

  /** A region's name in a language; its code where no pack names it. */
  placeName(place: string, locale: string): string {
    const [pack] = this.#parts.packs.packs.at(requireText('place', place));
    return (pack?.region === place ? pickName(pack.names, locale) : undefined) ?? place;
  }

  /**
   * The doors of a place, named in a language.
   *
   * @param locale  BCP 47
   * @param place   a division code; absent: the doors of the trust list
   */
  scenes(locale: string, place?: string): SceneChoice[] {
    requireText('locale', locale);
    return this.#scenesAt(place).map(({ id, names, required, leavesContact }) => ({
      id,
      name: pickName(names, locale) ?? id,
      required,
      leavesContact,
    }));
  }

  /** An issuer's name in a language; its id where it has none. */
  issuerName(issuer: string, locale: string): string {
    const names = this.#parts.trust.info?.issuers.find((each) => each.id === issuer)?.names;
    return (names && pickName(names, locale)) ?? issuer;
  }

  /** The agreement and the rule that a verdict names, in a language. @param place  where it was given */
  explain(verdict: Verdict, locale: string, place?: string): Explanation {
    const { agreement, rule } = requireObject('verdict', verdict);
    requireText('locale', locale);
    const named = (names: Names | undefined) => names && pickName(names, locale);
    const list = this.#parts.trust.trust;
    const recognitions = agreement && list ? this.#module.trustRegions(list).recognitions : [];
    const agreementName = named(recognitions.find(({ id }) => id === agreement?.id)?.names);
    const ruleName = rule && place ? named(this.#parts.packs.packs.rule(place, rule)?.description) : undefined;
    return {
      ...(agreementName ? { agreement: agreementName } : {}),
      ...(ruleName ? { rule: ruleName } : {}),
    };
  }

  /** How many days a door at a place may remember who came, 0..60; 0: not at all. */
  recordDays(place: string): number {
    return this.#parts.packs.packs.recordDays(requireText('place', place));
  }

  async #refreshAll(): Promise<GateRefreshReport> {
    const { server, clock, packs, status } = this.#parts;
    const learnt = await clock.learn(server);
    const online = learnt.ok || learnt.code !== 'net.unreachable';
    const unreachable = failure('net.unreachable');
    if (!online) return { online, clock: learnt, trust: unreachable, packs: unreachable, statusLists: unreachable };
    const trust = await this.#refreshTrust();
    const list = this.#parts.trust.trust;
    const missing = failure('trust.missing');
    return {
      online,
      clock: learnt,
      trust,
      packs: list ? await packs.refresh(server, list) : missing,
      statusLists: list ? await status.refresh(server, list, this.now()) : missing,
    };
  }

  /** A newer list brings other packs and other keys: what is stored is read anew by it. */
  async #refreshTrust(): Promise<Outcome<'new' | 'same'>> {
    const { server, trust, status } = this.#parts;
    const before = trust.trust;
    const refreshed = await trust.refresh(server, this.now());
    if (trust.trust && trust.trust !== before) await status.load(trust.trust, this.now());
    return refreshed;
  }

  #judge(text: string, { place, scene }: Door): Verdict {
    const { trust, packs, status, questions, seen } = this.#parts;
    const now = this.now();
    const context: GateContext = {
      trust: trust.trust,
      now,
      scene,
      place,
      packs: place === undefined ? undefined : packs.packs,
      statusLists: trust.trust && status.isExpected(trust.trust) ? status.lists : undefined,
      checkStale: this.#checksStale,
      seen: seen.codes,
    };
    const answer = questions.judge(text, now, (challenge) => this.#module.verify(text, { ...context, challenge }));
    return answer ?? this.#module.verify(text, context);
  }

  #scenesAt(place: string | undefined): readonly (Scene & { readonly leavesContact: boolean })[] {
    if (place !== undefined) return this.#parts.packs.packs.scenes(requirePlace('place', place));
    return (this.#parts.trust.info?.scenes ?? []).map((scene) => ({ ...scene, leavesContact: false }));
  }

  #stillHeld(text: string, door: Door, atMs: number): Held | undefined {
    const held = this.#held;
    if (held?.text !== text || held.door.place !== door.place || held.door.scene !== door.scene) return undefined;
    const isSteady = atMs - held.lastMs <= holdMs && atMs - held.sinceMs <= maxHoldMs;
    return isSteady ? held : undefined;
  }
}

async function openParts({ host, module, roots = [] }: GateOptions, server: Server): Promise<Parts> {
  const store = await SafeStore.open(host, 'gate');
  const clock = await TrustedClock.open(host, store);
  const trust = await TrustKeeper.open(module, store, roots);
  const packs = new PackKeeper(module, store);
  const status = new StatusKeeper(module, store);
  if (trust.trust) {
    await packs.load(trust.trust);
    await status.load(trust.trust, clock.now().seconds);
  }
  const questions = await GateQuestions.open(host, module, store);
  const seen = await SeenMemory.open(host, module, () => clock.now().seconds);
  return { server, clock, trust, packs, status, questions, seen };
}

function requireStaleStatus(name: string, value: unknown): void {
  if (value !== undefined && value !== 'refuse' && value !== 'check')
    throw new TypeError(`${name} must be "refuse" or "check"`);
}

function requireDoor(door: Door): void {
  const { place, scene, ...unknown } = requireObject('door', door);
  for (const name of Object.keys(unknown)) throw new TypeError(`door.${name} is not known: a door has a place and a scene`);
  if (place !== undefined) requirePlace('door.place', place);
  if (scene !== undefined) requireText('door.scene', scene);
}
