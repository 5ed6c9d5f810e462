// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** One script for Node and Chromium alike; it leaves its harness in `liangmaBench`. */
export async function bundle(name, { sourceFolder, wasmFolder, outFolder }) {
  mkdirSync(outFolder, { recursive: true });
  const outfile = join(outFolder, `${name}.js`);
  await build({
    stdin: {
      contents: `import { contender } from './contenders/${name}.mjs';
        import { createHarness } from './harness.mjs';
        export const harness = createHarness(contender);`,
      resolveDir: sourceFolder,
    },
    alias: { 'liangma-wasm': wasmFolder },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'liangmaBench',
    platform: 'browser',
    target: 'es2020',
    supported: { 'top-level-await': true },
    logLevel: 'error',
    outfile,
  });
  return outfile;
}
