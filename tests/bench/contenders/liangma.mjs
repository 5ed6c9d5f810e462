// SPDX-License-Identifier: Apache-2.0
// Ours: the wallet's module, the gate's, and for issuing (which no shipped module does) one of the same core.
import createBench from 'liangma-wasm/liangma-bench.mjs';
import createGate from 'liangma-wasm/liangma-gate.mjs';
import { load, demand, contender as wallet } from './liangma-wallet.mjs';

export const contender = {
  ...wallet,
  wasmFiles: ['liangma.wasm', 'liangma-gate.wasm', 'liangma-bench.wasm'],

  async openGate({ trustList, rootPublic, now }, wasm) {
    const module = await load(createGate, wasm['liangma-gate.wasm']);
    const trust = demand(module.Trust.open(trustList, [rootPublic], 0, now));
    return { verify: (text, time) => module.verify(text, { trust, now: time }) };
  },

  async openIssuer({ claims, issuerSeed, devicePublic }, wasm) {
    const module = await load(createBench, wasm['liangma-bench.wasm']);
    const key = demand(module.IssuerKey.fromSeed(issuerSeed));
    const stated = { ...claims, deviceKey: devicePublic };
    return {
      issue: (drawn) => demand(key.issue(stated, drawn)),
      /** A symbol of any version and level, for the comparison with stock libqrencode. */
      drawSymbol: (text, level, version) => demand(module.drawSymbol(text, level, version)),
    };
  },
};
