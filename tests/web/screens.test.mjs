// SPDX-License-Identifier: Apache-2.0
// Visits every screen in every language: accessibility by axe, nothing cut off sideways, no policy violated.
// LIANGMA_THOROUGH=1 visits them in every size and theme too; LIANGMA_SHOTS=FOLDER keeps a picture of each.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { agree, holdUpPicture, openAskingGate, questionOf, scanAtDoor } from './support/asking-gate.mjs';
import { Device } from './support/browser.mjs';
import { askRequest, openDesk, pasteRequest, pasteText } from './support/clinic.mjs';
import { putAway } from './support/gate.mjs';
import { findFaults, inspectScreen, shots } from './support/inspect.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

const some = [
  { name: 'zh-dark', locale: 'zh-CN', colorScheme: 'dark' },
  { name: 'en-large', locale: 'en-GB', large: true },
];
const others = [
  { name: 'zh', locale: 'zh-CN' },
  { name: 'en', locale: 'en-GB' },
  { name: 'zh-large', locale: 'zh-CN', large: true },
];
const cases = process.env.LIANGMA_THOROUGH ? [...some, ...others] : some;

for (const { name, large, ...options } of cases) {
  describe(`screens, ${name}`, () => {
    let server, device;
    const targets = large ? 60 : 48;
    const inspect = (page, screen) => inspectScreen(page, `${name}-${screen}`, { targets });
    /** A gate is for everybody's thumb, whatever the text size. */
    const inspectGate = (page, screen) => inspectScreen(page, `${name}-${screen}`, { targets: 60 });

    /** Has a gate judge a text, and looks at its answer. */
    async function judge(page, text, decision, kind = decision) {
      await page.bringToFront();
      await pasteText(page, text);
      const answer = page.locator(`.answer[data-decision=${decision}]`);
      await answer.waitFor();
      if (shots) await page.screenshot({ path: `${shots}/${name}-gate-${kind}.png` });
      assert.deepEqual(await findFaults(page), []);
      await putAway(page);
    }

    before(async () => {
      server = await new DemoServer().start();
      device = await Device.start({ scale: shots ? 2 : 1, ...options });
      if (large) await device.context.addInitScript(() => localStorage.setItem('liangma.size', 'large'));
    });
    after(async () => {
      await device?.stop();
      await server?.remove();
    });

    test('front page', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/`);
      await page.locator('h1').waitFor();
      await inspect(page, 'home');
    });

    test('wallet: welcome, codes of every colour, people, more', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/wallet/`);
      await page.getByRole('button', { name: '张*丰' }).waitFor();
      await inspect(page, 'wallet-welcome');
      await page.locator('form button[type=submit]').click();
      await inspect(page, 'wallet-welcome-error');
      for (const [resident, colour] of [['张*丰', 'green'], ['王*国', 'yellow'], ['陈*红', 'red'], ['周*', 'pending']]) {
        if (colour !== 'green') await page.locator('.add').click();
        await page.getByRole('button', { name: resident }).click();
        await codeShown(page);
        await inspect(page, `wallet-code-${colour}`);
      }
      await page.locator('.more').click();
      await page.locator('h1').waitFor();
      await inspect(page, 'wallet-more');
      await page.locator('.person-row button').last().click();
      await inspect(page, 'wallet-removed');
      await page.locator('.toast button').click();
      await page.locator('header button').first().click();
      await codeShown(page);
      await page.locator('.declare').click();
      await page.locator('.declaration button[type=submit]').click();
      await inspect(page, 'wallet-declare');
      await page.locator('.tab').nth(1).click();
      await inspect(page, 'wallet-declare-journey');
      await page.locator('header button').first().click();
      await codeShown(page);
    });

    test('wallet: scan, refused request, consent, queue number', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/wallet/`);
      await codeShown(page);
      await page.locator('.foot .primary').click();
      await page.locator('liangma-scanner').waitFor();
      await page.waitForTimeout(500);
      await inspect(page, 'wallet-scan');
      await pasteText(page, 'LMR1:NOT A REQUEST');
      await page.locator('[role=alert] h1').waitFor();
      await inspect(page, 'wallet-request-refused');
      await page.locator('.button.primary').click();
      const { request } = await askRequest(server);
      await pasteText(page, request);
      await page.locator('.facts-list').first().waitFor();
      await inspect(page, 'wallet-consent');
      await page.locator('.foot .primary').click();
      await page.locator('.queue-number').waitFor();
      await inspect(page, 'wallet-queue');
      await page.locator('.foot').click();
      await codeShown(page);
      await inspect(page, 'wallet-code-with-number');
      await page.context().setOffline(true);
      await page.locator('.notice').waitFor();
      await inspect(page, 'wallet-offline');
      await page.context().setOffline(false);
    });

    test('gate: regions, doors, scanning, every answer', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/gate/`);
      await page.locator('#place').waitFor();
      await inspectGate(page, 'gate-regions');
      await page.locator('#place').selectOption('330110');
      await page.locator('.choice').first().waitFor();
      await inspectGate(page, 'gate-doors');
      await page.locator('#place').selectOption('any');
      await page.locator('.choice').first().click();
      await page.locator('liangma-scanner').waitFor();
      await page.waitForTimeout(500);
      await inspectGate(page, 'gate-empty');
      const wallet = await device.page();
      await wallet.goto(`${server.origin}/wallet/`);
      await codeShown(wallet);
      for (const [tab, decision] of [[0, 'admit'], [1, 'check'], [2, 'refuse']]) {
        await wallet.bringToFront();
        await wallet.getByRole('tab').nth(tab).click();
        await judge(page, await liveText(wallet), decision);
      }
      await page.evaluate(() => (location.hash = '#place=330110&scene=office'));
      await page.getByRole('heading', { name: /余杭|Yuhang/ }).waitFor();
      await wallet.bringToFront();
      await judge(page, await liveText(wallet), 'refuse', 'rule');
      await pasteText(page, 'https://example.com/some-other-code');
      await page.locator('.answer').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/${name}-gate-other.png` });
      await putAway(page);
      await page.evaluate(() => scrollTo(0, 0));
      await inspectGate(page, 'gate-results');
      await page.close();
    });

    test('gate: registration, question, answer, contact, list', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/gate/#place=330100&scene=school`);
      await page.locator('#code').waitFor();
      await inspectGate(page, 'gate-registration');
      await page.close();
      const gate = await openAskingGate(device, server, { gate: 'school-1', door: 'place=330100&scene=school', names: ['zh-Hans=文一小学', 'en=Wenyi School'] });
      await gate.evaluate(() => scrollTo(0, 0));
      await inspectGate(gate, 'gate-question');
      const wallet = await device.page();
      await wallet.goto(`${server.origin}/wallet/`);
      await codeShown(wallet);
      await scanAtDoor(wallet, await questionOf(gate));
      await inspect(wallet, 'wallet-door-consent');
      const picture = await agree(wallet);
      await inspect(wallet, 'wallet-door-answer');
      await gate.evaluate(() => (location.hash = '#place=330100&scene=school&list=on'));
      await holdUpPicture(gate, picture);
      await gate.locator('.answer[data-decision=admit]').waitFor();
      await gate.locator('.answer').waitFor({ state: 'detached' });
      await gate.evaluate(() => (location.hash = '#place=440403&scene=dine-in'));
      await gate.locator('.question').waitFor();
      await inspectGate(gate, 'gate-contact');
      await gate.locator('.today button').click();
      await gate.locator('.people li').first().waitFor();
      await inspectGate(gate, 'gate-list');
    });

    test('desk: login, department, request', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/desk/`);
      await page.locator('#code').waitFor();
      await inspect(page, 'desk-login');
      const desk = await openDesk(device, server);
      assert.equal(desk.url(), `${server.origin}/desk/`, 'the code is out of the address');
      await inspect(desk, 'desk-request');
      await desk.locator('.history button').click();
      await inspect(desk, 'desk-list');
      await desk.locator('.history button').click();
      await desk.setViewportSize({ width: 1280, height: 800 });
      if (shots) await desk.screenshot({ path: `${shots}/${name}-desk-wide.png` });
    });

    test('no policy violated, no script failed, no foreign origin asked', () => device.assertClean(server.origin));
  });
}

/** The text of the live code on the wallet's screen, as its own frame gave it. */
async function liveText(page) {
  await codeShown(page);
  return page.evaluate(() => {
    const outcome = document.querySelector('liangma-code').frame();
    return outcome.value.text;
  });
}
