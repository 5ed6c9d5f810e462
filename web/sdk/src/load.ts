// SPDX-License-Identifier: Apache-2.0
import type { Host, WasmFile } from './host.js';
import type { GateModule, WalletModule } from './modules.js';
import type { NativeGateModule, NativeWalletModule } from './native.js';
import { requireHost } from './guard.js';
import { LiangmaError } from './outcome.js';
import { wrapGate, wrapWallet } from './wrap.js';

/** What a file of the package's js/ folder gives: the module as JavaScript, several times slower. */
export type JsModule = (options: object) => Promise<unknown>;

export interface LoadOptions {
  /** Taken where the host has no WebAssembly, such as `() => require('liangma/js/liangma.js')`. */
  readonly js?: () => JsModule | Promise<JsModule>;
}

/**
 * Loads the wallet's module: keys, vault, live code, answers, QR.
 *
 * @throws LiangmaError host.wasm-failed
 */
export async function loadWallet(host: Host, options: LoadOptions = {}): Promise<WalletModule> {
  const load = () => import('liangma-glue:liangma');
  return wrapWallet((await start(host, load, 'liangma.wasm', options)) as NativeWalletModule);
}

/**
 * Loads the module of those who check.
 *
 * @throws LiangmaError host.wasm-failed
 */
export async function loadGate(host: Host, options: LoadOptions = {}): Promise<GateModule> {
  const load = () => import('liangma-glue:liangma-gate');
  return wrapGate((await start(host, load, 'liangma-gate.wasm', options)) as NativeGateModule);
}

type Glue = typeof import('liangma-glue:liangma');

async function start(host: Host, load: () => Promise<Glue>, file: WasmFile, { js }: LoadOptions): Promise<unknown> {
  requireHost('host', host);
  try {
    if (host.instantiate) return await instantiated(host, (await load()).default, file);
    if (!js) throw new Error('neither WebAssembly nor options.js');
    return await (await js())({});
  } catch (cause) {
    throw new LiangmaError('host.wasm-failed', { cause });
  }
}

function instantiated(host: Host, create: Glue['default'], file: WasmFile): Promise<unknown> {
  return new Promise((resolve, reject) => {
    create({
      instantiateWasm(imports, receive) {
        host.instantiate!(file, imports).then(receive).catch(reject);
        return {};
      },
    }).then((module) => resolve(module), reject);
  });
}
