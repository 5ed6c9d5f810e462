// SPDX-License-Identifier: Apache-2.0
import { Authority, type Caller, type Issued, type Told } from './authority.js';
import { toBase64Url } from './bytes.js';
import { TrustedClock } from './clock.js';
import { reasonOf } from './colour-rules.js';
import {
  requireCount,
  requireModule,
  requireObject,
  requireRoots,
  requireServer,
  requireText,
  requireTexts,
} from './guard.js';
import type { Host } from './host.js';
import { type KeyPair, Keyring } from './keyring.js';
import type { Credential, DeviceKey, TrustedRequest, WalletModule } from './modules.js';
import { failure, LiangmaError, type Outcome, success } from './outcome.js';
import { describe, type Holder, renewalDueAt, withCredential } from './people.js';
import { PlacePacks, type Pack } from './place-packs.js';
import { type QueueTicket, ticketFromReply, readQueueTicket } from './queue-ticket.js';
import { Server } from './server.js';
import { SafeStore } from './store.js';
import { TrustKeeper } from './trust-keeper.js';
import type { CredentialInfo, IdentityClaimId, LiveFrame, TrustInfo } from './types.js';
import type {
  AppealState,
  ClockState,
  ColourReason,
  Declared,
  Fault,
  Frame,
  LockState,
  News,
  OwnState,
  Person,
  Place,
  RefreshReport,
  Relation,
  RequestInfo,
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

const defaultPeriodSeconds = 5;
const storePrefix = 'wallet';
/** How often an answer is sent again where no reply came. */
const resends = 2;

/**
 * The codes of a resident and of those they care for.
 *
 * Whatever changes is stored before it is shown, in a way that survives being killed at any moment.
 */
export class Wallet {
  readonly #host: Host;
  readonly #module: WalletModule;
  readonly #server: Server;
  readonly #clock: TrustedClock;
  readonly #trust: TrustKeeper;
  readonly #keyring: Keyring;
  readonly #authority: Authority;
  readonly #packs: PlacePacks;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    options: WalletOptions,
    server: Server,
    clock: TrustedClock,
    trust: TrustKeeper,
    keyring: Keyring,
  ) {
    this.#host = options.host;
    this.#module = options.module;
    this.#server = server;
    this.#clock = clock;
    this.#trust = trust;
    this.#keyring = keyring;
    this.#authority = new Authority(options.host, server, () => this.now());
    this.#packs = new PlacePacks(options.module, server);
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
      return new Wallet(options, new Server(host, origin), clock, trust, keyring);
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
    this.#keyring.close();
    this.#trust.close();
  }

  /** Whether a PIN is set, and was given. */
  get lock(): LockState {
    return this.#keyring.lock;
  }

  /** Seconds until the next PIN is tried; 0: now. */
  pinWaitSeconds(): Promise<number> {
    return this.#keyring.pinWaitSeconds(this.now());
  }

  /**
   * Opens a wallet that has a PIN. A wrong one is counted, and the more there were the longer the next has to wait.
   *
   * @error wallet.pin-wrong, wallet.pin-wait, storage.failed, storage.changed
   */
  unlock(pin: string): Promise<Outcome<true>> {
    requireText('pin', pin);
    return this.#inTurn(() => this.#keyring.unlock(pin, this.now()));
  }

  /** Forgets what the PIN gave out, until it is given again. Without a PIN it does nothing. */
  lockNow(): Promise<void> {
    return this.#inTurn(async () => this.#keyring.lockNow());
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
    return this.#inTurn(() => this.#keyring.setPin(pin, current, this.now()));
  }

  /** Goes back to what this device opens by itself. @error those of unlock() */
  removePin(current: string): Promise<Outcome<true>> {
    requireText('current', current);
    return this.#inTurn(() => this.#keyring.removePin(current, this.now()));
  }

  /** People whose record does not open: read again at the next start, or removed. */
  faults(): readonly Fault[] {
    return this.#keyring.faults;
  }

  get state(): WalletState {
    if (this.lock === 'locked') return 'locked';
    const people = this.people();
    if (people.length === 0) return 'empty';
    return people.some((person) => person.state === 'ready') ? 'ready' : 'expired';
  }

  get clock(): ClockState {
    const { confirmed, offsetSeconds } = this.#clock.now();
    return { confirmed, offsetSeconds };
  }

  /** The trust list kept here, for the names of issuers; undefined before the first refresh. */
  get trust(): TrustInfo | undefined {
    return this.#trust.info;
  }

  /** The time by the trusted clock, Unix seconds. */
  now(): number {
    return this.#clock.now().seconds;
  }

  /** Everybody whose code is here, in the order in which they came. */
  people(): Person[] {
    const now = this.now();
    return this.#keyring.holders.flatMap((holder) => describe(holder, now) ?? []);
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
    return this.#enrol(ticket, () => this.#keyring.makeKey());
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
    return this.#enrol(ticket, () => this.#keyring.copyKey(guardianId), requireText('relation', relation) as Relation);
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
    return this.#inTurn(() => this.#renew(personId));
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
      const kept = await this.#keyring.replace({ ...holder, appeal: made.value });
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
    const info = this.#keyring.find(requireText('personId', personId))?.info;
    if (!info) return failure('wallet.person-unknown');
    const packs = await this.#packsAt(info.region);
    if (!packs.ok) return packs;
    return success({
      forms: firstOfEach(packs.value.flatMap(({ forms = [] }) => forms)),
      services: firstOfEach(packs.value.flatMap(({ services = [] }) => services)),
      helpLines: firstOfEach(packs.value.flatMap(({ helpLines = [] }) => helpLines)),
    });
  }

  /** News and service links of the issuer, the newest first. @error net.* */
  async news(): Promise<Outcome<readonly News[]>> {
    const reply = await this.#server.getJson<{ news?: unknown }>('/api/news');
    if (!reply.ok) return reply;
    const { news } = reply.value;
    return Array.isArray(news) ? success(news as News[]) : failure('net.bad-reply');
  }

  /**
   * Forgets a person, key and code; also one whose record does not open.
   *
   * @error wallet.person-unknown, storage.failed
   */
  remove(personId: string): Promise<Outcome<true>> {
    requireText('personId', personId);
    return this.#inTurn(() => this.#remove(personId));
  }

  async #remove(personId: string): Promise<Outcome<true>> {
    const isFaulty = this.#keyring.faults.some(({ id }) => id === personId);
    return isFaulty || this.#keyring.find(personId) ? this.#keyring.remove(personId) : failure('wallet.person-unknown');
  }

  /** Learns the time, fetches the trust list, ends what was begun and renews what is due. Offline it does nothing. */
  refresh(): Promise<RefreshReport> {
    return this.#inTurn(async () => {
      const clock = await this.#clock.learn(this.#server);
      const online = clock.ok || clock.code !== 'net.unreachable';
      const trust = online ? await this.#trust.refresh(this.#server, this.now()) : failure('net.unreachable');
      const renewed: Person[] = [];
      const failed: RefreshReport['failed'][number][] = [];
      for (const holder of online ? this.#due() : []) {
        const outcome = await this.#bringUpToDate(holder);
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
    const signer = this.#signer(personId);
    if (!signer.ok) return signer;
    const { credential, key } = signer.value;
    const { seconds, confirmed } = this.#clock.now();
    return this.#finish(
      this.#module.makeLiveFrame(credential, key, seconds, confirmed),
      signer.value,
      seconds,
    );
  }

  /**
   * Reads a verifier's request and checks who made it.
   *
   * @error trust.missing  there is no trust list yet
   * @error those of openRequest()
   */
  readRequest(text: string): Outcome<RequestInfo> {
    const opened = this.#openRequest(text);
    if (!opened.ok) return opened;
    const info = opened.value.info();
    opened.value.delete();
    return success({ ...info, text });
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
  async answer(
    request: RequestInfo,
    personId: string,
    agreed: readonly IdentityClaimId[],
  ): Promise<Outcome<QueueTicket>> {
    requireObject('request', request);
    const entropy = await this.#host.randomBytes(32);
    const read = this.readRequest(request.text);
    if (!read.ok) return read;
    if (read.value.answerUrl === undefined) return failure('wallet.answer-by-qr');
    const sealed = this.#answer(request, personId, agreed, (...signed) =>
      this.#module.makeSealedAnswer(...signed, entropy),
    );
    return sealed.ok ? this.#deliver(read.value.answerUrl, sealed.value) : sealed;
  }

  /**
   * Asks the hospital how its queue stands.
   *
   * @returns the ticket brought up to date
   * @error clinic.visit-unknown  the hospital does not know it, or told no address to ask at
   * @error net.*
   */
  async queueState(ticket: QueueTicket): Promise<Outcome<QueueTicket>> {
    const { statusUrl } = requireObject('ticket', ticket);
    if (statusUrl === undefined) return failure('clinic.visit-unknown');
    const told = await this.#server.getJson<object>(statusUrl);
    if (!told.ok) return told;
    const { hospital, visitId, already } = ticket;
    const fresh = readQueueTicket({ ...told.value, hospital, visitId, already, statusUrl });
    return fresh ? success(fresh) : failure('net.bad-reply');
  }

  /** The same text again, where no reply came, gets the same number. */
  async #deliver(answerUrl: string, sealed: string): Promise<Outcome<QueueTicket>> {
    let sent = await this.#server.postText<object>(answerUrl, sealed);
    for (let left = resends; left > 0 && !sent.ok && sent.code === 'net.unreachable'; left--)
      sent = await this.#server.postText<object>(answerUrl, sealed);
    if (!sent.ok) return sent.code === 'net.unreachable' ? failure('wallet.hospital-unreachable') : sent;
    const ticket = ticketFromReply(sent.value, answerUrl);
    return ticket ? success(ticket) : failure('net.bad-reply');
  }

  /** Makes an answer that is shown as a QR to a verifier who reads it with a camera. Not sealed. */
  answerFrame(request: RequestInfo, personId: string, agreed: readonly IdentityClaimId[]): Outcome<Frame> {
    requireObject('request', request);
    const text = this.#answer(request, personId, agreed, (...signed) => this.#module.makeAnswer(...signed));
    if (!text.ok) return text;
    const symbol = this.#module.makeQrSymbol(text.value);
    const signer = this.#signer(personId);
    if (!symbol.ok) return symbol;
    return signer.ok
      ? this.#finish(success({ text: text.value, ...symbol.value }), signer.value, this.now())
      : signer;
  }

  #finish(made: Outcome<LiveFrame>, signer: Signer, now: number): Outcome<Frame> {
    if (!made.ok) return made;
    const { expiresAt, live, issuer } = signer.credential.info();
    const policy = live ?? this.#trust.info?.issuers.find((each) => each.id === issuer)?.live;
    return success({
      ...made.value,
      now,
      expiresAt,
      periodSeconds: policy?.periodSeconds ?? defaultPeriodSeconds,
    });
  }

  #openRequest(text: string): Outcome<TrustedRequest> {
    const { trust } = this.#trust;
    return trust ? this.#module.openRequest(text, trust, this.now()) : failure('trust.missing');
  }

  #answer(
    request: RequestInfo,
    personId: string,
    agreed: readonly IdentityClaimId[],
    make: (
      request: TrustedRequest,
      credential: Credential,
      key: DeviceKey,
      agreed: readonly IdentityClaimId[],
      now: number,
      confirmed: boolean,
    ) => Outcome<string>,
  ): Outcome<string> {
    requireTexts('agreed', agreed);
    const signer = this.#signer(personId);
    if (!signer.ok) return signer;
    const opened = this.#openRequest(request.text);
    if (!opened.ok) return opened;
    const { seconds, confirmed } = this.#clock.now();
    const made = make(opened.value, signer.value.credential, signer.value.key, agreed, seconds, confirmed);
    opened.value.delete();
    return made;
  }

  #signer(personId: string): Outcome<Signer> {
    const holder = this.#keyring.find(requireText('personId', personId));
    if (this.lock === 'locked') return failure('wallet.locked');
    if (!holder?.credential) return failure('wallet.person-unknown');
    return success({ credential: holder.credential, key: holder.key });
  }

  #enrol(ticket: string, key: () => Promise<Outcome<KeyPair>>, relation?: Relation): Promise<Outcome<Person>> {
    requireText('ticket', ticket);
    return this.#inTurn(async () => {
      if (this.lock === 'locked') return failure('wallet.locked');
      const trusted = await this.#ensureTrust();
      if (!trusted.ok) return trusted;
      const waiting = this.#keyring.holders.find((holder) => holder.ticket === ticket);
      const holder = waiting ? success(waiting) : await this.#addHolder(await key(), { ticket, relation });
      return holder.ok ? this.#tradeIn(holder.value, ticket, waiting !== undefined) : holder;
    });
  }

  /** Somebody whose code has been elsewhere. Killed on the way, refresh() ends it: the key is bound, or it is not. */
  async #move(
    prove: (newKey: string) => Promise<{ ticket: string } | { statement: string }>,
  ): Promise<Outcome<Person>> {
    if (this.lock === 'locked') return failure('wallet.locked');
    const made = await this.#keyring.makeKey();
    if (!made.ok) return made;
    const by = await prove(toBase64Url(made.value.key.publicKey()));
    return this.#inTurn(async () => {
      const trusted = await this.#ensureTrust();
      const holder = trusted.ok ? await this.#addHolder(made) : trusted;
      if (!holder.ok) return holder;
      const issued = await this.#authority.replace(holder.value.key, by);
      if (issued.ok) return this.#takeCredential(holder.value, issued.value);
      if (issued.code !== 'net.unreachable') await this.#keyring.remove(holder.value.id);
      return issued;
    });
  }

  /** Does something at the issuer as one of the people here. */
  #asPerson<T>(
    personId: string,
    task: (caller: Caller, holder: Holder) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    requireText('personId', personId);
    return this.#inTurn(async () => {
      if (this.lock === 'locked') return failure('wallet.locked');
      const holder = this.#keyring.find(personId);
      return holder?.info ? task(callerOf(holder), holder) : failure('wallet.person-unknown');
    });
  }

  /** Takes in what the issuer says of somebody, with a fresh code where the one here is of another colour. */
  #hear(personId: string, ask: (caller: Caller) => Promise<Outcome<Told>>): Promise<Outcome<OwnState>> {
    return this.#asPerson(personId, async (caller, holder) => {
      const told = await ask(caller);
      if (!told.ok) return told;
      const { colour, checkIns, appeal } = told.value;
      const kept = await this.#keyring.replace({ ...holder, appeal });
      if (!kept.ok) return kept;
      const person = holder.info?.colour === colour ? this.#describe(kept.value) : await this.#renew(personId);
      return person.ok ? success({ person: person.value, checkIns }) : person;
    });
  }

  async #addHolder(
    made: Outcome<KeyPair>,
    pending?: { readonly ticket: string; readonly relation: Relation | undefined },
  ): Promise<Outcome<Holder>> {
    return made.ok ? this.#keyring.add(made.value, this.now(), pending) : made;
  }

  /** Trades a ticket in; an attempt that was cut short may have used it already, for this very key. */
  async #tradeIn(holder: Holder, ticket: string, isRetry: boolean): Promise<Outcome<Person>> {
    const { key, relation } = holder;
    let issued = relation
      ? await this.#authority.addDependant(key, ticket, relation)
      : await this.#authority.enrol(key, ticket);
    if (isRetry && !relation && !issued.ok && issued.code === 'enrol.ticket-used') {
      const renewed = await this.#authority.renew({ key });
      if (renewed.ok || renewed.code.startsWith('net.')) issued = renewed;
    }
    if (issued.ok) return this.#takeCredential(holder, issued.value);
    if (issued.code.startsWith('enrol.ticket-')) await this.#keyring.remove(holder.id);
    return issued;
  }

  async #renew(personId: string): Promise<Outcome<Person>> {
    const holder = this.#keyring.find(personId);
    if (!holder) return failure('wallet.person-unknown');
    const trusted = await this.#ensureTrust();
    if (!trusted.ok) return trusted;
    const caller = callerOf(holder);
    let issued = await this.#authority.renew(caller);
    // The issuer forgets subjects of long ago; whoever is alone on a key is known by the key.
    if (!issued.ok && issued.code === 'key.mismatch' && caller.subject)
      issued = await this.#authority.renew({ key: holder.key });
    if (issued.ok) return this.#takeCredential(holder, issued.value);
    if (issued.code === 'key.mismatch' && !holder.info) await this.#keyring.remove(holder.id);
    return issued;
  }

  /** Checks a credential as it arrives, and why it has its colour; stores it, then shows it. */
  async #takeCredential(holder: Holder, { credential: encoded, record }: Issued): Promise<Outcome<Person>> {
    const parsed = this.#module.Credential.parse(encoded);
    if (!parsed.ok) return parsed;
    const checked = this.#check(parsed.value, holder);
    const info = parsed.value.info();
    parsed.value.delete();
    if (!checked.ok) return checked;
    const reason = await this.#reasonOf(record, info);
    if (!reason.ok) return reason;
    const next = { ...withCredential(this.#module, holder, encoded), reason: reason.value };
    const kept = await this.#keyring.replace(next);
    if (!kept.ok) {
      next.credential?.delete();
      return kept;
    }
    holder.credential?.delete();
    return this.#describe(next);
  }

  #describe(holder: Holder): Outcome<Person> {
    const person = describe(holder, this.now());
    return person ? success(person) : failure('internal.error');
  }

  #check(credential: Credential, holder: Holder): Outcome<true> {
    const { trust } = this.#trust;
    if (!trust) return failure('trust.missing');
    return credential.check(trust, holder.key.publicKey(), this.now());
  }

  /** @error record.*, colour.no-rule, net.*, pack.* */
  async #reasonOf(encoded: Uint8Array, info: CredentialInfo): Promise<Outcome<ColourReason>> {
    const { trust } = this.#trust;
    if (!trust) return failure('trust.missing');
    const record = this.#module.openColourRecord(encoded, trust);
    if (!record.ok) return record;
    const packs = await this.#packsAt(info.region);
    return packs.ok ? reasonOf(record.value, info, packs.value) : packs;
  }

  #packsAt(region: string): Promise<Outcome<readonly Pack[]>> {
    const { trust } = this.#trust;
    return trust ? this.#packs.at(region, trust) : Promise.resolve(failure('trust.missing'));
  }

  /** The clock and the trust list are what a new code is judged by. */
  async #ensureTrust(): Promise<Outcome<unknown>> {
    if (!this.#clock.state().confirmed) await this.#clock.learn(this.#server);
    const info = this.#trust.info;
    if (info && this.now() < info.expiresAt) return success(true);
    return this.#trust.refresh(this.#server, this.now());
  }

  /** Those whose code has not arrived, or is due for renewal. */
  #due(): Holder[] {
    const now = this.now();
    return this.#keyring.holders.filter(({ info }) => !info || now >= renewalDueAt(info));
  }

  #bringUpToDate(holder: Holder): Promise<Outcome<Person>> {
    return holder.ticket === undefined ? this.#renew(holder.id) : this.#tradeIn(holder, holder.ticket, true);
  }

  /** Changes wait for each other. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Of entries with the same id the first, which is the most particular pack's. */
function firstOfEach<T extends { readonly id: string }>(entries: readonly T[]): T[] {
  return entries.filter(({ id }, at) => entries.findIndex((entry) => entry.id === id) === at);
}

function callerOf({ key, info }: Holder): Caller {
  return { key, subject: info?.subject };
}

interface Signer {
  readonly credential: Credential;
  readonly key: DeviceKey;
}
