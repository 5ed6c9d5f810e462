// SPDX-License-Identifier: Apache-2.0
// A hospital's desk by itself: what it says and does where its program, its clock or its server fail, and by keyboard.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { liangma } from './support/cli.mjs';
import { askRequest, deskAddress, openDesk, requestShown } from './support/clinic.mjs';
import { DemoServer } from './support/server.mjs';
import { shiftClock } from './support/wallet.mjs';

describe('desk', () => {
  let server, device, folder;
  let residents = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liangma-residents-'));
    server = await new DemoServer().start();
    device = await Device.start({ viewport: { width: 1280, height: 800 }, mobile: false });
    device.context.setDefaultTimeout(20_000);
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Registers another made-up resident with a department. */
  async function register(department, clinic) {
    const n = ++residents;
    const [key, claims, credential] = ['key', 'claims', 'credential'].map((name) => join(folder, `${name}-${n}`));
    liangma('keygen', '--out', key);
    const identity = { fullName: `测试${n}`, idType: '03', idNumber: `TEST${1000 + n}`, phone: `1000000${1000 + n}` };
    writeFileSync(claims, JSON.stringify({ colour: 'green', statusIndex: 900_000 + n, identity }));
    const device = JSON.parse(readFileSync(key, 'utf8')).x;
    liangma('issue', '--key', server.keyFile('issuer-330100.json'), '--iss', '330100', '--device', device, '--claims', claims, '--out', credential);
    const { request } = await askRequest(server, { department, clinic });
    const { text } = liangma('answer', '--request', request, '--credential', credential, '--device-key', key, '--trust', server.trustFile, '--agree', 'fullName,idNumber,phone', '--seal');
    const headers = { 'Content-Type': 'text/plain' };
    const reply = await fetch(`${server.origin}/api/${clinic ? `clinics/${clinic}` : 'clinic'}/answers`, { method: 'POST', headers, body: text });
    assert.equal(reply.status, 200, await reply.clone().text());
    return (await reply.json()).queueLabel;
  }

  /** Counts the signed requests that a desk asks for. */
  function countRequests(page) {
    const counted = { n: 0 };
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/requests')) counted.n++;
    });
    return counted;
  }

  test('a program that did not load is said in words, and is loaded again', async () => {
    const page = await device.page();
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto(deskAddress(server));
    await page.getByRole('button', { name: '内科' }).click();
    await page.getByText('程序没有载入。').waitFor();
    await page.unroute('**/*.wasm');
    await page.getByRole('button', { name: '再试一次' }).click();
    await requestShown(page);
    await page.close();
  });

  test('a clock that is ahead and a time that nobody tells keep no request off the screen', async () => {
    const page = await device.page();
    const asked = countRequests(page);
    await shiftClock(page, 120);
    await page.route('**/api/time', (route) => route.abort());
    await page.goto(deskAddress(server));
    await page.getByRole('button', { name: '外科' }).click();
    await requestShown(page);
    await page.waitForTimeout(3000);
    assert.equal(asked.n, 1);
    await page.unroute('**/api/time');
    await page.getByText(/\d+ 秒后自动换新/).waitFor();
    await requestShown(page);
    assert.equal(asked.n, 1);
    await page.close();
  });

  test('setting the clock while a desk is open changes nothing on its screen', async () => {
    const page = await device.page();
    await page.addInitScript(() => {
      const RealDate = Date;
      globalThis.Date = class extends RealDate {
        static now() {
          return RealDate.now() + (globalThis.skew ?? 0);
        }
      };
    });
    const asked = countRequests(page);
    await page.goto(deskAddress(server));
    await page.getByRole('button', { name: '儿科' }).click();
    await requestShown(page);
    for (const skew of [90_000, -90_000]) {
      await page.evaluate((value) => (globalThis.skew = value), skew);
      await page.waitForTimeout(2500);
      await requestShown(page);
      assert.match(await page.locator('.countdown').innerText(), /\b[1-5]?\d 秒/);
    }
    assert.equal(asked.n, 1);
    await page.close();
  });

  test('a desk that was told nothing says nothing of who waits', async () => {
    const page = await device.page();
    await page.route('**/queues/**', (route) => route.fulfill({ status: 500, body: '' }));
    await page.goto(deskAddress(server));
    await page.getByRole('button', { name: '内科' }).click();
    await page.getByText('正在等服务器答复…').waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /没有人|还没有/);
    await page.unroute('**/queues/**');
    await page.getByText('没有人等候').waitFor();
    await page.close();
  });

  test('by keyboard: the focus is on what is new, stays where a number is called, and Back leads to the departments', async () => {
    const page = await device.page();
    const focused = () => page.locator(':focus').innerText();
    await page.goto(`${server.origin}/desk/`);
    await page.getByLabel('登录码').fill(server.deskCode());
    await page.keyboard.press('Enter');
    await page.locator('h1:focus', { hasText: '选科室' }).waitFor();
    await page.getByRole('button', { name: '妇产科' }).press('Enter');
    await page.locator('h1:focus', { hasText: '请用亮码扫一扫' }).waitFor();
    await register('obstetrics');
    await page.getByText('1 人等候').waitFor();
    await page.getByRole('button', { name: '叫下一个号' }).press('Enter');
    await page.locator('.called', { hasText: 'D001' }).waitFor();
    await page.getByText('没有人等候').waitFor();
    assert.match(await focused(), /没有人等候/);
    await page.getByRole('button', { name: '换科室' }).press('Enter');
    await page.locator('h1:focus', { hasText: '选科室' }).waitFor();
    await page.getByRole('button', { name: '妇产科' }).press('Enter');
    await requestShown(page);
    await page.goBack();
    await page.locator('h1:focus', { hasText: '选科室' }).waitFor();
    await page.close();
  });

  test('of two desks of one department, each shows the number that it called itself', async () => {
    const desks = [await openDesk(device, server, { department: '中医科' }), await openDesk(device, server, { department: '中医科' })];
    for (const number of ['E001', 'E002']) assert.equal(await register('chinese-medicine'), number);
    for (const [at, desk] of desks.entries()) {
      await desk.bringToFront();
      await desk.getByRole('button', { name: '叫下一个号' }).click();
      await desk.locator('.called', { hasText: `E00${at + 1}` }).waitFor();
    }
    await desks[0].getByText('本科室最近叫的：E002').waitFor();
    assert.match(await desks[0].locator('.called').innerText(), /E001/);
    assert.equal(await desks[1].locator('.other-call').count(), 0);
    for (const desk of desks) await desk.close();
  });

  test('every screen names its hospital as the wallets do, in the language of the desk', async () => {
    const page = await device.page();
    await page.goto(`${server.origin}/desk/`);
    await page.getByText('这里是杭州第一示范医院的挂号台。').waitFor();
    await page.goto('about:blank');
    await page.goto(deskAddress(server, 'hz-west'));
    await page.getByText('杭州城西示范医院').waitFor();
    await page.getByRole('button', { name: '急诊' }).click();
    await page.locator('desk-screen .bar', { hasText: '杭州城西示范医院' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('desk-screen .bar', { hasText: 'Hangzhou West Demo Hospital' }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.close();
  });

  test('the list of the day says where it ends', async () => {
    const page = await device.page();
    const visit = { state: 'waiting', department: 'surgery', route: 'registration', at: 1_800_000_000, patient: { maskedName: '测*', idTail: '1001' } };
    const visits = Array.from({ length: 100 }, (_one, at) => ({ ...visit, queueLabel: `B${200 - at}` }));
    await page.route('**/queues/**', (route) => route.fulfill({ json: { waiting: 200, requests: [], visits } }));
    await page.goto(deskAddress(server));
    await page.getByRole('button', { name: '外科' }).click();
    await page.getByRole('button', { name: '显示今天的号' }).click();
    await page.getByText('最多列出最新的 100 个号。').waitFor();
    await page.getByText('B101').waitFor();
    await page.getByRole('button', { name: '收起今天的号' }).click();
    assert.equal(await page.getByText('B101').count(), 0);
    await page.close();
  });

  test('logging out ends the session, and leaves no token in the tab', async () => {
    for (const isReached of [true, false]) {
      const page = await openDesk(device, server, { department: '内科' });
      if (!isReached) await page.route('**/session/end', (route) => route.abort());
      const token = await page.evaluate(() => sessionStorage.getItem('liangma.desk.session'));
      const sent = page.waitForRequest('**/session/end');
      await page.getByRole('button', { name: '退出登录' }).click();
      const reply = await (await sent).response();
      await page.locator('h1:focus', { hasText: '请用登录码打开' }).waitFor();
      assert.equal(await page.locator('.error').innerText(), '');
      assert.ok(!(await page.evaluate(() => JSON.stringify(sessionStorage))).includes(token));
      const asked = await fetch(`${server.origin}/api/clinic/queues/surgery`, { headers: { Authorization: `Bearer ${token}` } });
      assert.deepEqual([reply?.status(), asked.status], isReached ? [200, 401] : [undefined, 200]);
      await page.reload();
      await page.getByText('请用登录码打开').waitFor();
      await page.close();
    }
  });

  test('a login that reaches no server says so in words of the desk', async () => {
    const page = await device.page();
    await page.route('**/sessions', (route) => route.abort());
    await page.goto(deskAddress(server));
    await page.getByText('连不上服务器。请检查网络，再试一次。').waitFor();
    await page.close();
  });

  test('on an upright tablet all that a clerk needs is on the first screen, and no number breaks in two', async () => {
    const tablet = await Device.start({ viewport: { width: 768, height: 1024 }, locale: 'en-GB' });
    try {
      const desk = await openDesk(tablet, server, { department: 'Emergency' });
      await register('emergency');
      await desk.route('**/queues/**', async (route) => {
        const response = await route.fetch();
        const queue = await response.json();
        await route.fulfill({ response, json: { ...queue, latest: { ...queue.visits[0], queueLabel: 'G1000', already: false } } });
      });
      const number = desk.locator('.queue-number', { hasText: 'G1000' });
      await number.waitFor();
      const [inner, outer] = [await number.boundingBox(), await desk.locator('.latest').boundingBox()];
      assert.ok(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width, `${inner.width} of ${outer.width} wide`);
      assert.ok(inner.height < 150, `${inner.height} high`);
      await desk.getByRole('button', { name: 'Call next' }).waitFor();
      const button = await desk.getByRole('button', { name: 'Call next' }).boundingBox();
      assert.ok(button.y + button.height <= 1024, `Call next ends at ${button.y + button.height}`);
    } finally {
      await tablet.stop();
    }
  });

  test('no script failed, no policy was violated', () => device.assertClean(server.origin));
});
