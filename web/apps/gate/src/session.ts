// SPDX-License-Identifier: Apache-2.0
import {
  browserHost,
  Gate,
  LiangmaError,
  loadGate,
  type Door,
  type ErrorCode,
  type GateRefreshReport,
  type GateRequest,
  type SceneChoice,
  type Verdict,
} from 'liangma';
import type { ScanSource } from 'liangma-elements';
import { watchNetwork } from '../../shared/offline.js';
import { countsOf, countVerdict, type Counts } from './counters.js';
import { DayBook, dayOf, type Entry } from './day-book.js';
import { foreignKind } from './foreign.js';
import { settings } from './settings.js';

/** One answer as the list of the last ones keeps it: nothing of a person but what a code shows to everybody. */
export interface Result {
  readonly number: number;
  /** Unix seconds. */
  readonly at: number;
  readonly door: Door;
  readonly verdict: Verdict;
  /** The key of the text that says what it is, where that is no code to be checked. */
  readonly other: string | undefined;
  /** A guest has left name and telephone number. */
  readonly leftContact: boolean;
}

const kKeptResults = 20;
const kRefreshEveryMilliseconds = 10 * 60 * 1000;
/** A code that could not be judged for want of data asks for them, but not more often than this. */
const kRefreshOnNeedMilliseconds = 20_000;
/** Until the trust list names a gate that was just enrolled. */
const kRefreshUntilListedMilliseconds = 3000;
const kSamePersonMilliseconds = 10_000;
const kTickMilliseconds = 1000;
/** A question is replaced while there is still time to answer it. */
const kAskAgainBeforeSeconds = 25;

/** Whether a question can be answered for a while, and was not signed by a clock that turned out to be fast. */
function canBeAnswered({ issuedAt, expiresAt }: GateRequest, now: number): boolean {
  return issuedAt <= now && now < expiresAt - kAskAgainBeforeSeconds;
}

/** The gate and its last results. Tells "change". */
export class Session extends EventTarget {
  gate: Gate | undefined;
  /** Why the gate could not be opened. */
  trouble: ErrorCode | undefined;
  online = navigator.onLine;
  /** Whether what it decides by is being fetched. */
  fetching = false;
  /** Whether an owner's code is on its way to the server, or about to be. */
  enrolling = false;
  results: readonly Result[] = [];
  /** What stands on screen to be answered, where this door asks. */
  question: GateRequest | undefined;
  /** Why this door cannot ask. */
  questionTrouble: ErrorCode | undefined;
  /** Whether the list of who has come could not be written. */
  bookTrouble = false;
  readonly book = new DayBook();

  readonly #host = browserHost({ database: 'liangma-gate' });
  #count = 0;
  #last: { text: string; subject: string | undefined; decision: string; at: number } | undefined;
  #asking = false;
  #refreshedAt = -Infinity;
  #today = '';
  /** Nothing is destroyed by the time of a device before the server was asked for it. */
  #hasAskedTheTime = false;

