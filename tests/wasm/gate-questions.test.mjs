// SPDX-License-Identifier: Apache-2.0
// A gate that asks: its key, its questions, and the answers, each taken once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority, issuerId, t0 } from './support/authority.mjs';
import { repository } from './support/paths.mjs';
import { Clocks, draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const walletModule = await sdk.loadWallet(nodeHost());
const module = await sdk.loadGate(nodeHost());
const code = '23456789ABCDEFGH';
const ward = { scene: 'ward' };
const dineIn = { place: '440403', scene: 'dine-in' };
const packs = ['000000', '440403'].map((region) => {
  const bytes = new Uint8Array(readFileSync(join(repository, 'tools/regions', `${region}.json`)));
  const { version } = JSON.parse(Buffer.from(bytes).toString());
  return { bytes, listed: { region, version, sha256: createHash('sha256').update(bytes).digest('base64url') } };
});

function world() {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const server = new FakeServer(authority, clocks);
  server.gateCodes.set(code, 'gate-1');
  for (const { bytes, listed } of packs) server.files.set(`/packs/${listed.region}-${listed.version}-${listed.sha256}.json`, bytes);
  let version = 1;
  const verifiers = new Map();
  /** Signs the list anew with a gate in it, as the server does. */
  server.onGate = (id, key) => {
    const keys = [{ key: Buffer.from(key).toString('base64url'), notBefore: t0 - 10, notAfter: t0 + 1e8 }];
    verifiers.set(id, { id, names: { en: id }, kind: 'gate', keys, sealingKey32: authority.publicKeys['hospital-sealing'], endpoints: [] });
    const issuers = [{ id: issuerId, names: {}, keys: [{ key: authority.publicKeys.issuer, notBefore: t0 - 1e7, notAfter: t0 + 1e8 }], regions: [issuerId, '440403'] }];
    authority.publish(++version, t0, { issuers, verifiers: [...verifiers.values()], packs: packs.map(({ listed }) => listed) });
  };
  const storage = new FailingStorage();
  const deviceKey = draw(32);
  const hostOf = (kept) => ({
    ...nodeHost({ ...clocks.parts(), storage: kept, fetch: server.fetch }),
    hostKey: async () => (kept === storage ? deviceKey.slice() : draw(32)),
  });
  const open = (kept = storage) => sdk.Gate.open({ host: hostOf(kept), module, server: 'https://code.example', roots: authority.roots });
  const wallet = async (name = '张三丰') => {
    const ticket = Buffer.from(draw(6)).toString('hex');
    server.addTicket(ticket, { region: '440403', identity: { fullName: name, idNumber: '11010519491231002X', phone: '13800000000' } });
    const ownKey = draw(32);
    const host = { ...hostOf(new FailingStorage()), hostKey: async () => ownKey.slice() };
    const kept = await sdk.Wallet.open({ host, module: walletModule, server: 'https://code.example', roots: authority.roots });
    const person = valueOf(await kept.enrol(ticket));
    await kept.refresh();
    return {
      person,
      wallet: kept,
      answer(text) {
        const request = valueOf(kept.readRequest(text));
        return valueOf(kept.answerFrame(request, person.id, request.wanted)).text;
      },
    };
  };
  return { authority, clocks, server, storage, open, wallet };
}

const said = ({ decision, reason, assurance }) => [decision, reason, assurance];

test('a gate that was never enrolled, or is not on the list, cannot ask', async () => {
  const { server, open } = world();
  const gate = await open();
  await gate.refresh();
  assert.equal(gate.identity, undefined);
  assert.equal((await gate.ask(ward)).code, 'verifier.not-enrolled');
  for (const wrong of ['', 'short', 'AAAABBBBCCCCDDDD', 'x'.repeat(40)]) {
    assert.equal((await gate.enrol(wrong)).code, 'enrol.code-refused', wrong);
  }
  server.onGate = () => undefined; // the list's signer is slow
  assert.deepEqual(await gate.enrol(code), { ok: true, value: 'gate-1' });
  assert.deepEqual(gate.identity, { id: 'gate-1', listed: false });
  assert.equal((await gate.ask(ward)).code, 'verifier.not-listed');
});

test('an answer to its question is admitted where an open code is not', async () => {
  const { clocks, open, wallet } = world();
  const gate = await open();
  valueOf(await gate.enrol('2345 6789-abcd efgh'));
  assert.deepEqual(gate.identity, { id: 'gate-1', listed: true });
  const question = valueOf(await gate.ask(ward));
  assert.match(question.text, /^LMR1:/);
  assert.equal(question.expiresAt, t0 + 60);
  assert.equal(question.symbol.modules.length, question.symbol.sizeModules ** 2);
  const guest = await wallet();
  assert.deepEqual(said(gate.check(valueOf(guest.wallet.frame(guest.person.id)).text, ward)), ['refuse', 'assurance.challenge-required', 'time']);
  const request = valueOf(guest.wallet.readRequest(question.text));
  assert.deepEqual([request.kind, request.purpose, request.wanted, request.answerUrl], ['gate', 'entry', [], undefined]);
  const answer = guest.answer(question.text);
  const verdict = gate.check(answer, ward);
  assert.deepEqual(said(verdict), ['admit', 'colour.green', 'challenge']);
  assert.deepEqual(verdict.code.identity, {});
  clocks.pass(4);
  assert.equal(gate.check(answer, ward).reason, 'replay.seen-before');
});

test('a question is answered once: the same holder may linger, nobody else gets in by it', async () => {
  const { clocks, open, wallet } = world();
  const gate = await open();
  valueOf(await gate.enrol(code));
  const question = valueOf(await gate.ask(ward));
  const [first, second] = [await wallet('张三丰'), await wallet('李四光')];
  const verdict = gate.check(first.answer(question.text), ward);
  assert.equal(verdict.decision, 'admit');
  clocks.pass(5);
  assert.equal(gate.check(first.answer(question.text), ward), verdict, 'signed anew, still there');
  assert.deepEqual(said(gate.check(second.answer(question.text), ward)), ['refuse', 'replay.seen-before', 'none']);
  clocks.pass(8);
  assert.deepEqual(said(gate.check(first.answer(question.text), ward)), ['refuse', 'replay.seen-before', 'none']);
});

test('two questions may be open; a third party’s, and one whose time is over, are not answered here', async () => {
  const { clocks, server, open, wallet } = world();
  const gate = await open();
  valueOf(await gate.enrol(code));
  server.gateCodes.set('ZZZZ456789ABCDEF', 'gate-2');
  const other = await open(new FailingStorage());
  valueOf(await other.enrol('ZZZZ456789ABCDEF'));
  await gate.refresh();
  const guest = await wallet();
  await guest.wallet.refresh();
  const [old, fresh] = [valueOf(await gate.ask(ward)), valueOf(await gate.ask(ward))];
  assert.equal(gate.check(guest.answer(valueOf(await other.ask(ward)).text), ward).reason, 'audience.mismatch', 'relayed from another gate');
  assert.equal(gate.check(guest.answer(old.text), ward).decision, 'admit');
  const late = guest.answer(fresh.text);
  clocks.pass(61);
  assert.equal(gate.check(late, ward).reason, 'nonce.mismatch');
  clocks.pass(4);
  const next = valueOf(await gate.ask(ward));
  assert.equal(gate.check(late, ward).reason, 'nonce.mismatch');
  assert.equal(gate.check(guest.answer(next.text), ward).decision, 'admit');
});

test('dine-in asks for name and telephone number, and gets just these', async () => {
  const { open, wallet } = world();
  const gate = await open();
  valueOf(await gate.enrol(code));
  const guest = await wallet();
  const question = valueOf(await gate.ask(dineIn));
  const request = valueOf(guest.wallet.readRequest(question.text));
  assert.deepEqual([request.purpose, request.wanted], ['dine-in', ['fullName', 'phone']]);
  const person = guest.person.id;
  assert.equal(guest.wallet.answerFrame(request, person, []).code, 'disclosure.missing');
  assert.equal(guest.wallet.answerFrame(request, person, ['fullName', 'phone', 'idNumber']).code, 'disclosure.unasked');
  const verdict = gate.check(guest.answer(question.text), dineIn);
  assert.deepEqual(said(verdict), ['admit', 'colour.green', 'challenge']);
  assert.deepEqual(verdict.code.identity, { fullName: '张三丰', phone: '13800000000' });
  assert.deepEqual(said(gate.check(valueOf(guest.wallet.frame(person)).text, dineIn)), ['admit', 'colour.green', 'time'], 'the others at the table');
});

test('its key is kept sealed, opens after a restart, and on no other device', async () => {
  const { server, storage, open } = world();
  valueOf(await (await open()).enrol(code));
  assert.ok(storage.keys().some((key) => key.startsWith('gate/key.')));
  server.online = false;
  const gate = await open();
  assert.deepEqual(gate.identity, { id: 'gate-1', listed: true });
  assert.equal((await gate.ask(ward)).ok, true, 'no network is needed to ask');
  const stolen = storage.copy();
  const thief = await sdk.Gate.open({ host: { ...nodeHost({ storage: stolen, fetch: server.fetch }), hostKey: async () => draw(32) }, module, server: '', roots: [] });
  assert.equal(thief.identity, undefined);
  assert.equal((await thief.ask(ward)).code, 'verifier.not-enrolled');
});

test('killed while it is enrolled, the same device comes through with the same code', async () => {
  for (let write = 1; write <= 4; write++) {
    const { storage, open, server } = world();
    const keys = new Set();
    const signAnew = server.onGate;
    server.onGate = (id, key) => {
      keys.add(Buffer.from(key).toString('hex'));
      signAnew(id, key);
    };
    storage.failAt(write, 'torn');
    await (await open()).enrol(code);
    storage.heal();
    const gate = await open();
    assert.deepEqual(await gate.enrol(code), { ok: true, value: 'gate-1' }, `write ${write}`);
    assert.equal(keys.size, 1, `write ${write}: it shows the key that was stored`);
  }
});

test('misuse names the argument', () => {
  const key = valueOf(module.GateKey.generate(draw(32)));
  const ask = { verifier: 'gate-1', issuedAt: t0, expiresAt: t0 + 60, nonce: draw(16), purpose: 'entry', wanted: [] };
  assert.equal(key.request(ask).ok, true);
  assert.equal(key.request({ ...ask, expiresAt: t0 + 61 }).code, 'request.shape');
  assert.equal(key.request({ ...ask, wanted: ['salary'] }).code, 'misuse.argument');
  assert.throws(() => key.request({ ...ask, nonce: 'text' }), /ask\.nonce must be a Uint8Array/);
  assert.throws(() => key.request(), /ask must be an object/);
  assert.throws(() => module.GateKey.generate(1), /entropy must be a Uint8Array/);
  key.delete();
  assert.throws(() => key.request(ask), /deleted|BindingError/i);
});
