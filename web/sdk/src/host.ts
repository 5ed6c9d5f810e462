// SPDX-License-Identifier: Apache-2.0

/** Where a host keeps bytes. Each set replaces one value wholly or not at all. */
export interface HostStorage {
  /** @returns undefined where nothing is kept under the key */
  get(key: string): Promise<Uint8Array | undefined>;
  set(key: string, value: Uint8Array): Promise<void>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /** Every key there is. Absent: what is stored cannot be found again once the list of it is damaged. */
  keys?(): Promise<string[]>;
  /**
   * Tells which values others have replaced or removed: other pages that share the storage. Absent: there are none.
   *
   * @returns stops telling
   */
  watch?(listener: (key: string) => void): () => void;
}

export interface HostRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

export interface HostResponse {
  /** 100..599 */
  readonly status: number;
  /** A header's value; undefined where the response has none of that name. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** The files that a host is asked to instantiate. */
export type WasmFile = 'liangma.wasm' | 'liangma-gate.wasm';

/** A WebAssembly.Instance; not every library of types that a team compiles with names it. */
export interface WasmInstance {
  readonly exports: object;
}

/**
 * Everything the package needs from where it runs. Nothing else is taken from the environment.
 */
export interface Host {
  /** "browser", "node", "wx", … */
  readonly name: string;
  /** Instantiates one of the package's WebAssembly files. Absent: the host has no WebAssembly. */
  instantiate?(file: WasmFile, imports: object): Promise<WasmInstance>;
  /** Draws bytes from a cryptographic random source. */
  randomBytes(count: number): Uint8Array | Promise<Uint8Array>;
  /** The device's own clock, Unix milliseconds. */
  now(): number;
  /** Milliseconds since some moment; never goes back, whatever happens to the device's clock. */
  monotonic(): number;
  /**
   * How often the host may have slept so far, its monotonic clock perhaps standing still meanwhile.
   * Absent: unknown.
   */
  suspensions?(): number;
  readonly storage: HostStorage;
  /** Runs one task at a time among all that share the storage. Absent: there is only this one. */
  exclusive?<T>(task: () => Promise<T>): Promise<T>;
  /** 32 bytes that only this device can produce again. The caller wipes them. */
  hostKey(): Promise<Uint8Array>;
  /** Forgets the host key: nothing that was sealed under it opens again. The next hostKey() makes another. */
  forgetHostKey?(): Promise<void>;
  /** Rejects where the server cannot be reached within the host's own time limit. */
  fetch(url: string, request?: HostRequest): Promise<HostResponse>;
}
