// SPDX-License-Identifier: Apache-2.0
// Hostile texts in every field that staff may fill in, on both databases. Residents' fields: authority.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { databases } from './databases.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { get, post, withPassword } from './staff.mjs';
import { enrolColour, prove, send } from './wallet.mjs';

// LIANGMA_THOROUGH=1 takes all of the strings; otherwise every eighth of them.
const kEvery = process.env.LIANGMA_THOROUGH ? 1 : 8;
const file = `${process.env.LIANGMA_VECTORS ?? new URL('../../../shared/vectors', import.meta.url).pathname}/strings/blns.json`;
const naughty = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).filter((_, i) => i % kEvery === 0) : [];
const texts = ["'; DROP TABLE staff; --", "' OR '1'='1", "x', ''); DELETE FROM appeal; --", '$1', ':issuer', '\\', '%', '_', '\u202e', '{"a":1}', ...naughty];
const kTables = ['resident', 'ticket', 'device', 'issuance', 'declaration', 'appeal', 'fact', 'record', 'chain', 'staff', 'staff_session', 'news'];

for (const database of databases)
  describe(`attacks on ${database.name}`, { skip: database.skip }, () => {
    let server, resident, chief, person;
    before(async () => {
      resident = new Resident();
      const data = makeDataFolder();
      server = await new Server(data, { database: database.make(data) }).listening();
      chief = await withPassword(server, 'the-chief', 'admin', 'reviewer', 'importer', 'checkpoint');
      person = await enrolColour(server, resident, 'green');
    });
    after(async () => {
      resident.close();
      await server.kill();
    });

    const counts = async () => Object.fromEntries(await Promise.all(kTables.map(async (table) =>
      [table, Number((await resident.rows(server.database, `SELECT CAST(count(*) AS TEXT) FROM ${table}`))[0][0])])));

    test('staff’s fields: refused, or kept as they are', async () => {
      const before = await counts();
      const { session } = chief;
      const statuses = new Set();
      const fact = (text) => ({ kind: text, at: text, evidence: text, idNumber: text });
      for (const text of texts) {
        const segment = encodeURIComponent([...text].slice(0, 40).join('')) || 'x';
        const replies = [
          await post(server, '/invitations', { code: text }),
          await post(server, '/invitations/passkey', { code: text, clientData: text, attestation: text }),
          await post(server, '/sessions/passkey', { credential: text, clientData: text, authenticatorData: text, signature: text }),
          await get(server, '/session', text.replace(/[^\x20-\x7e]/g, '') || 'x'),
          await post(server, '/cases/find', { code: text }, session),
          await get(server, `/cases/${segment}/log`, session),
          await post(server, `/cases/${segment}/activate`, { idCompared: text, temperatureNormal: text }, session),
          await post(server, `/cases/${segment}/colour`, { colour: text, rule: text, fact: fact(text) }, session),
          await post(server, `/appeals/${segment}/decide`, { outcome: text, reasonClass: text }, session),
          await post(server, '/imports', { batch: text, rows: [fact(text)] }, session),
          await post(server, `/imports/${segment}/undo`, {}, session),
          await post(server, '/areas-at-risk', { regions: [text] }, session),
          await post(server, '/news', { kind: 'link', titles: { en: text }, url: text }, session),
          await post(server, `/news/${segment}/withdraw`, {}, session),
          await post(server, '/members', { name: text, roles: [text] }, session),
          await get(server, `/members/${segment}/log`, session),
        ];
        for (const { status } of replies) statuses.add(status);
      }
      assert.ok([...statuses].every((status) => [200, 400, 401, 403, 404, 405, 409].includes(status)), [...statuses].join());
      const after = await counts();
      for (const table of kTables) assert.ok(after[table] >= before[table], `${table}: ${before[table]}, ${after[table]}`);
      for (const table of ['staff', 'fact', 'news']) assert.equal(after[table], before[table], table);
    });

    test('words of residents and of news come back byte for byte, and are in nobody’s way', async () => {
      const { session } = chief;
      const words = texts.filter((text) => text.trim() && Buffer.byteLength(text) <= 100).slice(0, 40);
      const refused = [];
      for (const text of words) {
        const made = await post(server, '/news', { kind: 'news', titles: { en: text } }, session);
        if (made.status !== 201) refused.push(text);
        else assert.equal((await server.call('/api/news')).body.news.find(({ id }) => id === made.body.id).titles.en, text);
        if (made.status === 201) await post(server, `/news/${made.body.id}/withdraw`, {}, session);
      }
      assert.ok(refused.length < words.length / 4, `${refused.length} of ${words.length} refused`);
      const text = "'); DELETE FROM appeal; -- <script>alert(1)</script> \u{1f469}\u200d\u{1f52c}";
      const made = await send(server, resident, person.key, '/api/appeal', 'appeal', { text });
      assert.equal(made.status, 201, made.body.code);
      assert.equal((await get(server, '/appeals', session)).body.appeals.find(({ appeal }) => appeal === made.body.appeal).text, text);
    });

    test('a proof of one call serves no other, and no other device', async () => {
      const proof = await prove(server, resident, person.key);
      assert.equal((await server.post('/api/state', { proof })).status, 200);
      for (const path of ['/api/state', '/api/renew', '/api/paper'])
        assert.equal((await server.post(path, { proof })).body.code, 'enrol.challenge-unknown', path);
      const stranger = await resident.do('newKey');
      for (const path of ['/api/state', '/api/renew', '/api/paper'])
        assert.equal((await server.post(path, { proof: await prove(server, resident, stranger.key) })).body.code, 'key.mismatch', path);
    });

    test('after all of it the log verifies', () => {
      const report = JSON.parse(execFileSync(programs.server, ['log', 'verify', '--data', server.data, '--database', server.database], { encoding: 'utf8' }));
      assert.deepEqual(report.faults, []);
    });
  });
