// SPDX-License-Identifier: Apache-2.0
// Misuse by the embedding program throws, and names the argument.

export function requireBytes(name: string, value: unknown): Uint8Array {
  // Not instanceof: the bytes of another realm are bytes too.
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
    throw new TypeError(`${name} must be a Uint8Array`);
  }
  return value as Uint8Array;
}

export function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  return value;
}

export function requireBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be a boolean`);
  return value;
}

export function requireObject<T extends object>(name: string, value: T): T {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} must be an object`);
  return value;
}

/** What browserHost(), nodeHost() or wxHost() gives. */
export function requireHost(name: string, value: unknown): void {
  const host = requireObject(name, value as object);
  if (typeof (host as { randomBytes?: unknown }).randomBytes !== 'function') throw new TypeError(`${name} must be a host: it has no randomBytes`);
}

/** A whole number, 0..2^53 - 1. */
export function requireCount(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} must be a whole number, not negative`);
  return value;
}

export function requireTexts(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`);
  return value.map((item, index) => requireText(`${name}[${index}]`, item));
}

/** A division code, GB/T 2260. */
export function requirePlace(name: string, value: unknown): string {
  const place = requireText(name, value);
  if (!/^\d{6}$/.test(place)) throw new RangeError(`${name} must be a division code of six digits`);
  return place;
}

/** Where a server is: text, or a URL. */
export function requireServer(name: string, value: unknown): string {
  const { href } = (value ?? {}) as { readonly href?: unknown };
  const server = typeof value === 'string' ? value : href;
  if (typeof server !== 'string') throw new TypeError(`${name} must be a string or a URL`);
  if (server !== '' && !/^https?:\/\/./.test(server)) throw new TypeError(`${name} must begin with https:// (or http://), or be empty`);
  return server;
}

/** Public keys of 32 bytes; absent: none. */
export function requireRoots(name: string, value: unknown = []): readonly Uint8Array[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`);
  return value.map((root, index) => {
    const key32 = requireBytes(`${name}[${index}]`, root);
    if (key32.length !== 32) throw new RangeError(`${name}[${index}] must have 32 bytes`);
    return key32;
  });
}

/** One of the two modules. @param member  what the other one lacks @param loader  what gives it */
export function requireModule<T extends object>(name: string, value: T, member: keyof T, loader: string): T {
  if (typeof value !== 'object' || value === null || !(member in value))
    throw new TypeError(`${name} must be what await ${loader}() gives`);
  return value;
}
