// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { answer, askAtDesk, enrol, enrolColour, postAnswer, tickets } from './wallet.mjs';

const west = { clinic: 'hz-west', base: '/api/clinics/hz-west' };

let server;
let resident;
let green;
before(async () => {
  resident = new Resident();
  server = await new Server(makeDataFolder()).listening();
  green = await enrolColour(server, resident, 'green');
});
after(async () => {
  resident.close();
  await server.kill();
});

const codeOf = (reply) => [reply.status, reply.body.code];
const clinicDatabase = () => `${server.data}/clinic-hz-first.sqlite`;

test('a green code gets a queue number, shown on both screens', async () => {
  const request = await askAtDesk(server);
  assert.equal((await request.state()).state, 'waiting');
  const made = await answer(server, resident, green, request);
  assert.equal(made.verifier, 'hz-first');
  assert.equal(made.purpose, 'registration');
  assert.deepEqual(made.wanted, ['fullName', 'idNumber', 'phone']);
  assert.ok(made.answerUrl.endsWith('/api/clinic/answers'));
  const { status, body } = await postAnswer(server, made.sealed);
  assert.equal(status, 200);
  assert.equal(body.hospital, 'hz-first');
  assert.equal(body.department, 'surgery');
  assert.equal(body.route, 'registration');
  assert.equal(body.queueNumber - 1, body.ahead);
  assert.equal(body.queueLabel, `B00${body.queueNumber}`);
  assert.equal(body.already, false);
  const state = await request.state();
  assert.equal(state.state, 'done');
  assert.equal(state.queueNumber, body.queueNumber);
  assert.match(state.patient.maskedName, /\*/);
  assert.match(state.patient.idTail, /^\d{3}[\dX]$/);
});

test('the answer may go to the address under which the desk was opened', async () => {
  const headers = { ...(await server.desk()), 'Content-Type': 'application/json' };
  for (const host of ['127.0.0.1', 'localhost']) {
    const made = await fetch(`http://${host}:${server.port}/api/clinic/requests`,
      { method: 'POST', headers, body: '{"department":"surgery"}' });
    const { answerUrl } = await answer(server, resident, green, await made.json());
    assert.equal(answerUrl, `http://${host}:${server.port}/api/clinic/answers`);
  }
});

/** Registers somebody; what the hospital answered. */
async function register(person, department) {
  const { sealed } = await answer(server, resident, person, await askAtDesk(server, { department }));
  return postAnswer(server, sealed);
}

/** A resident with a green code and an ID number of their own. */
async function somebody(ticketAt) {
  const { ticket } = (await tickets(server)).filter(({ colour }) => colour === 'green')[ticketAt];
  return enrol(server, resident, ticket);
}

/** Calls the next one of a department. */
async function callNext(department, call = randomUUID()) {
  const reply = await server.post(`/api/clinic/queues/${department}/next`, { call }, await server.desk());
  assert.equal(reply.status, 200);
  return reply.body;
}

const queueOf = async (department, headers) =>
  (await server.call(`/api/clinic/queues/${department}`, { headers: headers ?? (await server.desk()) })).body;

test('registering again while one waits gives the same number, and says so', async () => {
  const first = (await register(green, 'obstetrics')).body;
  const again = (await register(green, 'obstetrics')).body;
  assert.deepEqual(again, { ...first, already: true });
  assert.equal((await queueOf('obstetrics')).waiting, 1);
  const rows = await resident.rows(clinicDatabase(), "SELECT id FROM visit WHERE department = 'obstetrics'");
  assert.equal(rows.length, 1);
  const elsewhere = (await register(green, 'chinese-medicine')).body;
  assert.equal(elsewhere.already, false);
  assert.notEqual(elsewhere.visitId, first.visitId);
});

test('once called, the same patient gets the next number', async () => {
  const first = (await register(green, 'emergency')).body;
  assert.equal((await callNext('emergency')).called.queueLabel, first.queueLabel);
  const second = (await register(green, 'emergency')).body;
  assert.equal(second.queueNumber, first.queueNumber + 1);
  await callNext('emergency');
  const rows = await resident.rows(clinicDatabase(), 'SELECT DISTINCT patient FROM visit');
  assert.equal(rows.length, 1);
});

