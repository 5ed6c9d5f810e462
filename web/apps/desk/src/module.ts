// SPDX-License-Identifier: Apache-2.0
import { browserHost, loadGate, type GateModule } from 'liangma';

export const host = browserHost({ database: 'liangma-desk' });

let loading: Promise<GateModule> | undefined;

/** What draws the symbols and reads the trust list; loaded once. @throws LiangmaError host.wasm-failed, and tries anew when it is asked again */
export function gateModule(): Promise<GateModule> {
  loading ??= loadGate(host).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
