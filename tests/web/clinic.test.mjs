// SPDX-License-Identifier: Apache-2.0
// Desk and wallet: a request, consent, a sealed answer, one queue number on two screens; and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { liangma } from './support/cli.mjs';
import { askRequest, openDesk, pasteRequest, pasteText } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { photograph } from './support/photo.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

const unixNow = () => Math.floor(Date.now() / 1000);

describe('hospital', () => {
  let server, hospital, resident, wallet, folder, camera, blank;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liangma-camera-'));
    camera = join(folder, 'desk.mjpeg');
    server = await new DemoServer().start();
    hospital = await Device.start({ viewport: { width: 1280, height: 800 }, scale: 1, mobile: false });
    const empty = await hospital.page();
    blank = await photograph(empty, await empty.screenshot());
    writeFileSync(camera, blank);
    resident = await Device.start({ camera });
    wallet = await enrol(resident, server, '张*丰');
  });
  after(async () => {
    await resident?.stop();
    await hospital?.stop();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const back = () => wallet.goto(`${server.origin}/wallet/`);

  /** Leaves the camera aside: a text goes in as if it had been read. */
  async function refusedInWords(text, words) {
    await back();
    await wallet.getByRole('button', { name: '我去就医' }).click();
    await pasteText(wallet, text);
    const alert = wallet.locator('[role=alert]').filter({ has: wallet.locator('h1') });
    await alert.waitFor();
    assert.match(await alert.innerText(), words);
  }

  async function agree() {
    await wallet.getByRole('button', { name: '同意', exact: true }).click();
  }

  test('the desk asks, the resident consents, both see the same number', async () => {
    const desk = await openDesk(hospital, server);
    writeFileSync(camera, await photograph(desk, await desk.screenshot()));
    await wallet.getByRole('button', { name: '我去就医' }).click();
    const consent = wallet.locator('consent-screen');
    await consent.getByText('杭州第一示范医院').waitFor();
    writeFileSync(camera, blank);
    const shown = await consent.innerText();
    for (const words of ['身份已核实', '挂号', '张三丰', '330106198504120011', '10000000001', '绿码']) assert.ok(shown.includes(words), words);
    assert.ok(!shown.includes('1985-04-12'), 'what was not asked for is not shown');

    const sent = resident.context.waitForEvent('request', (request) => request.url().endsWith('/answers'));
    await agree();
    const body = (await sent).postData();
    assert.match(body, /^LMS1:/);
    const number = (await wallet.locator('.queue-number').innerText()).trim();
    assert.match(number, /^\d+$/);
    const arrived = desk.locator('.latest');
    await arrived.getByText('张*丰').waitFor();
    assert.equal((await arrived.locator('.queue-number').innerText()).trim(), number);
    assert.match(await arrived.innerText(), /已挂号[\s\S]*张\*丰[\s\S]*0011/);
    assert.match(await desk.locator('.history').innerText(), /张\*丰 0011/);

    const again = await fetch(`${server.origin}/api/clinic/answers`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body });
    assert.equal(again.status, 409);
    assert.equal((await again.json()).code, 'clinic.request-used');
  });

  test('the desk shows a new request once the old one was answered', async () => {
    const desk = hospital.context.pages().at(-1);
    await desk.locator('.desk-symbol canvas').waitFor({ state: 'visible' });
    assert.match(await readWithZxing(await desk.screenshot()), /^LMR1:/);
  });

  test('a yellow code is sent to the fever clinic, and told so', async () => {
    const other = await Device.start();
    try {
      const page = await enrol(other, server, '王*国');
      await pasteRequest(page, (await askRequest(server)).request);
      await page.getByRole('button', { name: '同意', exact: true }).click();
      await page.locator('.queue-number').waitFor();
      assert.match(await page.locator('queue-screen').innerText(), /发热门诊[\s\S]*戴好口罩/);
    } finally {
      await other.stop();
    }
  });

  test('a request that was answered already is refused in words', async () => {
    const { request } = await askRequest(server);
    for (const words of [/挂号好了/, /没有挂上号[\s\S]*已经有人回答过/]) {
      await back();
      await pasteRequest(wallet, request);
      await agree();
      await wallet.locator('h1', { hasText: /挂号好了|没有挂上号/ }).waitFor();
      assert.match(await wallet.locator('main').innerText(), words);
    }
  });

  test('an answer that is meant for another hospital is refused in words', async () => {
    const { request } = await askRequest(server, { clinic: 'hz-west' });
    await wallet.route('**/api/clinics/hz-west/answers', (route) =>
      route.continue({ url: `${server.origin}/api/clinic/answers` }),
    );
    await back();
    await pasteRequest(wallet, request);
    await wallet.getByText('杭州城西示范医院').waitFor();
    await agree();
    await wallet.locator('h1', { hasText: '没有挂上号' }).waitFor();
    assert.match(await wallet.locator('main').innerText(), /不是给本医院的，打不开/);
    await wallet.unroute('**/api/clinics/hz-west/answers');
  });

  test('a request by somebody unknown is refused in words, and nothing is sent', async () => {
    const key = join(folder, 'stranger.json');
    liangma('keygen', '--out', key);
    const { text } = liangma('request', '--key', key, '--verifier', 'hz-nobody', '--purpose', 'registration', '--wanted', 'fullName');
    assert.match(text, /^LMR1:/);
    await refusedInWords(text, /这个请求不能用[\s\S]*不认识发出请求的机构，什么也没有给它/);
  });

  test("a request in a hospital's name, signed by another key, is refused in words", async () => {
    const key = join(folder, 'rogue.json');
    liangma('keygen', '--out', key);
    const { text } = liangma('request', '--key', key, '--verifier', 'hz-first', '--purpose', 'registration', '--wanted', 'fullName');
    await refusedInWords(text, /什么也没有给它/);
  });

  test('a stale request is refused in words', async () => {
    const { text } = liangma(
      'request', '--key', server.keyFile('hz-first.json'), '--verifier', 'hz-first', '--purpose', 'registration',
      '--wanted', 'fullName,idNumber,phone', '--now', String(unixNow() - 90),
    );
    await refusedInWords(text, /请求已经过时[\s\S]*最新的二维码/);
  });

  test('a code in place of a request is explained', async () => {
    await back();
    await codeShown(wallet);
    await refusedInWords(await readWithZxing(await wallet.screenshot()), /这是居民的码，不是医院的请求/);
  });

  test('declining sends nothing', async () => {
    await back();
    await pasteRequest(wallet, (await askRequest(server)).request);
    const before = resident.requests.length;
    await wallet.getByRole('button', { name: '不同意' }).click();
    await wallet.getByText('已拒绝，什么也没有发出。').waitFor();
    assert.deepEqual(resident.requests.slice(before).filter((url) => url.includes('answers')), []);
  });

  test('a wrong pass is refused in words', async () => {
    const page = await hospital.page();
    await page.goto(`${server.origin}/desk/#token=wrong-wrong-wrong-wrong`);
    await page.getByRole('button', { name: '内科' }).click();
    await page.getByText('口令不对或已停用').waitFor();
  });

  test('both sides kept to their policy', () => {
    resident.assertClean(server.origin);
    hospital.assertClean(server.origin);
  });
});