test('whoever waits already takes no request from the next patient', async () => {
  const request = await askAtDesk(server, { department: 'obstetrics' });
  const { sealed } = await answer(server, resident, green, request);
  for (let times = 0; times < 2; times++) assert.equal((await postAnswer(server, sealed)).body.already, true);
  assert.equal((await request.state()).state, 'waiting');
  assert.equal((await queueOf('obstetrics', request.headers)).latest.already, true, 'the desk says whose number it is');
  const next = await answer(server, resident, await somebody(2), request);
  const { body } = await postAnswer(server, next.sealed);
  assert.equal(body.already, false);
  assert.equal((await request.state()).queueLabel, body.queueLabel);
  assert.deepEqual(codeOf(await postAnswer(server, sealed)), [409, 'clinic.request-used']);
});

test('calling lets those behind move up, one at a time', async () => {
  const people = [];
  for (const at of [0, 1, 2]) people.push(await somebody(at));
  const numbers = [];
  for (const person of people) numbers.push((await register(person, 'internal-medicine')).body);
  assert.deepEqual(numbers.map(({ ahead }) => ahead), [0, 1, 2]);
  const aheadOf = async ({ visitId, ticket }) => (await server.call(`/api/clinic/visits/${visitId}.${ticket}`)).body;
  assert.deepEqual(await aheadOf(numbers[2]), { state: 'waiting', department: 'internal-medicine', queueNumber: 3,
    queueLabel: 'A003', ahead: 2, route: 'registration' });
  const call = randomUUID();
  const called = await callNext('internal-medicine', call);
  assert.equal(called.called.queueLabel, 'A001');
  assert.equal(called.waiting, 2);
  assert.deepEqual(await callNext('internal-medicine', call), called, 'a call whose reply got lost skips nobody');
  assert.equal((await aheadOf(numbers[0])).state, 'called');
  assert.equal((await aheadOf(numbers[2])).ahead, 1);
  await callNext('internal-medicine');
  assert.equal((await aheadOf(numbers[2])).ahead, 0);
  assert.equal((await callNext('internal-medicine')).called.queueLabel, 'A003');
  assert.deepEqual(await callNext('internal-medicine'), { waiting: 0 });
});

test('a number is told to whoever holds its ticket, and to nobody else', async () => {
  const { visitId, ticket } = (await register(green, 'paediatrics')).body;
  assert.ok(ticket.length >= 22);
  for (const asked of [visitId, `${visitId}.`, `${visitId}.${'A'.repeat(22)}`, `.${ticket}`, `nobody.${ticket}`])
    assert.deepEqual(codeOf(await server.call(`/api/clinic/visits/${asked}`)), [404, 'clinic.visit-unknown'], asked);
  assert.equal((await server.call(`/api/clinic/visits/${visitId}.${ticket}`)).status, 200);
  await callNext('paediatrics');
});

test('a desk finds its open request and the visits of the day again', async () => {
  await callNext('surgery');
  const [desk, other] = [await server.newDesk(), await server.newDesk()];
  const ask = (headers) => server.post('/api/clinic/requests', { department: 'surgery' }, headers);
  const mine = (await ask(desk)).body;
  await ask(other);
  const queue = await queueOf('surgery', desk);
  assert.deepEqual(queue.requests, [{ state: 'waiting', department: 'surgery', ...mine }]);
  const { body } = await postAnswer(server, (await answer(server, resident, green, mine)).sealed);
  const after = await queueOf('surgery', desk);
  assert.deepEqual(after.requests, []);
  assert.equal(after.latest.queueLabel, body.queueLabel);
  assert.equal(after.latest.request, mine.id);
  assert.equal((await queueOf('surgery', other)).latest, undefined, 'another desk of the department has its own');
  const listed = (await queueOf('surgery', other)).visits;
  assert.ok(listed.some(({ queueLabel }) => queueLabel === body.queueLabel), 'the visits are the department’s');
  assert.ok(!JSON.stringify(after).includes(body.ticket));
});

