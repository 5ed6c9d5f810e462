// SPDX-License-Identifier: Apache-2.0
import { Authority, type Caller, type Told } from './authority.js';
import { toBase64Url } from './bytes.js';
import { TrustedClock } from './clock.js';
import { callerOf, CodeKeeper } from './code-keeper.js';
import { requireCount, requireModule, requireObject, requireRoots, requireServer, requireText } from './guard.js';
import type { Host } from './host.js';
import { Keyring } from './keyring.js';
import type { WalletModule } from './modules.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { describe, type Holder } from './people.js';
import { Presenter } from './presenter.js';
import type { QueueTicket } from './queue-ticket.js';
import { Server } from './server.js';
import { SafeStore } from './store.js';
import { TrustKeeper } from './trust-keeper.js';
import { Turns } from './turns.js';
import type { IdentityClaimId, TrustInfo } from './types.js';
import { Visits } from './visits.js';
import type { WalletParts } from './wallet-parts.js';
import type {
  AppealState,
  ClockState,
  Declared,
  Fault,
  Frame,
  LockState,
  NewVisit,
  News,
  OwnState,
  Person,
  Place,
  RefreshReport,
  Relation,
  RequestInfo,
  Visit,
  WalletState,
} from './wallet-types.js';

export interface WalletOptions {
  readonly host: Host;
  readonly module: WalletModule;
  /** The issuer's server, such as "https://code.example"; empty: the page's own. */
  readonly server: string | { readonly href: string };
  /** Ed25519 public keys of 32 bytes that sign the trust list. Absent: those that the server names first. */
  readonly roots?: readonly Uint8Array[];
}

const storePrefix = 'wallet';

/**
 * The codes of a resident and of those they care for.
 *
 * Whatever changes is stored before it is shown, in a way that survives being killed at any moment.
 */
export class Wallet {
  readonly #parts: WalletParts;
  readonly #authority: Authority;
  readonly #codes: CodeKeeper;
  readonly #presenter: Presenter;
  readonly #visits: Visits;
  /** Changes wait for each other. */
  readonly #turns = new Turns();

  private constructor(parts: WalletParts) {
    this.#parts = parts;
    this.#authority = new Authority(parts.host, parts.server, () => this.now());
    this.#codes = new CodeKeeper(parts, this.#authority);
    this.#presenter = new Presenter(parts);
    this.#visits = new Visits(parts);
  }

  /**
   * Restores what the host's storage holds. Needs no network.
   *
   * @throws LiangmaError storage.failed, host.not-secure
   * @throws LiangmaError storage.damaged, wallet.key-unreadable  nothing of it opens any more: see erase()
   * @throws TypeError, RangeError  an option is none
   */
  static async open(options: WalletOptions): Promise<Wallet> {
    requireObject('options', options);
    const host = requireObject('options.host', options.host);
    const module = requireModule('options.module', options.module, 'DeviceKey', 'loadWallet');
    const origin = requireServer('options.server', options.server);
    const roots = requireRoots('options.roots', options.roots);
    try {
      const store = await SafeStore.open(host, storePrefix);
      const clock = await TrustedClock.open(host, store);
      const trust = await TrustKeeper.open(module, store, roots);
      const keyring = await Keyring.open(host, module, store);
      return new Wallet({ host, module, server: new Server(host, origin), clock, trust, keyring });
    } catch (error) {
      if (error instanceof LiangmaError || error instanceof TypeError) throw error;
      throw new LiangmaError('storage.failed', { cause: error });
    }
  }

  /**
   * Starts over: removes everything that a wallet has stored on a host, and the key it was sealed under.
   *
   * @error storage.failed
   */
  static async erase(host: Host): Promise<Outcome<true>> {
    try {
      await SafeStore.erase(host, storePrefix);
      await host.forgetHostKey?.();
      return success(true);
    } catch {
      return failure('storage.failed');
    }
  }

  /** Frees what is held in WebAssembly memory, keys zeroed. Nothing that is stored is lost. */
  close(): void {
    this.#parts.keyring.close();
    this.#parts.trust.close();
  }

  /** Whether a PIN is set, and was given. */
  get lock(): LockState {
    return this.#parts.keyring.lock;
  }

  /** Seconds until the next PIN is tried; 0: now. */
  pinWaitSeconds(): Promise<number> {
    return this.#parts.keyring.pinWaitSeconds(this.now());
  }

  /**
   * Opens a wallet that has a PIN. A wrong one is counted, and the more there were the longer the next has to wait.
   *
   * @error wallet.pin-wrong, wallet.pin-wait, storage.failed, storage.changed
   */
  unlock(pin: string): Promise<Outcome<true>> {
    requireText('pin', pin);
    return this.#turns.take(() => this.#parts.keyring.unlock(pin, this.now()));
  }

