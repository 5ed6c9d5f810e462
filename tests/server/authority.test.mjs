// SPDX-License-Identifier: Apache-2.0
// What residents may do, the same on both databases.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { databases } from './databases.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { enrol, enrolColour, prove, send, state, tickets } from './wallet.mjs';

// LIANGMA_THOROUGH=1 takes all of the strings; otherwise every eighth of them.
const kEvery = process.env.LIANGMA_THOROUGH ? 1 : 8;
const codeOf = (reply) => [reply.status, reply.body.code];
const kWell = { form: 'health', fields: { symptoms: 'none', contact: false, areaAtRisk: false, livesIn: '330106', purpose: 'residence' } };
const kContact = { ...kWell, fields: { ...kWell.fields, contact: true } };

for (const database of databases)
  describe(`the authority on ${database.name}`, { skip: database.skip }, () => {
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

    const rows = (statement) => resident.rows(server.database, statement);
    const verifyLog = () => JSON.parse(execFileSync(programs.server,
      ['log', 'verify', '--data', server.data, '--database', server.database], { encoding: 'utf8' }));
    const recordOf = async (record) => resident.do('record', { ...(await server.trust()), record });
    const infoOf = async ({ key, credential }) => resident.do('credential', { ...(await server.trust()), key, credential });
    const ownState = async (key, body = {}) => server.post('/api/state', { proof: await prove(server, resident, key), ...body });
    const renew = async (key) => server.post('/api/renew', { proof: await prove(server, resident, key) });

    test('a credential comes with the signed record of its colour', async () => {
      for (const colour of ['pending', 'green', 'yellow', 'red']) {
        const { reply } = await enrolColour(server, resident, colour);
        const record = await recordOf(reply.body.record);
        assert.deepEqual([record.event, record.colour, record.region], ['colour', colour, '330100']);
        assert.equal(record.rule !== '', colour !== 'pending');
        assert.equal(record.until > record.at, ['yellow', 'red'].includes(colour));
      }
    });

    test('a declaration colours by the rules of the region, and the state says why', async () => {
      const { key } = await enrolColour(server, resident, 'pending');
      const well = await send(server, resident, key, '/api/declare', 'declaration', kWell);
      assert.deepEqual([well.status, well.body.colour, well.body.rule], [200, 'green', 'CR-000000-COLOUR-GREEN']);
      assert.equal(well.body.checkIns, 1);
      const contact = await send(server, resident, key, '/api/declare', 'declaration', kContact);
      assert.deepEqual([contact.body.colour, contact.body.rule, contact.body.reasonClass], ['red', 'CR-330000-CONTACT', 'contact']);
      assert.equal(contact.body.until - contact.body.since, 14 * 86400);
      const own = await ownState(key);
      assert.equal(own.body.colour, 'red');
      const renewed = await renew(key);
      assert.equal((await infoOf({ key, credential: renewed.body.credential })).colour, 'red');
      assert.deepEqual(renewed.body.record, own.body.record);
    });

    test('a declaration that is not as its form asks is refused and changes nothing', async () => {
      const { key } = await enrolColour(server, resident, 'green');
      const cases = [
        [{ form: 'wealth', fields: {} }, 'declaration.shape'],
        [{ form: 'health', fields: {} }, 'declaration.shape'],
        ...['\u202e公司', '公\n司', ' 公司', 'x'.repeat(65)].map((organisation) => [{ ...kWell, organisation }, 'declaration.shape']),
        [{ form: 'health', fields: { ...kWell.fields, colour: 'green' } }, 'declaration.shape'],
        [{ form: 'health', fields: { ...kWell.fields, contact: 'no' } }, 'declaration.shape'],
        [{ form: 'health' }, 'declaration.shape'],
        [{}, 'declaration.shape'],
        [[], 'statement.shape'],
        [{ ...kWell, colour: 'green' }, 'statement.shape'],
        [`${JSON.stringify(kWell)}\0"hidden"`, 'statement.shape'],
      ];
      for (const [content, code] of cases)
        assert.deepEqual(codeOf(await send(server, resident, key, '/api/declare', 'declaration', content)), [400, code]);
      assert.equal((await ownState(key)).body.colour, 'green');
    });

    test('statements that are replayed, altered, for another call or of a stranger are refused', async () => {
      const { key } = await enrolColour(server, resident, 'green');
      const statement = await state(server, resident, key, 'declaration', kWell);
      assert.equal((await server.post('/api/declare', { statement })).status, 200);
      assert.deepEqual(codeOf(await server.post('/api/declare', { statement })), [400, 'enrol.challenge-unknown']);
      const appeal = await state(server, resident, key, 'appeal', { text: 'x' });
      assert.deepEqual(codeOf(await server.post('/api/declare', { statement: appeal })), [400, 'statement.shape']);
      const proof = await prove(server, resident, key);
      assert.deepEqual(codeOf(await server.post('/api/declare', { statement: proof })), [400, 'cose.type-wrong']);
      const stranger = (await resident.do('newKey')).key;
      assert.deepEqual(codeOf(await send(server, resident, stranger, '/api/declare', 'declaration', kWell)), [403, 'key.mismatch']);
      const elsewhere = await state(server, resident, key, 'declaration', kWell, { audience: '440100' });
      assert.deepEqual(codeOf(await server.post('/api/declare', { statement: elsewhere })), [403, 'audience.mismatch']);
      const good = Buffer.from(await state(server, resident, key, 'declaration', kWell), 'base64url');
      for (let at = 0; at < good.length; at += 7) {
        const changed = Buffer.from(good);
        changed[at] ^= 1 << (at % 8);
        const reply = await server.post('/api/declare', { statement: changed.toString('base64url') });
        assert.ok([400, 403].includes(reply.status), `byte ${at}: ${reply.status}`);
      }
    });

    test('one device asks so often, from wherever it asks; others go on', async () => {
      const data = makeDataFolder();
      const limited = await new Server(data, { database: database.make(data), options: ['--demo', '--rate', '40', '--trusted-proxy', '127.0.0.1'] }).listening();
      try {
        const from = (count) => ({ 'X-Forwarded-For': `203.0.113.${count}` });
        const challenge = async (count) => (await limited.post('/api/enrol/challenge', {}, from(count))).body;
        const ask = async (key, count) => {
          const { nonce, issuer } = await challenge(count);
          const { proof } = await resident.do('proof', { key, nonce, audience: issuer });
          return limited.post('/api/state', { proof }, from(count));
        };
        const { key } = await resident.do('newKey');
        for (let count = 1; count <= 10; count += 1) assert.deepEqual(codeOf(await ask(key, count)), [403, 'key.mismatch']);
        assert.deepEqual(codeOf(await ask(key, 11)), [429, 'http.rate-limited']);
        assert.deepEqual(codeOf(await ask((await resident.do('newKey')).key, 11)), [403, 'key.mismatch']);
      } finally {
        await limited.kill();
      }
    });

    test('nobody can ask by name and number', async () => {
      const [[name, number]] = await rows('SELECT full_name, id_number FROM resident');
      for (const path of ['/api/state', '/api/renew', '/api/appeal', '/api/declare'])
        assert.equal((await server.post(path, { name, fullName: name, idNumber: number })).status, 400);
    });

    test('an appeal is open once, has a deadline, and is in the log', async () => {
      const { key } = await enrolColour(server, resident, 'red');
      const made = await send(server, resident, key, '/api/appeal', 'appeal', { text: '名单上的不是我' });
      assert.equal(made.status, 201);
      assert.equal(made.body.outcome, 'open');
      assert.ok(made.body.deadline > Date.now() / 1000);
      const again = await send(server, resident, key, '/api/appeal', 'appeal', { text: '还是我' });
      assert.deepEqual(codeOf(again), [409, 'appeal.already-open']);
      assert.deepEqual((await ownState(key)).body.appeal, made.body);
      const [[events]] = await rows(`SELECT CAST(count(*) AS TEXT) FROM record r JOIN appeal a ON a.resident = r.chain
        WHERE r.event = 'appeal' AND a.id = '${made.body.appeal}'`);
      assert.equal(events, '1');
      const wrong = await send(server, resident, key, '/api/appeal', 'appeal', { text: 'x'.repeat(2001) });
      assert.deepEqual(codeOf(wrong), [400, 'http.malformed']);
    });

    test('the old phone hands over to a new one, and can do nothing afterwards', async () => {
      const old = await enrolColour(server, resident, 'green');
      const fresh = await resident.do('newKey');
      const bad = await server.post('/api/replace', {
        proof: await prove(server, resident, fresh.key),
        statement: await state(server, resident, old.key, 'replace', { key: (await resident.do('newKey')).public }),
      });
      assert.deepEqual(codeOf(bad), [403, 'key.mismatch']);
      const reply = await server.post('/api/replace', {
        proof: await prove(server, resident, fresh.key),
        statement: await state(server, resident, old.key, 'replace', { key: fresh.public }),
      });
      assert.equal(reply.status, 201);
      assert.equal((await infoOf({ key: fresh.key, credential: reply.body.credential })).check, 'ok');
      assert.deepEqual(codeOf(await renew(old.key)), [403, 'key.mismatch']);
      const { statusIndex } = await infoOf(old);
      assert.deepEqual(await rows(`SELECT CAST(status AS TEXT) FROM withdrawal WHERE status_index = ${statusIndex}`), [['3']]);
    });

    test('who lost the phone moves with a fresh ticket', async () => {
      const lost = await enrolColour(server, resident, 'green');
      const { maskedName } = await infoOf(lost);
      const { ticket } = (await tickets(server)).find(({ name }) => name === maskedName);
      const { key } = await resident.do('newKey');
      const reply = await server.post('/api/replace', { ticket, proof: await prove(server, resident, key) });
      assert.equal(reply.status, 201);
      assert.deepEqual(codeOf(await renew(lost.key)), [403, 'key.mismatch']);
    });

    test('a guardian adds a child by a word of their own', async () => {
      const guardian = await enrolColour(server, resident, 'green');
      const child = (await tickets(server)).find(({ note }) => note.includes('child'));
      const stranger = (await resident.do('newKey')).key;
      const add = async (key, content) => send(server, resident, key, '/api/dependants', 'guardian', content, { ticket: child.ticket });
      assert.deepEqual(codeOf(await add(stranger, { relation: 'child' })), [403, 'key.mismatch']);
      assert.deepEqual(codeOf(await add(guardian.key, { relation: 'boss' })), [400, 'statement.shape']);
      const added = await add(guardian.key, { relation: 'child' });
      assert.equal(added.status, 201);
      assert.equal((await infoOf({ key: guardian.key, credential: added.body.credential })).maskedName, child.name);
      const [[consents]] = await rows('SELECT CAST(count(*) AS TEXT) FROM consent');
      assert.equal(consents, '1');
      assert.equal((await add(guardian.key, { relation: 'child' })).status, 201, 'asked again, where the answer got lost');
    });

    test('nobody is their own child', async () => {
      const [{ ticket }] = await tickets(server);
      const { key } = await enrol(server, resident, ticket);
      assert.deepEqual(codeOf(await send(server, resident, key, '/api/dependants', 'guardian', { relation: 'child' }, { ticket })), [409, 'enrol.ticket-used']);
    });

    test('a printed code is good for days, and is withdrawn with the colour', async () => {
      const { key } = await enrolColour(server, resident, 'green');
      const made = await server.post('/api/paper', { proof: await prove(server, resident, key), days: 3 });
      assert.equal(made.status, 201);
      assert.match(made.body.paper, /^LMP1:/);
      const late = await server.post('/api/paper', { proof: await prove(server, resident, key), days: 15 });
      assert.deepEqual(codeOf(late), [400, 'http.malformed']);
      const withdrawn = "SELECT CAST(count(*) AS TEXT) FROM withdrawal w JOIN issuance i ON i.status_index = w.status_index WHERE i.device_key = 'paper'";
      assert.deepEqual(await rows(withdrawn), [['0']]);
      await send(server, resident, key, '/api/declare', 'declaration', kContact);
      await renew(key);
      assert.deepEqual(await rows(withdrawn), [['1']]);
    });

    test('the same request with the same key gets the same reply, and nothing happens twice', async () => {
      const { key } = await enrolColour(server, resident, 'green');
      const issued = async () => Number((await rows('SELECT CAST(count(*) AS TEXT) FROM issuance'))[0][0]);
      const before = await issued();
      const body = { proof: await prove(server, resident, key) };
      const headers = { 'Idempotency-Key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
      const replies = await Promise.all(Array.from({ length: 6 }, () => server.post('/api/renew', body, headers)));
      for (const reply of replies) assert.deepEqual([reply.status, reply.body], [200, replies[0].body]);
      assert.equal(await issued(), before + 1);
      const other = await server.post('/api/renew', { proof: await prove(server, resident, key) }, headers);
      assert.deepEqual(codeOf(other), [422, 'http.idempotency-mismatch']);
      for (const bad of ['"', '""', 'a b', 'x'.repeat(65), 'a"b'])
        assert.deepEqual(codeOf(await server.post('/api/renew', body, { 'Idempotency-Key': bad })), [400, 'http.malformed'], bad);
      const person = await enrolColour(server, resident, 'green');
      const theirs = await server.post('/api/renew', { proof: await prove(server, resident, person.key) }, headers);
      assert.equal(theirs.status, 200, 'another device has keys of its own');
      assert.equal((await server.post('/api/state', { proof: await prove(server, resident, key) }, headers)).status, 200, 'and another call');
      const spent = await server.post('/api/renew', body, { 'Idempotency-Key': 'another' });
      assert.deepEqual(codeOf(spent), [400, 'enrol.challenge-unknown'], 'a refusal is not kept');
    });

    test('who is yellow or red cannot shake it off by being erased', async () => {
      for (const colour of ['yellow', 'red']) {
        const { key } = await enrolColour(server, resident, colour);
        assert.deepEqual(codeOf(await send(server, resident, key, '/api/erase', 'erase', {})), [409, 'colour.not-ended']);
        assert.equal((await ownState(key)).body.colour, colour);
      }
    });

    test('who asks for it is erased, their code is withdrawn, and the log still holds', async () => {
      const person = await enrolColour(server, resident, 'green');
      const { statusIndex, identity } = await infoOf(person);
      await send(server, resident, person.key, '/api/declare', 'declaration', kWell, { headers: { 'Idempotency-Key': 'before' } });
      for (const content of ['not json', '[]', '{"a":1}', '{}\0'])
        assert.deepEqual(codeOf(await send(server, resident, person.key, '/api/erase', 'erase', content)), [400, 'statement.shape']);
      const erased = await send(server, resident, person.key, '/api/erase', 'erase', {});
      assert.deepEqual([erased.status, erased.body], [200, { erased: true }]);
      assert.deepEqual(codeOf(await renew(person.key)), [403, 'key.mismatch']);
      assert.deepEqual(await rows(`SELECT id FROM resident WHERE id_number = '${identity.idNumber}'`), []);
      assert.deepEqual(await rows(`SELECT CAST(status AS TEXT) FROM withdrawal WHERE status_index = ${statusIndex}`), [['1']]);
      assert.deepEqual(await rows(`SELECT resident FROM issuance WHERE status_index = ${statusIndex}`), [['']]);
      assert.deepEqual(verifyLog().faults, []);
    });

    test('an index is never given twice, and no credential is without its record', async () => {
      assert.deepEqual(await rows('SELECT CAST(count(*) - count(DISTINCT status_index) AS TEXT) FROM issuance'), [['0']]);
      assert.deepEqual(await rows(`SELECT CAST(i.status_index AS TEXT) FROM issuance i LEFT JOIN record r ON r.chain = i.resident
        AND r.sequence = i.record_sequence AND r.event = 'colour' AND r.colour = i.colour
        WHERE r.chain IS NULL AND i.resident <> ''`), []);
    });

    test('many devices at once each get what is theirs', async () => {
      const people = await Promise.all((await tickets(server)).slice(0, 6).map(({ ticket }) => enrol(server, resident, ticket)));
      const replies = await Promise.all(people.flatMap(({ key }) => [
        renew(key), send(server, resident, key, '/api/declare', 'declaration', kWell), ownState(key)]));
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
    });

    test('hostile texts in every field are refused or kept as they are, and break nothing', async () => {
      const file = `${process.env.LIANGMA_VECTORS ?? new URL('../../../shared/vectors', import.meta.url).pathname}/strings/blns.json`;
      const naughty = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).filter((_, i) => i % kEvery === 0) : [];
      const texts = ["'; DROP TABLE resident; --", "' OR '1'='1", '$1', ':issuer', '\\', '%s%n', '\u202e', '{"a":1}', ...naughty];
      const { key } = await enrolColour(server, resident, 'green');
      const outcomes = new Set();
      for (const text of texts) {
        const replies = await Promise.all([
          server.post('/api/enrol', { ticket: text, proof: text }),
          server.post('/api/enrol', { ticket: text, proof: await prove(server, resident, key) }),
          server.post('/api/renew', { proof: await prove(server, resident, key), subject: text }),
          server.post('/api/state', { proof: text, subject: text }),
          server.post('/api/declare', { statement: text }),
          server.post('/api/replace', { proof: text, ticket: text, statement: text }),
          server.post('/api/dependants', { ticket: text, statement: text }),
          server.post('/api/paper', { proof: text, days: text }),
          server.post('/api/erase', { statement: text, subject: text }),
          server.post(`/api/${encodeURIComponent([...text].slice(0, 40).join(''))}`, text),
          text === '' ? undefined : send(server, resident, key, '/api/declare', 'declaration',
            { ...kWell, organisation: text, fields: { ...kWell.fields, address: text, employer: text } }),
        ]);
        for (const reply of replies.filter(Boolean)) outcomes.add(reply.status);
      }
      assert.ok([...outcomes].every((status) => [200, 400, 403, 404, 405, 415].includes(status)), [...outcomes].join());
      assert.equal((await ownState(key)).status, 200);
      assert.ok(Number((await rows('SELECT CAST(count(*) AS TEXT) FROM resident'))[0][0]) > 5);
    });

    test('the log verifies, whatever happened', () => {
      const report = verifyLog();
      assert.deepEqual(report.faults, []);
      assert.ok(report.records > 20);
    });

    test('the log does not verify where a column beside a record says something else', async () => {
      for (const [change, back] of [['colour = colour + 10', 'colour = colour - 10'], ['made_at = made_at - 86400', 'made_at = made_at + 86400'],
        ["event = event || 'x'", "event = substr(event, 1, length(event) - 1)"]]) {
        const [[chain]] = await rows('SELECT chain FROM record WHERE sequence = 0 ORDER BY chain LIMIT 1');
        const turn = (words) => rows(`UPDATE record SET ${words} WHERE chain = '${chain}' AND sequence = 0 RETURNING chain`);
        await turn(change);
        const report = spawnSync(programs.server, ['log', 'verify', '--data', server.data, '--database', server.database], { encoding: 'utf8' });
        await turn(back);
        assert.deepEqual([report.status, ...new Set(JSON.parse(report.stdout).faults)], [65, `${chain} record.chain-broken`], change);
      }
    });

    test('the log does not verify where a resident’s colour is not the one that was recorded last', async () => {
      for (const [change, back] of [['colour = 4 - colour', 'colour = 4 - colour'], ['since = since + 1', 'since = since - 1'], ['until = until + 1', 'until = until - 1'],
        ["rule = rule || 'x'", 'rule = substr(rule, 1, length(rule) - 1)'], ["reason_class = reason_class || 'x'", 'reason_class = substr(reason_class, 1, length(reason_class) - 1)']]) {
        const [[id]] = await rows('SELECT id FROM resident WHERE colour IN (1, 3) ORDER BY id LIMIT 1');
        const turn = (words) => rows(`UPDATE resident SET ${words} WHERE id = '${id}' RETURNING id`);
        await turn(change);
        const report = spawnSync(programs.server, ['log', 'verify', '--data', server.data, '--database', server.database], { encoding: 'utf8' });
        await turn(back);
        assert.deepEqual([report.status, JSON.parse(report.stdout).faults], [65, [`${id} record.chain-broken`]], change);
      }
      assert.deepEqual(verifyLog().faults, []);
    });

    test('a purpose that has ended is erased by a command, with a record of it', () => {
      const command = ['erase', '--data', server.data, '--database', server.database, '--purpose', 'declaration'];
      assert.deepEqual(JSON.parse(execFileSync(programs.server, command, { encoding: 'utf8' })), { declaration: 0 });
    });

    test('everything of a purpose that has ended goes: open appeals, live codes and the people, and the log still holds', async () => {
      const count = async (table, condition) => Number((await rows(`SELECT CAST(count(*) AS TEXT) FROM ${table} WHERE ${condition}`))[0][0]);
      const kept = ['declaration', 'fact', 'appeal', 'resident'];
      for (const table of ['declaration', 'appeal', 'resident']) assert.ok((await count(table, '1 = 1')) > 0, table);
      assert.ok((await count('issuance', "resident <> ''")) > 0);
      const purposes = ['declaration', 'facts', 'appeal', 'issuance', 'identity'].flatMap((purpose) => ['--purpose', purpose]);
      execFileSync(programs.server, ['erase', '--everything', ...purposes, '--data', server.data, '--database', server.database]);
      for (const table of kept) assert.equal(await count(table, '1 = 1'), 0, table);
      assert.equal(await count('issuance', "resident <> ''"), 0);
      assert.deepEqual(verifyLog().faults, []);
    });
  });

