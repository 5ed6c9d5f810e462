// SPDX-License-Identifier: Apache-2.0
// Why a code has its colour: what a wallet takes, and what it refuses whoever signed it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, packs, t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';

const module = await sdk.loadWallet(nodeHost());
const day = 86400;

/** A wallet with somebody in it, and an issuer whose next codes are of another colour. */
async function walletOf(colour, next = colour) {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  const host = nodeHost({ ...clocks.parts(), fetch: server.fetch });
  const open = () => sdk.Wallet.open({ host, module, server: 'https://code.example', roots: authority.roots });
  const wallet = await open();
  const claims = { colour };
  server.addTicket('T', claims);
  const person = valueOf(await wallet.enrol('T'));
  claims.colour = next;
  return { authority, clocks, server, wallet, person, open };
}

test('every colour that the rules give is taken, and says why and until when', async () => {
  const expected = {
    pending: [undefined, undefined],
    green: ['CR-000000-COLOUR-GREEN', undefined],
    yellow: ['CR-000000-COLOUR-YELLOW', t0 + 7 * day],
    red: ['CR-000000-COLOUR-RED', t0 + 14 * day],
  };
  for (const [colour, [rule, until]] of Object.entries(expected)) {
    const { person, wallet, open } = await walletOf(colour);
    assert.deepEqual([person.reason.rule, person.reason.until, person.reason.since], [rule, until, t0]);
    assert.equal(typeof person.reason.description?.en, rule ? 'string' : 'undefined');
    wallet.close();
    assert.deepEqual((await open()).people()[0].reason, person.reason, 'kept for without a network');
  }
});

const bent = {
  'no record': [null, 'record.missing'],
  'a rule that nobody wrote': [{ rule: 'CR-330100-BECAUSE-I-SAY-SO' }, 'colour.no-rule'],
  'no rule at all': [{ rule: undefined, reasonClass: undefined }, 'colour.no-rule'],
  'a rule that gives yellow': [{ rule: 'CR-000000-COLOUR-YELLOW', reasonClass: 'risk' }, 'colour.no-rule'],
  'a rule that says how long': [{ rule: 'DR-330100-RED', reasonClass: undefined }, 'colour.no-rule'],
  'a rule of another region': [{ rule: 'CR-330110-ACTIVATION', reasonClass: 'checkpoint' }, 'colour.no-rule'],
  'another reason than the rule’s': [{ reasonClass: 'petition' }, 'colour.no-rule'],
  'more time than the rules allow': [{ until: t0 + 14 * day + 1 }, 'colour.no-rule'],
  'no end': [{ until: null }, 'colour.no-rule'],
  'an end that has passed': [{ until: t0 }, 'colour.no-rule'],
  'a record older than the issuer’s key': [{ now: 1_500_000_000, until: t0 + day }, 'issuer.key-not-in-force'],
  'the record of another colour': [{ colour: 'yellow' }, 'record.missing'],
  'the record of another region': [{ region: '310000' }, 'record.missing'],
  'the record of something else': [{ event: 'appeal' }, 'record.missing'],
  'the record of an issuer that nobody trusts': [{ issuer: '999999' }, 'issuer.unknown'],
};
for (const [name, [record, code]] of Object.entries(bent))
  test(`a red is refused with ${name}; the code of before stays`, async () => {
    const { server, wallet, person } = await walletOf('green', 'red');
    server.bentRecord = record;
    assert.equal((await wallet.renew(person.id)).code, code);
    assert.equal(wallet.people()[0].colour, 'green');
    assert.ok(wallet.frame(person.id).ok);
    server.bentRecord = {};
    assert.equal(valueOf(await wallet.renew(person.id)).colour, 'red', 'and with its record it is taken');
  });

test('whoever enrols gets no colour without a rule either, and the ticket still works', async () => {
  const { server, wallet } = await walletOf('green');
  server.addTicket('R', { colour: 'red' });
  server.bentRecord = { rule: 'CR-330100-BECAUSE-I-SAY-SO' };
  assert.equal((await wallet.enrol('R')).code, 'colour.no-rule');
  assert.equal(wallet.people().length, 1);
  server.bentRecord = {};
  assert.equal((await wallet.refresh()).renewed[0]?.colour, 'red');
});

test('a record with any bit turned is refused', async () => {
  const { authority } = await walletOf('green');
  const good = authority.record('red');
  const trust = valueOf(module.Trust.open(authority.list, authority.roots, 0, t0));
  assert.equal(valueOf(module.openColourRecord(good, trust)).rule, 'CR-000000-COLOUR-RED');
  for (let bit = 0; bit < good.length * 8; bit += 5) {
    const changed = good.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(module.openColourRecord(changed, trust).ok, false, `bit ${bit}`);
  }
});

test('rules that are not those of the trust list are not used, and without rules nothing is taken', async () => {
  const { server, person, open } = await walletOf('green', 'red');
  const [path, bytes] = [...server.files].find(([, file]) => file === packs[2].bytes);
  server.files.set(path, new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll('14', '60')));
  const cold = await open();  // the one that enrolled knows the rules
  assert.equal((await cold.renew(person.id)).code, 'pack.not-listed');
  server.files.delete(path);
  assert.equal((await cold.renew(person.id)).code, 'http.not-found');
  assert.equal(cold.people()[0].colour, 'green');
});

test('what a resident states is signed over the issuer’s challenge, once, however often it is sent', async () => {
  const { server, wallet, person } = await walletOf('red');
  const sent = [];
  const { answer } = server;
  server.answer = (path, body) =>
    path === '/api/appeal'
      ? [201, { appeal: 'A'.repeat(22), deadline: t0 + 3 * day, outcome: 'open' }]
      : answer.call(server, path, body);
  let lost = 2;
  server.onRequest = (path, done) => {
    if (path === '/api/appeal' && done && lost-- > 0) throw new Error('the reply is lost');
  };
  server.answerOnce = (path, request) => {
    if (path === '/api/appeal') sent.push(request);
    return FakeServer.prototype.answerOnce.call(server, path, request);
  };
  const made = valueOf(await wallet.appeal(person.id, '名单上的不是我'));
  assert.deepEqual(made, { id: 'A'.repeat(22), deadline: t0 + 3 * day, outcome: 'open' });
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map((request) => request.headers['Idempotency-Key'] + request.body)).size, 1, 'byte for byte the same');
  assert.ok(Buffer.from(JSON.parse(sent[0].body).statement, 'base64url').includes('名单上的不是我'));
  assert.deepEqual(wallet.people()[0].appeal, made);
});

test('the outcome of an appeal is known with its reason, and kept; one that cannot be read is none', async () => {
  const { server, wallet, person, open } = await walletOf('red');
  const { answer } = server;
  let told = { appeal: 'A'.repeat(22), deadline: t0 + 3 * day, outcome: 'refused', reason: 'nothing-new' };
  server.answer = (path, body) =>
    path === '/api/state' ? [200, { colour: 'red', checkIns: 0, appeal: told }] : answer.call(server, path, body);
  const { appeal } = valueOf(await wallet.ownState(person.id)).person;
  assert.deepEqual(appeal, { id: told.appeal, deadline: told.deadline, outcome: 'refused', reason: 'nothing-new' });
  wallet.close();
  const again = await open();
  assert.deepEqual(again.people()[0].appeal, appeal);
  told = { ...told, reason: 7 };
  assert.equal(valueOf(await again.ownState(person.id)).person.appeal, undefined);
});