test('nobody is left without care: yellow and red go to the fever clinic, pending is looked at', async () => {
  const expected = { yellow: ['fever-clinic', 'fever-clinic'], red: ['fever-clinic', 'fever-clinic'], pending: ['emergency', 'pre-check'] };
  for (const [colour, [department, route]] of Object.entries(expected)) {
    const person = await enrolColour(server, resident, colour);
    const request = await askAtDesk(server, { department: 'emergency' });
    const { status, body } = await postAnswer(server, (await answer(server, resident, person, request)).sealed);
    assert.equal(status, 200);
    assert.deepEqual([body.department, body.route], [department, route]);
    assert.deepEqual([(await request.state()).department, (await request.state()).route], [department, route]);
    assert.ok((await queueOf('emergency')).visits.some((visit) => visit.queueLabel === body.queueLabel && visit.route === route));
  }
  assert.match((await callNext('fever-clinic')).called.queueLabel, /^F\d{3}$/);
});

test('the same answer again gives the same number: its first reply may have been lost', async () => {
  await callNext('surgery');
  const request = await askAtDesk(server);
  const { sealed } = await answer(server, resident, green, request);
  const replies = await Promise.all(Array.from({ length: 6 }, () => postAnswer(server, sealed)));
  for (const { status, body } of replies) {
    assert.equal(status, 200);
    assert.deepEqual(body, replies[0].body);
  }
  const other = await answer(server, resident, green, request);
  assert.deepEqual(codeOf(await postAnswer(server, other.sealed)), [409, 'clinic.request-used']);
  await resident.rows(clinicDatabase(), `UPDATE request SET expires_at = 1 WHERE id = '${request.id}' RETURNING id`);
  assert.deepEqual(codeOf(await postAnswer(server, sealed)), [409, 'clinic.request-used']);
});

test('different answers that arrive at once to one request give one queue number', async () => {
  const request = await askAtDesk(server, { department: 'paediatrics' });
  const texts = await Promise.all(Array.from({ length: 8 }, () => answer(server, resident, green, request)));
  const replies = await Promise.all(texts.map(({ sealed }) => postAnswer(server, sealed)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ body }) => body.code === 'clinic.request-used').length, 7);
  assert.equal((await queueOf('paediatrics')).waiting, 1);
});

test('another hospital cannot open an answer, nor use one that was sealed for it', async () => {
  const request = await askAtDesk(server);
  const { sealed } = await answer(server, resident, green, request);
  assert.deepEqual(codeOf(await postAnswer(server, sealed, west.base)), [403, 'answer.unreadable']);
  const passedOn = await answer(server, resident, green, request, { sealTo: 'hz-west' });
  assert.deepEqual(codeOf(await postAnswer(server, passedOn.sealed, west.base)), [404, 'clinic.request-unknown']);
  assert.equal((await request.state()).state, 'waiting');
});

test('an answer to another hospital’s request is refused', async () => {
  const request = await askAtDesk(server, west);
  const moved = await answer(server, resident, green, request, { sealTo: 'hz-first' });
  assert.deepEqual(codeOf(await postAnswer(server, moved.sealed)), [404, 'clinic.request-unknown']);
});

test('a stale answer is refused, the desk says why, and a fresh one is taken', async () => {
  await callNext('surgery');
  const request = await askAtDesk(server);
  const signedAt = Math.floor(Date.now() / 1000) - 40;
  const stale = await answer(server, resident, await agedCredential(), request, { signedAt });
  assert.deepEqual(codeOf(await postAnswer(server, stale.sealed)), [400, 'time.too-old']);
  assert.deepEqual(await request.state(), { state: 'refused', department: 'surgery', reason: 'time.too-old' });
  const fresh = await answer(server, resident, green, request);
  assert.equal((await postAnswer(server, fresh.sealed)).status, 200);
  assert.equal((await request.state()).state, 'done');
});

/** A credential that was issued a minute ago: an answer can be no older than its credential. */
async function agedCredential(identity, age = 60) {
  const issuer = JSON.parse(readFileSync(`${server.data}/keys/issuer-330100.json`, 'utf8'));
  const { key } = await resident.do('newKey');
  const issuedAt = Math.floor(Date.now() / 1000) - age;
  const { credential } = await resident.do('issue', { issuerKey: issuer.d, key, issuedAt, ...(identity && { identity }) });
  return { key, credential };
}

