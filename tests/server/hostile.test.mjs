// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server, withServer } from './server.mjs';
import { answer, askAtDesk, enrolColour, postAnswer, prove, tickets } from './wallet.mjs';

let server;
let resident;
before(async () => {
  resident = new Resident();
  const data = makeDataFolder();
  mkdirSync(`${data}/web/wallet/assets`, { recursive: true });
  writeFileSync(`${data}/web/wallet/index.html`, '<!doctype html>');
  writeFileSync(`${data}/web/wallet/assets/a-1234.js`, '0;'.repeat(2000));
  writeFileSync(`${data}/web/wallet/assets/a-1234.js.br`, 'brotli');
  writeFileSync(`${data}/web/wallet/liangma.wasm`, Buffer.from([0, 0x61, 0x73, 0x6d]));
  writeFileSync(`${data}/web/.secret`, 'hidden');
  symlinkSync('../server.json', `${data}/web/settings.json`);
  server = await new Server(data, { options: ['--demo', '--rate', '100000', '--web', `${data}/web`] }).listening();
});
after(async () => {
  resident.close();
  await server.kill();
});

const codeOf = (reply) => [reply.status, reply.body.code];

/** Sends bytes as they are; the whole reply as text. */
function raw(bytes, to = server) {
  return new Promise((resolve, reject) => {
    const socket = connect(to.port, '127.0.0.1', () => socket.write(bytes));
    let reply = '';
    socket.on('data', (chunk) => { reply += chunk; });
    socket.on('close', () => resolve(reply));
    socket.on('error', reject);
  });
}

test('large bodies are refused before they are believed', async () => {
  for (const size of [16 * 1024 + 1, 100_000, 1_000_000]) {
    const reply = await server.post('/api/enrol', JSON.stringify({ ticket: 'x', proof: 'A'.repeat(size) }));
    assert.deepEqual(codeOf(reply), [413, 'http.too-large']);
  }
  const announced = await raw('POST /api/enrol HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n');
  assert.match(announced, /^HTTP\/1\.1 413 /);
});

test('bodies without a clear end, compressed, chunked or in parts are refused', async () => {
  const head = 'POST /api/enrol/challenge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  for (const rest of ['\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 'Content-Length: -1\r\n\r\n', 'Content-Length: 2x\r\n\r\n{}',
    'Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}'])
    assert.match(await raw(head + rest), /^HTTP\/1\.1 4(11|15) [^]*"http\.malformed"/);
  const form = new FormData();
  form.append('a', 'b');
  assert.deepEqual(codeOf(await server.call('/api/enrol', { method: 'POST', body: form })), [415, 'http.malformed']);
});

test('a second request behind the first on one connection is never answered', async () => {
  const get = 'GET /api/time HTTP/1.1\r\nHost: localhost\r\n';
  const replies = await raw(`${get}Content-Length: ${get.length + 2}\r\n\r\n${get}\r\n`);
  assert.equal(replies.split('HTTP/1.1 ').length, 2);
});

test('headers without end, and clients that drip, are cut off', async () => {
  const endless = await raw(`GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(400_000)}\r\n`).catch(({ code }) => code);
  assert.match(endless, /^(HTTP\/1\.1 400 |ECONNRESET$|EPIPE$)/);
  const started = Date.now();
  const dripping = await new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    const drip = setInterval(() => socket.write('G'), 200);
    socket.on('error', () => {});
    socket.on('close', () => { clearInterval(drip); resolve(Date.now() - started); });
  });
  assert.ok(dripping > 3_000 && dripping < 9_000, `${dripping} ms`);
  assert.equal((await server.call('/api/time')).status, 200);
});

test('clients that say nothing, or say it slowly, keep nobody waiting', async () => {
  const beginnings = ['', 'GET /api/time HTTP/1.1\r\nHost: loc', 'POST /api/enrol HTTP/1.1\r\nHost: localhost\r\ncontent-length: 9\r\n\r\n{'];
  const sockets = [];
  for (let i = 0; i < 100; i += 1) {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => { socket.on('connect', resolve); });
    socket.write(beginnings[i % 3]);
    sockets.push(socket);
  }
  const started = Date.now();
  for (let i = 0; i < 5; i += 1) assert.equal((await server.call('/api/time')).status, 200);
  assert.ok(Date.now() - started < 2000, `${Date.now() - started} ms`);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => { socket.on('close', resolve); socket.resume(); })));
  assert.ok(Date.now() - started < 9_000, 'they are cut off');
});

