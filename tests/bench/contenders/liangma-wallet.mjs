// SPDX-License-Identifier: Apache-2.0
// The wallet's module as it is shipped.
import createLiangma from 'liangma-wasm/liangma.mjs';

export function load(create, wasm) {
  return create({
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(wasm, imports).then(({ instance, module }) => receive(instance, module));
      return {};
    },
  });
}

export function demand(outcome) {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value;
}

export const contender = {
  wasmFiles: ['liangma.wasm'],

  async openHolder({ credential, deviceKeySealed, hostKey }, wasm) {
    const module = await load(createLiangma, wasm['liangma.wasm']);
    const deviceKey = demand(module.DeviceKey.openHost(deviceKeySealed, hostKey));
    const held = demand(module.Credential.parse(credential));
    return {
      frame(now) {
        const { text, sizeModules, modules } = demand(module.makeLiveFrame(held, deviceKey, now, true));
        return { text, symbol: { sizeModules, modules } };
      },
      draw: (text) => demand(module.makeQrSymbol(text)),
    };
  },

  modules: ({ sizeModules, modules }) => ({ sizeModules, dark: (x, y) => modules[y * sizeModules + x] === 1 }),
};
