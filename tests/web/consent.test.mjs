// SPDX-License-Identifier: Apache-2.0
// What the wallet says to codes that are no request, and how a request's time runs out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { liangma } from './support/cli.mjs';
import { pasteRequest, pasteText } from './support/clinic.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

const unixNow = () => Math.floor(Date.now() / 1000);

describe('a request', () => {
  let server, device, page;

  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start();
    page = await enrol(device, server, '张*丰');
    await page.locator('.add').click();
    await page.getByRole('button', { name: '李*' }).click();
    await codeShown(page);
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
  });

  /** The hospital's request, as of some seconds ago. It lives for 60 s. */
  const asked = (secondsAgo, verifier = 'hz-first') =>
    liangma(
      'request', '--key', server.keyFile(`${verifier}.json`), '--verifier', verifier, '--purpose', 'registration',
      '--wanted', 'fullName,idNumber,phone', '--now', String(unixNow() - secondsAgo),
    ).text;

  const removeLast = async () => {
    await page.locator('.more').click();
    await page.locator('.person-row button').last().click();
    await page.locator('header button').first().click();
    await codeShown(page);
  };

  const home = async () => {
    await page.goto(`${server.origin}/wallet/`);
    await codeShown(page);
  };

  test('whatever else is scanned is named', async () => {
    for (const [text, words] of [
      ['HC1:6BFOXN%TSMAHN-H', /这是欧盟数字证书/],
      ['shc:/567629095243206034602924374044603122295953265460346029254077280433602870286471674522280928', /这是 SMART 健康卡/],
      ['https://example.org/menu', /这是一个网址[^]*没有打开它/],
      ['LM1:6BF5', /这是居民的码/],
      ['LMP1:6BF5', /这是打印的纸质码/],
      ['LMS1:6BF5', /这是给医院的加密回答/],
    ]) {
      await home();
      await pasteRequest(page, text);
      await page.locator('[role=alert] h1').waitFor();
      assert.match(await page.locator('[role=alert]').innerText(), words);
    }
  });

  test('its end is announced, nothing is sent, and what was chosen is there for the next one', async () => {
    await home();
    await pasteRequest(page, asked(38));
    const chosen = page.locator('.tab[aria-pressed=true]');
    await page.locator('.tab', { hasText: '张*丰' }).click();
    await page.getByText('快到时间了。不用急').waitFor();
    await page.getByText('这个请求到时间了，什么也没有发出').waitFor();
    assert.equal(await page.getByRole('button', { name: '同意', exact: true }).count(), 0);
    assert.match(await page.locator('consent-screen').innerText(), /杭州第一示范医院/, 'what was read is still there');
    await page.getByRole('button', { name: '扫新码' }).click();
    await pasteText(page, asked(0));
    await chosen.waitFor();
    assert.match(await chosen.innerText(), /张\*丰/);
    assert.ok(await page.getByRole('button', { name: '同意', exact: true }).isEnabled());
  });

  test('another verifier’s request takes over no choice', async () => {
    await page.getByRole('button', { name: '返回' }).click();
    await home();
    await pasteRequest(page, asked(0));
    await page.locator('.tab', { hasText: '李*' }).click();
    await page.getByRole('button', { name: '返回' }).click();
    await pasteRequest(page, asked(0, 'hz-west'));
    await page.getByText('杭州城西示范医院').waitFor();
    const selected = await page.locator('.tab[aria-pressed=true]').innerText();
    assert.match(selected, /张\*丰/);
    device.assertClean(server.origin);
  });

  test('a reload leaves neither the request nor its address', async () => {
    await home();
    await pasteRequest(page, asked(0));
    await page.locator('consent-screen').waitFor();
    await page.reload();
    await codeShown(page);
    assert.equal(new URL(page.url()).hash, '');
  });

  /** What of a list that Agree gives away lies under something, wherever the page is scrolled to and Agree is in view. */
  const coveredBesideAgree = () =>
    page.evaluate(() => {
      const covered = new Set();
      const agree = document.querySelector('consent-screen .foot .primary');
      for (let top = 0; top <= document.documentElement.scrollHeight - innerHeight; top += 10) {
        scrollTo(0, top);
        if (agree.disabled || agree.getBoundingClientRect().top >= innerHeight) continue;
        for (const item of document.querySelectorAll('consent-screen dd, consent-screen .tab')) {
          const { left, right, top, bottom } = item.getBoundingClientRect();
          const hit = document.elementFromPoint((left + right) / 2, bottom - 2);
          if (top >= 0 && (bottom > innerHeight || !item.contains(hit))) covered.add(item.textContent.trim());
        }
      }
      scrollTo(0, 0);
      return [...covered];
    });

  test('Agree is never at hand where it lies over something that it gives, and one person has it in view at once', async () => {
    const phones = [[375, 667], [360, 640], [320, 640]];
    for (const people of [2, 1]) {
      for (const language of ['zh-Hans', 'en']) {
        await page.evaluate((chosen) => localStorage.setItem('liangma.locale', chosen), language);
        await home();
        if (people === 1) await removeLast();
        await pasteRequest(page, asked(0));
        await page.locator('consent-screen .foot').waitFor();
        for (const [width, height] of phones) {
          await page.setViewportSize({ width, height });
          const name = `${people} people, ${language}, ${width}x${height}`;
          assert.deepEqual(await coveredBesideAgree(), [], name);
          const { y } = await page.locator('consent-screen .foot .primary').boundingBox();
          if (people === 1 && width > 320) assert.ok(y + 40 <= height, `${name}: Agree begins at ${y}`);
        }
      }
    }
  });
});
