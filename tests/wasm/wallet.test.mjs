// SPDX-License-Identifier: Apache-2.0
// A wallet and its issuer's server, through days, restarts and lost connections.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authority, hospitalId, t0 } from './support/authority.mjs';
import { Clocks, nodeHost, sdk, valueOf } from './support/sdk.mjs';
import { FakeServer } from './support/server.mjs';
import { FailingStorage } from './support/storage.mjs';

const module = await sdk.loadWallet(nodeHost());

/** One device and the world around it. Opening twice is restarting. */
function world(options = {}) {
  const authority = new Authority();
  const clocks = new Clocks(t0);
  const storage = new FailingStorage();
  const server = new FakeServer(authority, clocks);
  const hostKey32 = new Uint8Array(32).fill(7);
  const host = nodeHost({
    ...clocks.parts(),
    storage,
    fetch: server.fetch,
    hostKey: async () => hostKey32.slice(),
    ...options,
  });
  const open = (over = {}) =>
    sdk.Wallet.open({
      host: { ...host, ...over },
      module,
      server: 'https://code.example',
      roots: authority.roots,
    });
  return { authority, clocks, storage, server, host, open };
}

test('enrolled once, the code is shown live for a day, without a network', async () => {
  const { authority, clocks, server, open } = world();
  server.addTicket('T1');
  let wallet = await open();
  assert.equal(wallet.state, 'empty');
  const person = valueOf(await wallet.enrol('T1'));
  assert.equal(person.maskedName, '张*丰');
  assert.equal(person.colour, 'green');
  assert.equal(person.state, 'ready');
  assert.equal(wallet.state, 'ready');
  assert.deepEqual(wallet.clock, { confirmed: true, offsetSeconds: 0 });

  server.online = false;
  wallet.close();
  wallet = await open();
  assert.deepEqual(
    wallet.people().map(({ id }) => id),
    [person.id],
  );
  const texts = new Set();
  for (let i = 0; i < 3; i++) {
    const frame = valueOf(wallet.frame(person.id));
    assert.equal(frame.now, clocks.seconds);
    assert.equal(frame.periodSeconds, 5);
    assert.equal(frame.expiresAt, person.expiresAt);
    assert.equal(authority.verify(frame.text, clocks.seconds + 1).verdict, 'admit');
    texts.add(frame.text);
    clocks.pass(frame.periodSeconds);
  }
  assert.equal(texts.size, 3);
  const report = await wallet.refresh();
  assert.deepEqual([report.online, report.trust.code, report.renewed], [false, 'net.unreachable', []]);
  clocks.pass(86400);
  assert.equal(wallet.state, 'expired');
  assert.equal(wallet.frame(person.id).code, 'time.credential-expired');
});

test('the clock of the phone is 10 minutes off: once the server was reached, its codes pass', async () => {
  for (const wrong of [600, -600]) {
    const { authority, clocks, server, open } = world();
    clocks.setDevice(wrong);
    server.addTicket('T1');
    const wallet = await open();
    const person = valueOf(await wallet.enrol('T1'));
    assert.deepEqual(wallet.clock, { confirmed: true, offsetSeconds: -wrong });
    const frame = valueOf(wallet.frame(person.id));
    assert.equal(authority.verify(frame.text, clocks.seconds).verdict, 'admit');
  }
});

test('a phone that was set back between two sessions is advised about, not accused', async () => {
  const { authority, clocks, server, open } = world();
  server.addTicket('T1');
  const person = valueOf(await (await open()).enrol('T1'));
  server.online = false;
  clocks.pass(3600);
  assert.equal((await open()).clock.confirmed, true);
  clocks.setDevice(-600);
  const wallet = await open();
  assert.equal(wallet.clock.confirmed, false);
  const frame = valueOf(wallet.frame(person.id));
  assert.equal(authority.verify(frame.text, clocks.seconds).reason, 'time.clock-suspect');
  server.online = true;
  assert.equal((await wallet.refresh()).clock.ok, true);
  assert.equal(authority.verify(valueOf(wallet.frame(person.id)).text, clocks.seconds).verdict, 'admit');
});

