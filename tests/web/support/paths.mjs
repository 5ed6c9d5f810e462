// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
const requireFromWeb = createRequire(join(repository, 'web/package.json'));

/** A package that web/ depends on: this folder has none of its own. */
export function importFromWeb(name) {
  return import(pathToFileURL(requireFromWeb.resolve(name)).href);
}

export function resolveFromWeb(name) {
  return requireFromWeb.resolve(name);
}

/** A program that tools/build has left in build/bin; LIANGMA_BIN names another folder. */
export function program(name) {
  const path = join(process.env.LIANGMA_BIN ?? join(repository, 'build/bin'), name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run tools/build first`);
  return path;
}

/** A file of the outside vectors; undefined where they are not on this machine. */
export function vector(path) {
  const file = join(process.env.LIANGMA_VECTORS ?? join(repository, '../shared/vectors'), path);
  return existsSync(file) ? file : undefined;
}

export const builtApps = process.env.LIANGMA_WEB_OUT ?? join(repository, 'build/web');
