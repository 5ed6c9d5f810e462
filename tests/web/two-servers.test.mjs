// SPDX-License-Identifier: Apache-2.0
// The hospital is another server than the wallet's: reached by the trust list's word, and by that alone.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { askRequest, callNext, pasteRequest } from './support/clinic.mjs';
import { DemoServer } from './support/server.mjs';
import { enrol, keptForOffline } from './support/wallet.mjs';

/** A port that is free now: the trust list names the hospital's before the hospital runs. */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until something holds. */
async function until(holds, what) {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

describe('a hospital of its own', () => {
  let authority, hospital, resident, wallet;

  before(async () => {
    const port = await freePort();
    authority = await new DemoServer(['--demo', '--origin', `http://localhost:${port}`]).start();
    hospital = new DemoServer([]);
    hospital.port = port;
    mkdirSync(`${hospital.data}/keys`);
    for (const name of ['keys/hz-first.json', 'keys/hz-first-sealing.json', 'trust.json']) cpSync(`${authority.data}/${name}`, `${hospital.data}/${name}`);
    const settings = JSON.parse(readFileSync(`${authority.data}/server.json`, 'utf8'));
    writeFileSync(`${hospital.data}/server.json`, JSON.stringify({ clinics: settings.clinics.filter(({ id }) => id === 'hz-first') }));
    await hospital.start();
    resident = await Device.start();
    wallet = await enrol(resident, authority, '张*丰');
  });
  after(async () => {
    await resident?.stop();
    await authority?.remove();
    await hospital?.remove();
  });

  async function answer(request) {
    await wallet.goto(`${authority.origin}/wallet/`);
    await pasteRequest(wallet, request);
    await wallet.getByRole('button', { name: '同意', exact: true }).click();
  }

  test('the wallet registers there, and hears when it is called', async () => {
    await answer((await askRequest(hospital)).request);
    await wallet.locator('.queue-number', { hasText: 'B001' }).waitFor();
    assert.ok(resident.requests.some((url) => url === `${hospital.origin}/api/clinic/answers`));
    await callNext(hospital);
    await wallet.reload();
    await wallet.getByText('到您了，请进。').waitFor();
    assert.ok(resident.requests.some((url) => url.startsWith(`${hospital.origin}/api/clinic/visits/`)));
  });

  test('what the hospital refuses is told in its words', async () => {
    const { request } = await askRequest(hospital);
    await wallet.route('**/api/clinic/answers', (route) => route.continue({ postData: 'LMS1:ABC' }));
    await answer(request);
    await wallet.locator('h1', { hasText: '没有挂上号' }).waitFor();
    assert.doesNotMatch(await wallet.locator('main').innerText(), /连不上|看不懂/);
    await wallet.unroute('**/api/clinic/answers');
  });

  test('a hospital that cannot be reached is told apart from one that refuses', async () => {
    const { request } = await askRequest(hospital);
    await hospital.stop();
    await answer(request);
    await wallet.locator('h1', { hasText: '还不知道挂上号没有' }).waitFor();
  });

  test('no policy was violated, and nobody else was asked', () => {
    assert.deepEqual(resident.violations, []);
    const origins = new Set(resident.requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).origin));
    assert.deepEqual([...origins].sort(), [authority.origin, hospital.origin].sort());
  });

  test('an origin that the trust list does not name cannot be asked', async () => {
    const failed = await wallet.evaluate(() => fetch('http://127.0.0.1:9/api/clinic/answers', { method: 'POST', body: 'x' }).then(() => false, () => true));
    assert.ok(failed);
    await until(() => resident.violations.some((text) => text.startsWith('connect-src')), 'the policy says no, not the network');
  });

  test('a hospital that joins the trust list can be asked by a wallet that was kept for offline', async () => {
    await keptForOffline(wallet);
    await authority.stop();
    authority.options = ['--demo', '--origin', 'https://joined.example'];
    await authority.start();
    const kept = () => wallet.evaluate(async () => {
      const page = await (await caches.open((await caches.keys()).find((name) => name.includes('/wallet/')))).match('/wallet/');
      return page.headers.get('Content-Security-Policy');
    });
    assert.doesNotMatch(await kept(), /joined/);
    await wallet.goto(`${authority.origin}/wallet/`);
    await until(async () => / connect-src 'self' https:\/\/joined\.example;/.test(await kept()), 'the kept page has the new policy');
  });
});
