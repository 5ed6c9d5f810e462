// SPDX-License-Identifier: Apache-2.0
// Builds dist/: types, ES modules, CommonJS, the mini-program lane, WebAssembly files, their JavaScript builds and text catalogs.
//   node build.mjs [--wasm FOLDER]    FOLDER holds web/, wx/ and js/, as linked by CMake; default: build/wasm
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../..');
const dist = join(here, 'dist');
const { values } = parseArgs({
  options: { wasm: { type: 'string', default: join(repository, 'build/wasm') } },
});
const wasmFolder = resolve(values.wasm);
const wasmFiles = ['liangma.wasm', 'liangma-gate.wasm'];
const jsFiles = ['liangma.js', 'liangma-gate.js'];
const catalogFiles = readdirSync(join(repository, 'i18n')).filter((name) =>
  /^[a-z]{2,3}(-\w+)*\.json$/.test(name),
);
const licences = { libsodium: 'LICENSE', qrencode: 'COPYING', tinycbor: 'LICENSE' };

/** Gives `liangma-glue:NAME` the loader that Emscripten wrote for a lane. */
function glue(lane, suffix) {
  return {
    name: 'liangma-glue',
    setup({ onResolve }) {
      onResolve({ filter: /^liangma-glue:/ }, ({ path }) => ({
        path: join(wasmFolder, lane, path.slice('liangma-glue:'.length) + suffix),
      }));
    },
  };
}

/** Gives `liangma-catalogs` one lazy entry for each catalog. */
const catalogs = {
  name: 'liangma-catalogs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^liangma-catalogs$/ }, ({ path }) => ({ path, namespace: 'catalogs' }));
    onLoad({ filter: /.*/, namespace: 'catalogs' }, () => ({
      resolveDir: join(repository, 'i18n'),
      contents: `export default {${catalogFiles
        .map((file) => `${JSON.stringify(file.slice(0, -5))}: () => import(${JSON.stringify(`./${file}`)})`)
        .join(',')}}`,
    }));
    // As a default export alone: esbuild would add one export for each key, under names that old engines cannot parse.
    onLoad({ filter: /[\\/]i18n[\\/][\w-]+\.json$/ }, ({ path }) => ({
      contents: `export default ${readFileSync(path, 'utf8')}`,
      loader: 'js',
    }));
  },
};

const entries = { index: 'src/index.ts', node: 'src/hosts/node.ts', messages: 'src/messages.ts' };
const common = {
  absWorkingDir: here,
  bundle: true,
  minifySyntax: true,
  legalComments: 'none',
  external: ['node:*'],
};

function buildTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', here], { stdio: 'inherit' });
}

function buildEsm() {
  return build({
    ...common,
    entryPoints: entries,
    outdir: 'dist/esm',
    format: 'esm',
    target: 'es2022',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    plugins: [glue('web', '.mjs'), catalogs],
  });
}

function buildCjs() {
  return build({
    ...common,
    entryPoints: entries,
    outdir: 'dist/cjs',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    target: 'es2022',
    define: { 'import.meta.url': 'liangmaScriptUrl' },
    banner: {
      js: 'const liangmaScriptUrl = typeof document === "undefined" ? require("node:url").pathToFileURL(__filename).href : document.baseURI;',
    },
    plugins: [glue('web', '.mjs'), catalogs],
  });
}

/** For engines with nothing but ECMAScript 2018 and a `require` of relative paths. */
async function buildWx() {
  await build({
    ...common,
    entryPoints: { index: 'src/wx.ts', messages: 'src/messages.ts' },
    outdir: 'dist/wx',
    format: 'cjs',
    platform: 'neutral',
    target: 'es2018',
    plugins: [glue('wx', '.js'), catalogs],
  });
}

/** Both CommonJS folders have a copy of the types, so that TypeScript reads them as CommonJS too. */
function markCommonJs(folder) {
  writeFileSync(join(dist, folder, 'package.json'), '{ "type": "commonjs" }\n');
  cpSync(join(dist, 'types'), join(dist, folder, 'types'), { recursive: true });
}

/** A mini-program takes the folder's own files, not the package's exports. */
function nameWxTypes() {
  const types = { index: 'wx', messages: 'messages' };
  for (const [file, name] of Object.entries(types))
    writeFileSync(join(dist, 'wx', `${file}.d.ts`), `export * from './types/${name}.js';\n`);
}

function copyFiles() {
  mkdirSync(join(dist, 'licences'), { recursive: true });
  for (const file of wasmFiles) {
    cpSync(join(wasmFolder, 'web', file), join(dist, 'wasm', file));
    cpSync(join(wasmFolder, 'wx', file), join(dist, 'wx', file));
  }
  for (const file of jsFiles) cpSync(join(wasmFolder, 'js', file), join(dist, 'js', file));
  writeFileSync(
    join(dist, 'js/types.d.ts'),
    "import type { JsModule } from '../cjs/types/load.js';\ndeclare const create: JsModule;\nexport = create;\n",
  );
  writeFileSync(join(dist, 'js/package.json'), '{ "type": "commonjs" }\n');
  for (const file of catalogFiles) cpSync(join(repository, 'i18n', file), join(dist, 'i18n', file));
  cpSync(join(repository, 'LICENSE'), join(dist, 'licences/liangma.txt'));
  for (const [name, file] of Object.entries(licences)) {
    cpSync(join(findSource(name), file), join(dist, 'licences', `${name}.txt`));
  }
}

/** The unpacked source of a library that is linked in. */
function findSource(name) {
  const sources = join(wasmFolder, 'third_party');
  const folder = readdirSync(sources).find((each) => each.startsWith(`${name}-`));
  return join(sources, folder);
}

for (const file of wasmFiles) {
  if (!existsSync(join(wasmFolder, 'web', file))) {
    console.error(`${join(wasmFolder, 'web', file)} is missing: make it with tools/build wasm`);
    process.exit(1);
  }
}
rmSync(dist, { recursive: true, force: true });
buildTypes();
await Promise.all([buildEsm(), buildCjs(), buildWx()]);
markCommonJs('cjs');
markCommonJs('wx');
nameWxTypes();
copyFiles();
