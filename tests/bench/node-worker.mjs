// SPDX-License-Identifier: Apache-2.0
// One contender in a Node process of its own: node-worker.mjs BUNDLE WASM_FOLDER, driven over IPC.
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { Script } from 'node:vm';

globalThis.crypto ??= webcrypto; // Node 18

const [bundle, wasmFolder] = process.argv.slice(2);
const source = readFileSync(bundle, 'utf8');
const readWasm = (files) => Object.fromEntries(files.map((file) => [file, readFileSync(join(wasmFolder, file))]));

function evaluate() {
  new Script(source, { filename: bundle }).runInThisContext();
  return globalThis.liangmaBench.harness;
}

let harness;

const methods = {
  async open(json) {
    harness = evaluate();
    await harness.open(json, readWasm(harness.wasmFiles));
  },
  run: (task, slices) => harness.run(task, slices),
  show: (json) => harness.show(json),
  /** Milliseconds from bytes in memory to the first frame. */
  async cold(json, wasmFiles) {
    const wasm = readWasm(wasmFiles);
    const begun = performance.now();
    const text = await evaluate().begin(json, wasm);
    return { milliseconds: performance.now() - begun, text };
  },
  /** Symbols of every version and level, from the module itself. */
  symbols: (requests) => requests.map(({ text, level, version }) => harness.drawSymbol(text, level, version)),
};

process.on('message', async ({ method, args }) => {
  try {
    process.send({ value: await methods[method](...args) });
  } catch (error) {
    process.send({ error: error?.stack ?? String(error) });
  }
});
