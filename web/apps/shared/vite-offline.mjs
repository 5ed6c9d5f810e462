// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { transformWithEsbuild } from 'vite';

const workerSource = new URL('./service-worker.ts', import.meta.url);

const walletModule = /liangma-(?!gate-)[\w-]+\.wasm$/;
const gateModule = /liangma-gate-[\w-]+\.wasm$/;
const qrReader = /zxing/;

/** Which files an app can do without at its first visit; they are kept once they were used. */
const lazyFiles = {
  wallet: (file) => gateModule.test(file) || qrReader.test(file),
  gate: (file, files) => walletModule.test(file) && files.some((other) => gateModule.test(other)),
};

function publicFiles(folder) {
  if (!folder) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ file: entry.name, content: readFileSync(`${folder}/${entry.name}`) }));
}

/** Adds sw.js with the list of what the app needs to open without a network. */
export function offline(app) {
  let folder = '';
  return {
    name: 'liangma-offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = config.publicDir;
    },
    async generateBundle(_options, bundle) {
      const built = Object.values(bundle).map((one) => ({
        file: one.fileName,
        content: one.type === 'chunk' ? one.code : one.source,
      }));
      const all = [...built, ...publicFiles(folder)].filter((one) => !one.file.endsWith('.map'));
      const hash = createHash('sha256');
      for (const one of all) hash.update(one.file).update(one.content);
      const files = all.map((one) => (one.file === 'index.html' ? './' : one.file)).sort();
      const manifest = {
        version: hash.digest('hex').slice(0, 16),
        files: files.filter((file) => !lazyFiles[app](file, files)),
        lazy: files.filter((file) => lazyFiles[app](file, files)),
      };
      const source = readFileSync(workerSource, 'utf8');
      const worker = await transformWithEsbuild(source, 'service-worker.ts', {
        minify: true,
        target: 'es2020',
        format: 'iife', // a classic worker may not hold an export
      });
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: `self.precache=${JSON.stringify(manifest)};\n${worker.code}`,
      });
    },
  };
}