test('one address can wait with so many connections, and others still get in', async () => {
  const sockets = Array.from({ length: 400 }, () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    socket.on('error', () => {});
    return socket;
  });
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  const open = sockets.filter((socket) => !socket.closed).length;
  assert.ok(open <= 128, `${open} are open`);
  assert.equal((await server.call('/api/time')).status, 200);
  sockets.forEach((socket) => socket.destroy());
});

test('a body that comes after its headers is waited for', async () => {
  const reply = await new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write('POST /api/enrol/challenge HTTP/1.1\r\nHost: localhost\r\nContent-Type: Application/JSON; charset=utf-8\r\nContent-Length: 2\r\n\r\n');
      setTimeout(() => socket.write('{'), 300);
      setTimeout(() => socket.write('}'), 600);
    });
    let text = '';
    socket.on('data', (chunk) => { text += chunk; });
    socket.on('close', () => resolve(text));
  });
  assert.match(reply, /^HTTP\/1\.1 200 /);
});

test('a demo answers to its own names alone', async () => {
  const ask = (head, to) => raw(`GET /api/time HTTP/1.1\r\n${head}\r\n`, to);
  for (const host of ['localhost', 'LocalHost:1', '127.0.0.1:8330', '[::1]:8330'])
    assert.match(await ask(`Host: ${host}\r\n`), /^HTTP\/1\.1 200 /, host);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '[::1].evil', 'localhost@evil'])
    assert.match(await ask(`Host: ${host}\r\n`), /^HTTP\/1\.1 421 [^]*"http\.wrong-host"/, host);
  for (const head of ['', 'Host: \r\n', 'Host: localhost\r\nHost: localhost\r\n'])
    assert.match(await ask(head), /^HTTP\/1\.1 400 [^]*"http\.malformed"/);
  await withServer(async (named) => {
    assert.match(await ask('Host: a.example\r\n', named), /^HTTP\/1\.1 200 /);
  }, { options: ['--demo', '--origin', 'https://a.example'] });
});

test('the address that a proxy forwards is its last entry, and an address', async () => {
  await withServer(async (limited) => {
    const ask = async (...lines) => {
      const head = lines.map((line) => `X-Forwarded-For: ${line}\r\n`).join('');
      const reply = await raw(`POST /api/enrol/challenge HTTP/1.1\r\nHost: localhost\r\n${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`, limited);
      return Number(reply.slice(9, 12));
    };
    assert.deepEqual([await ask('203.0.113.1'), await ask('203.0.113.1')], [200, 429]);
    assert.equal(await ask('203.0.113.1', '198.51.100.7, 203.0.113.2'), 200);
    assert.equal(await ask('198.51.100.8', '198.51.100.9,203.0.113.2'), 429, 'what came before is the client’s claim');
    assert.equal(await ask('2001:db8::1'), 200);
    assert.equal(await ask('not-an-address'), 200, 'then it is the proxy’s own');
    assert.equal(await ask('another-word'), 429);
  }, { options: ['--demo', '--rate', '1', '--trusted-proxy', '127.0.0.1'] });
});

test('malformed JSON is refused, whatever is wrong with it', async () => {
  const deep = '['.repeat(5000) + ']'.repeat(5000);
  for (const body of ['', '{', 'null', '[]', '7', '"x"', '{"ticket":"a","ticket":"b","proof":"AA"}', `{"a":${deep}}`,
    '{"ticket":"a\\u0000b","proof":"AA"}', '{"ticket":{},"proof":"AA"}', '{"ticket":"","proof":"AA"}',
    `{"ticket":"${'x'.repeat(65)}","proof":"AA"}`, '{"ticket":"x","proof":"A"}', '{"ticket":"x","proof":"A=="}',
    '{"ticket":"x","proof":"AA==", }', '{"ticket":"x"}', '// {}\n{}', '{}{}'])
    assert.deepEqual(codeOf(await server.post('/api/enrol', body)), [400, 'http.malformed'], body.slice(0, 40));
  const utf8 = await server.call('/api/enrol', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: Buffer.from('7b22ff223a317d', 'hex') });
  assert.deepEqual(codeOf(utf8), [400, 'http.malformed']);
});

test('a form of another site cannot post', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
    assert.deepEqual(codeOf(await server.post('/api/enrol/challenge', '{}', { 'Content-Type': type })),
      [415, 'http.malformed']);
});

