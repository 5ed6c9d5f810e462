// SPDX-License-Identifier: Apache-2.0
import {
  browserHost,
  Gate,
  LiangmaError,
  loadGate,
  type ErrorCode,
  type Outcome,
  type SceneChoice,
  type Verdict,
} from 'liangma';
import type { ScanSource } from 'liangma-elements';
import { watchNetwork } from '../../shared/offline.js';
import { settings } from './settings.js';

/** One answer as the list keeps it: nothing of a person but what a code shows to everybody. */
export interface Result {
  readonly number: number;
  /** Unix seconds. */
  readonly at: number;
  readonly verdict: Verdict;
  /** So much is missing of a code that what is wrong with the rest says nothing. */
  readonly isFragment: boolean;
}

const kKeptResults = 20;
const kRefreshEveryMilliseconds = 10 * 60 * 1000;
const kSamePersonMilliseconds = 10_000;
/** The base45 of the two signatures alone is longer. */
const kLeastCodeLength = 200;

/** The gate and its last results. Tells "change". */
export class Session extends EventTarget {
  gate: Gate | undefined;
  /** Why the gate could not be opened. */
  trouble: ErrorCode | undefined;
  online = navigator.onLine;
  results: readonly Result[] = [];

  readonly #host = browserHost({ database: 'liangma-gate' });
  #count = 0;
  #last: { text: string; subject: string | undefined; decision: string; at: number } | undefined;

  /** Opens what is stored; needs no network. Then brings it up to date, if it can. */
  async open(): Promise<void> {
    try {
      this.gate = await Gate.open({ host: this.#host, module: await loadGate(this.#host), server: '' });
    } catch (error) {
      this.trouble = error instanceof LiangmaError ? error.code : 'host.wasm-failed';
      return this.#changed();
    }
    this.#changed();
    watchNetwork((online) => {
      this.online = online;
      if (online) void this.refresh();
      this.#changed();
    });
    setInterval(() => void this.refresh(), kRefreshEveryMilliseconds);
    await this.refresh();
  }

  /** @returns what came of the trust list */
  async refresh(): Promise<Outcome<'new' | 'same'>> {
    const { online, trust } = await this.gate!.refresh();
    this.online = online;
    this.#changed();
    return trust;
  }

  /** Removes everything that this gate has stored, and begins anew. */
  async startOver(): Promise<void> {
    await Gate.erase(this.#host);
    location.reload();
  }

  /** The door this device stands at, if it is still on the list. */
  scene(locale: string): SceneChoice | undefined {
    return this.gate?.scenes(locale).find((scene) => scene.id === settings.sceneId);
  }

  /**
   * Checks what was read.
   *
   * @returns undefined where it is the person who has just been answered and still holds up the phone
   */
  check(text: string, source: ScanSource): Result | undefined {
    const gate = this.gate!;
    const isBrought = source === 'file' || source === 'paste';
    const verdict = gate.check(text, { scene: settings.sceneId }, isBrought);
    if (this.#isSameAgain(text, verdict) && !isBrought) return undefined;
    const isFragment = /^LM[1P]/.test(text) && text.length < kLeastCodeLength && /^(base45|cbor|cose)\./.test(verdict.reason);
    const result: Result = { number: ++this.#count, at: gate.now(), verdict, isFragment };
    this.results = [result, ...this.results].slice(0, kKeptResults);
    this.#changed();
    return result;
  }

  clearResults(): void {
    this.results = [];
    this.#last = undefined;
    this.#changed();
  }

  #isSameAgain(text: string, { decision, code }: Verdict): boolean {
    const at = performance.now();
    const last = this.#last;
    const isSame = last && at - last.at < kSamePersonMilliseconds && isSameHolder(last, text, code?.subject, decision);
    this.#last = { text, subject: code?.subject, decision, at };
    return isSame ?? false;
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
  return last.text === text || (subject !== undefined && last.subject === subject && last.decision === decision);
}
