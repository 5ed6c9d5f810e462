// SPDX-License-Identifier: Apache-2.0
import type { Host, WasmFile } from './host.js';
import type { GateModule, WalletModule } from './modules.js';
import type { NativeGateModule, NativeWalletModule } from './native.js';
import { LiangmaError } from './outcome.js';
import { wrapGate, wrapWallet } from './wrap.js';

type Create = (typeof import('liangma-glue:liangma'))['default'];

/**
 * Loads the wallet's module: keys, vault, live code, answers, QR.
 *
 * @throws LiangmaError host.wasm-failed
 */
export async function loadWallet(host: Host): Promise<WalletModule> {
  const glue = await import('liangma-glue:liangma');
  return wrapWallet((await start(host, glue.default, 'liangma.wasm')) as NativeWalletModule);
}

/**
 * Loads the module of those who check.
 *
 * @throws LiangmaError host.wasm-failed
 */
export async function loadGate(host: Host): Promise<GateModule> {
  const glue = await import('liangma-glue:liangma-gate');
  return wrapGate((await start(host, glue.default, 'liangma-gate.wasm')) as NativeGateModule);
}

function start(host: Host, create: Create, file: WasmFile): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new LiangmaError('host.wasm-failed', { cause }));
    create({
      instantiateWasm(imports, receive) {
        host.instantiate(file, imports).then(receive).catch(fail);
        return {};
      },
    }).then((module) => resolve(module), fail);
  });
}
