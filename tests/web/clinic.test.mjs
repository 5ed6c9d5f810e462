// SPDX-License-Identifier: Apache-2.0
// Desk and wallet: a request, consent, a sealed answer, one queue number on two screens; and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device, phone } from './support/browser.mjs';
import { liangma } from './support/cli.mjs';
import { askRequest, callAsDesk, callNext, deskAddress, openDesk, pasteRequest, pasteText, requestShown } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { photograph } from './support/photo.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

/** In the page: how many lines another number would take in place of the one on screen, and what the card has left. */
function measureNumber([label, size]) {
  document.documentElement.dataset.size = size;
  const shown = document.querySelector('.queue-number');
  const other = shown.cloneNode();
  other.textContent = label;
  other.dataset.length = label.length > 5 ? 'long' : 'usual';
  shown.after(other);
  const lines = Math.round(other.getBoundingClientRect().height / parseFloat(getComputedStyle(other).lineHeight));
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(shown.parentElement);
  const inside = shown.parentElement.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
  const range = document.createRange();
  range.selectNodeContents(other);
  const room = inside - range.getBoundingClientRect().width;
  other.remove();
  return { lines, room };
}

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

  /** Answers a request with the resident's wallet, until a number is shown. */
  async function pasteAndAgree(request) {
    await back();
    await pasteRequest(wallet, request);
    await agree();
    await wallet.locator('.queue-number').waitFor();
  }

  /** Waits until a desk shows another request than this one. */
  async function nextRequest(desk, old) {
    for (;;) {
      const text = await readWithZxing(await desk.screenshot());
      if (text && text !== old) return text;
    }
  }

  /** In view without scrolling, whole, one after the other. */
  async function assertOnSmallPhone(page, ...selectors) {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.waitForTimeout(300);
    let end = 0;
    for (const selector of selectors) {
      const { y, height } = await page.locator(selector).boundingBox();
      assert.ok(y >= end && y + height <= 640, `${selector} at ${y}, ${height} high`);
      end = y + height;
    }
    await page.setViewportSize(phone);
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
    assert.equal(number, 'A001');
    const arrived = desk.locator('.latest');
    await arrived.getByText('张*丰').waitFor();
    assert.equal((await arrived.locator('.queue-number').innerText()).trim(), number);
    assert.match(await arrived.innerText(), /已挂号[\s\S]*张\*丰[\s\S]*0011/);
    assert.doesNotMatch(await desk.locator('.history').innerText(), /张/, 'the next resident does not read who came before');
    await desk.getByRole('button', { name: '显示今天的号' }).click();
    assert.match(await desk.locator('.history').innerText(), /A001[\s\S]*张\*丰 0011[\s\S]*等候/);

    const again = await fetch(`${server.origin}/api/clinic/answers`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body });
    assert.equal((await again.json()).queueLabel, number, 'the same bytes get the same number');
  });

  test('a reload of the desk keeps its department, its request and the numbers of the day', async () => {
    const desk = await openDesk(hospital, server, { department: '儿科' });
    const before = await readWithZxing(await desk.screenshot());
    await pasteAndAgree((await askRequest(server, { department: 'paediatrics' })).request);
    await desk.reload();
    await requestShown(desk);
    assert.equal(await readWithZxing(await desk.screenshot()), before, 'the same request');
    await desk.getByRole('button', { name: '显示今天的号' }).click();
    await desk.locator('.history', { hasText: 'C001' }).waitFor();
    await desk.close();
  });

  test('the desk calls numbers; the wallet hears of it, and keeps what it knew without a network', async () => {
    const desk = await openDesk(hospital, server, { department: '外科' });
    const other = await Device.start();
    try {
      const first = await enrol(other, server, '李*');
      await pasteRequest(first, (await askRequest(server)).request);
      await first.getByRole('button', { name: '同意', exact: true }).click();
      await first.getByText('下一个就是您').waitFor();
      await pasteAndAgree((await askRequest(server)).request);
      await wallet.getByText('前面还有 1 人').waitFor();
      await desk.getByText('2 人等候').waitFor();
      await desk.getByRole('button', { name: '叫下一个号' }).click();
      await desk.locator('.called', { hasText: 'B001' }).waitFor();
      await desk.getByText('1 人等候').waitFor();
      await resident.context.setOffline(true);
      await wallet.reload();
      await wallet.getByText('前面还有 1 人').waitFor();
      await resident.context.setOffline(false);
      await wallet.reload();
      await wallet.getByText('下一个就是您').waitFor();
      await desk.getByRole('button', { name: '叫下一个号' }).click();
      await desk.locator('.called', { hasText: 'B002' }).waitFor();
      await wallet.reload();
      await wallet.getByText('到您了，请进。').waitFor();
      await desk.getByRole('button', { name: '没有人等候' }).waitFor();
    } finally {
      await other.stop();
      await desk.close();
    }
  });

  test('every number that waits is on the first screen; one that is called says so, and does not ask to wait', async () => {
    const other = await Device.start();
    try {
      const page = await enrol(other, server, '李*');
      for (const department of ['emergency', 'internal-medicine']) {
        await pasteRequest(page, (await askRequest(server, { department })).request);
        await page.getByRole('button', { name: '同意', exact: true }).click();
        await page.getByText('请留意叫号').waitFor();
        await page.getByRole('button', { name: '完成' }).click();
      }
      assert.match(await page.locator('.numbers').innerText(), /内科[\s\S]*急诊/, 'the newest first');
      await callNext(server, 'emergency');
      const called = page.locator('.called .button', { hasText: '急诊' });
      await called.getByText('到您了，请进。').waitFor();
      await assertOnSmallPhone(page, '.called .button', 'liangma-code canvas');
      await called.click();
      await assertOnSmallPhone(page, 'h1', '.queue-number');
      const shown = await page.locator('queue-screen').innerText();
      assert.match(shown, /急诊/);
      assert.match(shown, /到您了，请进。/);
      assert.doesNotMatch(shown, /请留意叫号/);
      await page.reload();
      await page.getByRole('button', { name: '完成' }).click();
      await page.locator('.numbers .button', { hasText: '内科' }).click();
      await page.getByText('请留意叫号').waitFor();
    } finally {
      await other.stop();
    }
  });

  test('a number of any length stands in one line, inside its card', async () => {
    await pasteAndAgree((await askRequest(server, { department: 'surgery' })).request);
    for (const size of ['normal', 'large']) {
      for (const width of [320, 360, 390]) {
        await wallet.setViewportSize({ width, height: 640 });
        for (const label of ['G888', 'A1000', 'SURGERY-1000']) {
          const { lines, room } = await wallet.evaluate(measureNumber, [label, size]);
          assert.ok(lines === 1 && room >= 0, `${label}, ${width} wide, ${size}: ${lines} lines, ${room} px of room`);
        }
      }
    }
    await wallet.evaluate(() => (document.documentElement.dataset.size = 'normal'));
    await wallet.setViewportSize(phone);
  });

  test('registering again while waiting keeps the number, and both screens say so', async () => {
    const desk = await openDesk(hospital, server, { department: '中医科' });
    for (const words of [/挂号好了/, /您已经挂过号，还是原来的号/]) {
      const request = await readWithZxing(await desk.screenshot());
      await pasteAndAgree(request);
      const shown = await wallet.locator('queue-screen').innerText();
      assert.match(shown, words);
      assert.match(shown, /E001/);
      await desk.locator('.latest', { hasText: 'E001' }).waitFor();
      await nextRequest(desk, request);
    }
    await desk.locator('.latest', { hasText: '已经挂过号，还是原来的号' }).waitFor();
    await desk.close();
  });

  test('a number outlives its tab, and nothing of it lies about unsealed', async () => {
    await pasteAndAgree((await askRequest(server, { department: 'surgery' })).request);
    const label = await wallet.locator('.queue-number').innerText();
    const open = await wallet.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }));
    assert.doesNotMatch(open, /visits|hz-first|surgery/);
    await wallet.close();
    wallet = await resident.page();
    await back();
    const number = wallet.locator('.numbers .button', { hasText: label });
    await number.click();
    await wallet.locator('.queue-number', { hasText: label }).waitFor();
  });

  test('a number that is over, or that the hospital no longer knows, is forgotten', async () => {
    for (const [status, told] of [[200, { state: 'over' }], [404, { code: 'clinic.visit-unknown' }]]) {
      await pasteAndAgree((await askRequest(server, { department: 'paediatrics' })).request);
      await wallet.route('**/visits/**', async (route) => {
        const json = status === 200 ? { ...(await (await route.fetch()).json()), ...told } : told;
        await route.fulfill({ status, json });
      });
      for (const page of ['that is told so', 'that is opened after it']) {
        await back();
        await codeShown(wallet);
        await wallet.locator('.numbers:not(:has(button))').waitFor({ state: 'attached' });
        await wallet.unroute('**/visits/**');
        assert.equal(await wallet.locator('.numbers .button').count(), 0, page);
      }
    }
  });

  test('whoever reloads while the answer is under way hears that nobody knows; the same number comes back', async () => {
    await wallet.route('**/api/clinic/answers', async (route) => {
      await route.fetch();
      wallet.emit('arrived');
    });
    await pasteRequest(wallet, (await askRequest(server, { department: 'emergency' })).request);
    const arrived = wallet.waitForEvent('arrived');
    await agree();
    await arrived;
    await wallet.reload();
    await wallet.unrouteAll({ behavior: 'ignoreErrors' });
    await wallet.getByRole('button', { name: '还不知道挂上号没有' }).click();
    await wallet.locator('h1', { hasText: '还不知道挂上号没有' }).waitFor();
    assert.match(await wallet.locator('main').innerText(), /杭州第一示范医院[^]*还是原来的号[^]*问窗口/);
    await wallet.getByRole('button', { name: '重新扫' }).click();
    await pasteText(wallet, (await askRequest(server, { department: 'emergency' })).request);
    await agree();
    await wallet.getByText('您已经挂过号，还是原来的号').waitFor();
    await wallet.getByRole('button', { name: '完成' }).click();
    await codeShown(wallet);
    assert.equal(await wallet.locator('.unknown').count(), 0);
  });

  test('a reply that got lost costs no number', async () => {
    const asked = await askRequest(server, { department: 'obstetrics' });
    let lost = 0;
    await wallet.route('**/api/clinic/answers', async (route) => {
      if (lost++) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await pasteAndAgree(asked.request);
    await wallet.unroute('**/api/clinic/answers');
    assert.equal(lost, 2);
    assert.match(await wallet.locator('queue-screen').innerText(), /D001/);
    assert.equal((await callAsDesk(server, '/queues/obstetrics')).waiting, 1);
  });

  test('a refused answer leaves the request open, and the desk says why', async () => {
    const desk = await openDesk(hospital, server, { department: '急诊' });
    const request = await readWithZxing(await desk.screenshot());
    const sent = [];
    await wallet.route('**/api/clinic/answers', (route) => {
      sent.push(route.request().postData());
      return route.abort('connectionrefused');
    });
    await back();
    await pasteRequest(wallet, request);
    await agree();
    await wallet.locator('h1', { hasText: '还不知道挂上号没有' }).waitFor();
    await wallet.unroute('**/api/clinic/answers');
    assert.deepEqual(sent, [sent[0], sent[0], sent[0]], 'what is sent again is the same text');
    await new Promise((resolve) => setTimeout(resolve, 21_000));
    const late = await fetch(`${server.origin}/api/clinic/answers`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: sent[0] });
    assert.equal((await late.json()).code, 'time.too-old');
    await desk.locator('.refused', { hasText: '没有挂上' }).waitFor();
    assert.equal(await readWithZxing(await desk.screenshot()), request, 'it is still on screen');
    await pasteAndAgree(request);
    await desk.locator('.latest', { hasText: '张*丰' }).waitFor();
    await desk.locator('.refused').waitFor({ state: 'detached' });
    await desk.close();
  });

  test('the desk shows a new request once the old one was answered', async () => {
    const desk = hospital.context.pages().at(1);
    await requestShown(desk);
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

  test('a request that somebody else has answered is refused in words', async () => {
    while ((await callNext(server)).called); // whoever waits leaves the request to the next one
    const { request } = await askRequest(server);
    await pasteAndAgree(request);
    await back();
    await pasteRequest(wallet, request);
    await agree();
    await wallet.locator('h1', { hasText: '没有挂上号' }).waitFor();
    assert.match(await wallet.locator('main').innerText(), /已经有人回答过/);
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

  test('a hospital that has not updated is told of in words that a patient can use', async () => {
    await wallet.route('**/api/clinic/answers', (route) => route.fulfill({ status: 503, json: { code: 'trust.expired' } }));
    await back();
    await pasteRequest(wallet, (await askRequest(server)).request);
    await agree();
    await wallet.locator('h1', { hasText: '没有挂上号' }).waitFor();
    assert.match(await wallet.locator('main').innerText(), /医院的信任列表过期了[^]*到窗口人工挂号/);
    await wallet.unroute('**/api/clinic/answers');
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
    await refusedInWords(await readWithZxing(await wallet.screenshot()), /这是居民的码，不是医院或门口的请求/);
  });

  test('declining sends nothing', async () => {
    await back();
    await pasteRequest(wallet, (await askRequest(server)).request);
    const before = resident.requests.length;
    await wallet.getByRole('button', { name: '不同意' }).click();
    await wallet.locator('.notice').getByText('已拒绝，什么也没有发出。').waitFor();
    assert.deepEqual(resident.requests.slice(before).filter((url) => url.includes('answers')), []);
  });

  test('on a phone the desk scrolls to the number that it gave, and back for the next resident', async () => {
    const small = await Device.start({ locale: 'en-GB' });
    try {
      const desk = await openDesk(small, server, { department: 'Fever clinic' });
      await pasteAndAgree(await nextRequest(desk));
      await desk.locator('.latest .patient').waitFor();
      await desk.waitForTimeout(300);
      const { y, height } = await desk.locator('.latest').boundingBox();
      assert.ok(y >= 0 && y + height <= desk.viewportSize().height, `at ${y}, ${height} high`);
      assert.ok((await desk.locator('.bar').boundingBox()).y < 0, 'the top is out of view');
      await desk.waitForTimeout(9000);
      assert.ok((await desk.locator('.bar').boundingBox()).y >= 0, 'the next resident finds the top');
    } finally {
      await small.stop();
    }
  });

  test('a login code opens the desk once; used again, it is refused in words', async () => {
    const address = deskAddress(server);
    const page = await hospital.page();
    await page.goto(address);
    await page.getByRole('button', { name: '发热门诊' }).waitFor();
    assert.equal(page.url(), `${server.origin}/desk/`);
    const second = await hospital.page();
    await second.goto(address);
    await second.getByText(/登录码不对、过期，或者已经用过/).waitFor();
    await second.getByLabel('登录码').fill(server.deskCode().toLowerCase());
    await second.getByRole('button', { name: '进入' }).click();
    await second.getByRole('button', { name: '发热门诊' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: '发热门诊' }).waitFor();
  });

  test('a desk whose session has ended says so', async () => {
    const page = await hospital.page();
    await page.goto(`${server.origin}/desk/`);
    await page.evaluate(() => sessionStorage.setItem('liangma.desk.session', 'gone'));
    await page.reload();
    await page.getByRole('button', { name: '内科' }).click();
    await page.getByText('挂号台的登录已失效').waitFor();
  });

  test('both sides kept to their policy', () => {
    resident.assertClean(server.origin);
    hospital.assertClean(server.origin);
  });
});
