// SPDX-License-Identifier: Apache-2.0
// How a door's device becomes a gate that may ask: its owner's code, a key of its own, the trust list that names it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { databases } from './databases.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';

for (const database of databases)
  describe(`gates on ${database.name}`, { skip: database.skip }, () => {
    let server;
    let resident;
    before(async () => {
      resident = new Resident();
      const data = makeDataFolder();
      server = await new Server(data, { database: database.make(data) }).listening();
    });
    after(async () => {
      resident.close();
      await server.kill();
    });

    const run = (...args) => spawnSync(programs.server, [...args, '--data', server.data, '--database', server.database], { encoding: 'utf8' });
    const drawCode = (id, ...more) =>
      execFileSync(programs.server, ['gate-code', id, ...more, '--data', server.data, '--database', server.database], { encoding: 'utf8' }).trim();
    const gates = () => JSON.parse(run('gates').stdout);
    const codeOf = (reply) => [reply.status, reply.body.code];

    /** Enters a key, as a gate does. */
    async function enrol(key, code, audience = '330100') {
      const nonce = Buffer.from(code).toString('base64url');
      const { proof } = await resident.do('proof', { key, audience, nonce });
      return server.post('/api/gates', { proof });
    }

    const newKey = async () => (await resident.do('newKey')).key;

    /** Whether the trust list comes to name a gate, within 20 s. */
    async function isListed(id) {
      for (let tries = 0; tries < 100; tries++) {
        const config = (await server.call('/config.json')).body;
        const list = await fetch(`http://127.0.0.1:${server.port}${config.trustUrl}`);
        if (Buffer.from(await list.arrayBuffer()).includes(id)) return true;
        await sleep(200);
      }
      return false;
    }

    test('a code enters one device’s key, and the trust list names the gate', async () => {
      const code = drawCode('mall-1', '--name', 'zh-Hans=西溪商场', '--name', 'en=Xixi Mall');
      assert.match(code, /^[2-9A-HJ-NP-Z]{16}$/);
      const key = await newKey();
      const reply = await enrol(key, code);
      assert.deepEqual([reply.status, reply.body], [201, { id: 'mall-1' }]);
      const entry = gates().find(({ id }) => id === 'mall-1');
      assert.deepEqual([entry.kind, entry.names, entry.endpoints], ['gate', { en: 'Xixi Mall', 'zh-Hans': '西溪商场' }, []]);
      assert.equal(entry.keys.length, 1);
      assert.equal(await isListed('mall-1'), true);
      assert.deepEqual((await enrol(key, code)).body, { id: 'mall-1' }, 'the same device may ask again');
      assert.deepEqual(codeOf(await enrol(await newKey(), code)), [403, 'enrol.code-refused'], 'another one may not');
    });

    test('the next device under an id takes the place of the one before', async () => {
      await enrol(await newKey(), drawCode('door-1'));
      const before = gates().find(({ id }) => id === 'door-1');
      await enrol(await newKey(), drawCode('door-1'));
      const after = gates().filter(({ id }) => id === 'door-1');
      assert.equal(after.length, 1);
      assert.equal(after[0].keys.length, 1);
      assert.notEqual(after[0].keys[0].key, before.keys[0].key);
    });

    test('no code, another’s audience, or something else is refused', async () => {
      const key = await newKey();
      assert.deepEqual(codeOf(await enrol(key, 'AAAABBBBCCCCDDDD')), [403, 'enrol.code-refused']);
      const code = drawCode('door-2');
      assert.deepEqual(codeOf(await enrol(key, code, 'someone')), [403, 'audience.mismatch']);
      assert.equal(gates().some(({ id }) => id === 'door-2'), false);
      assert.equal((await enrol(key, code)).status, 201, 'and the code is still good');
      assert.deepEqual(codeOf(await server.post('/api/gates', { proof: 'AAAA' })), [403, 'enrol.code-refused']);
      assert.deepEqual(codeOf(await server.post('/api/gates', {})), [400, 'http.malformed']);
    });

    test('a code is drawn only for what a trust list can name', () => {
      for (const [id, ...more] of [['no spaces'], ['seventeen-letters'], ['ok', '--name', 'plain'], ['ok', '--name', `en=${'x'.repeat(200)}`], ['hz-first']]) {
        const { status, stdout, stderr } = run('gate-code', id, ...more);
        assert.deepEqual([status, stdout], [64, ''], `${id} ${more}`);
        assert.match(stderr, /^liangma-server: /);
      }
    });

    test('no code and no key is in the log', async () => {
      const code = drawCode('door-3');
      await enrol(await newKey(), code);
      assert.equal(server.log.includes(code), false);
      assert.equal(server.log.includes(gates()[0].keys[0].key), false);
    });

    test('two devices that use one code at the same time: one of them is the gate', async () => {
      const code = drawCode('door-4');
      const keys = await Promise.all(Array.from({ length: 6 }, newKey));
      const replies = await Promise.all(keys.map((key) => enrol(key, code)));
      const taken = replies.filter(({ status }) => status === 201);
      assert.equal(taken.length, 1);
      for (const reply of replies) if (reply !== taken[0]) assert.deepEqual(codeOf(reply), [403, 'enrol.code-refused']);
      assert.equal(gates().filter(({ id }) => id === 'door-4').length, 1);
    });

    test('the gates of a file that was made before they stood in the database are taken over', async () => {
      const file = `${server.data}/gates.sqlite`;
      const key = Buffer.alloc(32, 7).toString('base64url');
      const { public: publicKey } = await resident.do('newKey');
      await resident.do('sql', { database: file, statement: 'CREATE TABLE gate (id TEXT PRIMARY KEY, names TEXT NOT NULL, key TEXT NOT NULL, sealing_key TEXT NOT NULL, enrolled_at INTEGER NOT NULL) STRICT' });
      await resident.do('sql', { database: file, statement: `INSERT INTO gate VALUES ('old-1', '{"en":"Old Mall"}', '${publicKey}', '${key}', 1800000000)` });
      await server.kill();
      server = await new Server(server.data, { database: server.database }).listening();
      const entry = gates().find(({ id }) => id === 'old-1');
      assert.deepEqual([entry.names, entry.keys[0].key], [{ en: 'Old Mall' }, publicKey]);
      assert.equal(existsSync(file), false);
      assert.equal(await isListed('old-1'), true);
    });
  });