test('codes of several people: own, a child’s, a parent’s; one is removed', async () => {
  const { server, storage, open } = world();
  const names = ['张三丰', '李四', '王小明'];
  for (const fullName of names) {
    server.addTicket(fullName, { identity: { fullName, idNumber: '11010519491231002X' } });
  }
  const wallet = await open();
  for (const fullName of names) valueOf(await wallet.enrol(fullName));
  assert.deepEqual(
    wallet.people().map(({ maskedName }) => maskedName),
    ['张*丰', '李*', '王*明'],
  );
  const [, child] = wallet.people();
  valueOf(await wallet.remove(child.id));
  assert.equal(wallet.frame(child.id).code, 'wallet.person-unknown');
  assert.equal((await wallet.remove(child.id)).code, 'wallet.person-unknown');
  assert.deepEqual(
    (await open()).people().map(({ maskedName }) => maskedName),
    ['张*丰', '王*明'],
  );
  assert.equal(storage.keys().filter((key) => key.includes(child.id)).length, 0);
});

test('a new colour arrives by renewal, before it is due only on demand', async () => {
  const { clocks, server, open } = world();
  server.addTicket('T1', { colour: 'pending' });
  const wallet = await open();
  const person = valueOf(await wallet.enrol('T1'));
  assert.equal(person.colour, 'pending');
  for (const claims of server.known.values()) claims.colour = 'green';
  assert.deepEqual((await wallet.refresh()).renewed, []);
  assert.equal(valueOf(await wallet.renew(person.id)).colour, 'green');
  clocks.pass(54_001);
  const report = await wallet.refresh();
  assert.deepEqual(
    report.renewed.map(({ id, issuedAt }) => [id, issuedAt]),
    [[person.id, clocks.seconds]],
  );
  assert.equal((await wallet.renew('nobody')).code, 'wallet.person-unknown');
});

test('tickets that are unknown or used are refused and leave nothing behind', async () => {
  const { server, storage, open } = world();
  server.addTicket('T1');
  const wallet = await open();
  assert.equal((await wallet.enrol('nonsense')).code, 'enrol.ticket-unknown');
  valueOf(await wallet.enrol('T1'));
  assert.equal((await wallet.enrol('T1')).code, 'enrol.ticket-used');
  assert.equal(wallet.people().length, 1);
  const ids = storage.keys().flatMap((key) => /^wallet\/person-(.*)\.[ab]$/.exec(key)?.[1] ?? []);
  assert.deepEqual(
    [...new Set(ids)],
    wallet.people().map(({ id }) => id),
  );
});

test('killed at any write while enrolling, the ticket is not lost', async () => {
  for (let failAt = 1, done = false; !done; failAt++) {
    for (const mode of ['refused', 'torn', 'done-but-reported-failed']) {
      const { server, storage, open } = world();
      server.addTicket('T1');
      const first = await open();
      storage.failAt(failAt, mode);
      await first.enrol('T1');
      done = !storage.hasFailed;
      storage.heal();
      const wallet = await open();
      if (wallet.people().length === 0) valueOf(await wallet.enrol('T1'));
      assert.equal(wallet.people().length, 1, `write ${failAt} ${mode}`);
      const [person] = wallet.people();
      assert.equal(wallet.frame(person.id).ok, true);
      assert.equal((await open()).people().length, 1);
    }
  }
});

test('killed at any write while renewing, a code remains', async () => {
  for (let failAt = 1, done = false; !done; failAt++) {
    for (const mode of ['refused', 'torn', 'done-but-reported-failed']) {
      const { clocks, server, storage, open } = world();
      server.addTicket('T1');
      const first = await open();
      const person = valueOf(await first.enrol('T1'));
      clocks.pass(50_000);
      storage.failAt(failAt, mode);
      await first.refresh();
      done = !storage.hasFailed;
      assert.equal(first.frame(person.id).ok, true, 'what was shown still is');
      storage.heal();
      const wallet = await open();
      assert.equal(wallet.frame(person.id).ok, true, `write ${failAt} ${mode}`);
    }
  }
});

test('killed at any write while removing, the person is there or gone, the others stay', async () => {
  for (let failAt = 1, done = false; !done; failAt++) {
    const { server, storage, open } = world();
    server.addTicket('T1');
    server.addTicket('T2');
    const first = await open();
    const gone = valueOf(await first.enrol('T1'));
    const stays = valueOf(await first.enrol('T2'));
    storage.failAt(failAt, 'torn');
    await first.remove(gone.id);
    done = !storage.hasFailed;
    storage.heal();
    const wallet = await open();
    assert.equal(wallet.frame(stays.id).ok, true);
    if (wallet.people().length === 2) valueOf(await wallet.remove(gone.id));
    assert.deepEqual(
      (await open()).people().map(({ id }) => id),
      [stays.id],
    );
  }
});

