// SPDX-License-Identifier: Apache-2.0
// Measures and prints; tools/bench builds what it needs and calls it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { createChromiumHost } from './chromium-host.mjs';
import {
  bundleNames,
  measureColdStart,
  measureNative,
  measureStacks,
  measureSymbols,
  pureJavaScript,
} from './measurements.mjs';
import { createNodeHost } from './node-host.mjs';
import { asJson, markdown } from './report.mjs';

const sourceFolder = dirname(fileURLToPath(import.meta.url));
const root = join(sourceFolder, '../..');
const bundleFolder = join(root, 'build/bench/js');
const wasmFolder = join(root, 'build/bench-wasm/web');
const program = join(root, 'build/bench/liangma_bench');

const bestPure = { kind: 'atLeastTimes', against: pureJavaScript, text: 'the best pure-JavaScript stack' };
const goals = {
  node: {
    frame: [
      { ...bestPure, limit: 10 },
      { kind: 'atLeastTimes', against: ['libsodium'], text: "libsodium-wrappers' stack", limit: 5 },
    ],
    verify: [{ ...bestPure, limit: 12 }],
  },
  chromium: {
    frame: [{ ...bestPure, limit: 7 }],
    verify: [{ ...bestPure, limit: 3.8 }],
  },
};

const report = (line) => console.error(`bench: ${line}`);
const loadNow = () => loadavg()[0].toFixed(1);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '15' } },
});
const wanted = positionals[0] ?? 'all';
const isWanted = (part) => wanted === 'all' || wanted === part;
const rounds = Number(values.rounds);

async function withHost(host, measure) {
  try {
    return await measure(host);
  } finally {
    await host.close();
  }
}

async function measureAll() {
  const options = { sourceFolder, wasmFolder, outFolder: bundleFolder };
  const bundles = {};
  for (const name of bundleNames) bundles[name] = await bundle(name, options);
  const payload = JSON.parse(execFileSync(join(root, 'build/bench/liangma_bench_payload'), { maxBuffer: 1 << 24 }));
  const shared = { bundles, payload, program, rounds, report };
  const openNode = () => createNodeHost({ sourceFolder, wasmFolder });
  const openChromium = () => createChromiumHost({ bundleFolder, wasmFolder, executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  const cold = (host) => measureColdStart({ ...shared, host, wasmFiles: ['liangma.wasm'] });
  const tables = [];

  if (isWanted('node')) tables.push(...(await withHost(openNode(), (host) => measureStacks({ ...shared, host, goals: goals.node }))));
  if (isWanted('chromium'))
    tables.push(...(await withHost(await openChromium(), (host) => measureStacks({ ...shared, host, goals: goals.chromium }))));
  if (isWanted('cold')) tables.push(await withHost(openNode(), cold), await withHost(await openChromium(), cold));
  if (isWanted('qr')) tables.push(await withHost(openNode(), (host) => measureSymbols({ ...shared, host })));
  if (isWanted('native')) tables.push(...(await measureNative(shared)));
  return tables;
}

const loadBefore = loadNow();
const tables = await measureAll();
const environment = {
  processor: cpus()[0].model,
  cores: cpus().length,
  loadBefore,
  loadAfter: loadNow(),
  node: process.version,
};
process.stdout.write(markdown({ environment, tables }));
if (values.json) writeFileSync(values.json, asJson({ environment, tables }));