  /** Forgets what the PIN gave out, until it is given again. Without a PIN it does nothing. */
  lockNow(): Promise<void> {
    return this.#turns.take(async () => this.#parts.keyring.lockNow());
  }

  /**
   * Sets or changes the PIN: from then on nothing of a person opens without it, on this device either.
   *
   * @param pin      6 digits or more, or a phrase of 8 characters or more
   * @param current  needed where a PIN is set
   * @error wallet.pin-weak, and those of unlock()
   */
  setPin(pin: string, current?: string): Promise<Outcome<true>> {
    requireText('pin', pin);
    return this.#turns.take(() => this.#parts.keyring.setPin(pin, current, this.now()));
  }

  /** Goes back to what this device opens by itself. @error those of unlock() */
  removePin(current: string): Promise<Outcome<true>> {
    requireText('current', current);
    return this.#turns.take(() => this.#parts.keyring.removePin(current, this.now()));
  }

  /** People whose record does not open: read again at the next start, or removed. */
  faults(): readonly Fault[] {
    return this.#parts.keyring.faults;
  }

  get state(): WalletState {
    if (this.lock === 'locked') return 'locked';
    const people = this.people();
    if (people.length === 0) return 'empty';
    return people.some((person) => person.state === 'ready') ? 'ready' : 'expired';
  }

  get clock(): ClockState {
    const { confirmed, offsetSeconds } = this.#parts.clock.now();
    return { confirmed, offsetSeconds };
  }

  /** The trust list kept here, for the names of issuers; undefined before the first refresh. */
  get trust(): TrustInfo | undefined {
    return this.#parts.trust.info;
  }

  /** The time by the trusted clock, Unix seconds. */
  now(): number {
    return this.#parts.clock.now().seconds;
  }

  /** Everybody whose code is here, in the order in which they came. */
  people(): Person[] {
    const now = this.now();
    return this.#parts.keyring.holders.flatMap((holder) => describe(holder, now) ?? []);
  }

  /**
   * Makes a key for one person, proves it to the issuer and gets the person's code.
   *
   * When it fails for want of a network or is killed on the way, the same ticket works again.
   *
   * @param ticket  from the issuer; works once, for one key
   * @error enrol.ticket-unknown, enrol.ticket-used, wallet.locked
   * @error net.*, storage.failed, and those of CredentialHandle.check()
   */
  enrol(ticket: string): Promise<Outcome<Person>> {
    requireText('ticket', ticket);
    return this.#unlocked(() => this.#codes.enrol(ticket, () => this.#parts.keyring.makeKey()));
  }

  /**
   * Takes a child's or an old parent's code onto a guardian's key, with the guardian's signed consent.
   *
   * @param guardianId  somebody whose code is here
   * @param ticket      the dependant's
   * @error wallet.person-unknown, those of enrol()
   */
  addDependant(guardianId: string, ticket: string, relation: Relation): Promise<Outcome<Person>> {
    requireText('guardianId', guardianId);
    requireText('ticket', ticket);
    requireText('relation', relation);
    return this.#unlocked(() => this.#codes.enrol(ticket, () => this.#parts.keyring.copyKey(guardianId), relation));
  }

  /**
   * Moves somebody here who has lost the phone that their code was on; the codes there are superseded.
   *
   * @param ticket  a fresh one from the issuer
   * @error enrol.ticket-unknown, enrol.ticket-used, those of enrol()
   */
  recover(ticket: string): Promise<Outcome<Person>> {
    requireText('ticket', ticket);
    return this.#move(async () => ({ ticket }));
  }

  /**
   * Moves somebody here from a phone that is at hand.
   *
   * @param ask  hands the new key (base64url) to the other phone, and gives what its handOver() says within 5 minutes
   * @error key.mismatch, enrol.challenge-unknown, those of enrol()
   */
  takeOver(ask: (newKey: string) => Promise<string>): Promise<Outcome<Person>> {
    return this.#move(async (newKey) => ({ statement: requireText('statement', await ask(newKey)) }));
  }

  /**
   * Lets another phone take somebody's code over; the one here is superseded as soon as it has.
   *
   * @param newKey  base64url, from the other phone's takeOver()
   * @returns what to hand back to it
   * @error wallet.person-unknown, net.*
   */
  handOver(personId: string, newKey: string): Promise<Outcome<string>> {
    requireText('newKey', newKey);
    return this.#asPerson(personId, (caller) => this.#authority.handOver(caller, newKey));
  }

