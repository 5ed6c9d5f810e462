// SPDX-License-Identifier: Apache-2.0
// What every screen has to pass. LIANGMA_SHOTS=FOLDER keeps a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { resolveFromWeb } from './paths.mjs';

const axeSource = readFileSync(resolveFromWeb('axe-core/axe.min.js'), 'utf8');
export const shots = process.env.LIANGMA_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/** What axe finds against WCAG 2.2 AA. The page's own policy forbids injected scripts, so it runs as a tool does. */
export async function findFaults(page) {
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
        const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
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

/** No fault, no small text or target, nothing cut off sideways on a small phone or at twice its text size. */
export async function inspectScreen(page, name, { targets = 48 } = {}) {
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
