// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Authenticator, totp } from './authenticator.mjs';
import { programs } from './programs.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server, withServer } from './server.mjs';
import { challenge, get, invite, password, post, withPassword } from './staff.mjs';

let server;
let resident;
before(async () => {
  resident = new Resident();
  server = await new Server(makeDataFolder()).listening();
});
after(async () => {
  resident.close();
  await server.kill();
});

const codeOf = (reply) => [reply.status, reply.body.code];
const rows = (statement) => resident.rows(`${server.data}/authority.sqlite`, statement);

describe('password and authenticator app', () => {
  test('an invitation becomes a login, and the login a session with the roles it was made for', async () => {
    const li = await withPassword(server, 'li', 'checkpoint', 'reviewer');
    assert.deepEqual(li.roles, ['checkpoint', 'reviewer']);
    assert.match(li.id, /^[\w-]{22}$/);
    const signedIn = await post(server, '/sessions/password', { name: 'li', password, totp: totp(li.totpSecret) });
    assert.equal(signedIn.status, 201);
    const own = await get(server, '/session', signedIn.body.session);
    assert.deepEqual([own.body.name, own.body.roles, own.body.password], ['li', ['checkpoint', 'reviewer'], true]);
  });

  test('the same digits open nothing twice, nor do older ones', async () => {
    const { totpSecret, used } = await withPassword(server, 'replayed', 'reviewer');
    const attempt = (digits) => post(server, '/sessions/password', { name: 'replayed', password, totp: digits });
    assert.deepEqual(codeOf(await attempt(used)), [403, 'staff.login-refused'], 'used when the password was set');
    const present = totp(totpSecret);
    assert.equal((await attempt(present)).status, 201);
    for (const digits of [present, used]) assert.deepEqual(codeOf(await attempt(digits)), [403, 'staff.login-refused']);
    assert.equal((await attempt(totp(totpSecret, 1))).status, 201, 'an app whose clock is half a minute fast');
  });

  test('digits of another time, another app, or none', async () => {
    const { totpSecret } = await withPassword(server, 'digits', 'reviewer');
    for (const digits of [totp(totpSecret, 3), totp(totpSecret, -3), totp('A'.repeat(32))])
      assert.deepEqual(codeOf(await post(server, '/sessions/password', { name: 'digits', password, totp: digits })), [403, 'staff.login-refused']);
    assert.deepEqual(codeOf(await post(server, '/sessions/password', { name: 'digits', password })), [400, 'http.malformed']);
  });

  test('an invitation is good once, in any case and with hyphens', async () => {
    const code = invite(server, 'once', 'importer');
    const typed = code.toLowerCase().replace(/(.{5})/, '$1-');
    const { totpSecret } = (await post(server, '/invitations', { code: typed })).body;
    const done = { code: typed, password, totp: totp(totpSecret) };
    assert.equal((await post(server, '/invitations/password', done)).status, 201);
    assert.deepEqual(codeOf(await post(server, '/invitations/password', done)), [403, 'staff.invitation-refused']);
    assert.deepEqual(codeOf(await post(server, '/invitations', { code })), [403, 'staff.invitation-refused']);
    assert.deepEqual(codeOf(await post(server, '/invitations', { code: 'AAAAAAAAAA' })), [403, 'staff.invitation-refused']);
  });

  test('an invitation of yesterday is refused', async () => {
    const code = invite(server, 'late', 'importer');
    await rows('UPDATE staff_invitation SET expires_at = 1');
    assert.deepEqual(codeOf(await post(server, '/invitations', { code })), [403, 'staff.invitation-refused']);
  });

  test('weak passwords and wrong digits leave the invitation open', async () => {
    const code = invite(server, 'weakling', 'importer');
    const { totpSecret } = (await post(server, '/invitations', { code })).body;
    for (const weak of ['short', '123456789', 'aaaaaaaaaaaaaaa', 'xx weakling yy', '密码密码密码'])
      assert.deepEqual(codeOf(await post(server, '/invitations/password', { code, password: weak, totp: totp(totpSecret) })), [400, 'staff.password-weak'], weak);
    assert.deepEqual(codeOf(await post(server, '/invitations/password', { code, password, totp: totp(totpSecret, 5) })), [403, 'staff.totp-wrong']);
    assert.equal((await post(server, '/invitations/password', { code, password: '一二三四五六七八九十', totp: totp(totpSecret) })).status, 201);
  });

  test('neither a password, nor the secret of an app, nor a token can be read from the database', async () => {
    const { session, totpSecret } = await withPassword(server, 'sealed', 'reviewer');
    const files = ['authority.sqlite', 'authority.sqlite-wal'].map((name) => readFileSync(`${server.data}/${name}`));
    const secret = Buffer.from([...totpSecret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('').match(/.{8}/g).map((b) => parseInt(b, 2)));
    for (const file of files)
      for (const needle of [password, session, totpSecret]) assert.equal(file.indexOf(needle), -1, needle);
    assert.deepEqual(await rows("SELECT totp_secret FROM staff_invitation WHERE totp_secret <> ''").then((found) => found.flat().filter((one) => one === secret.toString('base64url'))), []);
    assert.ok(!server.log.includes('sealed') && !server.log.includes(session));
  });
});

describe('who may not come in learns nothing', () => {
  test('an unknown name, a wrong password and wrong digits get the same answer', async () => {
    const { totpSecret } = await withPassword(server, 'known', 'reviewer');
    invite(server, 'only-invited', 'reviewer');
    const replies = [];
    for (const attempt of [
      { name: 'nobody', password, totp: '123456' },
      { name: 'only-invited', password, totp: '123456' },
      { name: 'known', password: 'another password', totp: totp(totpSecret) },
      { name: 'known', password, totp: totp(totpSecret, 9) },
    ]) replies.push(await post(server, '/sessions/password', attempt));
    for (const reply of replies) {
      assert.deepEqual(codeOf(reply), [403, 'staff.login-refused']);
      assert.deepEqual(reply.body, replies[0].body);
    }
  });

  test('an unknown name costs the same work as a wrong password', async () => {
    await withPassword(server, 'timed', 'reviewer');
    const times = { timed: [], nemo: [] };
    for (let round = 0; round < 4; round += 1)
      for (const name of ['timed', 'nemo']) {
        const started = process.hrtime.bigint();
        await post(server, '/sessions/password', { name, password: 'another password', totp: '000000' });
        times[name].push(Number(process.hrtime.bigint() - started) / 1e6);
      }
    const [known, unknown] = ['timed', 'nemo'].map((name) => Math.min(...times[name]));
    assert.ok(unknown > known / 2, `${unknown} ms and ${known} ms: both do the Argon2id`);
  });

  test('five failures shut out one account from one address, not the account from elsewhere', async () => {
    await withServer(async (own) => {
      const from = (address) => ({ 'X-Forwarded-For': address });
      const attempt = (name, digits, address, word = password) =>
        own.post('/api/staff/sessions/password', { name, password: word, totp: digits }, from(address));
      const { totpSecret } = await withPassword(own, 'target', 'reviewer');
      for (let i = 0; i < 5; i += 1) assert.deepEqual(codeOf(await attempt('target', '000000', '192.0.2.1', 'guess number one')), [403, 'staff.login-refused']);
      assert.deepEqual(codeOf(await attempt('target', totp(totpSecret), '192.0.2.1')), [429, 'staff.wait'], 'even the right one');
      assert.equal((await attempt('target', totp(totpSecret), '192.0.2.2')).status, 201, 'its owner elsewhere');
      for (let i = 0; i < 5; i += 1) await attempt('no-such-name', '000000', '192.0.2.1');
      assert.deepEqual(codeOf(await attempt('no-such-name', '000000', '192.0.2.1')), [429, 'staff.wait'], 'a name that nobody has is shut out as well');
      const wide = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:0:ffff::4', '2001:db8::5'];
      for (const address of wide) await attempt('target', '000000', address);
      assert.deepEqual(codeOf(await attempt('target', totp(totpSecret, 1), '2001:db8::6')), [429, 'staff.wait'], 'an IPv6 address counts with its /64');
      await resident.rows(`${own.data}/authority.sqlite`, 'UPDATE staff_attempt SET began_at = began_at - 900');
      assert.equal((await attempt('target', totp(totpSecret, 1), '192.0.2.1')).status, 201, 'after a quarter of an hour');
    }, { options: ['--demo', '--rate', '100000', '--trusted-proxy', '127.0.0.1'] });
  });

  test('many attempts at once get no more guesses than one after another', async () => {
    await withPassword(server, 'raced', 'reviewer');
    const replies = await Promise.all(Array.from({ length: 12 }, () => post(server, '/sessions/password', { name: 'raced', password: 'wrong but long', totp: '000000' })));
    const judged = replies.filter(({ body }) => body.code === 'staff.login-refused').length;
    assert.ok(judged <= 5, `${judged} were judged`);
  });

  test('logins of one address are limited', async () => {
    await withServer(async (own) => {
      const replies = [];
      for (let i = 0; i < 8; i += 1) replies.push((await post(own, '/challenges', {})).status);
      assert.deepEqual(replies, [200, 200, 200, 200, 200, 429, 429, 429]);
    }, { options: ['--demo', '--rate', '5'] });
  });
});

describe('passkeys', () => {
  const origin = () => `http://localhost:${server.port}`;

  async function withPasskey(name, algorithm, ...roles) {
    const device = new Authenticator(origin(), algorithm);
    const code = invite(server, name, ...roles);
    const made = await post(server, '/invitations/passkey', { code, ...device.create(await challenge(server)) });
    assert.equal(made.status, 201, made.body.code);
    return { device, ...made.body };
  }
  const signIn = async (device, changes) => post(server, '/sessions/passkey', device.get(await challenge(server), changes));

  for (const algorithm of ['ES256', 'Ed25519'])
    test(`${algorithm}: an invitation becomes a passkey, and that a session`, async () => {
      const { device, roles } = await withPasskey(`passkey-${algorithm}`, algorithm, 'admin');
      assert.deepEqual(roles, ['admin']);
      const { status, body } = await signIn(device);
      assert.equal(status, 201);
      assert.equal((await get(server, '/session', body.session)).body.passkey, true);
    });

  test('a signature is good once, for its own challenge', async () => {
    const { device } = await withPasskey('once-key', 'ES256', 'reviewer');
    const answer = device.get(await challenge(server));
    assert.equal((await post(server, '/sessions/passkey', answer)).status, 201);
    assert.deepEqual(codeOf(await post(server, '/sessions/passkey', answer)), [400, 'staff.passkey-refused'], 'the same again');
    assert.deepEqual(codeOf(await post(server, '/sessions/passkey', device.get('A'.repeat(43)))), [400, 'staff.passkey-refused'], 'no challenge of ours');
    const late = await challenge(server);
    await rows('UPDATE staff_challenge SET expires_at = 1');
    assert.deepEqual(codeOf(await post(server, '/sessions/passkey', device.get(late))), [400, 'staff.passkey-refused'], 'a challenge that has run out');
  });

  test('what another page, another site, another device, a copy or nobody signed is refused', async () => {
    const { device } = await withPasskey('bent', 'ES256', 'reviewer');
    const stranger = new Authenticator(origin());
    const bent = {
      'another page': { client: { origin: 'https://evil.example' } },
      'a page inside another': { client: { crossOrigin: true } },
      'another site': { host: 'evil.example' },
      'another ceremony': { client: { type: 'webauthn.create' } },
      'nobody present': { flags: 4 },
      'nobody verified': { flags: 1 },
      'another key': { key: stranger.keys.privateKey },
      'a counter that stands still': { counter: 0 },
    };
    await signIn(device, { counter: 7 });
    for (const [what, changes] of Object.entries(bent)) assert.deepEqual(codeOf(await signIn(device, changes)), [400, 'staff.passkey-refused'], what);
    assert.deepEqual(codeOf(await signIn(stranger)), [400, 'staff.passkey-refused'], 'a device that was never registered');
    assert.equal((await signIn(device, { counter: 8 })).status, 201);
    const copy = await signIn(device, { counter: 8 });
    assert.deepEqual(codeOf(copy), [400, 'staff.passkey-refused'], 'a copy that counts for itself');
  });

  test('every bit of a signed answer matters', async () => {
    const { device } = await withPasskey('bits', 'Ed25519', 'reviewer');
    for (const part of ['authenticatorData', 'signature', 'clientData']) {
      const answer = device.get(await challenge(server));
      const bytes = Buffer.from(answer[part], 'base64url');
      for (const at of [0, 5, 20, 33, bytes.length - 1].filter((index) => index < bytes.length)) {
        const altered = Buffer.from(bytes);
        altered[at] ^= 1;
        const fresh = part === 'clientData' ? answer : device.get(await challenge(server));
        const sent = { ...fresh, [part]: part === 'clientData' ? altered.toString('base64url') : flip(fresh[part], at) };
        assert.deepEqual(codeOf(await post(server, '/sessions/passkey', sent)), [400, 'staff.passkey-refused'], `${part} ${at}`);
      }
    }
  });

  function flip(text, at) {
    const bytes = Buffer.from(text, 'base64url');
    bytes[at] ^= 1;
    return bytes.toString('base64url');
  }

  test('passkeys that are not as agreed are not taken, and the invitation stays open', async () => {
    const code = invite(server, 'agreed', 'reviewer');
    const device = new Authenticator(origin());
    const rsa = Buffer.from('a401030339010020430102032143010001', 'hex');
    const notOnCurve = new Authenticator(origin());
    const point = notOnCurve.coseKey();
    point.set(-3, Buffer.alloc(32, 1));
    notOnCurve.coseKey = () => point;
    const bent = {
      'another page': { client: { origin: 'https://evil.example' } },
      'another site': { host: 'evil.example' },
      'another ceremony': { client: { type: 'webauthn.get' } },
      'nobody present': { flags: 64 | 4 },
      'nobody verified': { flags: 64 | 1 },
      'no credential': { flags: 5 },
      'extensions': { flags: 64 | 128 | 5 },
      'another algorithm': { key: rsa },
      'bytes after the key': { rest: Buffer.from([0]) },
      'an attestation': { format: 'packed' },
    };
    for (const [what, changes] of Object.entries(bent))
      assert.deepEqual(codeOf(await post(server, '/invitations/passkey', { code, ...device.create(await challenge(server), changes) })), [400, 'staff.passkey-refused'], what);
    assert.deepEqual(codeOf(await post(server, '/invitations/passkey', { code, ...notOnCurve.create(await challenge(server)) })), [400, 'staff.passkey-refused'], 'a point off the curve');
    for (const garbage of ['AA', 'oA', 'o2NmbXRkbm9uZQ', Buffer.alloc(3000, 0x81).toString('base64url')])
      assert.deepEqual(codeOf(await post(server, '/invitations/passkey', { code, ...device.create(await challenge(server)), attestation: garbage })), [400, 'staff.passkey-refused']);
    assert.equal((await post(server, '/invitations/passkey', { code, ...device.create(await challenge(server)) })).status, 201);
  });

  test('the passkey of one is never taken for another', async () => {
    const { device } = await withPasskey('first-holder', 'ES256', 'reviewer');
    const code = invite(server, 'second-holder', 'admin');
    assert.deepEqual(codeOf(await post(server, '/invitations/passkey', { code, ...device.create(await challenge(server)) })), [400, 'staff.passkey-refused']);
    assert.equal((await signIn(device)).body.name, 'first-holder');
  });

  test('a passkey can be added to a password', async () => {
    const { session } = await withPassword(server, 'both', 'reviewer');
    const device = new Authenticator(origin());
    assert.equal((await post(server, '/passkeys', device.create(await challenge(server)), session)).status, 201);
    assert.equal((await signIn(device)).body.name, 'both');
  });
});

describe('sessions and roles', () => {
  test('a session ends after 8 hours, after 30 minutes without use, and when it is ended', async () => {
    const ended = [401, 'staff.session-ended'];
    const { session } = await withPassword(server, 'sessions', 'reviewer');
    const own = "WHERE staff = (SELECT id FROM staff WHERE name = 'sessions')";
    assert.equal((await get(server, '/session', session)).status, 200);
    await rows(`UPDATE staff_session SET seen_at = seen_at - 1700 ${own}`);
    assert.equal((await get(server, '/session', session)).status, 200);
    await rows(`UPDATE staff_session SET seen_at = seen_at - 1700 ${own}`);
    assert.equal((await get(server, '/session', session)).status, 200, 'it was used meanwhile');
    await rows(`UPDATE staff_session SET seen_at = seen_at - 1801 ${own}`);
    assert.deepEqual(codeOf(await get(server, '/session', session)), ended, 'idle');
    await rows(`UPDATE staff_session SET seen_at = seen_at + 1801 ${own}`);
    await rows(`UPDATE staff_session SET expires_at = expires_at - 8 * 3600 ${own}`);
    assert.deepEqual(codeOf(await get(server, '/session', session)), ended, 'old');
    await rows(`UPDATE staff_session SET expires_at = expires_at + 8 * 3600 ${own}`);
    assert.equal((await post(server, '/session/end', {}, session)).status, 200);
    assert.deepEqual(codeOf(await get(server, '/session', session)), ended, 'signed out');
  });

  test('without a session, or with a made-up one, nothing is answered', async () => {
    for (const session of [undefined, '', 'x', 'A'.repeat(43)]) {
      assert.deepEqual(codeOf(await get(server, '/session', session)), [401, 'staff.session-ended']);
      assert.deepEqual(codeOf(await get(server, '/members', session)), [401, 'staff.session-ended']);
    }
  });

  test('only administrators manage staff', async () => {
    for (const role of ['checkpoint', 'reviewer', 'importer']) {
      const { session } = await withPassword(server, `only-${role}`, role);
      assert.deepEqual(codeOf(await get(server, '/members', session)), [403, 'staff.not-allowed']);
      assert.deepEqual(codeOf(await post(server, '/members', { name: 'x', roles: ['admin'] }, session)), [403, 'staff.not-allowed']);
    }
  });

  test('an administrator invites, resets and shuts out; whoever is shut out is out at once', async () => {
    const admin = await withPassword(server, 'boss', 'admin');
    const invited = await post(server, '/members', { name: 'newcomer', roles: ['checkpoint'] }, admin.session);
    assert.match(invited.body.code, /^[2-9A-Z]{10}$/);
    assert.deepEqual(codeOf(await post(server, '/members', { name: 'newcomer', roles: ['admin'] }, admin.session)), [409, 'staff.name-taken']);
    for (const roles of [[], ['king'], ['admin', 7]]) assert.deepEqual(codeOf(await post(server, '/members', { name: 'x', roles }, admin.session)), [400, 'http.malformed']);
    for (const name of [' x', 'x ', 'a\nb']) assert.deepEqual(codeOf(await post(server, '/members', { name, roles: ['admin'] }, admin.session)), [400, 'staff.name-bad']);
    const { totpSecret } = (await post(server, '/invitations', { code: invited.body.code })).body;
    const { session } = (await post(server, '/invitations/password', { code: invited.body.code, password, totp: totp(totpSecret) })).body;
    const newcomer = (await get(server, '/members', admin.session)).body.members.find(({ name }) => name === 'newcomer');
    assert.deepEqual([newcomer.roles, newcomer.password, newcomer.disabled], [['checkpoint'], true, false]);
    assert.equal((await post(server, `/members/${newcomer.id}/disable`, {}, admin.session)).status, 200);
    assert.deepEqual(codeOf(await get(server, '/session', session)), [401, 'staff.session-ended']);
    assert.deepEqual(codeOf(await post(server, '/sessions/password', { name: 'newcomer', password, totp: totp(totpSecret, 1) })), [403, 'staff.login-refused']);
    const again = await post(server, `/members/${newcomer.id}/reset`, {}, admin.session);
    assert.equal((await post(server, '/invitations', { code: again.body.code })).body.name, 'newcomer');
    assert.deepEqual(codeOf(await post(server, `/members/${admin.id}/disable`, {}, admin.session)), [409, 'staff.own-account']);
    for (const what of ['reset', 'disable']) assert.deepEqual(codeOf(await post(server, `/members/${'A'.repeat(22)}/${what}`, {}, admin.session)), [404, 'staff.unknown']);
  });

  test('the command line invites anew, and refuses a name that is taken or unknown', async () => {
    const { session } = await withPassword(server, 'forgetful', 'reviewer');
    const code = execFileSync(programs.server, ['staff', 'reset', 'forgetful', '--data', server.data], { encoding: 'utf8' }).trim();
    assert.match(code, /^[2-9A-Z]{10}$/);
    assert.deepEqual(codeOf(await get(server, '/session', session)), [401, 'staff.session-ended']);
    for (const command of [['add', 'forgetful', '--role', 'admin'], ['reset', 'nobody'], ['add', 'x', '--role', 'king'], ['add', 'x'], []]) {
      const { status, stderr } = spawnSync(programs.server, ['staff', ...command, '--data', server.data], { encoding: 'utf8' });
      assert.notEqual(status, 0, command.join(' '));
      assert.ok(stderr.length > 10);
    }
  });
});
