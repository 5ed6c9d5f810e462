// SPDX-License-Identifier: Apache-2.0
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const sdkFolder = join(repository, 'web/sdk');
/** Where CMake links the modules. */
export const wasmFolder = process.env.LIANGMA_WASM ?? join(repository, 'build/wasm');
/** The command line tool. */
export const cli = process.env.LIANGMA_CLI ?? join(repository, 'build/bin/liangma');
