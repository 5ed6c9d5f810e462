// SPDX-License-Identifier: Apache-2.0
// Runs the `liangma` command on files in a scratch folder. LIANGMA_BIN names another binary than build/bin/liangma.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { x25519 } from '@noble/curves/ed25519';
import { publicKeyOf } from './cose.mjs';
import { PUBLIC, SEAL_SECRET, SEEDS } from './fixture.mjs';

const binary = process.env.LIANGMA_BIN ?? fileURLToPath(new URL('../../../build/bin/liangma', import.meta.url));
if (!existsSync(binary)) throw new Error(`${binary} is missing: run tools/build first`);
const folder = mkdtempSync(join(tmpdir(), 'liangma-judge-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
export const MEMBERS = ['fullName', 'idType', 'idNumber', 'phone', 'birthDate', 'sex', 'insuredRegion', 'cardNumber'];
export const COLOURS = ['pending', 'green', 'yellow', 'red'];
export const wantedNames = (keys) => keys.map((key) => MEMBERS[key - 1]).join(',');
export const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** Writes a file of the scratch folder; returns its path. */
export function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** Runs a command: `{status, stdout, stderr}`. A death by signal is a fault. */
export function liangma(args, input = '') {
  const { status, signal, stdout, stderr } = spawnSync(binary, args, { input, cwd: folder, encoding: 'utf8' });
  if (signal) throw new Error(`liangma ${args[0]} died of ${signal}`);
  return { status, stdout, stderr };
}

/** Runs a command that has to succeed; returns what it printed. */
export function produce(args, input) {
  const { status, stdout, stderr } = liangma(args, input);
  if (status !== 0) throw new Error(`liangma ${args.join(' ')}: ${status} ${stderr}`);
  return stdout.trim();
}

const jwk = (crv, x, d) => JSON.stringify({ kty: 'OKP', crv, x: base64url(x), d: base64url(d) });
export const keyFile = (name, seed) => file(name, jwk('Ed25519', publicKeyOf(seed), seed));
export const KEY_FILES = Object.fromEntries(Object.entries(SEEDS).map(([name, seed]) => [name, keyFile(`${name}.json`, seed)]));
export const SEAL_FILE = file('seal.json', jwk('X25519', x25519.getPublicKey(SEAL_SECRET), SEAL_SECRET));

/** What a verifier keeps: pinned roots, highest version, the list. */
export const trustFile = (name, bytes, { roots = [PUBLIC.root], version = 7 } = {}) =>
  file(name, JSON.stringify({ roots: roots.map(base64url), version, list: base64url(bytes) }));

/** `--wanted` of members; nothing where none is wanted. */
export const wantedArgs = (option, keys) => (keys.length ? [option, wantedNames(keys)] : []);

const expectedArgs = (expected) => (expected ? ['--aud', expected.id, '--nonce', hex(expected.nonce),
  ...wantedArgs('--wanted', expected.wanted)] : []);

/** The bytes of a file that a command wrote. */
export const bytesOf = (name) => Uint8Array.from(readFileSync(join(folder, name)));

/** The id with which a command refused; null where it did not. */
export function refusalOf({ status, stdout, stderr }) {
  if (status === 0) return null;
  const found = /"(?:error|reason)":"([a-z0-9.-]+)"/.exec(stdout);
  if (!found) throw new Error(`no id in ${stdout} ${stderr}`);
  return found[1];
}

/** `liangma verify --json`: its one line, parsed, with the exit status. */
export function cliVerify(text, { trust, now, scene, expected }) {
  const args = ['verify', '--json', '--trust', trust, '--now', String(now), ...(scene ? ['--scene', scene] : [])];
  const { status, stdout, stderr } = liangma([...args, ...expectedArgs(expected), '-'], text);
  if (!stdout.startsWith('{"verdict"')) throw new Error(`liangma verify: ${status} ${stdout} ${stderr}`);
  return { status, ...JSON.parse(stdout) };
}
