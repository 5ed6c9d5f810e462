// SPDX-License-Identifier: Apache-2.0
// How a city takes in its residents: `liangma-server tickets`, beside a server without made-up people.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { databases } from './databases.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { enrol, prove } from './wallet.mjs';

const zhang = { fullName: '张三丰', idNumber: '330106198504121014', phone: '10000000001' };
const li = { fullName: '李娜', idType: '02', idNumber: 'P7654321' };

for (const database of databases)
  test(`residents are taken in and get tickets, on ${database.name}`, { skip: database.skip }, async (t) => {
    const data = makeDataFolder();
    const address = database.make(data);
    await (await new Server(data, { database: address }).listening()).kill(); // makes keys and a trust list
    const server = await new Server(data, { database: address, options: ['authority', '--rate', '100000'] }).listening();
    const resident = new Resident();
    t.after(() => (resident.close(), server.kill('SIGKILL')));
    const give = (lines, ...more) => {
      const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      const { status, stdout, stderr } = spawnSync(programs.server, ['tickets', '--data', data, '--database', address, ...more], { input, encoding: 'utf8' });
      return { status, stderr, answers: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
    };

    const given = give([{ identity: zhang, region: '330106', organisation: 'Wensan Mill' }, { identity: li }]);
    assert.equal(given.status, 0, given.stderr);
    assert.deepEqual(given.answers.map(({ line, ticket }) => [line, /^[\w-]{16}$/.test(ticket)]), [[1, true], [2, true]]);
    const [first, second] = given.answers.map(({ ticket }) => ticket);

    const phone = await enrol(server, resident, first);
    assert.equal(phone.reply.status, 201);
    assert.equal((await enrol(server, resident, first)).reply.body.code, 'enrol.ticket-used');
    assert.equal((await enrol(server, resident, second)).reply.status, 201);

    // A lost phone: the same person, by the ID number, whose name the register has corrected.
    const corrected = { ...zhang, fullName: '张三峰' };
    assert.equal(give([{ identity: corrected }]).answers[0].error, 'cli.identity-differs', 'it could be somebody else');
    const again = give([{ identity: corrected, renamed: true }]).answers[0].ticket;
    const { key } = await resident.do('newKey');
    const moved = await server.post('/api/replace', { ticket: again, proof: await prove(server, resident, key) });
    assert.equal(moved.status, 201);
    const read = await resident.do('credential', { ...(await server.trust()), key, now: Math.floor(Date.now() / 1000), credential: moved.body.credential });
    assert.deepEqual([read.check, read.identity.fullName, read.region], ['ok', '张三峰', '330106']);
    const old = await server.post('/api/renew', { proof: await prove(server, resident, phone.key) });
    assert.equal(old.body.code, 'key.mismatch', 'the lost phone is out');

    const bad = give(['not JSON', { identity: { fullName: '王建国' } }, { identity: { ...zhang, idNumber: '330106198504121010' } },
      { identity: zhang, region: '310101' }, { identity: zhang, issuer: '650000' }, { identity: zhang, colour: 'green' },
      { identity: { ...zhang, fullName: 'a\u0007b' } }, { identity: corrected }]);
    assert.equal(bad.status, 65);
    assert.match(bad.stderr, /7 of the lines were not taken/);
    assert.deepEqual(bad.answers.map(({ error }) => error), ['cli.json-malformed', 'cli.json-shape', 'cli.id-number',
      'issuer.region-not-allowed', 'issuer.unknown', 'cli.json-shape', 'credential.claim-invalid', undefined]);
    assert.doesNotMatch(bad.answers.map(({ message }) => message).join(), /330106198504121010|张三/, 'no message repeats who it is about');
    assert.equal(give(['{}'], '--days', '31').status, 64);
  });
