// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { databases } from './databases.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server, withServer } from './server.mjs';
import { enrol, prove, tickets } from './wallet.mjs';

for (const database of databases)
  describe(`enrolment on ${database.name}`, { skip: database.skip }, () => {
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

    const codeOf = (reply) => [reply.status, reply.body.code];

    async function freshTicket() {
      return (await tickets(server))[0].ticket;
    }

    test('gives a credential that a wallet accepts and a gate admits', async () => {
      const { ticket } = (await tickets(server)).find((entry) => entry.colour === 'green');
      const { key, reply, credential } = await enrol(server, resident, ticket);
      assert.equal(reply.status, 201);
      const trust = await server.trust();
      const info = await resident.do('credential', { ...trust, key, credential });
      assert.equal(info.check, 'ok');
      assert.equal(info.colour, 'green');
      assert.equal(info.lifeSeconds, 86400);
      assert.deepEqual(Object.keys(info.identity).sort(),
        ['birthDate', 'cardNumber', 'fullName', 'idNumber', 'idType', 'insuredRegion', 'phone', 'sex']);
      const shown = await resident.do('show', { ...trust, key, credential });
      assert.equal(shown.verdict.verdict, 'admit');
    });

    test('every resident can enrol, whatever their name, colour and district', async () => {
      const trust = await server.trust();
      const expected = { green: 'admit', yellow: 'check', pending: 'check', red: 'refuse' };
      const seen = new Set();
      const list = await tickets(server);
      assert.ok(list.length >= 8);
      for (const { ticket, colour, name } of list) {
        const { key, credential } = await enrol(server, resident, ticket);
        const { verdict } = await resident.do('show', { ...trust, key, credential });
        assert.equal(verdict.verdict, expected[colour]);
        assert.equal(verdict.name, name);
        seen.add(colour);
      }
      assert.deepEqual([...seen].sort(), ['green', 'pending', 'red', 'yellow']);
    });

    test('a ticket answers its own device again, with another credential, and no other device', async () => {
      const ticket = await freshTicket();
      const first = await enrol(server, resident, ticket);
      const again = await enrol(server, resident, ticket, first.key);
      assert.equal(again.reply.status, 201);
      const trust = await server.trust();
      const [a, b] = await Promise.all([first, again].map(({ key, credential }) =>
        resident.do('credential', { ...trust, key, credential })));
      assert.notEqual(a.statusIndex, b.statusIndex);
      assert.notEqual(a.subject, b.subject);
      const thief = await enrol(server, resident, ticket);
      assert.deepEqual(codeOf(thief.reply), [409, 'enrol.ticket-used']);
    });

    test('a ticket that two devices use at once goes to one of them', async () => {
      const ticket = await freshTicket();
      const both = await Promise.all([enrol(server, resident, ticket), enrol(server, resident, ticket)]);
      assert.deepEqual(both.map(({ reply }) => reply.status).sort(), [201, 409]);
    });

    test('an unknown ticket is refused', async () => {
      const { reply } = await enrol(server, resident, 'not-a-ticket');
      assert.deepEqual(codeOf(reply), [404, 'enrol.ticket-unknown']);
    });

    test('a proof is good once', async () => {
      const [one, two] = await tickets(server);
      const { key } = await resident.do('newKey');
      const proof = await prove(server, resident, key);
      assert.equal((await server.post('/api/enrol', { ticket: one.ticket, proof })).status, 201);
      const replay = await server.post('/api/enrol', { ticket: two.ticket, proof });
      assert.deepEqual(codeOf(replay), [400, 'enrol.challenge-unknown']);
    });

    test('a proof used twice at once is good once', async () => {
      const [one, two] = await tickets(server);
      const { key } = await resident.do('newKey');
      const proof = await prove(server, resident, key);
      const replies = await Promise.all([one, two].map(({ ticket }) => server.post('/api/enrol', { ticket, proof })));
      assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 400]);
    });

    test('proofs for somebody else, of another time or another challenge are refused', async () => {
      const ticket = await freshTicket();
      const { key } = await resident.do('newKey');
      const now = Math.floor(Date.now() / 1000);
      const cases = [
        [{ audience: '440100' }, [403, 'audience.mismatch']],
        [{ now: now - 400 }, [400, 'time.too-old']],
        [{ now: now + 400 }, [400, 'time.future']],
        [{ nonce: Buffer.alloc(16, 7).toString('base64url') }, [400, 'enrol.challenge-unknown']],
      ];
      for (const [changes, expected] of cases) {
        const proof = await prove(server, resident, key, changes);
        assert.deepEqual(codeOf(await server.post('/api/enrol', { ticket, proof })), expected);
      }
      const good = await prove(server, resident, key);
      assert.equal((await server.post('/api/enrol', { ticket, proof: good })).status, 201, 'the ticket was spoilt');
    });

    test('every changed byte of a proof is refused', async () => {
      const ticket = await freshTicket();
      const { key } = await resident.do('newKey');
      const proof = Buffer.from(await prove(server, resident, key), 'base64url');
      for (let at = 0; at < proof.length; at += 1) {
        const changed = Buffer.from(proof);
        changed[at] ^= 1 << (at % 8);
        const reply = await server.post('/api/enrol', { ticket, proof: changed.toString('base64url') });
        assert.ok([400, 403].includes(reply.status), `byte ${at}: ${reply.status}`);
      }
    });

    test('renews by the same key, and by no other', async () => {
      const { key } = await enrol(server, resident, await freshTicket());
      const renewed = await server.post('/api/renew', { proof: await prove(server, resident, key) });
      assert.equal(renewed.status, 200);
      const info = await resident.do('credential', { ...(await server.trust()), key, credential: renewed.body.credential });
      assert.equal(info.check, 'ok');
      const stranger = (await resident.do('newKey')).key;
      const refused = await server.post('/api/renew', { proof: await prove(server, resident, stranger) });
      assert.deepEqual(codeOf(refused), [403, 'key.mismatch']);
    });

    test('one phone may hold several people, each renewed by name', async () => {
      const [one, two] = await tickets(server);
      const first = await enrol(server, resident, one.ticket);
      const second = await enrol(server, resident, two.ticket, first.key);
      const trust = await server.trust();
      const infoOf = (credential) => resident.do('credential', { ...trust, key: first.key, credential });
      for (const { credential } of [first, second]) {
        const old = await infoOf(credential);
        const proof = await prove(server, resident, first.key);
        const renewed = await server.post('/api/renew', { proof, subject: old.subject });
        const fresh = await infoOf(renewed.body.credential);
        assert.equal(fresh.maskedName, old.maskedName);
        assert.notEqual(fresh.subject, old.subject);
      }
      const unclear = await server.post('/api/renew', { proof: await prove(server, resident, first.key) });
      assert.deepEqual(codeOf(unclear), [400, 'http.malformed']);
    });

    test('no status index is given twice, and none without the record of its colour', async () => {
      const file = server.database;
      const [[issued, distinct]] = await resident.rows(file,
        'SELECT CAST(count(*) AS TEXT), CAST(count(DISTINCT status_index) AS TEXT) FROM issuance');
      assert.equal(issued, distinct);
      assert.ok(Number(issued) > 10);
      const orphans = await resident.rows(file, `SELECT i.subject FROM issuance i LEFT JOIN record r ON r.authority = i.authority
        AND r.chain = i.resident AND r.sequence = i.record_sequence AND r.event = 'colour' AND r.colour = i.colour WHERE r.chain IS NULL`);
      assert.deepEqual(orphans, []);
    });

    test('the database holds no ticket that could be used, but those the demo lists', async () => {
      const ticket = await freshTicket();
      const stored = await resident.rows(server.database, 'SELECT digest FROM ticket');
      assert.ok(!stored.flat().includes(ticket));
    });

    test('without --demo nobody lists tickets, and everything else goes on', async () => {
      const ticket = await freshTicket();
      await server.kill();
      server = await new Server(server.data, { database: server.database, options: ['--rate', '100000'] }).listening();
      assert.equal((await server.call('/api/demo/tickets')).status, 404);
      assert.equal((await server.call('/config.json')).body.demo, false);
      assert.equal((await enrol(server, resident, ticket)).reply.status, 201);
    });

    test('an address that asks too often is told to wait', async () => {
      await withServer(async (limited) => {
        const statuses = [];
        for (let i = 0; i < 7; i += 1) statuses.push((await limited.post('/api/enrol/challenge', {})).status);
        assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
        const reply = await limited.post('/api/enrol/challenge', {});
        assert.equal(reply.body.code, 'http.rate-limited');
        assert.ok(Number(reply.headers.get('retry-after')) > 0);
        assert.equal((await limited.call('/api/time')).status, 200);
      }, { options: ['--demo', '--rate', '5'] });
    });
  });
