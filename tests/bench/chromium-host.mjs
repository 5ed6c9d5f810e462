// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';

const headers = {
  // An isolated page's clock ticks in 5 microseconds instead of 100.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What the page does; the same as node-worker.mjs. Runs in the page. */
function installMethods() {
  const fetchBytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const fetchWasm = async (files) =>
    Object.fromEntries(await Promise.all(files.map(async (file) => [file, await fetchBytes(`wasm/${file}`)])));
  const evaluate = (source) => {
    (0, eval)(source);
    return globalThis.liangmaBench.harness;
  };
  let harness;
  globalThis.benchMethods = {
    async open(json, bundle) {
      harness = evaluate(await (await fetch(`bundle/${bundle}`)).text());
      await harness.open(json, await fetchWasm(harness.wasmFiles));
    },
    run: (task, slices) => harness.run(task, slices),
    show: (json) => harness.show(json),
    async cold(json, wasmFiles, bundle) {
      const wasm = await fetchWasm(wasmFiles);
      const source = await (await fetch(`bundle/${bundle}`)).text();
      const begun = performance.now();
      const text = await evaluate(source).begin(json, wasm);
      return { milliseconds: performance.now() - begun, text };
    },
  };
}

/** A contender in a page, and so a renderer process, of its own. */
class Subject {
  #context;
  #page;
  #bundle;

  constructor(context, page, bundle) {
    this.#context = context;
    this.#page = page;
    this.#bundle = bundle;
  }

  call(method, ...args) {
    const all = ['open', 'cold'].includes(method) ? [...args, this.#bundle] : args;
    return this.#page.evaluate(([name, values]) => globalThis.benchMethods[name](...values), [method, all]);
  }

  close() {
    return this.#context.close();
  }
}

function serve({ bundleFolder, wasmFolder }) {
  const server = createServer((request, response) => {
    const [, folder, file] = request.url.split('/');
    const path = { bundle: join(bundleFolder, file ?? ''), wasm: join(wasmFolder, file ?? '') }[folder];
    response.writeHead(200, { ...headers, 'Content-Type': path ? 'application/octet-stream' : 'text/html' });
    response.end(path ? readFileSync(path) : '<!doctype html><title>bench</title>');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

export async function createChromiumHost({ bundleFolder, wasmFolder, executablePath }) {
  const server = await serve({ bundleFolder, wasmFolder });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-renderer-backgrounding', '--disable-background-timer-throttling'],
  });
  return {
    id: 'chromium',
    title: `Chromium ${browser.version()}`,
    async start(bundle) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.evaluate(installMethods);
      return new Subject(context, page, basename(bundle));
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