test('a connection lost at any request while enrolling can be taken up again', async () => {
  for (let lostAt = 1, done = false; !done; lostAt++) {
    for (const isAfter of [false, true]) {
      const { server, open } = world();
      server.addTicket('T1');
      const wallet = await open();
      let count = 0;
      server.onRequest = (path, answered) => {
        if (answered !== isAfter) return;
        if (++count === lostAt) throw new Error('connection lost');
      };
      const outcome = await wallet.enrol('T1');
      done = count < lostAt;
      server.onRequest = () => undefined;
      if (!outcome.ok) {
        assert.equal(outcome.code, 'net.unreachable');
        await wallet.refresh();
        if (wallet.people().length === 0) valueOf(await wallet.enrol('T1'));
      }
      assert.equal(wallet.people().length, 1, `request ${lostAt} ${isAfter ? 'answered' : 'sent'}`);
    }
  }
});

test('storage copied to another device opens nothing', async () => {
  const { server, open } = world();
  server.addTicket('T1');
  const wallet = await open();
  const person = valueOf(await wallet.enrol('T1'));
  const thief = await open({ hostKey: async () => new Uint8Array(32).fill(8) });
  assert.deepEqual(thief.people(), []);
  assert.deepEqual(thief.faults(), [{ id: person.id, code: 'wallet.key-unreadable' }]);
  assert.equal(thief.frame(person.id).code, 'wallet.person-unknown');
  assert.equal((await thief.renew(person.id)).code, 'wallet.person-unknown');
  valueOf(await thief.remove(person.id));
  assert.deepEqual(thief.faults(), []);
});

test('the stored bytes tell nothing of a person', async () => {
  const { server, storage, open } = world();
  server.addTicket('T1');
  const person = valueOf(await (await open()).enrol('T1'));
  assert.equal(person.identity.phone, '13800000000');
  for (const value of storage.values()) {
    for (const known of ['13800000000', '张*丰', '张三丰', person.idTail]) {
      assert.ok(!Buffer.from(value).includes(known), known);
      assert.ok(!Buffer.from(value).includes(Buffer.from(known).toString('base64url').slice(0, -1)), known);
    }
  }
});

test('the stored bytes do not hold the device key', async () => {
  const { server, storage, host, open } = world();
  server.addTicket('T1');
  const drawn = [];
  const wallet = await open({
    randomBytes: (count) => {
      const bytes = host.randomBytes(count);
      drawn.push(Buffer.from(bytes));
      return bytes;
    },
  });
  valueOf(await wallet.enrol('T1'));
  const seed = drawn.find((bytes) => bytes.length === 32);
  assert.ok(seed);
  for (const value of storage.values()) {
    const bytes = Buffer.from(value);
    assert.ok(!bytes.includes(seed) && !bytes.includes(seed.toString('base64url').slice(0, 40)));
  }
});

test('a registration: read, shown, agreed, answered sealed, a number drawn', async () => {
  const { authority, clocks, server, open } = world();
  server.addTicket('T1');
  const wallet = await open();
  const person = valueOf(await wallet.enrol('T1'));
  const asked = authority.request(clocks.seconds);
  const request = valueOf(wallet.readRequest(asked.text));
  assert.equal(request.names['zh-Hans'], '市一医院');
  assert.equal(request.verifier, hospitalId);
  assert.deepEqual(request.wanted, ['fullName', 'idNumber', 'phone']);
  const ticket = valueOf(await wallet.answer(request, person.id, request.wanted));
  assert.equal(ticket.queueNumber, 7);
  const opened = authority.open(server.answers[0], asked, clocks.seconds);
  assert.equal(opened.verdict, 'admit');
  assert.equal(opened.identity.phone, '13800000000');
  assert.equal((await wallet.answer(request, person.id, ['fullName'])).code, 'disclosure.missing');
  clocks.pass(61);
  assert.equal((await wallet.answer(request, person.id, request.wanted)).code, 'time.request-expired');
  assert.equal(wallet.readRequest(asked.text).code, 'time.request-expired');
  assert.equal(wallet.readRequest('LM1:ABC').ok, false);
  const diverted = { ...request, text: authority.request(clocks.seconds).text, answerUrl: 'https://thief.example/' };
  valueOf(await wallet.answer(diverted, person.id, request.wanted));
  assert.ok(!server.urls.some((url) => url.includes('thief')), 'the address is the signed one');
  assert.equal(server.answers.length, 2);
});