test('noise of one address shuts out neither the patients nor the desks behind it', async () => {
  const other = await new Server(makeDataFolder(), { options: ['--demo', '--rate', '5'] }).listening();
  try {
    const noise = () => postAnswer(other, 'LMS1:ABC');
    for (let times = 0; times < 5; times++) assert.equal((await noise()).body.code, 'answer.unreadable');
    assert.deepEqual(codeOf(await noise()), [429, 'http.rate-limited']);
    const person = await enrolColour(other, resident, 'green');
    const { sealed } = await answer(other, resident, person, await askAtDesk(other));
    assert.equal((await postAnswer(other, sealed)).status, 200);
    assert.deepEqual(codeOf(await noise()), [429, 'http.rate-limited']);
  } finally {
    await other.kill();
  }
});

test('a request that has expired takes no answer', async () => {
  const request = await askAtDesk(server);
  const { sealed } = await answer(server, resident, green, request);
  await resident.rows(clinicDatabase(), `UPDATE request SET expires_at = 1 WHERE id = '${request.id}' RETURNING id`);
  assert.deepEqual(codeOf(await postAnswer(server, sealed)), [400, 'time.request-expired']);
  assert.equal((await request.state()).state, 'expired');
});

test('open codes, unsealed answers, requests and noise are no answers', async () => {
  const request = await askAtDesk(server);
  const { open, sealed } = await answer(server, resident, green, request);
  const { text } = await resident.do('show', { ...(await server.trust()), ...green });
  assert.equal((await postAnswer(server, open)).body.code, 'format.wrong-kind');
  assert.equal((await postAnswer(server, text)).body.code, 'format.wrong-kind');
  assert.equal((await postAnswer(server, request.request)).body.code, 'format.wrong-kind');
  assert.equal((await postAnswer(server, sealed.toLowerCase())).status, 400);
  assert.ok([400, 403].includes((await postAnswer(server, sealed.slice(0, -3))).status));
  assert.equal((await postAnswer(server, 'x')).status, 400);
  assert.equal((await postAnswer(server, '')).status, 400);
  assert.equal((await request.state()).state, 'waiting');
});

test('changed bytes of a sealed answer are refused', async () => {
  const request = await askAtDesk(server);
  const { sealed } = await answer(server, resident, green, request);
  for (let at = 5; at < sealed.length; at += 17) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    const { status } = await postAnswer(server, changed);
    assert.ok(status === 400 || status === 403, `at ${at}: ${status}`);
  }
});

test('a resident can agree to neither less nor more than was asked', async () => {
  const request = await askAtDesk(server);
  await assert.rejects(answer(server, resident, green, request, { agreed: ['fullName'] }), /disclosure.missing/);
  await assert.rejects(answer(server, resident, green, request, { agreed: ['fullName', 'idNumber', 'phone', 'sex'] }),
    /disclosure.unasked/);
});

/** Somebody from elsewhere, whose document the authority does not check. */
async function traveller(fullName, idNumber) {
  return agedCredential({ fullName, idNumber, phone: '10000000002' }, 0);
}

test('two people with one document number are two people', async () => {
  const john = (await register(await traveller('John Smith', 'E1234567'), 'emergency')).body;
  const request = await askAtDesk(server, { department: 'emergency' });
  const { sealed } = await answer(server, resident, await traveller('Maria Rossi', 'E1234567'), request);
  assert.deepEqual(codeOf(await postAnswer(server, sealed)), [409, 'clinic.patient-differs']);
  assert.deepEqual(await request.state(), { state: 'refused', department: 'emergency', reason: 'clinic.patient-differs' });
  const again = (await register(await traveller('John Smith', 'E1234567'), 'emergency')).body;
  assert.deepEqual(again, { ...john, already: true });
  const names = await resident.rows(clinicDatabase(), "SELECT full_name FROM patient WHERE id_number = 'E1234567'");
  assert.deepEqual(names, [['John Smith']]);
});

test('a number of any script does not stop the queue', async () => {
  assert.equal((await register(await traveller('王六', 'H123（香）'), 'emergency')).status, 200);
  const { visits } = await queueOf('emergency');
  assert.equal(visits[0].patient.idTail, '3（香）');
  while ((await callNext('emergency')).called);
});

