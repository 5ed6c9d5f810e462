// SPDX-License-Identifier: Apache-2.0
// tools/server/openapi.yaml is a valid description of just what the server answers to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { importFromWeb, program, repository } from './support/paths.mjs';
import { DemoServer } from './support/server.mjs';

let server;
let validator;
let result;
before(async () => {
  server = await new DemoServer().start();
  const { Validator } = await importFromWeb('@seriousme/openapi-schema-validator');
  validator = new Validator();
  result = await validator.validate(join(repository, 'tools/server/openapi.yaml'));
});
after(() => server.remove());

test('it is OpenAPI 3.1', () => {
  assert.deepEqual(result, { valid: true });
  assert.equal(validator.version, '3.1');
});

test('it says every route that the server has, and no other', () => {
  const routes = execFileSync(program('liangma-server'), ['routes', '--demo', '--data', server.data], { encoding: 'utf8' })
    .trim().split('\n')
    .filter((route) => !route.includes('/api/clinics/'));  // the second hospital's are those of the first
  const hasStaff = routes.some((route) => route.includes(' /api/staff/'));
  const described = Object.entries(validator.specification.paths)
    .filter(([path, item]) => !item['x-static'] && (hasStaff || !path.startsWith('/api/staff/')))
    .flatMap(([path, item]) => ['get', 'post', 'put', 'delete', 'patch'].filter((method) => method in item)
      .map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`));
  assert.deepEqual(described.sort(), routes.sort());
});

test('every error that a description names has a sentence', async () => {
  const { default: catalog } = await import('../../i18n/en.json', { with: { type: 'json' } });
  const text = JSON.stringify(validator.specification.paths);
  const ids = [...text.matchAll(/\b(?:appeal|case|colour|declaration|enrol|http|import|key|news)\.[a-z-]+\b/g)].map(([id]) => id);
  assert.ok(ids.length > 10);
  for (const id of ids) assert.ok(catalog[id], id);
});