  /**
   * Gets a new code for a person, such as one whose colour has changed.
   *
   * @error wallet.person-unknown, net.*, storage.failed
   */
  renew(personId: string): Promise<Outcome<Person>> {
    requireText('personId', personId);
    return this.#turns.take(() => this.#codes.renew(personId));
  }

  /**
   * Asks the issuer what colour somebody has and why; where it has changed, gets the code anew.
   *
   * @error wallet.person-unknown, net.*, those of renew()
   */
  ownState(personId: string): Promise<Outcome<OwnState>> {
    return this.#hear(personId, (caller) => this.#authority.state(caller));
  }

  /**
   * Sends what somebody declares, signed by their key, and gets the code anew where that changes its colour.
   *
   * @param declared  one of place().forms, filled in
   * @error declaration.shape, those of ownState()
   */
  declare(personId: string, declared: Declared): Promise<Outcome<OwnState>> {
    requireObject('declared', declared);
    return this.#hear(personId, (caller) => this.#authority.declare(caller, declared));
  }

  /**
   * Contests somebody's colour.
   *
   * @param text       why, 1..2000 bytes
   * @param corrected  a declaration that takes the place of the last one, if the appeal is granted
   * @error appeal.already-open, declaration.shape, wallet.person-unknown, net.*
   */
  appeal(personId: string, text: string, corrected?: Declared): Promise<Outcome<AppealState>> {
    requireText('text', text);
    return this.#asPerson(personId, async (caller, holder) => {
      const made = await this.#authority.appeal(caller, text, corrected);
      if (!made.ok) return made;
      const kept = await this.#parts.keyring.replace({ ...holder, appeal: made.value });
      return kept.ok ? made : kept;
    });
  }

  /**
   * Gets a code to print, for somebody without a phone.
   *
   * @param days  1..14
   * @returns `LMP1:` text; makeQrSymbol() of the module draws it
   * @error wallet.person-unknown, net.*
   */
  paper(personId: string, days: number): Promise<Outcome<string>> {
    requireCount('days', days);
    return this.#asPerson(personId, (caller) => this.#authority.paper(caller, days));
  }

  /**
   * Has the issuer erase all that it holds of somebody, and forgets them here. Their codes are withdrawn.
   *
   * @error wallet.person-unknown, net.*, storage.failed
   */
  eraseAtIssuer(personId: string): Promise<Outcome<true>> {
    return this.#asPerson(personId, async (caller) => {
      const erased = await this.#authority.erase(caller);
      return erased.ok ? this.#remove(personId) : erased;
    });
  }

  /** The forms, services and help lines of somebody's region. @error wallet.person-unknown, net.*, pack.* */
  async place(personId: string): Promise<Outcome<Place>> {
    const info = this.#parts.keyring.find(requireText('personId', personId))?.info;
    if (!info) return failure('wallet.person-unknown');
    const packs = await this.#codes.packsAt(info.region);
    if (!packs.ok) return packs;
    return success({
      forms: firstOfEach(packs.value.flatMap(({ forms = [] }) => forms)),
      services: firstOfEach(packs.value.flatMap(({ services = [] }) => services)),
      helpLines: firstOfEach(packs.value.flatMap(({ helpLines = [] }) => helpLines)),
    });
  }

  /** News and service links of the issuer, the newest first. @error net.* */
  async news(): Promise<Outcome<readonly News[]>> {
    const reply = await this.#parts.server.getJson<{ news?: unknown }>('/api/news');
    if (!reply.ok) return reply;
    const { news } = reply.value;
    return Array.isArray(news) ? success(news as News[]) : failure('net.bad-reply');
  }

  /**
   * Forgets a person, key, code and visits; also one whose record does not open.
   *
   * @error wallet.person-unknown, storage.failed
   */
  remove(personId: string): Promise<Outcome<true>> {
    requireText('personId', personId);
    return this.#turns.take(() => this.#remove(personId));
  }

  async #remove(personId: string): Promise<Outcome<true>> {
    const { keyring } = this.#parts;
    const isFaulty = keyring.faults.some(({ id }) => id === personId);
    if (!isFaulty && !keyring.find(personId)) return failure('wallet.person-unknown');
    return keyring.remove(personId, this.#visits.notesOf(personId));
  }

  /** Learns the time, fetches the trust list, ends what was begun and renews what is due. Offline it does nothing. */
  refresh(): Promise<RefreshReport> {
    return this.#turns.take(async () => {
      const { server } = this.#parts;
      const clock = await this.#parts.clock.learn(server);
      const online = clock.ok || clock.code !== 'net.unreachable';
      const trust = online ? await this.#parts.trust.refresh(server, this.now()) : failure('net.unreachable');
      const renewed: Person[] = [];
      const failed: RefreshReport['failed'][number][] = [];
      for (const holder of online ? this.#codes.due() : []) {
        const outcome = await this.#codes.bringUpToDate(holder);
        if (outcome.ok) renewed.push(outcome.value);
        else failed.push({ personId: holder.id, failure: outcome });
      }
      return { online, clock, trust, renewed, failed };
    });
  }

  /**
   * Makes the person's next live code and its symbol, from what is in memory.
   *
   * @error wallet.person-unknown
   * @error time.credential-expired, time.credential-not-yet
   */
  frame(personId: string): Outcome<Frame> {
    return this.#presenter.frame(personId);
  }

  /**
   * Reads a verifier's request and checks who made it.
   *
   * @error trust.missing  there is no trust list yet
   * @error those of openRequest()
   */
  readRequest(text: string): Outcome<RequestInfo> {
    return this.#presenter.readRequest(text);
  }

  /**
   * Sends the asking verifier a sealed answer.
   *
   * @param request   from readRequest()
   * @param agreed    what the resident consented to: exactly what the request wants
   * @error wallet.answer-by-qr  the request names no address: see answerFrame()
   * @error wallet.hospital-unreachable  nobody replied; registering again gives the same number, if one was given
   * @error those of readRequest(), frame() and makeAnswer(); clinic.*, net.bad-reply
   */
  answer(
    request: RequestInfo,
    personId: string,
    agreed: readonly IdentityClaimId[],
  ): Promise<Outcome<QueueTicket>> {
    return this.#presenter.answer(request, personId, agreed);
  }

  /**
   * Asks the hospital how its queue stands.
   *
   * @returns the ticket brought up to date
   * @error clinic.visit-unknown  the hospital does not know it, or told no address to ask at
   * @error net.*
   */
  queueState(ticket: QueueTicket): Promise<Outcome<QueueTicket>> {
    return this.#presenter.queueState(ticket);
  }

  /** Visits to hospitals that are kept here, the newest first; none while locked. */
  visits(): Visit[] {
    return this.#visits.all;
  }

  /**
   * Keeps a visit, sealed as people are: before answer(), so that one whose reply is lost is known of, and with what it gave.
   *
   * @returns the visit with its id
   * @error wallet.locked, storage.failed, storage.changed
   */
  keepVisit(visit: NewVisit): Promise<Outcome<Visit>> {
    return this.#visits.keep(visit);
  }

  /** Forgets a visit that is over. @error storage.failed, storage.changed */
  forgetVisit(id: string): Promise<Outcome<true>> {
    return this.#visits.forget(id);
  }

  /** Makes an answer that is shown as a QR to a verifier who reads it with a camera. Not sealed. */
  answerFrame(request: RequestInfo, personId: string, agreed: readonly IdentityClaimId[]): Outcome<Frame> {
    return this.#presenter.answerFrame(request, personId, agreed);
  }

  /** Does something with a new code, unless the wallet is locked. */
  #unlocked(task: () => Promise<Outcome<Person>>): Promise<Outcome<Person>> {
    return this.#turns.take(async () => (this.lock === 'locked' ? failure('wallet.locked') : task()));
  }

  /** The key that somebody moves to is made before they prove who they are: the proof may name it. */
  async #move(
    prove: (newKey: string) => Promise<{ ticket: string } | { statement: string }>,
  ): Promise<Outcome<Person>> {
    if (this.lock === 'locked') return failure('wallet.locked');
    const made = await this.#parts.keyring.makeKey();
    if (!made.ok) return made;
    const by = await prove(toBase64Url(made.value.key.publicKey()));
    return this.#turns.take(() => this.#codes.move(made, by));
  }

  /** Does something at the issuer as one of the people here. */
  #asPerson<T>(
    personId: string,
    task: (caller: Caller, holder: Holder) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    requireText('personId', personId);
    return this.#turns.take(async () => {
      if (this.lock === 'locked') return failure('wallet.locked');
      const holder = this.#parts.keyring.find(personId);
      return holder?.info ? task(callerOf(holder), holder) : failure('wallet.person-unknown');
    });
  }

  #hear(personId: string, ask: (caller: Caller) => Promise<Outcome<Told>>): Promise<Outcome<OwnState>> {
    return this.#asPerson(personId, async (caller, holder) => {
      const told = await ask(caller);
      return told.ok ? this.#codes.hear(holder, told.value) : told;
    });
  }
}

/** Of entries with the same id the first, which is the most particular pack's. */
function firstOfEach<T extends { readonly id: string }>(entries: readonly T[]): T[] {
  return entries.filter(({ id }, at) => entries.findIndex((entry) => entry.id === id) === at);
}
