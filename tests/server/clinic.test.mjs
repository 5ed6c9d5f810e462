// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { answer, askAtDesk, enrolColour, postAnswer } from './wallet.mjs';

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
  const state = await request.state();
  assert.equal(state.state, 'done');
  assert.equal(state.queueNumber, body.queueNumber);
  assert.match(state.patient.maskedName, /\*/);
  assert.match(state.patient.idTail, /^\d{3}[\dX]$/);
});

test('the answer may go to the address under which the desk was opened', async () => {
  const headers = { Authorization: `Bearer ${server.deskToken()}`, 'Content-Type': 'application/json' };
  for (const host of ['127.0.0.1', 'localhost']) {
    const made = await fetch(`http://${host}:${server.port}/api/clinic/requests`,
      { method: 'POST', headers, body: '{"department":"surgery"}' });
    const { answerUrl } = await answer(server, resident, green, await made.json());
    assert.equal(answerUrl, `http://${host}:${server.port}/api/clinic/answers`);
  }
});

test('a second visit finds the patient of the first, and numbers go up by one', async () => {
  const numbers = [];
  for (let i = 0; i < 3; i += 1) {
    const { sealed } = await answer(server, resident, green, await askAtDesk(server, { department: 'obstetrics' }));
    numbers.push((await postAnswer(server, sealed)).body.queueNumber);
  }
  assert.deepEqual(numbers, [1, 2, 3]);
  const rows = await resident.rows(clinicDatabase(), 'SELECT DISTINCT patient FROM visit');
  assert.equal(rows.length, 1);
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
  }
});

test('an answer is good once', async () => {
  const request = await askAtDesk(server);
  const { sealed } = await answer(server, resident, green, request);
  assert.equal((await postAnswer(server, sealed)).status, 200);
  assert.deepEqual(codeOf(await postAnswer(server, sealed)), [409, 'clinic.request-used']);
  const other = await answer(server, resident, green, request);
  assert.deepEqual(codeOf(await postAnswer(server, other.sealed)), [409, 'clinic.request-used']);
});

test('answers that arrive at once to one request give one queue number', async () => {
  const request = await askAtDesk(server, { department: 'paediatrics' });
  const texts = await Promise.all(Array.from({ length: 8 }, () => answer(server, resident, green, request)));
  const replies = await Promise.all(texts.map(({ sealed }) => postAnswer(server, sealed)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ body }) => body.code === 'clinic.request-used').length, 7);
  const rows = await resident.rows(clinicDatabase(), "SELECT id FROM visit WHERE department = 'paediatrics'");
  assert.equal(rows.length, 1);
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
async function agedCredential() {
  const issuer = JSON.parse(readFileSync(`${server.data}/keys/issuer-330100.json`, 'utf8'));
  const { key } = await resident.do('newKey');
  const issuedAt = Math.floor(Date.now() / 1000) - 60;
  const { credential } = await resident.do('issue', { issuerKey: issuer.d, key, issuedAt });
  return { key, credential };
}

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

test('a desk needs the pass of its own hospital', async () => {
  const body = { department: 'surgery' };
  const tokens = [undefined, '', 'Bearer ', 'Bearer x', `Bearer ${server.deskToken('hz-west')}`, server.deskToken()];
  for (const token of tokens) {
    const reply = await server.post('/api/clinic/requests', body, token === undefined ? {} : { Authorization: token });
    assert.deepEqual(codeOf(reply), [401, 'http.unauthorized']);
  }
  const { id } = await askAtDesk(server);
  assert.equal((await server.call(`/api/clinic/requests/${id}`)).status, 401);
});

test('unknown departments and requests are refused', async () => {
  const headers = { Authorization: `Bearer ${server.deskToken()}` };
  for (const department of ['astrology', '', "surgery'--", 7, null, ['surgery']]) {
    const reply = await server.post('/api/clinic/requests', { department }, headers);
    assert.deepEqual(codeOf(reply), [400, 'http.malformed']);
  }
  assert.deepEqual(codeOf(await server.call('/api/clinic/requests/nobody', { headers })), [404, 'clinic.request-unknown']);
});

test('a hospital runs alone elsewhere, given its own keys and the trust list', async () => {
  const data = makeDataFolder();
  mkdirSync(`${data}/keys`);
  for (const name of ['hz-first.json', 'hz-first-sealing.json', 'hz-first-desk-token'])
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
