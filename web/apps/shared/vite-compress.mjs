// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const kinds = /\.(html|js|css|svg|wasm|webmanifest|json)$/;
const kWorthwhileBytes = 1024;

/** Writes a `.br` beside each text and WebAssembly file, for servers that send what is packed already. */
export function compress() {
  let folder = '';
  return {
    name: 'liangma-compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
        if (entry.isFile() && kinds.test(entry.name)) pack(join(entry.parentPath ?? entry.path, entry.name));
      }
    },
  };
}

function pack(file) {
  const content = readFileSync(file);
  if (content.length < kWorthwhileBytes) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
}
