// SPDX-License-Identifier: Apache-2.0
// The package as built, and hosts to run it on.
import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { sdkFolder } from './paths.mjs';
import { t0 } from './authority.mjs';

export const sdk = await import(pathToFileURL(join(sdkFolder, 'dist/esm/index.js')));
export const { nodeHost } = await import(pathToFileURL(join(sdkFolder, 'dist/esm/node.js')));

export const draw = (count) => new Uint8Array(randomBytes(count));

/** The value of an outcome that has to be one. */
export function valueOf(outcome) {
  if (!outcome.ok) throw new Error(`${outcome.code} ${outcome.detail ?? ''}`);
  return outcome.value;
}

/** A device whose two clocks a test moves: `device` is what its user sees, `world` is what is true. */
export class Clocks {
  constructor(seconds = t0) {
    this.worldMs = seconds * 1000;
    this.deviceOffsetMs = 0;
    this.monotonicMs = 1000;
    this.suspensionCount = 0;
  }

  pass(seconds) {
    this.worldMs += seconds * 1000;
    this.monotonicMs += seconds * 1000;
  }

  /** Time passes while the device sleeps and its monotonic clock stands still. */
  sleep(seconds) {
    this.worldMs += seconds * 1000;
    this.suspensionCount++;
  }

  setDevice(offsetSeconds) {
    this.deviceOffsetMs = offsetSeconds * 1000;
  }

  parts() {
    return {
      now: () => this.worldMs + this.deviceOffsetMs,
      monotonic: () => this.monotonicMs,
      suspensions: () => this.suspensionCount,
    };
  }

  get seconds() {
    return Math.floor(this.worldMs / 1000);
  }
}
