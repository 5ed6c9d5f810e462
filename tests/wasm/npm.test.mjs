// SPDX-License-Identifier: Apache-2.0
// The packed tarball, installed into a project of its own: ES modules, CommonJS, types.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repository, sdkFolder } from './support/paths.mjs';

const project = mkdtempSync(join(tmpdir(), 'liangma-consumer-'));
after(() => rmSync(project, { recursive: true, force: true }));

const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: sdkFolder,
    encoding: 'utf8',
  }),
);
cpSync(join(repository, 'tests/install/npm'), project, { recursive: true });
writeFileSync(join(project, 'package.json'), '{ "private": true }');
const quiet = ['--no-audit', '--no-fund', '--offline', '--loglevel=error'];
execFileSync('npm', ['install', ...quiet, `./${packed.filename}`], { cwd: project });

const expected = { state: 'empty', reason: 'trust.missing', said: true };

function runIn(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('ES modules', () => {
  assert.deepEqual(runIn('--disallow-code-generation-from-strings', 'use.mjs'), expected);
});

test('CommonJS', () => {
  assert.deepEqual(runIn('--disallow-code-generation-from-strings', 'use.cjs'), expected);
});

test('types, for bundlers, for Node’s ES modules and for CommonJS', () => {
  const tsc = createRequire(join(sdkFolder, 'package.json')).resolve('typescript/bin/tsc');
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
  cpSync(join(project, 'use.ts'), join(project, 'use.mts'));
  cpSync(join(project, 'use.ts'), join(project, 'use.cts'));
  for (const [file, module, resolution] of [
    ['use.ts', 'esnext', 'bundler'],
    ['use.mts', 'node16', 'node16'],
    ['use.cts', 'node16', 'node16'],
  ]) {
    const run = spawnSync(
      process.execPath,
      [tsc, ...strict, '--module', module, '--moduleResolution', resolution, file],
      {
        cwd: project,
        encoding: 'utf8',
      },
    );
    assert.equal(run.status, 0, `${file}\n${run.stdout}`);
  }
});

test('everything that is named is packed, nothing else is', () => {
  const manifest = JSON.parse(readFileSync(join(sdkFolder, 'package.json'), 'utf8'));
  const named = JSON.stringify(manifest.exports).match(/\.\/dist\/[^"*]+\.[a-z]+/g);
  const files = packed.files.map(({ path }) => `./${path}`);
  for (const path of named) assert.ok(files.includes(path), path);
  const strays = files.filter((path) => !/^\.\/(dist\/|README\.md$|package\.json$)/.test(path));
  assert.deepEqual(strays, []);
  assert.equal(manifest.dependencies, undefined, 'the package needs no other');
  const licences = readdirSync(join(project, 'node_modules/liangma/dist/licences')).sort();
  assert.deepEqual(licences, ['liangma.txt', 'libsodium.txt', 'qrencode.txt', 'tinycbor.txt']);
});

test('no file of the package makes code from strings', () => {
  for (const { path } of packed.files.filter((file) => /\.(c?js|mjs)$/.test(file.path))) {
    const text = readFileSync(join(project, 'node_modules/liangma', path), 'utf8');
    assert.doesNotMatch(text, /\beval\(|new Function\b|Function\(["'`]/, path);
  }
});
