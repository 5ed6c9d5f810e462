// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { importFromWeb, repository } from './support/paths.mjs';

const folder = join(repository, 'i18n');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const catalogs = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => [file.replace('.json', ''), readJson(join(folder, file))]),
);
const first = catalogs['zh-Hans'];

function sourceFiles(path, pattern) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (/^(node_modules|dist|third_party)$/.test(entry.name)) return [];
    if (entry.isDirectory()) return sourceFiles(join(path, entry.name), pattern);
    return pattern.test(entry.name) ? [readFileSync(join(path, entry.name), 'utf8')] : [];
  });
}

function idsIn(path, pattern, regex) {
  return new Set(sourceFiles(join(repository, path), pattern).flatMap((text) => [...text.matchAll(regex)].map((match) => match[1])));
}

const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test('there is a catalog for each locale', () => {
  assert.deepEqual(Object.keys(catalogs).sort(), ['en', 'zh-Hans']);
});

for (const [locale, catalog] of Object.entries(catalogs)) {
  test(`${locale} follows the schema`, async () => {
    const { Ajv2020 } = (await importFromWeb('ajv/dist/2020.js')).default;
    const validate = new Ajv2020({ allErrors: true }).compile(readJson(join(folder, 'schema.json')));
    assert.ok(validate(catalog), JSON.stringify(validate.errors, null, 1));
  });

  test(`${locale} has the same keys and parameters as the others`, () => {
    assert.deepEqual(Object.keys(catalog), Object.keys(first));
    for (const [key, text] of Object.entries(catalog)) assert.deepEqual(placeholders(text), placeholders(first[key]), key);
  });

  test(`${locale} says of every error what happened and what to do`, () => {
    const ids = new Set([
      ...idsIn('core/include/liangma', /^errc\.h$/, /X\(\d+, \w+, "([^"]+)"\)/g),
      ...idsIn('web/sdk/src', /^error-codes\.ts$/, /^ {2}'([a-z0-9.-]+)',$/gm),
      ...idsIn('tools/server', /\.cc$/, /Problem\{?\s*\{?\d{3}, "([a-z]+\.[a-z-]+)"/g),
    ]);
    assert.ok(ids.size > 100, `only ${ids.size} ids found`);
    for (const id of ids) assert.match(catalog[id] ?? '', /^\S.+\n\S.+$/, `${locale} ${id}`);
  });

  test(`${locale} has every advice that the core gives`, () => {
    const ids = idsIn('core/src', /\.cc$/, /"(advice\.[a-z-]+)"/g);
    assert.ok(ids.size > 5);
    for (const id of ids) assert.ok(catalog[id], id);
  });
}

test('the screens ask for no text that is missing, and no text is left unused', () => {
  const sources = ['web/elements/src', 'web/apps'].flatMap((path) => sourceFiles(join(repository, path), /\.(ts|html|mjs)$/)).join('\n');
  const literal = new Set([...sources.matchAll(/['"`]([a-z]+(?:\.[a-zA-Z0-9-]+)+)['"`]/g)].map((match) => match[1]));
  const prefixes = [...sources.matchAll(/`([a-z]+\.[a-zA-Z0-9.-]*)\$\{/g)].map((match) => match[1]);
  const screens = /^(app|common|code|scanner|wallet|gate|desk|bureau|home|claim|purpose|department)\./;
  for (const key of literal) if (screens.test(key) && !/\.(css|ts|js|svg|wasm)$/.test(key)) assert.ok(key in first, `${key} is missing`);
  const unused = Object.keys(first).filter(
    (key) => screens.test(key) && !first[key].includes('\n') && !literal.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  assert.deepEqual(unused, []);
});

test('a text of the interface is no machine jargon', () => {
  for (const catalog of Object.values(catalogs))
    for (const [key, text] of Object.entries(catalog)) {
      assert.doesNotMatch(text, /\b(CBOR|COSE|JSON|nonce|null|undefined|NaN|Base45|KBT|CWT|HTTP \d)\b/, key);
    }
});

test('the first hour of a day is 00 in every language', async () => {
  const { clockTime } = await import(join(repository, 'web/elements/dist/texts.js'));
  const midnight = new Date(2020, 1, 11, 0, 5, 3).getTime() / 1000;
  for (const locale of Object.keys(catalogs)) assert.equal(clockTime(locale, midnight), '00:05:03', locale);
});
