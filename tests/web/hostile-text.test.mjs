// SPDX-License-Identifier: Apache-2.0
// Strings that have harmed others, in every field that takes text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { pasteText } from './support/clinic.mjs';
import { vector } from './support/paths.mjs';
import { chooseAnyRegion } from './support/gate.mjs';
import { DemoServer } from './support/server.mjs';

const list = vector('strings/blns.json');

describe('hostile text', { skip: list ? false : 'skipped, no vectors' }, () => {
  let server, device, strings;

  before(async () => {
    strings = JSON.parse(readFileSync(list, 'utf8')).filter((text) => text.trim() !== '');
    server = await new DemoServer().start();
    device = await Device.start();
    await device.context.addInitScript(() => {
      for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => (document.documentElement.dataset.harmed = name);
    });
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
  });

  async function assertUnharmed(page) {
    assert.equal(await page.evaluate(() => document.documentElement.dataset.harmed), undefined);
    assert.equal(await page.evaluate(() => document.querySelectorAll('main script, main iframe, main img').length), 0);
    device.assertClean(server.origin);
  }

  test('as a code at the gate: always refused with a reason', async () => {
    const page = await device.page();
    await page.goto(`${server.origin}/gate/`);
    await chooseAnyRegion(page);
    await page.getByRole('button', { name: '一般场所' }).click();
    await page.locator('liangma-scanner').waitFor();
    const odd = await page.evaluate((strings) => {
      const app = document.querySelector('gate-app');
      const scanner = document.querySelector('liangma-scanner');
      const found = [];
      for (const text of strings) {
        scanner.dispatchEvent(new CustomEvent('liangma-scan', { detail: { text, source: 'paste' }, bubbles: true }));
        if (app._shown && app._shown.verdict.decision !== 'refuse') found.push(text);
        app._shown = undefined;
      }
      return found;
    }, strings);
    assert.deepEqual(odd, []);
    await pasteText(page, '<img src=x onerror=alert(1)>');
    await page.locator('.docked').waitFor();
    assert.match(await page.locator('.docked').innerText(), /不放行[\s\S]*不是亮码/);
    await assertUnharmed(page);
  });

  test('as a ticket and as a request in the wallet: refused in words', async () => {
    const page = await device.page();
    await page.goto(`${server.origin}/wallet/`);
    const field = page.getByLabel('领码号');
    await field.waitFor();
    const some = strings.filter((_text, at) => at % 12 === 0);
    assert.ok(some.length > 20);
    for (const text of some) {
      await field.fill(text.replace(/[\r\n]/g, ' '));
      await page.locator('form button[type=submit]').click();
      await page.locator('.notice[role=alert], #ticket-error:not(:empty)').first().waitFor();
    }
    await assertUnharmed(page);
  });

  test('as the login code of a desk: refused in words', async () => {
    const page = await device.page();
    for (const text of strings.filter((_text, at) => at % 100 === 0 && _text.trim())) {
      await page.goto('about:blank');
      await page.goto(`${server.origin}/desk/#code=${encodeURIComponent(text)}`);
      await page.getByText(/登录码不对|服务器看不懂|连不上服务器/).waitFor();
    }
    await assertUnharmed(page);
  });
});