test('a desk that logs out is out', async () => {
  const headers = await server.newDesk();
  const end = () => server.post('/api/clinic/session/end', {}, headers);
  assert.deepEqual([(await end()).status, (await queueOf('surgery', headers)).code], [200, 'http.unauthorized']);
  assert.deepEqual(codeOf(await end()), [401, 'http.unauthorized']);
  assert.equal((await server.call('/api/clinic/queues/surgery', { headers: await server.desk() })).status, 200);
});

test('a login code opens one session, at its own hospital', async () => {
  const open = (code, base = '/api/clinic') => server.post(`${base}/sessions`, { code });
  const code = server.deskCode();
  assert.match(code, /^[2-9A-HJ-NP-Z]{10}$/);
  assert.deepEqual(codeOf(await open(code, west.base)), [403, 'clinic.login-refused']);
  const typed = `${code.slice(0, 5)}-${code.slice(5)} `.toLowerCase();
  assert.equal((await open(typed)).status, 201);
  assert.deepEqual(codeOf(await open(code)), [403, 'clinic.login-refused']);
  const late = server.deskCode();
  await resident.rows(clinicDatabase(), 'UPDATE login_code SET expires_at = 1 RETURNING digest');
  assert.deepEqual(codeOf(await open(late)), [403, 'clinic.login-refused']);
  const twice = server.deskCode();
  const both = await Promise.all([open(twice), open(twice)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 403]);
});

test('a desk needs a session of its own hospital that has not expired', async () => {
  const old = await server.newDesk();
  await resident.rows(clinicDatabase(),
    'UPDATE desk_session SET expires_at = 1 WHERE rowid = (SELECT max(rowid) FROM desk_session) RETURNING digest');
  const other = await server.desk('hz-west', west.base);
  const values = [undefined, '', 'Bearer ', 'Bearer x', other.Authorization, old.Authorization,
    (await server.desk()).Authorization.slice(7)];
  const { id } = await askAtDesk(server);
  for (const value of values) {
    const headers = value === undefined ? {} : { Authorization: value };
    for (const path of ['requests', 'queues/surgery/next'])
      assert.deepEqual(codeOf(await server.post(`/api/clinic/${path}`, { department: 'surgery', call: 'x' }, headers)),
        [401, 'http.unauthorized']);
    for (const path of [`requests/${id}`, 'queues/surgery'])
      assert.equal((await server.call(`/api/clinic/${path}`, { headers })).status, 401);
  }
});

test('unknown departments and requests are refused', async () => {
  const headers = await server.desk();
  for (const department of ['astrology', '', "surgery'--", 7, null, ['surgery']]) {
    const reply = await server.post('/api/clinic/requests', { department }, headers);
    assert.deepEqual(codeOf(reply), [400, 'http.malformed']);
  }
  assert.deepEqual(codeOf(await server.call('/api/clinic/requests/nobody', { headers })), [404, 'clinic.request-unknown']);
  assert.deepEqual(codeOf(await server.call('/api/clinic/queues/astrology', { headers })), [400, 'http.malformed']);
  assert.deepEqual(codeOf(await server.post('/api/clinic/queues/astrology/next', { call: 'x' }, headers)), [400, 'http.malformed']);
});

test('a hospital runs alone elsewhere, given its own keys and the trust list', async () => {
  const data = makeDataFolder();
  mkdirSync(`${data}/keys`);
  for (const name of ['hz-first.json', 'hz-first-sealing.json'])
    cpSync(`${server.data}/keys/${name}`, `${data}/keys/${name}`);
  cpSync(`${server.data}/trust.json`, `${data}/trust.json`);
  const settings = JSON.parse(readFileSync(`${server.data}/server.json`, 'utf8'));
  delete settings.authority;
  settings.clinics = settings.clinics.filter(({ id }) => id === 'hz-first');
  writeFileSync(`${data}/server.json`, JSON.stringify(settings));
  const alone = await new Server(data, { options: [] }).listening();
  try {
    const request = await askAtDesk(alone);
    const { sealed } = await answer(server, resident, green, request);
    assert.equal((await postAnswer(alone, sealed)).body.queueNumber, 1);
    assert.equal((await alone.post('/api/enrol/challenge', {})).status, 404);
  } finally {
    await alone.kill();
  }
});
