// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

function program(variable, name) {
  const path = process.env[variable] ?? `${root}build/dev/bin/${name}`;
  if (!existsSync(path)) throw new Error(`${path} is missing: build it, or name another in ${variable}`);
  return path;
}

/** What is tested, and what plays the phone. */
export const programs = {
  server: program('LIANGMA_SERVER', 'liangma-server'),
  resident: program('LIANGMA_RESIDENT', 'liangma-server-resident'),
};
