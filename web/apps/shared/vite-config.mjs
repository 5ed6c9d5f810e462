// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { compress } from './vite-compress.mjs';
import { offline } from './vite-offline.mjs';

/**
 * The build of one app: static files below build/web/, which any folder of any server may hold.
 *
 * @param worksOffline  adds a service worker
 */
export function appConfig(configUrl, name, { worksOffline = true } = {}) {
  return {
    root: fileURLToPath(new URL('.', configUrl)),
    base: './',
    build: {
      outDir: process.env.LIANGMA_WEB_OUT
        ? `${process.env.LIANGMA_WEB_OUT}/${name}`
        : fileURLToPath(new URL(`../../../build/web/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2020',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    plugins: [worksOffline && offline(name), compress()],
  };
}
