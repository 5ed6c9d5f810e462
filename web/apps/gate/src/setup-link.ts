// SPDX-License-Identifier: Apache-2.0
import type { Door } from 'liangma';

/** What an owner's link sets, such as "#place=330100&scene=school&code=…". */
export interface Setup {
  readonly door?: Door;
  /** Makes this device a gate that may ask. */
  readonly code?: string;
  readonly listing?: boolean;
}

const patterns = {
  place: /^\d{6}$/,
  scene: /^[a-z0-9:-]{1,32}$/,
  code: /^[0-9A-Za-z]{16}$/,
  list: /^(on|off)$/,
} as const;

/**
 * Reads the fragment of an address.
 *
 * @returns undefined where it sets nothing; "bad" where any of it is not what an owner's link says
 */
export function readSetup(fragment: string): Setup | 'bad' | undefined {
  const named = new Map(new URLSearchParams(fragment.replace(/^#/, '')));
  if (named.size === 0) return undefined;
  for (const [name, value] of named) {
    const pattern = Object.entries(patterns).find(([known]) => known === name)?.[1];
    if (!pattern?.test(value)) return 'bad';
  }
  const [place, scene, code, list] = ['place', 'scene', 'code', 'list'].map((name) => named.get(name));
  if (place !== undefined && scene === undefined) return 'bad';
  return {
    ...(scene === undefined ? {} : { door: { place, scene } }),
    ...(code === undefined ? {} : { code }),
    ...(list === undefined ? {} : { listing: list === 'on' }),
  };
}

/** Takes a setup out of the address, so that a code in it is neither shown nor kept. */
export function takeSetup(): Setup | 'bad' | undefined {
  const setup = readSetup(location.hash);
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return setup;
}
