// SPDX-License-Identifier: Apache-2.0
import type { HostStorage } from '../host.js';

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

export function browserStorage(database: Promise<IDBDatabase>): HostStorage {
  return {
    get: async (key) => (await read(await database, valueStore, key)) as Uint8Array | undefined,
    set: async (key, value) => write(await database, (store) => store.put(value, key)),
    remove: async (key) => write(await database, (store) => store.delete(key)),
  };
}

/** Gives the host key, made at the first call. */
export async function readOrCreateHostKey(database: IDBDatabase): Promise<Uint8Array> {
  const kept = (await read(database, keyStore, hostKeyName)) as WrappedKey | undefined;
  const { wrapping, iv, wrapped } = kept ?? (await keepFirst(database, await makeKey()));
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, wrapped));
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

function write(database: IDBDatabase, change: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(valueStore, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(valueStore));
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}