test('statements in any field stay text', async () => {
  const statements = ["'; DROP TABLE ticket; --", '" OR ""="', "x' OR '1'='1", "');DELETE FROM resident;--", '%', '_'];
  const { key } = await resident.do('newKey');
  for (const statement of statements) {
    const proof = await prove(server, resident, key);
    assert.equal((await server.post('/api/enrol', { ticket: statement, proof })).body.code, 'enrol.ticket-unknown');
    assert.equal((await server.post('/api/renew', { subject: statement.slice(0, 16), proof })).status, 403);
    const headers = await server.desk();
    const path = `/api/clinic/requests/${encodeURIComponent(statement)}`;
    assert.equal((await server.call(path, { headers })).status, 404);
    assert.equal((await server.post('/api/clinic/requests', { department: statement }, headers)).status, 400);
    assert.equal((await server.call(path, { headers: { Authorization: `Bearer ${statement}` } })).status, 401);
  }
  assert.ok((await tickets(server)).length >= 8, 'the tables are still there');
});

test('problems are problem+json with an id, and say nothing of what was sent', async () => {
  const marker = 'zz-marker-zz';
  const reply = await server.post(`/api/${marker}`, { [marker]: marker }, { [marker]: marker });
  assert.equal(reply.status, 404);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(Object.keys(reply.body), ['type', 'title', 'status', 'code']);
  assert.equal(reply.body.type, 'about:blank#http.not-found');
  assert.ok(!JSON.stringify(reply.body).includes(marker));
});

