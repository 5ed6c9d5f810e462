// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { program } from './paths.mjs';

/** Runs `liangma` and reads what it prints as JSON. */
export function liangma(...args) {
  const { stdout, stderr, status } = spawnSync(program('liangma'), args, { encoding: 'utf8' });
  try {
    return { status, ...JSON.parse(stdout) };
  } catch {
    return { status, text: stdout.trim(), trouble: stderr };
  }
}

/** `liangma verify`. @param now  Unix seconds; absent: this machine's clock */
export function verify(text, { trust, now, scene } = {}) {
  const at = now === undefined ? [] : ['--now', String(now)];
  const where = scene === undefined ? [] : ['--scene', scene];
  return liangma('verify', '--trust', trust, ...at, ...where, '--json', text);
}
