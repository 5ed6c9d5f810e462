// SPDX-License-Identifier: Apache-2.0
// The region packs against their JSON schema. What the rules in them say: tests/core/region_pack_test.cc.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { importFromWeb, repository } from './support/paths.mjs';

const folder = join(repository, 'tools/regions');
const readJson = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const packFiles = readdirSync(folder).filter((file) => /^\d{6}\.json$/.test(file));
const { default: Ajv } = await importFromWeb('ajv');
const isPack = new Ajv({ allErrors: true, strict: false }).compile(readJson('schema.json'));

test('every pack fits the schema, and is named for its region', () => {
  assert.ok(packFiles.length >= 13);
  for (const file of packFiles) {
    const pack = readJson(file);
    assert.ok(isPack(pack), `${file}: ${JSON.stringify(isPack.errors)}`);
    assert.equal(`${pack.region}.json`, file);
  }
});

test('the schema refuses what the core refuses', () => {
  const pack = readJson('440403.json');
  const faults = {
    'a member that is not known': { ...pack, extra: 1 },
    'no English name': { ...pack, names: { 'zh-Hans': '斗门' } },
    'version 0': { ...pack, version: 0 },
    'a rule of no origin': { ...pack, rules: [{ ...pack.rules[0], source: undefined }] },
    'a rule of two origins': { ...pack, rules: [{ ...pack.rules[0], assumption: true }] },
    'a colour rule without a reason': { ...pack, rules: [{ ...pack.rules[0], type: 'Colour' }] },
    'another engine': { ...pack, rules: [{ ...pack.rules[0], engine: 'JSONLOGIC' }] },
  };
  for (const [what, changed] of Object.entries(faults)) {
    assert.equal(isPack(JSON.parse(JSON.stringify(changed))), false, what);
  }
});
