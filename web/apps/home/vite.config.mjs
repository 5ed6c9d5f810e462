// SPDX-License-Identifier: Apache-2.0
import { appConfig } from '../shared/vite-config.mjs';

const base = appConfig(import.meta.url, '.', { worksOffline: false });

/** The front page lies beside the other apps' folders, which it must not empty. */
export default {
  ...base,
  plugins: [],
  build: {
    ...base.build,
    emptyOutDir: false,
    rollupOptions: {
      output: {
        entryFileNames: 'home/[name].js',
        chunkFileNames: 'home/[name].js',
        assetFileNames: 'home/[name][extname]',
      },
    },
  },
};
