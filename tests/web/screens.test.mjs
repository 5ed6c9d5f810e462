// SPDX-License-Identifier: Apache-2.0
// Visits every screen in every language: accessibility by axe, nothing cut off sideways, no policy violated.
// LIANGMA_SHOTS=FOLDER keeps a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { askRequest, openDesk, pasteRequest, pasteText } from './support/clinic.mjs';
import { resolveFromWeb } from './support/paths.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

const axeSource = readFileSync(resolveFromWeb('axe-core/axe.min.js'), 'utf8');
const shots = process.env.LIANGMA_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/** What axe finds against WCAG 2.2 AA. The page's own policy forbids injected scripts, so it runs as a tool does. */
async function findFaults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
}

async function smallTexts(page) {
  return page.evaluate(() => {
    const found = [];
    const visit = (root) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) visit(element.shadowRoot);
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (hasText && element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < 18) {
          found.push(`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 20)}`);
        }
      }
    };
    visit(document.body);
    return found;
  });
}

async function smallTargets(page, least) {
  return page.evaluate((least) => {
    const found = [];
    const visit = (root) => {
      for (const element of root.querySelectorAll('button, a, input:not([type=file]), label.way')) {
        const { width, height } = element.getBoundingClientRect();
        if (element.checkVisibility() && width > 0 && (height < least - 0.5 || width < least - 0.5)) {
          found.push(`${element.textContent.trim().slice(0, 20)} ${Math.round(width)}x${Math.round(height)}`);
        }
      }
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
    };
    visit(document.body);
    return found;
  }, least);
}

/** By how many pixels the page is too wide for its window, once its parts have found their new sizes. */
async function overflowOnceSettled(page) {
  for (let tries = 0; ; tries++) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow <= 0 || tries === 30) return overflow;
    await page.waitForTimeout(100);
  }
}

async function inspectScreen(page, name, { targets = 48 } = {}) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  assert.deepEqual(await findFaults(page), [], `${name}: axe`);
  assert.deepEqual(await smallTexts(page), [], `${name}: text below 18 px`);
  assert.deepEqual(await smallTargets(page, targets), [], `${name}: targets below ${targets} px`);
  const original = page.viewportSize();
  for (const width of [320, 195]) {
    await page.setViewportSize({ width, height: original.height });
    const overflow = await overflowOnceSettled(page);
    if (shots && width === 320) await page.screenshot({ path: `${shots}/${name}-320.png` });
    assert.ok(overflow <= 0, `${name} at ${width} px: ${overflow} px too wide`);
  }
  await page.setViewportSize(original);
}

const cases = [
  { name: 'zh', locale: 'zh-CN' },
  { name: 'en', locale: 'en-GB' },
  { name: 'zh-dark', locale: 'zh-CN', colorScheme: 'dark' },
  { name: 'en-large', locale: 'en-GB', large: true },
  { name: 'zh-large', locale: 'zh-CN', large: true },
];

for (const { name, large, ...options } of cases) {
  describe(`screens, ${name}`, () => {
    let server, device;
    const targets = large ? 60 : 48;
    const inspect = (page, screen) => inspectScreen(page, `${name}-${screen}`, { targets });

    before(async () => {
      server = await new DemoServer().start();
      device = await Device.start(options);
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

    test('gate: doors, scanning, every answer', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/gate/`);
      await page.locator('.choice').first().waitFor();
      await inspect(page, 'gate-doors');
      await page.locator('.choice').first().click();
      await page.locator('liangma-scanner').waitFor();
      await page.waitForTimeout(500);
      await inspect(page, 'gate-empty');
      const wallet = await device.page();
      await wallet.goto(`${server.origin}/wallet/`);
      await codeShown(wallet);
      for (const [tab, decision] of [[0, 'admit'], [1, 'check'], [2, 'refuse']]) {
        await wallet.bringToFront();
        await wallet.getByRole('tab').nth(tab).click();
        const text = await liveText(wallet);
        await page.bringToFront();
        await pasteText(page, text);
        const answer = page.locator(`.answer[data-decision=${decision}]`);
        await answer.waitFor();
        if (shots) await page.screenshot({ path: `${shots}/${name}-gate-${decision}.png` });
        assert.deepEqual(await findFaults(page), []);
        await answer.waitFor({ state: 'detached' });
      }
      await pasteText(page, 'https://example.com/some-other-code');
      await page.locator('.answer').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/${name}-gate-other.png` });
      await page.locator('.answer').waitFor({ state: 'detached' });
      await page.evaluate(() => scrollTo(0, 0));
      await inspect(page, 'gate-results');
    });

    test('desk: login, department, request', async () => {
      const page = await device.page();
      await page.goto(`${server.origin}/desk/`);
      await page.locator('#code').waitFor();
      await inspect(page, 'desk-login');
      const desk = await openDesk(device, server);
      assert.equal(desk.url(), `${server.origin}/desk/`, 'the code is out of the address');
      await inspect(desk, 'desk-request');
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
