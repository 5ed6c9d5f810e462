// SPDX-License-Identifier: Apache-2.0
import {
  type AppealState,
  browserHost,
  failure,
  LiangmaError,
  loadWallet,
  pickName,
  Wallet,
  type ErrorCode,
  type Fault,
  type Frame,
  type News,
  type Outcome,
  type OwnState,
  type Person,
  type Place,
  type Declared,
} from 'liangma';
import { watchNetwork } from '../../shared/offline.js';
import { VisitBook } from './visit-book.js';

/** A made-up resident whom a demonstration offers. */
export interface DemoTicket {
  readonly ticket: string;
  readonly name: string;
  readonly colour: Person['colour'];
  readonly note: string;
}

const kRefreshEveryMilliseconds = 20 * 60 * 1000;
const kRefreshVisitsEveryMilliseconds = 15_000;
const kUndoMilliseconds = 8000;

/** Lets the screen say that it is busy, before what follows keeps it from saying anything. */
function painted(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/** Whose colour the issuer may be about to change: an appeal is open, or it ends by time. */
function mayChangeSoon({ appeal, reason }: Person): boolean {
  return appeal?.outcome === 'open' || reason?.until !== undefined;
}

/** The wallet and what the screens remember beside it. Tells "change". */
export class Session extends EventTarget {
  wallet: Wallet | undefined;
  /** There once the wallet is. */
  visits: VisitBook | undefined;
  /** Why the wallet could not be opened. */
  trouble: ErrorCode | undefined;
  online = navigator.onLine;
  busy = false;
  demoTickets: readonly DemoTicket[] | undefined;

  readonly #host = browserHost();
  #selectedId = '';
  #removal: { readonly person: Person; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  /** People whose new code was not taken, and why. */
  #refusals = new Map<string, ErrorCode>();
  #frames = new Map<string, () => Outcome<Frame>>();

  /** Opens what is stored; needs no network. Then brings it up to date, if it can. */
  async open(): Promise<void> {
    try {
      this.wallet = await Wallet.open({ host: this.#host, module: await loadWallet(this.#host), server: '' });
      this.visits = new VisitBook(this.wallet, () => this.#changed());
    } catch (error) {
      this.trouble = error instanceof LiangmaError ? error.code : 'host.wasm-failed';
      return this.#changed();
    }
    this.#changed();
    watchNetwork((online) => this.#onNetwork(online));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#changed();
      void this.refreshVisits();
    });
    setInterval(() => void this.refresh(), kRefreshEveryMilliseconds);
    setInterval(() => void this.refreshVisits(), kRefreshVisitsEveryMilliseconds);
    void this.refreshVisits();
    await this.refresh();
  }

  /** Everybody but the one whose removal can still be undone. */
  get people(): Person[] {
    return this.wallet?.people().filter((person) => person.id !== this.#removal?.person.id) ?? [];
  }

  get selected(): Person | undefined {
    const people = this.people;
    return people.find((person) => person.id === this.#selectedId) ?? people[0];
  }

  select(personId: string): void {
    this.#selectedId = personId;
    this.#changed();
  }

  /** A function that stays the same while the person's credential does, for <liangma-code>. */
  frameOf(person: Person): () => Outcome<Frame> {
    const key = `${person.id} ${person.issuedAt}`;
    const known = this.#frames.get(key);
    if (known) return known;
    const frame = (): Outcome<Frame> => this.wallet?.frame(person.id) ?? failure('wallet.person-unknown');
    this.#frames.set(key, frame);
    return frame;
  }

  issuerName(person: Person, locale: string): string {
    const names = this.wallet?.trust?.issuers.find((issuer) => issuer.id === person.issuer)?.names;
    return (names && pickName(names, locale)) ?? person.issuer;
  }

  /** Whether the PIN has to be given first. */
  get locked(): boolean {
    return this.wallet?.lock === 'locked';
  }

  /** People whose record does not open. */
  get faults(): readonly Fault[] {
    return this.wallet?.faults() ?? [];
  }

  async unlock(pin: string): Promise<Outcome<true>> {
    await painted();
    const outcome = await this.wallet!.unlock(pin);
    this.#changed();
    if (outcome.ok) {
      void this.refresh();
      void this.refreshVisits();
    }
    return outcome;
  }

  async setPin(pin: string, current: string): Promise<Outcome<true>> {
    await painted();
    return this.#changing(this.wallet!.setPin(pin, current));
  }

  async removePin(current: string): Promise<Outcome<true>> {
    await painted();
    return this.#changing(this.wallet!.removePin(current));
  }

  async lockNow(): Promise<void> {
    await this.#finishRemoval();
    await this.wallet?.lockNow();
    this.#changed();
  }

  /** Removes everything and begins as if for the first time. */
  async startOver(): Promise<void> {
    this.wallet?.close();
    const erased = await Wallet.erase(this.#host);
    if (!erased.ok) {
      this.trouble = erased.code;
      return this.#changed();
    }
    location.replace(location.pathname);
  }

  async refresh(): Promise<void> {
    if (!this.wallet) return;
    const report = await this.wallet.refresh();
    this.online = report.online;
    this.#refusals = new Map(report.failed.map(({ personId, failure }) => [personId, failure.code]));
    this.#changed();
    for (const person of this.people.filter(mayChangeSoon)) await this.wallet.ownState(person.id);
    this.#changed();
  }

  /** Why a colour that the issuer sent was not taken; undefined: none was refused. */
  refusalOf(person: Person): ErrorCode | undefined {
    const code = this.#refusals.get(person.id);
    return code === 'colour.no-rule' || code?.startsWith('record.') ? code : undefined;
  }

  appeal(person: Person, words: string): Promise<Outcome<AppealState>> {
    return this.#during(() => this.wallet!.appeal(person.id, words));
  }

  declare(person: Person, declared: Declared): Promise<Outcome<OwnState>> {
    return this.#during(() => this.wallet!.declare(person.id, declared));
  }

  /** What a person's region asks of them and offers them. */
  place(person: Person): Promise<Outcome<Place>> {
    return this.wallet!.place(person.id);
  }

  /** What the issuer has published; nothing where it cannot be reached. */
  async news(): Promise<readonly News[]> {
    const news = await this.wallet?.news();
    return news?.ok ? news.value : [];
  }

  async enrol(ticket: string): Promise<Outcome<Person>> {
    const outcome = await this.#during(() => this.wallet!.enrol(ticket));
    if (outcome.ok) {
      void navigator.storage?.persist?.();
      this.select(outcome.value.id);
      void this.refresh();
    }
    return outcome;
  }

  async renew(person: Person): Promise<Outcome<Person>> {
    const outcome = await this.#during(() => this.wallet!.renew(person.id));
    if (outcome.ok) this.#refusals.delete(person.id);
    else this.#refusals.set(person.id, outcome.code);
    return outcome;
  }

  /** Hides a person now, and forgets them unless undoRemoval() comes in time. */
  remove(person: Person): void {
    void this.#finishRemoval();
    const timer = setTimeout(() => void this.#finishRemoval(), kUndoMilliseconds);
    this.#removal = { person, timer };
    this.#changed();
  }

  /** The person whose removal can still be undone. */
  get removed(): Person | undefined {
    return this.#removal?.person;
  }

  undoRemoval(): void {
    clearTimeout(this.#removal?.timer);
    this.#removal = undefined;
    this.#changed();
  }

  /** Forgets one whose record does not open. */
  async forget(fault: Fault): Promise<void> {
    await this.wallet?.remove(fault.id);
    this.#changed();
  }

  async refreshVisits(): Promise<void> {
    if (!document.hidden && !this.locked) await this.visits?.refresh();
  }

  async loadDemoTickets(): Promise<void> {
    try {
      const response = await fetch('/api/demo/tickets', { cache: 'no-store' });
      this.demoTickets = response.ok ? ((await response.json()) as DemoTicket[]) : undefined;
    } catch {
      this.demoTickets = undefined;
    }
    this.#changed();
  }

  async #finishRemoval(): Promise<void> {
    const removal = this.#removal;
    if (!removal) return;
    clearTimeout(removal.timer);
    await this.wallet?.remove(removal.person.id);
    if (this.#removal === removal) this.#removal = undefined;
    this.#changed();
  }

  async #during<T>(task: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    this.busy = true;
    this.#changed();
    try {
      return await task();
    } finally {
      this.busy = false;
      this.#changed();
    }
  }

  #onNetwork(online: boolean): void {
    this.online = online;
    this.#changed();
    if (online) void this.refresh();
  }

  async #changing<T>(task: Promise<T>): Promise<T> {
    const outcome = await task;
    this.#changed();
    return outcome;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
