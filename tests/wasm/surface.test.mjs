// SPDX-License-Identifier: Apache-2.0
// The hand-written typings and what the modules bind are the same, in both directions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { nodeHost, sdk } from './support/sdk.mjs';
import { sdkFolder, wasmFolder } from './support/paths.mjs';

const ts = createRequire(join(sdkFolder, 'package.json'))('typescript');
const interfaces = readInterfaces(join(sdkFolder, 'src/native.ts'));

/** Interface name to its members: name to number of parameters (-1: a property). */
function readInterfaces(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = new Map();
  for (const node of source.statements.filter(ts.isInterfaceDeclaration)) {
    const bases = (node.heritageClauses ?? []).flatMap((clause) =>
      clause.types.map((type) => type.getText()),
    );
    const members = new Map();
    for (const member of node.members) {
      if (ts.isMethodSignature(member)) members.set(member.name.text, member.parameters.length);
      else if (ts.isPropertySignature(member)) members.set(member.name.text, member.type.getText());
      else if (ts.isConstructSignatureDeclaration(member)) members.set('new', member.parameters.length);
    }
    found.set(node.name.text, { bases, members });
  }
  return found;
}

/** All members of an interface, those of its bases too. */
function membersOf(name) {
  const { bases, members } = interfaces.get(name);
  return new Map([...bases.flatMap((base) => [...membersOf(base)]), ...members]);
}

/** The module itself, without the package's wrapper. */
async function loadNative(file) {
  const create = (await import(pathToFileURL(join(wasmFolder, 'web', `${file}.mjs`)))).default;
  const host = nodeHost();
  return create({
    instantiateWasm(imports, receive) {
      host.instantiate(`${file}.wasm`, imports).then(receive);
      return {};
    },
  });
}

/** What Embind gives to every class. */
const embindExports = /Error$|emval/;
const embindMembers = ['constructor', 'delete', 'deleteLater', 'isAliasOf', 'isDeleted', 'clone'];
const emscriptenMembers =
  /^(_|asm$|ready$|HEAP|run$|calledRun$|print|instantiateWasm$|dynCall_|then$|UTF8|ccall|cwrap|preRun|postRun|onRuntime|noExit|stackSave|wasm|extendProto|getInheritedInstanceCount|getLiveInheritedInstances|flushPendingDeletes|setDelayFunction|abort)/;

function boundOn(prototype) {
  return Object.getOwnPropertyNames(prototype).filter(
    (name) => !embindMembers.includes(name) && !name.startsWith('$$'),
  );
}

for (const [file, moduleInterface] of [
  ['liangma', 'NativeWalletModule'],
  ['liangma-gate', 'NativeGateModule'],
]) {
  const native = await loadNative(file);
  const declared = membersOf(moduleInterface);

  test(`${file}: everything declared is bound, everything bound is declared`, () => {
    for (const name of declared.keys()) assert.equal(typeof native[name], 'function', `${name} is not bound`);
    const bound = Object.keys(native).filter(
      (name) =>
        declared.has(name) ||
        (!emscriptenMembers.test(name) && !embindExports.test(name) && typeof native[name] === 'function'),
    );
    assert.deepEqual(bound.sort(), [...declared.keys()].sort());
  });

  test(`${file}: functions take as many arguments as declared`, () => {
    for (const [name, parameters] of declared) {
      if (typeof parameters === 'number') assertArity(native[name], parameters, name);
    }
  });

  test(`${file}: classes have the declared methods, static and not`, () => {
    for (const [name, type] of declared) {
      if (typeof type !== 'string') continue;
      const statics = new Map(membersOf(type));
      statics.delete('new');
      const ownStatics = Object.getOwnPropertyNames(native[name]).filter(
        (each) => !['length', 'name', 'prototype', 'argCount', 'overloadTable'].includes(each),
      );
      assert.deepEqual(ownStatics.sort(), [...statics.keys()].sort(), `static members of ${name}`);
      const methods = membersOf(`Native${name}`);
      methods.delete('delete');
      assert.deepEqual(
        boundOn(native[name].prototype).sort(),
        [...methods.keys()].sort(),
        `members of ${name}`,
      );
    }
  });

  test(`${file}: the ids are those that the package declares`, () => {
    assert.deepEqual(native.errorIds(), [...sdk.coreErrorCodes]);
  });
}

/** Embind refuses a wrong number of arguments by name, before it looks at any of them. */
function assertArity(bound, parameters, name) {
  const tooMany = Array.from({ length: parameters + 1 }, () => 0);
  assert.throws(
    () => bound(...tooMany),
    new RegExp(`called with ${parameters + 1} arguments, expected ${parameters} `),
    name,
  );
}

test('ids are unique and have a text in every catalog', () => {
  assert.equal(new Set(sdk.errorCodes).size, sdk.errorCodes.length);
  for (const locale of ['zh-Hans', 'en']) {
    const catalog = JSON.parse(readFileSync(join(sdkFolder, `../../i18n/${locale}.json`), 'utf8'));
    const missing = sdk.errorCodes.filter((id) => !(id in catalog));
    assert.deepEqual(missing, [], locale);
  }
});
