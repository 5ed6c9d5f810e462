// SPDX-License-Identifier: Apache-2.0
// What the authority's staff do to cases, on both databases.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { databases } from './databases.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { get, post, withPassword } from './staff.mjs';
import { enrol, enrolColour, prove, send, tickets } from './wallet.mjs';

const codeOf = (reply) => [reply.status, reply.body.code];
const longAgo = 1_600_000_000;

for (const database of databases)
  describe(`the bureau on ${database.name}`, { skip: database.skip }, () => {
    let server, resident, checkpoint, reviewer, importer, admin;
    before(async () => {
      resident = new Resident();
      const data = makeDataFolder();
      server = await new Server(data, { database: database.make(data) }).listening();
      const staff = [];
      for (const role of ['checkpoint', 'reviewer', 'importer', 'admin']) staff.push(await withPassword(server, `the-${role}`, role));
      [checkpoint, reviewer, importer, admin] = staff;
    });
    after(async () => {
      resident.close();
      await server.kill();
    });

    const liveCode = async ({ key, credential }, changes = {}) =>
      (await resident.do('show', { ...(await server.trust()), key, credential, ...changes })).text;
    const findCase = async (person, who = reviewer) => post(server, '/cases/find', { code: await liveCode(person) }, who.session);
    const caseOf = async (person) => (await findCase(person)).body.case;
    const logOf = async (member) => (await get(server, `/members/${member.id}/log`, admin.session)).body.records;
    const renewed = async ({ key }) => (await server.post('/api/renew', { proof: await prove(server, resident, key) })).body;
    /** What somebody did, without what they only looked at. */
    const eventsOf = async (member) => (await logOf(member)).map(({ event }) => event).filter((event) => !event.startsWith('read-'));

    async function enrolNoted(words) {
      const { ticket } = (await tickets(server)).find(({ note }) => note.includes(words));
      return enrol(server, resident, ticket);
    }

    test('a checkpoint activates a pending code; the next credential is green', async () => {
      const person = await enrolNoted('checkpoint');
      const found = await findCase(person, checkpoint);
      assert.equal(found.status, 200, found.body.code);
      assert.deepEqual([found.body.colour, found.body.maskedName, found.body.region], ['pending', '徐*然', '330110']);
      assert.equal(JSON.stringify(found.body).includes('330110199301'), false, 'no ID number');
      const activate = async (facts) => {
        await new Promise((resolve) => { setTimeout(resolve, 1000); });  // what is known last counts, by the second
        return post(server, `/cases/${found.body.case}/activate`, facts, checkpoint.session);
      };
      assert.equal((await activate({ idCompared: true, temperatureNormal: false })).body.colour, 'pending');
      assert.equal((await activate({ idCompared: false, temperatureNormal: true })).body.colour, 'pending');
      const done = await activate({ idCompared: true, temperatureNormal: true });
      assert.deepEqual([done.status, done.body.colour, done.body.rule], [200, 'green', 'CR-330110-ACTIVATION']);
      const info = await resident.do('credential', { ...(await server.trust()), key: person.key, credential: (await renewed(person)).credential });
      assert.equal(info.colour, 'green');
      assert.deepEqual((await eventsOf(checkpoint)).slice(0, 4), ['activate', 'activate', 'activate', 'open-case']);
    });

    test('a case is found by a good code of this authority alone', async () => {
      const person = await enrolColour(server, resident, 'green');
      const code = await liveCode(person);
      const ask = (text) => post(server, '/cases/find', { code: text }, reviewer.session);
      assert.equal((await ask(code)).status, 200);
      const altered = code.slice(0, -3) + (code.at(-3) === 'A' ? 'B' : 'A') + code.slice(-2);
      for (const text of [altered, 'LM1:', 'HC1:XYZ', '330106198504120011', '张三丰'])
        assert.ok((await ask(text)).status >= 400, text);
      const ahead = await liveCode(person, { now: Math.floor(Date.now() / 1000) + 600 });
      assert.deepEqual(codeOf(await ask(ahead)), [400, 'time.future']);
      assert.deepEqual(codeOf(await get(server, `/cases/${'A'.repeat(22)}`, reviewer.session)), [404, 'case.unknown']);
    });

    test('a colour follows from a fact and the rule that it brings into play, with all that in the log', async () => {
      const person = await enrolColour(server, resident, 'green');
      const id = await caseOf(person);
      const { choices } = (await get(server, `/cases/${id}/choices`, reviewer.session)).body;
      const choice = choices.find(({ kind }) => kind === 'confirmed');
      assert.equal(choice.colour, 'red');
      const changed = await post(server, `/cases/${id}/colour`,
        { colour: choice.colour, rule: choice.rule, fact: { kind: choice.kind, at: longAgo, evidence: 'laboratory' } }, reviewer.session);
      assert.deepEqual([changed.status, changed.body.colour, changed.body.rule], [200, 'red', choice.rule], changed.body.code);
      assert.equal(changed.body.until - changed.body.since, 14 * 86400);
      const [entry] = (await get(server, `/cases/${id}/log`, reviewer.session)).body.records;
      assert.deepEqual([entry.event, entry.colour, entry.rule, entry.evidence, entry.actor], ['colour', 'red', choice.rule, 'laboratory', { role: 'reviewer', id: reviewer.id }]);
      assert.equal((await eventsOf(reviewer))[0], 'change-colour');
    });

    test('a colour that no rule gives is refused, changes nothing, and the attempt is in the log', async () => {
      const person = await enrolColour(server, resident, 'green');
      const id = await caseOf(person);
      const { choices } = (await get(server, `/cases/${id}/choices`, reviewer.session)).body;
      const { rule } = choices.find(({ kind }) => kind === 'border');
      const fact = { kind: 'border', at: longAgo, evidence: 'border-record' };
      const bent = [{ colour: 'red', rule, fact }, { colour: 'red', rule: 'CR-330100-MADE-UP', fact }, { colour: 'green', rule, fact }, { colour: 'yellow', rule: 'DR-330100-RED', fact }];
      for (const change of bent) assert.deepEqual(codeOf(await post(server, `/cases/${id}/colour`, change, reviewer.session)), [409, 'colour.no-rule']);
      assert.equal((await get(server, `/cases/${id}`, reviewer.session)).body.colour, 'green');
      assert.ok((await eventsOf(reviewer)).includes('colour-refused'));
      for (const wrong of [{ ...fact, kind: 'protest' }, { ...fact, at: Math.floor(Date.now() / 1000) + 600 }, { ...fact, evidence: 'Because!' }])
        assert.deepEqual(codeOf(await post(server, `/cases/${id}/colour`, { colour: 'yellow', rule, fact: wrong }, reviewer.session)), [400, 'http.malformed']);
    });

    test('an appeal is queued with its deadline, decided once, and its outcome is in the log', async () => {
      const person = await enrolColour(server, resident, 'red');
      const made = await send(server, resident, person.key, '/api/appeal', 'appeal', { text: '名单上的不是我' });
      const { appeals } = (await get(server, '/appeals', reviewer.session)).body;
      const queued = appeals.find(({ appeal }) => appeal === made.body.appeal);
      assert.deepEqual([queued.colour, queued.text, queued.deadline], ['red', '名单上的不是我', made.body.deadline]);
      const decide = (body) => post(server, `/appeals/${queued.appeal}/decide`, body, reviewer.session);
      for (const body of [{ outcome: 'maybe', reasonClass: 'x' }, { outcome: 'granted', reasonClass: 'No Reason' }, { outcome: 'granted' }])
        assert.deepEqual(codeOf(await decide(body)), [400, 'http.malformed']);
      const decided = await decide({ outcome: 'granted', reasonClass: 'person-mistaken' });
      assert.deepEqual([decided.status, decided.body.colour], [200, 'green'], decided.body.code);
      const own = (await server.post('/api/state', { proof: await prove(server, resident, person.key) })).body;
      assert.deepEqual([own.appeal.outcome, own.appeal.reason], ['granted', 'person-mistaken']);
      assert.deepEqual(codeOf(await decide({ outcome: 'refused', reasonClass: 'nothing-new' })), [409, 'appeal.decided']);
      const log = (await get(server, `/cases/${queued.case}/log`, reviewer.session)).body.records;
      const outcome = log.find(({ event }) => event === 'appeal-granted');
      assert.deepEqual([outcome.reasonClass, outcome.actor.id], ['person-mistaken', reviewer.id]);
      assert.deepEqual(codeOf(await post(server, `/appeals/${'A'.repeat(22)}/decide`, { outcome: 'refused', reasonClass: 'x' }, reviewer.session)), [404, 'appeal.unknown']);
    });

    test('a list turns those whom it names by the rules; sent again it counts once; taken back it is undone', async () => {
      const person = await enrolNoted('two characters');
      const id = await caseOf(person);
      const number = (await resident.rows(server.database, "SELECT id_number FROM resident WHERE full_name = '李娜'"))[0][0];
      const batch = randomBytes(16).toString('base64url');
      const rows = [{ idNumber: number, kind: 'contact', at: longAgo, evidence: 'tracing' }, { idNumber: '33010619900101123X', kind: 'contact', at: longAgo, evidence: 'tracing' }];
      const imported = await post(server, '/imports', { batch, rows }, importer.session);
      assert.deepEqual(imported.body, { batch, kept: 2, matched: 1, coloured: 1, left: 0 });
      assert.deepEqual((await post(server, '/imports', { batch, rows }, importer.session)).body, { batch, kept: 0, matched: 0, coloured: 0, left: 0 });
      assert.notEqual((await get(server, `/cases/${id}`, reviewer.session)).body.colour, 'green');
      const undone = await post(server, `/imports/${batch}/undo`, {}, importer.session);
      assert.equal(undone.body.coloured, 1);
      assert.equal((await get(server, `/cases/${id}`, reviewer.session)).body.colour, 'green');
      assert.deepEqual((await eventsOf(importer)).filter((event) => event.includes('import')), ['undo-import', 'import']);
      assert.deepEqual(codeOf(await post(server, `/imports/${'A'.repeat(22)}/undo`, {}, importer.session)), [404, 'import.unknown']);
      for (const bent of [{ batch, rows: [] }, { batch: 'x', rows }, { batch, rows: [{ ...rows[0], kind: 'x' }] }, { batch, rows: [{ ...rows[0], idNumber: '330106199001011230' }] }, { batch, rows: Array(101).fill(rows[0]) }])
        assert.ok((await post(server, '/imports', bent, importer.session)).status >= 400);
      const places = { idNumber: '330106199001011230', kind: 'x', at: '2020', evidence: ' ' };
      for (const [member, wrong] of Object.entries(places)) {
        const refused = await post(server, '/imports', { batch, rows: [...rows, { ...rows[0], [member]: wrong }] }, importer.session);
        assert.deepEqual([...codeOf(refused), refused.body.errors], [400, 'http.malformed', [{ pointer: `#/rows/2/${member}` }]]);
      }
    });

    test('a log comes in pages', async () => {
      const whole = await logOf(importer);
      const page = async (before) => get(server, `/members/${importer.id}/log?before=${before}`, admin.session);
      assert.deepEqual((await page(whole[1].sequence)).body.records, whole.slice(2));
      assert.deepEqual((await page(0)).body.records, []);
      for (const bent of ['', '-1', '1x', '9223372036854775808', '99999999999999999999'])
        assert.deepEqual(codeOf(await page(bent)), [400, 'http.malformed'], bent);
    });

    test('areas at risk, news, figures and words', async () => {
      assert.deepEqual((await post(server, '/areas-at-risk', { regions: ['420100'] }, importer.session)).body.regions, ['420100']);
      assert.deepEqual(codeOf(await post(server, '/areas-at-risk', { regions: ['42'] }, importer.session)), [400, 'http.malformed']);
      assert.deepEqual((await post(server, '/areas-at-risk', { regions: [] }, importer.session)).body.regions, []);
      for (const url of ['https://a.example/ "><script>', 'https://gov.cn@evil.example/', 'https://', 'https:///a', 'http://a.example/', 'https://a.example/\\'])
        assert.deepEqual(codeOf(await post(server, '/news', { kind: 'link', titles: { en: 'x' }, url }, admin.session)), [400, 'http.malformed'], url);
      for (const language of ['english!', 'e', '-', 'zh_Hans'])
        assert.deepEqual(codeOf(await post(server, '/news', { kind: 'news', titles: { [language]: 'x' } }, admin.session)), [400, 'http.malformed'], language);
      const made = await post(server, '/news', { kind: 'link', titles: { 'zh-Hans': '热线' }, url: 'https://help.example/' }, admin.session);
      assert.equal(made.status, 201);
      assert.ok((await server.call('/api/news')).body.news.some(({ id }) => id === made.body.id));
      for (const url of ['http://help.example/', 'javascript:alert(1)', undefined])
        assert.deepEqual(codeOf(await post(server, '/news', { kind: 'link', titles: { en: 'x' }, url }, admin.session)), [400, 'http.malformed']);
      assert.equal((await post(server, `/news/${made.body.id}/withdraw`, {}, admin.session)).status, 200);
      assert.ok(!(await server.call('/api/news')).body.news.some(({ id }) => id === made.body.id));
      const counts = (await get(server, '/counts', admin.session)).body;
      assert.ok(counts.byRegion.length > 0 && Number.isInteger(counts.openAppeals));
      const words = (await get(server, '/rules', checkpoint.session)).body;
      assert.ok(words.rules.some(({ rule }) => rule === 'CR-330000-CONTACT') && words.regions['330100']);
      assert.ok(words.regions['440403'], 'also where others’ rules hold');
    });

    test('each role does its own work and no other', async () => {
      const id = 'A'.repeat(22);
      const work = [
        ['GET', `/cases/${id}`, ['reviewer']], ['GET', `/cases/${id}/log`, ['reviewer']], ['GET', `/cases/${id}/choices`, ['reviewer']],
        ['POST', '/cases/find', ['checkpoint', 'reviewer']], ['POST', `/cases/${id}/activate`, ['checkpoint']], ['POST', `/cases/${id}/colour`, ['reviewer']],
        ['GET', '/appeals', ['reviewer']], ['POST', `/appeals/${id}/decide`, ['reviewer']], ['POST', '/imports', ['importer']], ['POST', `/imports/${id}/undo`, ['importer']],
        ['GET', '/areas-at-risk', ['importer']], ['POST', '/areas-at-risk', ['importer']], ['GET', '/counts', ['reviewer', 'admin']],
        ['POST', '/news', ['admin']], ['POST', `/news/${id}/withdraw`, ['admin']], ['GET', '/members', ['admin']], ['GET', `/members/${id}/log`, ['admin']],
      ];
      for (const [method, path, allowed] of work)
        for (const [role, { session }] of Object.entries({ checkpoint, reviewer, importer, admin, nobody: { session: 'x' } })) {
          const reply = method === 'GET' ? await get(server, path, session) : await post(server, path, {}, session);
          const refusal = role === 'nobody' ? 'staff.session-ended' : 'staff.not-allowed';
          assert.equal(reply.body.code === refusal, !allowed.includes(role), `${role} ${method} ${path}: ${reply.body.code}`);
        }
    });

    test('whatever staff look at is in their log too', async () => {
      const person = await enrolColour(server, resident, 'green');
      const id = await caseOf(person);
      const looks = [
        [reviewer, `/cases/${id}`, 'open-case', id], [reviewer, `/cases/${id}/log`, 'read-log', id], [reviewer, `/cases/${id}/choices`, 'read-choices', id],
        [reviewer, '/appeals', 'read-appeals'], [reviewer, '/counts', 'read-figures'], [importer, '/areas-at-risk', 'read-areas'],
        [admin, '/members', 'read-staff'], [admin, `/members/${importer.id}/log`, 'read-staff-log', importer.id],
      ];
      for (const [who, path, event, subject] of looks) {
        assert.equal((await get(server, path, who.session)).status, 200, path);
        const entry = (await logOf(who)).find((each) => each.event === event);
        assert.deepEqual([entry?.event, entry?.subject], [event, subject], path);
      }
    });

    test('signing in and out is in the log, and every chain fits together', async () => {
      await post(server, '/session/end', {}, checkpoint.session);
      const events = await eventsOf(checkpoint);
      assert.equal(events[0], 'sign-out');
      assert.ok(events.includes('set-password'));
      const report = JSON.parse(execFileSync(programs.server, ['log', 'verify', '--data', server.data, '--database', server.database], { encoding: 'utf8' }));
      assert.deepEqual(report.faults, []);
      assert.ok(report.records > 20);
    });
  });
