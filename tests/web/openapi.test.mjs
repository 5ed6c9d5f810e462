// SPDX-License-Identifier: Apache-2.0
// tools/server/openapi.yaml is a valid description of just what the server answers to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { importFromWeb, program, repository } from './support/paths.mjs';
import { totp } from '../server/authenticator.mjs';
import { DemoServer } from './support/server.mjs';

let server;
let validator;
let result;
let ajv;
before(async () => {
  server = await new DemoServer().start();
  const { Validator } = await importFromWeb('@seriousme/openapi-schema-validator');
  validator = new Validator();
  ajv = new ((await importFromWeb('ajv/dist/2020.js')).default.Ajv2020)({ strict: false });
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

/** What an operation answers with, as its description has it. */
function validatorOf(path, method, status) {
  const { components, paths } = validator.specification;
  const named = paths[path][method].responses[status];
  const { content } = named.$ref ? components.responses[named.$ref.split('/').at(-1)] : named;
  return ajv.compile({ ...content['application/json'].schema, components });
}

test('what it answers has the shape that is described', async () => {
  const invitation = execFileSync(program('liangma-server'), ['staff', 'add', 'the-chief', '--role', 'admin', '--role', 'reviewer',
    '--role', 'importer', '--data', server.data], { encoding: 'utf8' }).trim();
  const send = async (method, path, body, session) => {
    const headers = { 'Content-Type': 'application/json', ...(session && { Authorization: `Bearer ${session}` }) };
    const reply = await fetch(server.origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: reply.status, body: await reply.json() };
  };
  const seen = async (method, path, { body, session, of = path } = {}) => {
    const reply = await send(method, path, body, session);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.body.code}`);
    const validate = validatorOf(of, method.toLowerCase(), String(reply.status));
    assert.ok(validate(reply.body), `${method} ${path}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(reply.body).slice(0, 300)}`);
    return reply.body;
  };
  for (const path of ['/api/time', '/api/health', '/config.json', '/healthz', '/readyz', '/api/news', '/api/demo/tickets', '/api/clinic/departments'])
    await seen('GET', path);
  await seen('POST', '/api/enrol/challenge', { body: {} });
  const { totpSecret } = await seen('POST', '/api/staff/invitations', { body: { code: invitation } });
  const { session, id } = await seen('POST', '/api/staff/invitations/password', { body: { code: invitation, password: 'correct horse battery', totp: totp(totpSecret) } });
  const { id: news } = await seen('POST', '/api/staff/news', { session, body: { kind: 'news', titles: { en: 'Open' } } });
  for (const path of ['session', 'members', 'rules', 'appeals', 'counts', 'areas-at-risk']) await seen('GET', `/api/staff/${path}`, { session });
  await seen('GET', `/api/staff/members/${id}/log`, { session, of: '/api/staff/members/{member}/log' });
  await seen('POST', '/api/staff/areas-at-risk', { session, body: { regions: ['420100'] } });
  const batch = 'A'.repeat(22);
  await seen('POST', '/api/staff/imports', { session, body: { batch, rows: [{ idNumber: '33010619900101123X', kind: 'contact', at: 1_600_000_000, evidence: 'tracing' }] } });
  await seen('POST', `/api/staff/imports/${batch}/undo`, { session, body: {}, of: '/api/staff/imports/{batch}/undo' });
  await seen('POST', '/api/staff/members', { session, body: { name: 'another', roles: ['checkpoint'] } });
  await seen('GET', '/api/news');
  await seen('POST', `/api/staff/news/${news}/withdraw`, { session, body: {}, of: '/api/staff/news/{news}/withdraw' });
  await seen('POST', '/api/staff/challenges', { body: {} });
  await seen('POST', '/api/staff/session/end', { session, body: {} });
});

test('the server’s README names every error that is the server’s own', () => {
  const folder = join(repository, 'tools/server');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.cc')).map((name) => readFileSync(join(folder, name), 'utf8'));
  const ids = new Set(sources.flatMap((text) => [...text.matchAll(/\{\s*\d{3}, "([a-z]+\.[a-z-]+)"/g)].map(([, id]) => id)));
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.ok(ids.size > 30);
  assert.deepEqual([...ids].filter((id) => !readme.includes(`\`${id}\``)), []);
});

test('every error that a description names has a sentence', async () => {
  const { default: catalog } = await import('../../i18n/en.json', { with: { type: 'json' } });
  const text = JSON.stringify(validator.specification.paths);
  const ids = [...text.matchAll(/\b(?:appeal|case|colour|declaration|enrol|http|import|key|news)\.[a-z-]+\b/g)].map(([id]) => id);
  assert.ok(ids.length > 10);
  for (const id of ids) assert.ok(catalog[id], id);
});