test('a request without an address is answered by a QR', async () => {
  const { authority, clocks, server, open } = world();
  server.addTicket('T1');
  const wallet = await open();
  const person = valueOf(await wallet.enrol('T1'));
  const asked = authority.request(clocks.seconds, { url: null, wanted: ['fullName'] });
  const request = valueOf(wallet.readRequest(asked.text));
  assert.equal((await wallet.answer(request, person.id, request.wanted)).code, 'wallet.answer-by-qr');
  const frame = valueOf(wallet.answerFrame(request, person.id, request.wanted));
  const verdict = authority.verify(frame.text, clocks.seconds, [
    '--aud',
    hospitalId,
    '--nonce',
    asked.nonce,
    '--wanted',
    'fullName',
  ]);
  assert.deepEqual([verdict.verdict, verdict.assurance], ['admit', 'challenge']);
  assert.equal(frame.modules.length, frame.sizeModules ** 2);
});

test('the trust list follows its versions forward, never back', async () => {
  const { authority, clocks, server, open } = world();
  const wallet = await open();
  assert.equal(wallet.trust, undefined);
  assert.equal(wallet.readRequest('LMR1:A').code, 'trust.missing');
  assert.equal((await wallet.refresh()).trust.value, 'new');
  assert.equal((await wallet.refresh()).trust.value, 'same');
  const old = authority.list;
  authority.publish(3, clocks.seconds);
  assert.equal((await wallet.refresh()).trust.value, 'new');
  assert.equal(wallet.trust.version, 3);
  authority.list = old;
  assert.equal((await wallet.refresh()).trust.code, 'trust.rolled-back');
  assert.equal((await open()).trust.version, 3);
  authority.list = new Uint8Array([1, 2, 3]);
  assert.equal((await wallet.refresh()).trust.ok, false);
  assert.equal(wallet.trust.version, 3);
  server.online = false;
  assert.equal((await (await open()).refresh()).trust.code, 'net.unreachable');
});

test('without built-in roots the server’s first ones are pinned, and no others after', async () => {
  const { authority, server, host } = world();
  const open = () => sdk.Wallet.open({ host, module, server: new URL('https://code.example/') });
  assert.equal((await (await open()).refresh()).trust.value, 'new');
  const stranger = new Authority();
  server.authority = stranger;
  assert.equal((await (await open()).refresh()).trust.code, 'trust.root-unknown');
  server.authority = authority;
  assert.equal((await (await open()).refresh()).trust.value, 'same');
});

test('a credential for another key, or from a stranger, is not taken', async () => {
  const { authority, server, open } = world();
  server.addTicket('T1');
  const wallet = await open();
  const issue = authority.issue.bind(authority);
  authority.issue = (key, options) => issue(new Uint8Array(key.map((byte) => byte ^ 1)), options);
  assert.equal((await wallet.enrol('T1')).code, 'key.mismatch');
  assert.deepEqual(wallet.people(), []);
  const stranger = new Authority();
  authority.issue = stranger.issue.bind(stranger);
  assert.equal((await wallet.enrol('T1')).code, 'issuer.key-unknown');
  authority.issue = issue;
  assert.equal(valueOf(await wallet.enrol('T1')).colour, 'green');
});

test('storage that cannot be read is said when opening', async () => {
  const { open } = world();
  const storage = {
    get: () => Promise.reject(new Error('gone')),
    set: async () => undefined,
    remove: async () => undefined,
  };
  await assert.rejects(open({ storage }), { name: 'LiangmaError', code: 'storage.failed' });
});

test('those who enrol at once do not all come back at once', async () => {
  const { clocks, server, open } = world();
  const wallet = await open();
  const people = 40;
  for (let i = 0; i < people; ++i) {
    server.addTicket(`T${i}`);
    valueOf(await wallet.enrol(`T${i}`));
  }
  const counts = [];
  for (let hour = 0; hour < 24; ++hour) {
    counts.push((await wallet.refresh()).renewed.length);
    clocks.pass(3600);
  }
  const busy = counts.slice(0, 16);
  assert.equal(busy.slice(0, 9).reduce((sum, count) => sum + count, 0), 0, 'nobody before 3/8 of the life');
  assert.equal(busy.reduce((sum, count) => sum + count, 0), people, 'everybody by 5/8 of it');
  assert.ok(Math.max(...busy) < people / 2, `${busy}`);
});
