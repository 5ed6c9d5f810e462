// SPDX-License-Identifier: Apache-2.0
// What tests/web/sdk-in-page.test.mjs calls in its page.
import { browserHost, loadGate, loadWallet } from '/web/sdk/dist/esm/index.js';
import { runVectors, vectorFiles } from '/tests/wasm/support/vector-runs.mjs';

window.makeHost = (database) => browserHost({ database });

window.loadFrom = (url) =>
  loadWallet(browserHost({ wasmUrl: () => url })).then(() => [], ({ code, cause }) => [code, cause.message]);

window.runAllVectors = async () => {
  const host = browserHost();
  const read = async (name) => (await fetch(`/tests/vectors/${name}.json`)).json();
  const content = Object.fromEntries(await Promise.all(vectorFiles.map(async (name) => [name, await read(name)])));
  return runVectors({ wallet: await loadWallet(host), gate: await loadGate(host), content });
};

window.addTwentyTimes = async ({ storage, exclusive }) => {
  for (let turn = 0; turn < 20; turn++) {
    await exclusive(async () => {
      const [sum] = (await storage.get('sum')) ?? [0];
      await storage.set('sum', new Uint8Array([sum + 1]));
    });
  }
};

document.documentElement.dataset.ready = '';
