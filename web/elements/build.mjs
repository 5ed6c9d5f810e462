// SPDX-License-Identifier: Apache-2.0
// Builds dist/: ES modules, their types, and the reader's WebAssembly file beside them.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ['src/index.ts', 'src/code.ts', 'src/scanner.ts', 'src/texts.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2020',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
copyFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'), `${here}dist/zxing_reader.wasm`);
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', `${here}tsconfig.json`], {
  stdio: 'inherit',
});
