// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import type { Host, HostRequest, HostResponse } from '../host.js';
import { memoryStorage } from './memory-storage.js';

const timeoutMs = 15_000;

/** Makes a host for Node: storage and host key last as long as the process, unless `parts` holds others. */
export function nodeHost(parts: Partial<Host> = {}): Host {
  const hostKey32 = webcrypto.getRandomValues(new Uint8Array(32));
  return {
    name: 'node',
    async instantiate(file, imports) {
      const bytes = new Uint8Array(await readFile(new URL(`../wasm/${file}`, import.meta.url)));
      return (await WebAssembly.instantiate(bytes, imports as WebAssembly.Imports)).instance;
    },
    randomBytes: (count) => webcrypto.getRandomValues(new Uint8Array(count)),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    storage: memoryStorage(),
    hostKey: async () => hostKey32.slice(),
    fetch: send,
    ...parts,
  };
}

async function send(url: string, request: HostRequest = {}): Promise<HostResponse> {
  const response = await fetch(url, {
    ...request,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
}
