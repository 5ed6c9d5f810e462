// SPDX-License-Identifier: Apache-2.0
import type { ColourId, DecisionId } from 'liangma';

/** Somebody who has shown a code here. */
export interface Entry {
  /** Unix seconds. */
  readonly at: number;
  readonly decision: DecisionId;
  readonly colour: ColourId;
  readonly region: string;
  readonly maskedName: string;
  readonly idTail: string;
  /** What a guest has left with consent. */
  readonly fullName?: string;
  readonly phone?: string;
}

interface StoredKey {
  /** AES-GCM, not extractable: scripts can use it, not read it. */
  readonly key: CryptoKey;
  /** The day on which the key is destroyed, such as "2026-03-26". */
  readonly until: string;
}

interface StoredEntry {
  readonly day: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

const database = 'liangma-gate-book';

/** The local day of a moment, such as "2026-03-12". @param seconds  Unix seconds */
export function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function addDays(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('keys');
    opening.result.createObjectStore('entries', { autoIncrement: true }).createIndex('day', 'day');
  };
  return promised(opening);
}

/**
 * Who has shown a code at this door, day by day. Each day has a key of its own under which its entries are sealed;
 * when the day's time is over the key is destroyed together with them, so that no copy of their bytes opens again.
 */
export class DayBook {
  readonly #database: Promise<IDBDatabase> = openDatabase();

  /**
   * Keeps one entry.
   *
   * @param days  how many days it may be kept, 1..60; what a day was begun with holds for all of it
   */
  async add(entry: Entry, days: number): Promise<void> {
    const day = dayOf(entry.at);
    const { key } = await this.#keyOf(day, days);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: label(day) }, key, text);
    const transaction = (await this.#database).transaction(['keys', 'entries'], 'readwrite');
    // Nothing is left behind that a sweep in another window has just taken the key of.
    const kept = await promised(transaction.objectStore('keys').getKey(day));
    if (kept !== undefined) transaction.objectStore('entries').add({ day, iv, sealed } satisfies StoredEntry);
    await done(transaction);
  }

  /** The entries of a day, the oldest first. */
  async read(day: string): Promise<Entry[]> {
    const transaction = (await this.#database).transaction(['keys', 'entries']);
    const key = promised(transaction.objectStore('keys').get(day) as IDBRequest<StoredKey | undefined>);
    const stored = promised(transaction.objectStore('entries').index('day').getAll(day) as IDBRequest<StoredEntry[]>);
    const held = await key;
    if (!held) return [];
    return Promise.all((await stored).map((entry) => unseal(held.key, entry)));
  }

  /** The days that there are entries of, the newest first. */
  async days(): Promise<string[]> {
    const transaction = (await this.#database).transaction('keys');
    const keys = await promised(transaction.objectStore('keys').getAllKeys());
    return keys.map(String).sort().reverse();
  }

  /** Destroys the keys of the days whose time is over, and their entries. @param today  such as "2026-03-26" */
  async sweep(today: string): Promise<void> {
    const transaction = (await this.#database).transaction(['keys', 'entries'], 'readwrite');
    const cursor = transaction.objectStore('keys').openCursor();
    cursor.onsuccess = () => {
      const at = cursor.result;
      if (!at) return;
      if ((at.value as StoredKey).until <= today) this.#destroy(transaction, String(at.key));
      at.continue();
    };
    await done(transaction);
  }

  #destroy(transaction: IDBTransaction, day: string): void {
    transaction.objectStore('keys').delete(day);
    const cursor = transaction.objectStore('entries').index('day').openCursor(day);
    cursor.onsuccess = () => {
      cursor.result?.delete();
      cursor.result?.continue();
    };
  }

  async #keyOf(day: string, days: number): Promise<StoredKey> {
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const transaction = (await this.#database).transaction('keys', 'readwrite');
    const keys = transaction.objectStore('keys');
    const kept = (await promised(keys.get(day))) as StoredKey | undefined;
    const held: StoredKey = kept ?? { key: made, until: addDays(day, days) };
    if (!kept) keys.put(held, day);
    await done(transaction);
    return held;
  }
}

/** Ties an entry to its day. */
function label(day: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(day));
}

async function unseal(key: CryptoKey, { day, iv, sealed }: StoredEntry): Promise<Entry> {
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: label(day) }, key, sealed);
  return JSON.parse(new TextDecoder().decode(text)) as Entry;
}

/** One line a person, the last showing of each; the newest first. */
export function lastOfEach(entries: readonly Entry[]): Entry[] {
  const people = new Map<string, Entry>();
  for (const entry of entries) {
    const who = `${entry.region} ${entry.maskedName} ${entry.idTail}`;
    people.set(who, { ...people.get(who), ...entry });
  }
  return [...people.values()].sort((one, other) => other.at - one.at);
}
