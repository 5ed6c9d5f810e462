// SPDX-License-Identifier: Apache-2.0
import type { Host, HostRequest, HostResponse, WasmFile } from '../host.js';
import { LiangmaError } from '../outcome.js';
import { browserStorage, openDatabase, readOrCreateHostKey, removeHostKey } from './browser-database.js';

const timeoutMs = 15_000;

export interface BrowserHostOptions {
  /** Where the WebAssembly files are, if not beside the package's own scripts. */
  readonly wasmUrl?: (file: WasmFile) => string | URL;
  /** The IndexedDB database's name. */
  readonly database?: string;
}

/** Makes the host of a page or worker: IndexedDB, WebCrypto, fetch. */
export function browserHost(options: BrowserHostOptions = {}): Host {
  let suspensions = 0;
  globalThis.document?.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') suspensions++;
  });
  const name = options.database ?? 'liangma';
  const database = openDatabase(name);
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`liangma/${name}`);
  (channel as { unref?(): void } | undefined)?.unref?.(); // in Node it would keep the process alive
  return {
    name: 'browser',
    ...(typeof WebAssembly === 'object' && {
      instantiate: (file: WasmFile, imports: object) =>
        instantiate((options.wasmUrl ?? wasmUrl)(file), imports as WebAssembly.Imports),
    }),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    suspensions: () => suspensions,
    storage: browserStorage(database, channel),
    exclusive: (task) => exclusive(name, task),
    hostKey: () => hostKey(database),
    forgetHostKey: async () => removeHostKey(await database),
    fetch: send,
  };
}

/** Written out one by one, because that is how bundlers find the files. */
function wasmUrl(file: WasmFile): URL {
  return file === 'liangma.wasm'
    ? new URL('../wasm/liangma.wasm', import.meta.url)
    : new URL('../wasm/liangma-gate.wasm', import.meta.url);
}

async function instantiate(url: string | URL, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  try {
    return await fetchInstance(url, imports);
  } catch (cause) {
    throw new Error(`${String(url)} could not be loaded: ${String(cause)}`);
  }
}

async function fetchInstance(url: string | URL, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`http ${response.status}`);
  const isTyped = response.headers.get('Content-Type')?.startsWith('application/wasm');
  const made = isTyped
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return made.instance;
}

async function exclusive<T>(name: string, task: () => Promise<T>): Promise<T> {
  return navigator.locks ? ((await navigator.locks.request(name, task)) as T) : task();
}

async function hostKey(database: Promise<IDBDatabase>): Promise<Uint8Array> {
  if (!globalThis.crypto?.subtle) throw new LiangmaError('host.not-secure');
  return readOrCreateHostKey(await database);
}

async function send(url: string, request: HostRequest = {}): Promise<HostResponse> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      ...request,
      cache: 'no-cache',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: stop.signal,
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
  } finally {
    clearTimeout(timer);
  }
}
