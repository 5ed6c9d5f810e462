// SPDX-License-Identifier: Apache-2.0
// The whole thread: a code on the wallet's screen, photographed, read by others, checked at a gate.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { verify } from './support/cli.mjs';
import { readWithZbar, readWithZxing } from './support/decode.mjs';
import { answered, chooseAnyRegion } from './support/gate.mjs';
import { photograph } from './support/photo.mjs';
import { DemoServer } from './support/server.mjs';
import { enrol } from './support/wallet.mjs';

const unixNow = () => Math.floor(Date.now() / 1000);
const kWindowSeconds = 20;

describe('the thread', () => {
  let server, resident, wallet, folder;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liangma-camera-'));
    server = await new DemoServer().start();
    resident = await Device.start();
    wallet = await enrol(resident, server, '张*丰');
  });
  after(async () => {
    await resident?.stop();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a photo of the wallet is read by zxing and zbar, admitted now and refused after the window', async () => {
    const photo = await wallet.screenshot();
    const text = await readWithZxing(photo);
    assert.match(text ?? '', /^LM1:[0-9A-Z $%*+\-./:]+$/);
    assert.equal(readWithZbar(photo), text);
    const trust = server.trustFile;
    const now = verify(text, { trust });
    assert.equal(now.verdict, 'admit', JSON.stringify(now));
    assert.equal(now.status, 0);
    assert.equal(now.assurance, 'time');
    assert.equal(now.colour, 'green');
    assert.equal(now.name, '张*丰');
    const later = verify(text, { trust, now: unixNow() + kWindowSeconds + 6 });
    assert.equal(later.verdict, 'refuse');
    assert.equal(later.reason, 'time.too-old');
    assert.equal(later.status, 1);
  });

  test('the code changes every few seconds', async () => {
    const first = await readWithZxing(await wallet.screenshot());
    await wallet.waitForTimeout(6000);
    const second = await readWithZxing(await wallet.screenshot());
    assert.notEqual(second, first);
    assert.equal(verify(second, { trust: server.trustFile }).verdict, 'admit');
  });

  test('the gate admits the wallet seen by its camera, and refuses a stale photo in words', async () => {
    const camera = join(folder, 'phone.mjpeg');
    const stale = await wallet.screenshot();
    const staleAt = unixNow();
    writeFileSync(camera, await photograph(wallet, stale));
    const gate = await Device.start({ camera });
    try {
      const page = await gate.page();
      await page.goto(`${server.origin}/gate/`);
      await chooseAnyRegion(page);
      await page.getByRole('button', { name: '一般场所' }).waitFor();

      writeFileSync(camera, await photograph(wallet, await wallet.screenshot(), { degrees: 4 }));
      await page.getByRole('button', { name: '一般场所' }).click();
      await page.locator('.docked', { hasText: /请通行.*张\*丰/s }).waitFor();
      await answered(page, 'admit', /请通行.*绿码.*张\*丰.*0011/);

      await page.waitForTimeout(Math.max(0, (staleAt + kWindowSeconds + 2 - unixNow()) * 1000));
      writeFileSync(camera, await photograph(wallet, stale, { degrees: -3, height: 0.85 }));
      await page.reload();
      await answered(page, 'refuse', /不放行.*码太旧了，可能是截图或照片.*请对方打开亮码/);
      assert.match(await page.locator('.docked').innerText(), /截图/);
      gate.assertClean(server.origin);
    } finally {
      await gate.stop();
    }
  });

  test('the gate reads a picture, pasted text and a hand scanner as well', async () => {
    const gate = await Device.start({ locale: 'en-GB' });
    try {
      const page = await gate.page();
      await page.goto(`${server.origin}/gate/`);
      await chooseAnyRegion(page);
      await page.getByRole('button', { name: 'Any door' }).click();
      const photo = await wallet.screenshot();
      await page.locator('input[type=file]').setInputFiles({ name: 'phone.png', mimeType: 'image/png', buffer: photo });
      await answered(page, 'admit', /Admit/);

      await page.waitForTimeout(11_000);
      await page.locator('input[type=file]').setInputFiles({ name: 'phone.png', mimeType: 'image/png', buffer: photo });
      await answered(page, 'refuse', /Refuse.*used a moment ago/);

      await page.waitForTimeout(11_000);
      await page.keyboard.type(await readWithZxing(await wallet.screenshot()), { delay: 1 });
      await page.keyboard.press('Enter');
      await answered(page, 'admit', /Admit/);

      await page.waitForTimeout(11_000);
      await typeThroughInputMethod(page, await readWithZxing(await wallet.screenshot()));
      await answered(page, 'admit', /Admit/);

      await page.locator('input[type=file]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
      await page.getByText('This file does not open. Choose an image.').waitFor();
      gate.assertClean(server.origin);
    } finally {
      await gate.stop();
    }
  });

  test('the wallet asked nothing of anyone but its server', () => resident.assertClean(server.origin));
});

/** What the page hears of a hand scanner while a Chinese input method is on: places of keys, no characters. */
function typeThroughInputMethod(page, text) {
  return page.evaluate((text) => {
    const shifted = { $: 'Digit4', '%': 'Digit5', '*': 'Digit8', '+': 'Equal', ':': 'Semicolon' };
    const plain = { ' ': 'Space', '-': 'Minus', '.': 'Period', '/': 'Slash' };
    const press = (key, code, shiftKey) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, composed: true, cancelable: true }));
    for (const one of text) {
      if (/[A-Z]/.test(one)) press('Process', `Key${one}`, true);
      else if (/\d/.test(one)) press('Process', `Digit${one}`, false);
      else press('Process', shifted[one] ?? plain[one], one in shifted);
    }
    press('Enter', 'Enter', false);
  }, text);
}