test('methods nobody offers are refused, and those there are named', async () => {
  const refused = async (path, allow, init) => {
    const reply = await server.call(path, init);
    assert.deepEqual(codeOf(reply), [405, 'http.method-not-allowed'], `${init?.method} ${path}`);
    assert.equal(reply.headers.get('allow'), allow);
  };
  await refused('/api/enrol', 'POST', { method: 'DELETE' });
  for (const method of ['PUT', 'PATCH', 'DELETE']) await refused('/api/enrol', 'POST', { method, body: '{}' });
  await refused('/api/enrol', 'POST');
  await refused('/api/time', 'GET, HEAD', { method: 'POST', body: '{}' });
  await refused('/api/time', 'GET, HEAD', { method: 'OPTIONS' });
  assert.match(await raw('BREW /api/time HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP\/1\.1 4/);
});

test('a hospital’s answers, and nothing else, can be read by pages of any origin', async () => {
  const headers = { Origin: 'https://wallet.example', 'Content-Type': 'text/plain' };
  for (const reply of [
    await server.call('/api/clinic/answers', { method: 'POST', headers, body: 'x' }),
    await server.call('/api/clinic/answers', { method: 'POST', headers: { ...headers, 'Content-Type': 'text/html' }, body: 'x' }),
    await server.call('/api/clinic/answers', { method: 'POST', headers, body: 'x'.repeat(20_000) }),
    await server.call('/api/clinic/visits/a.b', { headers })]) {
    assert.ok(reply.status >= 400);
    assert.equal(reply.headers.get('access-control-allow-origin'), '*');
    assert.equal(reply.headers.get('access-control-allow-credentials'), null);
  }
  for (const path of ['/api/time', '/api/demo/tickets', '/api/clinic/departments', '/api/clinic/queues/surgery', '/wallet/'])
    assert.equal((await server.call(path, { headers })).headers.get('access-control-allow-origin'), null, path);
});

test('the wallet may ask the hospitals of the trust list, and the other apps may not', async () => {
  const sourcesOf = async (path, to = server) =>
    / connect-src ([^;]*);/.exec((await to.call(path)).headers.get('content-security-policy'))[1];
  assert.equal(await sourcesOf('/wallet/'), `'self' http://127.0.0.1:${server.port} http://localhost:${server.port}`);
  assert.equal(await sourcesOf('/'), "'self'");
  const odd = ['https://a.example:8443', 'https://b.example;script-src', 'https://*', 'https://c.example,https://d.example', 'https://'];
  await withServer(async (other) => {
    assert.equal(await sourcesOf('/wallet/', other), "'self' https://a.example:8443");
  }, { options: ['--demo', '--web', `${server.data}/web`, ...odd.flatMap((origin) => ['--origin', origin])] });
});

test('no path leads out of the folder of the apps', async () => {
  for (const path of ['/../server.json', '/%2e%2e/server.json', '/wallet/..%2f..%2fserver.json', '/settings.json',
    '/.secret', '/wallet//index.html', '/wallet/index.html%00.js', '/wallet\\index.html', '/wallet/assets',
    `/${'a/'.repeat(600)}`])
    assert.match(await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`), /^HTTP\/1\.1 404 /, path);
});

test('apps are served with their types, tags, and headers that forbid the rest', async () => {
  const page = await server.call('/wallet/');
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'.*'wasm-unsafe-eval'.*frame-ancestors 'none'/);
  assert.ok(!/unsafe-inline|'unsafe-eval'/.test(page.headers.get('content-security-policy')));
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.match(page.headers.get('permissions-policy'), /camera=\(self\)/);
  const again = await server.call('/wallet/', { headers: { 'If-None-Match': page.headers.get('etag') } });
  assert.equal(again.status, 304);
  assert.equal((await server.call('/wallet/liangma.wasm')).headers.get('content-type'), 'application/wasm');
  assert.equal((await server.call('/wallet', { redirect: 'manual' })).headers.get('location'), '/wallet/');
});

test('what was compressed beforehand is sent to those who can read it', async () => {
  const ask = (coding) =>
    raw(`GET /wallet/assets/a-1234.js HTTP/1.1\r\nHost: localhost\r\n${coding ? `Accept-Encoding: ${coding}\r\n` : ''}\r\n`);
  assert.match(await ask('gzip, br;q=0.9'), /Content-Encoding: br\r\n[^]*\r\n\r\nbrotli$/);
  for (const coding of ['', 'gzip', 'br;q=0', 'identity'])
    assert.match(await ask(coding), /^(?![^]*Content-Encoding)[^]*Content-Length: 4000\r\n/);
  assert.match(await ask(''), /Cache-Control: public, max-age=31536000, immutable/);
});

test('parts of files are not sent, however many are asked for', async () => {
  const ranges = Array.from({ length: 500 }, () => '0-').join(',');
  const reply = await raw(`GET /wallet/assets/a-1234.js HTTP/1.1\r\nHost: localhost\r\nRange: bytes=${ranges}\r\n\r\n`);
  assert.match(reply, /^HTTP\/1\.1 200 /);
  assert.ok(reply.length < 8000);
  const head = await raw('HEAD /wallet/assets/a-1234.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(head, /accept-ranges/i);
});

test('the trust list has a tag and comes as COSE', async () => {
  const list = await server.call('/trust/list.cbor');
  assert.equal(list.headers.get('content-type'), 'application/cose');
  const headers = { 'If-None-Match': list.headers.get('etag') };
  assert.equal((await server.call('/trust/list.cbor', { headers })).status, 304);
});

test('the time is this machine’s, and never stored', async () => {
  const before = Date.now();
  const { headers, body } = await server.call('/api/time');
  assert.ok(body.nowMs >= before - 1 && body.nowMs <= Date.now() + 1);
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('a second server keeps out of the data folder', async () => {
  await assert.rejects(new Server(server.data).listening(), /another server/);
});

test('it stops when told to, and says so', async () => {
  const data = makeDataFolder();
  for (const signal of ['SIGTERM', 'SIGINT']) {
    const short = await new Server(data).listening();
    const silent = connect(short.port, '127.0.0.1');
    await short.call('/api/time');
    const started = Date.now();
    assert.deepEqual(await short.kill(signal), { code: 0, signal: null });
    assert.ok(Date.now() - started < 3000, 'a client that says nothing keeps it from stopping');
    silent.destroy();
    assert.match(short.log, /"event":"stopped"/);
  }
});

test('nothing of a person, and no secret, is in the log', async () => {
  const person = await enrolColour(server, resident, 'green');
  const yellow = await enrolColour(server, resident, 'yellow');
  const request = await askAtDesk(server);
  const made = await answer(server, resident, person, request);
  const reply = await postAnswer(server, made.sealed);
  await postAnswer(server, made.sealed);
  await server.call(`/api/clinic/requests/13800138000?name=%E5%BC%A0`, { headers: { Authorization: 'Bearer x' } });
  await server.call('/330106198504120013');
  const rows = await resident.rows(`${server.data}/authority.sqlite`,
    'SELECT full_name, id_number, phone, card_number FROM resident');
  const secrets = [...rows.flat(), ...(await tickets(server)).map(({ ticket }) => ticket), (await server.desk()).Authorization.slice(7),
    person.key, person.credential, yellow.credential, request.id, request.request, made.sealed, reply.body.visitId, reply.body.ticket,
    '13800138000', '330106198504120013', '127.0.0.1'];
  for (const secret of secrets) assert.ok(!server.log.includes(secret), 'a secret is in the log');
  for (const line of server.log.trim().split('\n')) assert.ok(JSON.parse(line).event);
});
