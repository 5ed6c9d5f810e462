// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from 'liangma';
import type { Bureau, ImportResult, ImportRow } from './bureau.js';

const kRowsAtOnce = 100;

type Counted = Omit<ImportResult, 'batch' | 'left'>;

const kNothing: Counted = { kept: 0, matched: 0, coloured: 0 };

/** Where a list stands that is on its way to the server, or on its way back, or was the last to go. */
export interface ImportState {
  readonly batch: string;
  /** Name of the file. */
  readonly file: string;
  /** How many rows it has; on its way back, how many people it names. */
  readonly total: number;
  /** How many of them are done. */
  readonly done: number;
  readonly counted: Counted;
  /** "stopped" and "undo-stopped": cut off, it can go on where it was. */
  readonly stage: 'sending' | 'stopped' | 'done' | 'undoing' | 'undo-stopped' | 'undone';
  /** What went wrong last. */
  readonly trouble?: ErrorCode | undefined;
}

/** Sends a member's list part by part, whichever task is on screen meanwhile. */
export class ImportRun {
  readonly memberId: string;
  readonly #onChange: () => void;
  #rows: readonly ImportRow[] = [];
  #state: ImportState | undefined;

  constructor(memberId: string, onChange: () => void) {
    this.memberId = memberId;
    this.#onChange = onChange;
  }

  /** Absent: no list was sent yet. */
  get state(): ImportState | undefined {
    return this.#state;
  }

  /** Whether rows are left that the server does not have. */
  get isUnfinished(): boolean {
    return this.#rows.length > 0;
  }

  begin(bureau: Bureau, file: string, rows: readonly ImportRow[]): Promise<void> {
    this.#rows = rows;
    this.#state = { batch: randomId(), file, total: rows.length, done: 0, counted: kNothing, stage: 'sending' };
    return this.send(bureau);
  }

  /** Sends what is left; cut off, it goes on where it stopped. */
  async send(bureau: Bureau): Promise<void> {
    this.#set({ stage: 'sending', trouble: undefined });
    while (this.#rows.length > 0) {
      const part = this.#rows.slice(0, kRowsAtOnce);
      const { batch, done, counted } = this.#state!;
      const got = await bureau.importRows(batch, part);
      if (!got.ok) return this.#set({ stage: 'stopped', trouble: got.code });
      this.#rows = this.#rows.slice(part.length);
      this.#set({ done: done + part.length, counted: add(counted, got.value) });
    }
    this.#set({ stage: 'done' });
  }

  /** Takes back what was sent, part by part; what was not sent is dropped. */
  async undo(bureau: Bureau): Promise<void> {
    const goesOn = this.#state!.stage === 'undo-stopped';
    this.#rows = [];
    this.#set({ stage: 'undoing', trouble: undefined, ...(goesOn ? {} : { total: 0, done: 0, counted: kNothing }) });
    for (let left = 1; left > 0; ) {
      const got = await bureau.undoImport(this.#state!.batch);
      if (!got.ok) return this.#set({ stage: 'undo-stopped', trouble: got.code });
      left = got.value.left;
      const total = Math.max(this.#state!.total, left);
      this.#set({ total, done: total - left, counted: add(this.#state!.counted, got.value) });
    }
    this.#set({ stage: 'undone' });
  }

  #set(change: Partial<ImportState>): void {
    this.#state = { ...this.#state!, ...change };
    this.#onChange();
  }
}

function add(a: Counted, b: Counted): Counted {
  return { kept: a.kept + b.kept, matched: a.matched + b.matched, coloured: a.coloured + b.coloured };
}

/** 16 random bytes as base64url. */
function randomId(): string {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
