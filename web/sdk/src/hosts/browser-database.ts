// SPDX-License-Identifier: Apache-2.0
import type { HostStorage } from '../host.js';
import { LiangmaError } from '../outcome.js';

const valueStore = 'values';
const keyStore = 'keys';
const hostKeyName = 'host-key';

/** The host key as kept: under a key that WebCrypto holds and never hands out. */
interface WrappedKey {
  readonly wrapping: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: ArrayBuffer;
}

export function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(valueStore);
      request.result.createObjectStore(keyStore);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => undefined); // whoever uses it is told
  return opening;
}

/** @param channel  tells the other pages that share the database */
export function browserStorage(database: Promise<IDBDatabase>, channel: BroadcastChannel | undefined): HostStorage {
  return {
    get: async (key) => asBytes(await read(await database, valueStore, key)),
    async set(key, value) {
      await write(await database, valueStore, (store) => store.put(value, key));
      channel?.postMessage(key);
    },
    async remove(key) {
      await write(await database, valueStore, (store) => store.delete(key));
      channel?.postMessage(key);
    },
    watch(listener) {
      const tell = ({ data }: MessageEvent): void => listener(String(data));
      channel?.addEventListener('message', tell);
      return () => channel?.removeEventListener('message', tell);
    },
    keys: async () => (await allKeys(await database)).map(String),
  };
}

/** What is no bytes was not put there by this package: as good as damaged. */
function asBytes(value: unknown): Uint8Array | undefined {
  return value === undefined || value instanceof Uint8Array ? value : new Uint8Array();
}

/** Gives the host key, made at the first call. */
export async function readOrCreateHostKey(database: IDBDatabase): Promise<Uint8Array> {
  const kept = (await read(database, keyStore, hostKeyName)) as WrappedKey | undefined;
  const { wrapping, iv, wrapped } = kept ?? (await keepFirst(database, await makeKey()));
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, wrapped));
  } catch (cause) {
    throw new LiangmaError('storage.damaged', { cause });
  }
}

export function removeHostKey(database: IDBDatabase): Promise<void> {
  return write(database, keyStore, (store) => store.delete(hostKeyName));
}

async function makeKey(): Promise<WrappedKey> {
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const hostKey32 = crypto.getRandomValues(new Uint8Array(32));
  const wrapped = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, hostKey32);
  hostKey32.fill(0);
  return { wrapping, iv, wrapped };
}

/** Keeps the key, unless another tab has kept one first. @returns the one that is kept */
function keepFirst(database: IDBDatabase, fresh: WrappedKey): Promise<WrappedKey> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(keyStore, 'readwrite', { durability: 'strict' });
    const store = transaction.objectStore(keyStore);
    const present = store.get(hostKeyName);
    let kept = fresh;
    present.onsuccess = () => {
      if (present.result) kept = present.result as WrappedKey;
      else store.put(fresh, hostKeyName);
    };
    transaction.oncomplete = () => resolve(kept);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

function read(database: IDBDatabase, store: string, key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(store).objectStore(store).get(key);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function allKeys(database: IDBDatabase): Promise<IDBValidKey[]> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(valueStore).objectStore(valueStore).getAllKeys();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function write(database: IDBDatabase, store: string, change: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(store));
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}