  /** Opens what is stored; needs no network. Then brings it up to date, if it can. */
  async open(): Promise<void> {
    try {
      const module = await loadGate(this.#host);
      this.gate = await Gate.open({ host: this.#host, module, server: '', staleStatus: 'check' });
    } catch (error) {
      this.trouble = error instanceof LiangmaError ? error.code : 'host.wasm-failed';
      return this.#changed();
    }
    this.#changed();
    void navigator.storage?.persist?.();
    watchNetwork((online) => this.#onNetwork(online));
    setInterval(() => void this.refresh(), kRefreshEveryMilliseconds);
    setInterval(() => this.#tick(), kTickMilliseconds);
    this.#tick();
    await this.refresh();
    this.#tick();
  }

  /** Fetches all that the gate decides by. */
  async refresh(): Promise<GateRefreshReport> {
    this.#refreshedAt = performance.now();
    this.fetching = true;
    this.#changed();
    const report = await this.gate!.refresh();
    this.fetching = false;
    this.#hasAskedTheTime = true;
    this.online = report.online;
    this.#changed();
    return report;
  }

  /** Removes everything that this gate has stored to decide by, and begins anew. */
  async startOver(): Promise<void> {
    await Gate.erase(this.#host);
    location.reload();
  }

  /** Makes this device a gate that may ask. @param code  its owner's */
  async enrol(code: string): Promise<ErrorCode | undefined> {
    this.enrolling = true;
    this.#changed();
    const outcome = await this.gate!.enrol(code);
    this.enrolling = false;
    if (outcome.ok) this.question = this.questionTrouble = undefined;
    this.#tick();
    this.#changed();
    return outcome.ok ? undefined : outcome.code;
  }

  /** Puts this device at a door. */
  choose(door: Door): void {
    settings.door = door;
    this.question = undefined;
    this.questionTrouble = undefined;
    this.#tick();
    this.#changed();
  }

  /** The door this device stands at, if it is still there. */
  scene(locale: string): SceneChoice | undefined {
    const { place, scene } = settings.door;
    if (place !== undefined && !this.gate?.serves(place)) return undefined;
    return this.gate?.scenes(locale, place).find(({ id }) => id === scene);
  }

  /** How many days this door may keep a list of who has come; 0: it may not. */
  get recordDays(): number {
    const { place } = settings.door;
    return place === undefined ? 0 : (this.gate?.recordDays(place) ?? 0);
  }

  get today(): string {
    return dayOf(this.gate!.now());
  }

  get counts(): Counts {
    return countsOf(this.today);
  }

  /**
   * Checks what was read.
   *
   * @returns undefined where it is the person who has just been answered and still holds up the phone, or this
   *          gate's own question in a mirror
   */
  check(text: string, source: ScanSource): Result | undefined {
    const gate = this.gate!;
    if (text === this.question?.text) return undefined;
    const isBrought = source !== 'camera';
    const { door } = settings;
    const verdict = gate.check(text, door, isBrought);
    if (this.#isSameAgain(text, verdict) && !isBrought) return undefined;
    const result = this.#resultOf(text, door, verdict);
    this.results = [result, ...this.results].slice(0, kKeptResults);
    if (verdict.reason !== 'assurance.challenge-required') this.#note(result); // else the answer will be
    if (verdict.assurance === 'challenge') this.#ask();
    if (verdict.advice === 'advice.update-gate') this.#refreshOnNeed(kRefreshOnNeedMilliseconds);
    this.#changed();
    return result;
  }

  clearResults(): void {
    this.results = [];
    this.#last = undefined;
    this.#changed();
  }

  #resultOf(text: string, door: Door, verdict: Verdict): Result {
    const { fullName, phone } = verdict.code?.identity ?? {};
    return {
      number: ++this.#count,
      at: this.gate!.now(),
      door,
      verdict,
      other: foreignKind(text, verdict.reason),
      leftContact: fullName !== undefined && phone !== undefined,
    };
  }

  #note(result: Result): void {
    countVerdict(this.today, result.verdict);
    void this.#write(result);
  }

  /** Keeps an entry where this door keeps a list, and always what a guest has left on purpose. */
  async #write({ at, verdict, leftContact }: Result): Promise<void> {
    const { code, decision } = verdict;
    const days = this.recordDays;
    if (!code || days === 0 || !(settings.listing || leftContact)) return;
    const { colour, region, maskedName, idTail, identity } = code;
    const { fullName, phone } = identity;
    const contact = fullName !== undefined && phone !== undefined ? { fullName, phone } : {};
    const entry: Entry = { at, decision, colour, region, maskedName, idTail, ...contact };
    await this.book.add(entry, days).then(
      () => (this.bookTrouble = false),
      () => (this.bookTrouble = true),
    );
    this.#changed();
  }

  #isSameAgain(text: string, { decision, code }: Verdict): boolean {
    const at = performance.now();
    const last = this.#last;
    const isSame = last && at - last.at < kSamePersonMilliseconds && isSameHolder(last, text, code?.subject, decision);
    this.#last = { text, subject: code?.subject, decision, at };
    return isSame ?? false;
  }

  /** Once a second: replaces the question in time, and on a new day destroys what may be kept no longer. */
  #tick(): void {
    if (!this.gate) return;
    const { today } = this;
    if (this.#hasAskedTheTime && today !== this.#today) void this.book.sweep(today).then(() => (this.#today = today), () => undefined);
    if (!this.question || !canBeAnswered(this.question, this.gate.now())) this.#ask();
  }

  /** Puts a new question on screen where this door asks. */
  #ask(): void {
    const { door } = settings;
    const scene = this.scene('en');
    if (!scene || !(scene.required === 'challenge' || scene.leavesContact) || this.#asking) return;
    this.#asking = true;
    void this.gate!.ask(door).then((asked) => {
      this.#asking = false;
      if (door.place !== settings.door.place || door.scene !== settings.door.scene) return;
      const trouble = asked.ok ? undefined : asked.code;
      const isNews = asked.ok || trouble !== this.questionTrouble;
      this.question = asked.ok ? asked.value : undefined;
      this.questionTrouble = trouble;
      if (trouble === 'verifier.not-listed') this.#refreshOnNeed(kRefreshUntilListedMilliseconds);
      if (isNews) this.#changed();
    });
  }

  #refreshOnNeed(everyMilliseconds: number): void {
    if (performance.now() - this.#refreshedAt > everyMilliseconds) void this.refresh();
  }

  #onNetwork(online: boolean): void {
    this.online = online;
    this.#changed();
    if (online) void this.refresh();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function isSameHolder(
  last: { readonly text: string; readonly subject: string | undefined; readonly decision: string },
  text: string,
  subject: string | undefined,
  decision: string,
): boolean {
  const isSame = last.text === text || (subject !== undefined && last.subject === subject);
  return isSame && last.decision === decision;
}