describe('several processes on one PostgreSQL', { skip: databases[1].skip }, () => {
  test('know each other’s challenges, and give nothing twice', async () => {
    const address = databases[1].make();
    const data = makeDataFolder();
    const resident = new Resident();
    const one = await new Server(data, { database: address }).listening();
    const two = await new Server(data, { database: address }).listening();
    const { ticket } = (await tickets(one))[0];
    const { key } = await resident.do('newKey');
    const proof = await prove(one, resident, key);
    const both = await Promise.all([one, two].map((server) => server.post('/api/enrol', { ticket, proof })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 400], 'a proof is good once, wherever');
    const lives = await Promise.all(Array.from({ length: 24 }, async (_, i) => {
      const server = i % 2 ? one : two;
      return server.post('/api/renew', { proof: await prove(i % 3 ? one : two, resident, key) });
    }));
    assert.deepEqual([...new Set(lives.map(({ status }) => status))], [200]);
    databases[1].server().disconnectEverybody();
    assert.equal((await two.post('/api/renew', { proof: await prove(one, resident, key) })).status, 200, 'it did not come back');
    await one.kill('SIGKILL');
    assert.equal((await two.post('/api/renew', { proof: await prove(two, resident, key) })).status, 200);
    const [[issued, distinct]] = await resident.rows(address,
      'SELECT CAST(count(*) AS TEXT), CAST(count(DISTINCT status_index) AS TEXT) FROM issuance');
    assert.deepEqual([issued, distinct], ['27', '27']);
    await two.kill();
    resident.close();
  });
});
