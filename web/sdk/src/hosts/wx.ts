// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, toBase64Url, toUtf8 } from '../bytes.js';
import type { Host, HostResponse, HostStorage, WasmFile, WasmInstance } from '../host.js';
import { LiangmaError } from '../outcome.js';

interface Callbacks<R> {
  success(result: R): void;
  fail(error: { readonly errMsg?: string }): void;
}

/** What is used of WeChat's `wx`. */
export interface WxApi {
  getRandomValues(options: { length: number } & Callbacks<{ readonly randomValues: ArrayBuffer }>): void;
  setStorage(options: { key: string; data: string; encrypt?: boolean } & Callbacks<unknown>): void;
  getStorage(options: { key: string; encrypt?: boolean } & Callbacks<{ readonly data: unknown }>): void;
  removeStorage?(options: { key: string } & Callbacks<unknown>): void;
  request?(
    options: {
      url: string;
      method: 'GET' | 'POST';
      header: { readonly [name: string]: string };
      data?: string;
      responseType: 'arraybuffer';
      timeout: number;
    } & Callbacks<{
      readonly statusCode: number;
      readonly header?: { readonly [name: string]: string };
      readonly data: ArrayBuffer | string;
    }>,
  ): void;
  onAppShow?(listener: () => void): void;
}

/** WeChat's `WXWebAssembly`: takes the path of a file of the mini-program, never bytes. */
export interface WxWebAssembly {
  /** Versions of WeChat differ: the instance comes alone, or as that of WebAssembly.instantiate(). */
  instantiate(path: string, imports: object): Promise<WasmInstance | { readonly instance: WasmInstance }>;
}

export interface WxHostOptions {
  /** The folder of the mini-program that holds the WebAssembly files, such as "/liangma/". */
  readonly wasmFolder?: string;
}

const timeoutMs = 15_000;
const hostKeyName = 'liangma/host-key';

/**
 * Makes the host of a WeChat mini-program.
 *
 * @param wxWebAssembly  undefined where WeChat is too old to have it: then loadWallet() needs `options.js`
 */
export function wxHost(wx: WxApi, wxWebAssembly: WxWebAssembly | undefined, options: WxHostOptions = {}): Host {
  let suspensions = 0;
  wx.onAppShow?.(() => suspensions++);
  const folder = options.wasmFolder ?? '/liangma/';
  return {
    name: 'wx',
    ...(wxWebAssembly && {
      instantiate: async (file: WasmFile, imports: object) => {
        const made = await wxWebAssembly.instantiate(folder + file, imports);
        return 'instance' in made ? made.instance : made;
      },
    }),
    randomBytes: (count) => randomBytes(wx, count),
    now: () => Date.now(),
    monotonic: neverBack(() => Date.now()),
    suspensions: () => suspensions,
    storage: wxStorage(wx, false),
    hostKey: () => hostKey(wx),
    fetch: (url, request = {}) => send(wx, url, request),
  };
}

async function randomBytes(wx: WxApi, length: number): Promise<Uint8Array> {
  try {
    const { randomValues } = await promised<{ randomValues: ArrayBuffer }>((callbacks) =>
      wx.getRandomValues({ length, ...callbacks }),
    );
    return new Uint8Array(randomValues);
  } catch (cause) {
    throw new LiangmaError('misuse.entropy-missing', { cause });
  }
}

/** A mini-program has no monotonic clock: this one stands still while the device's is set back. */
function neverBack(read: () => number): () => number {
  let last = read();
  let lost = 0;
  return () => {
    const now = read();
    if (now + lost < last) lost = last - now;
    last = now + lost;
    return last;
  };
}

/** Text is what every version of WeChat keeps and encrypts. */
function wxStorage(wx: WxApi, encrypt: boolean): HostStorage {
  const mode = encrypt ? { encrypt } : {};
  return {
    async get(key) {
      const data = await promised<{ data: unknown }>((callbacks) =>
        wx.getStorage({ key, ...mode, ...callbacks }),
      ).catch((error: { errMsg?: string }) => {
        if (/not found/i.test(error?.errMsg ?? '')) return { data: undefined };
        throw error;
      });
      return typeof data.data === 'string' && data.data !== '' ? fromBase64Url(data.data) : undefined;
    },
    async set(key, value) {
      await promised((callbacks) => wx.setStorage({ key, data: toBase64Url(value), ...mode, ...callbacks }));
    },
    async remove(key) {
      await promised((callbacks) =>
        wx.removeStorage
          ? wx.removeStorage({ key, ...callbacks })
          : wx.setStorage({ key, data: '', ...callbacks }),
      );
    },
  };
}

/** The super-app's encrypted storage holds the key: copied files alone do not open it. */
async function hostKey(wx: WxApi): Promise<Uint8Array> {
  const storage = wxStorage(wx, true);
  const kept = await storage.get(hostKeyName);
  if (kept?.length === 32) return kept;
  const fresh = await randomBytes(wx, 32);
  await storage.set(hostKeyName, fresh);
  return fresh;
}

async function send(
  wx: WxApi,
  url: string,
  request: Parameters<Host['fetch']>[1] = {},
): Promise<HostResponse> {
  const { method = 'GET', headers = {}, body } = request;
  const result = await promised<{
    statusCode: number;
    header?: { [name: string]: string };
    data: ArrayBuffer | string;
  }>((callbacks) => {
    if (!wx.request) throw new Error('wx.request is missing');
    const data = body === undefined ? {} : { data: body };
    wx.request({
      url,
      method,
      header: headers,
      ...data,
      responseType: 'arraybuffer',
      timeout: timeoutMs,
      ...callbacks,
    });
  });
  const fields = new Map(
    Object.entries(result.header ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    status: result.statusCode,
    header: (name) => fields.get(name.toLowerCase()),
    body: typeof result.data === 'string' ? toUtf8(result.data) : new Uint8Array(result.data),
  };
}

function promised<R>(call: (callbacks: Callbacks<R>) => void): Promise<R> {
  return new Promise((resolve, reject) => call({ success: resolve, fail: reject }));
}
