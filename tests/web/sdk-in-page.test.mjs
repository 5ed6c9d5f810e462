// SPDX-License-Identifier: Apache-2.0
// The package itself in a real page, from its ES modules: the browser's host, and the golden vectors.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { repository } from './support/paths.mjs';

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const page = '<!doctype html><title>sdk</title><script type="module" src="/tests/web/support/sdk-page.mjs"></script>';

/** Serves the repository's own files, under the policy that the package promises to keep. */
function serve(request, response) {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  const headers = { 'Content-Security-Policy': policy };
  if (path === '/') return response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(page);
  try {
    const body = readFileSync(join(repository, path));
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(path)] ?? 'text/plain' }).end(body);
  } catch {
    response.writeHead(404, headers).end();
  }
}

describe('the package in a page', () => {
  let server, device, origin;

  before(async () => {
    server = createServer(serve).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    origin = `http://localhost:${server.address().port}`;
    device = await Device.start();
  });
  after(async () => {
    await device?.stop();
    server?.close();
  });

  async function open() {
    const opened = await device.page();
    await opened.goto(origin);
    await opened.locator('html[data-ready]').waitFor({ state: 'attached' });
    return opened;
  }

  test('every golden vector comes out as natively', async () => {
    const opened = await open();
    const runs = await opened.evaluate(() => window.runAllVectors());
    assert.equal(runs.length, 7);
    for (const { what, ran, wrong } of runs) {
      assert.ok(ran > 0, what);
      assert.deepEqual(wrong, [], what);
    }
    await opened.close();
  });

  test('a WebAssembly file that cannot be loaded is named', async () => {
    const opened = await open();
    const [code, cause] = await opened.evaluate(() => window.loadFrom('/nowhere/liangma.wasm'));
    assert.equal(code, 'host.wasm-failed');
    assert.match(cause, /\/nowhere\/liangma\.wasm could not be loaded: .*http 404/);
    await opened.close();
  });

  test('storage keeps copies, forgets what is removed, lists its keys, and outlives the page', async () => {
    let opened = await open();
    await opened.evaluate(async () => {
      const { storage } = window.makeHost('one');
      const value = new Uint8Array([1, 2, 3]);
      await storage.set('kept', value);
      value[0] = 9;
      await storage.set('gone', value);
      await storage.remove('gone');
      await storage.remove('never there');
    });
    await opened.close();
    opened = await open();
    const found = await opened.evaluate(async () => {
      const { storage } = window.makeHost('one');
      const other = window.makeHost('two').storage;
      return {
        kept: [...(await storage.get('kept'))],
        gone: await storage.get('gone'),
        keys: await storage.keys(),
        other: await other.keys(),
      };
    });
    assert.deepEqual(found, { kept: [1, 2, 3], gone: undefined, keys: ['kept'], other: [] });
    await opened.close();
  });

  test('the host key is 32 bytes, the same for every page, not to be exported, and can be forgotten', async () => {
    const [left, right] = [await open(), await open()];
    const key = (of) => of.evaluate(async () => [...(await window.makeHost('keys').hostKey())]);
    const [one, other] = await Promise.all([key(left), key(right)]);
    assert.equal(one.length, 32);
    assert.deepEqual(other, one);
    const exported = await left.evaluate(async () => {
      const database = await new Promise((resolve) => {
        const opening = indexedDB.open('keys');
        opening.onsuccess = () => resolve(opening.result);
      });
      const request = database.transaction('keys').objectStore('keys').get('host-key');
      const { wrapping } = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      database.close();
      return crypto.subtle.exportKey('raw', wrapping).then(() => 'exported', (error) => error.name);
    });
    assert.equal(exported, 'InvalidAccessError');
    await left.evaluate(() => window.makeHost('keys').forgetHostKey());
    assert.notDeepEqual(await key(right), one);
    await Promise.all([left.close(), right.close()]);
  });

  test('tasks that share the storage run one at a time, and pages hear of what others change', async () => {
    const [left, right] = [await open(), await open()];
    await right.evaluate(() => {
      window.heard = new Promise((resolve) => window.makeHost('shared').storage.watch(resolve));
    });
    const add = (of) => of.evaluate(() => window.addTwentyTimes(window.makeHost('shared')));
    await Promise.all([add(left), add(right)]);
    const sum = await left.evaluate(async () => (await window.makeHost('shared').storage.get('sum'))[0]);
    assert.equal(sum, 40);
    assert.equal(await right.evaluate(() => window.heard), 'sum');
    await Promise.all([left.close(), right.close()]);
  });

  test('clocks, random bytes, fetch', async () => {
    const opened = await open();
    const found = await opened.evaluate(async () => {
      const host = window.makeHost('rest');
      const before = host.monotonic();
      const response = await host.fetch('/web/sdk/package.json');
      const missing = await host.fetch('/nowhere');
      const failed = await host.fetch('http://localhost:9/').then(() => 'answered', () => 'rejected');
      return {
        later: host.monotonic() > before,
        off: Math.abs(host.now() - Date.now()) < 1000,
        lengths: [host.randomBytes(0).length, host.randomBytes(40).length],
        differ: String(host.randomBytes(16)) !== String(host.randomBytes(16)),
        status: [response.status, missing.status, failed],
        type: response.header('content-type'),
        none: response.header('x-none'),
        body: response.body instanceof Uint8Array && response.body.length > 100,
        suspensions: host.suspensions(),
      };
    });
    assert.deepEqual(found, {
      later: true,
      off: true,
      lengths: [0, 40],
      differ: true,
      status: [200, 404, 'rejected'],
      type: 'application/json',
      none: undefined,
      body: true,
      suspensions: 0,
    });
    await opened.close();
  });
});
