// SPDX-License-Identifier: Apache-2.0
import type { HostStorage } from '../host.js';

/** Storage that is gone with the process. */
export function memoryStorage(): HostStorage {
  const values = new Map<string, Uint8Array>();
  return {
    get: async (key) => values.get(key)?.slice(),
    set: async (key, value) => void values.set(key, value.slice()),
    remove: async (key) => void values.delete(key),
    keys: async () => [...values.keys()],
  };
}
