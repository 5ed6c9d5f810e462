// SPDX-License-Identifier: Apache-2.0
// The whole QR is in view without scrolling, at every size of window and text, and nothing lies on it.
// LIANGMA_SHOTS=FOLDER keeps a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { readWithZbar, readWithZxing } from './support/decode.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown } from './support/wallet.mjs';

const shots = process.env.LIANGMA_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const sizes = [[390, 844], [360, 640], [320, 568], [640, 360], [844, 390]];
const texts = { normal: {}, elder: { size: 'large' }, double: { rootPercent: 225 } };

/** Where the symbol is, and what lies on it. */
function measure(page) {
  return page.evaluate(() => {
    const code = document.querySelector('liangma-code');
    const canvas = code.shadowRoot.querySelector('canvas');
    const { left, top, right, bottom, width } = canvas.getBoundingClientRect();
    const modules = code.frame().value.sizeModules + 8;
    const covered = [];
    for (let row = 0; row < 24; row++) {
      for (let column = 0; column < 24; column++) {
        const x = left + ((column + 0.5) * width) / 24;
        const y = top + ((row + 0.5) * width) / 24;
        const hit = code.shadowRoot.elementFromPoint(x, y);
        if (hit !== canvas) covered.push(`${Math.round(x)},${Math.round(y)}: ${document.elementFromPoint(x, y)?.tagName}`);
      }
    }
    const image = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const unit = canvas.width / modules;
    const dark = (x, y) => image[4 * (Math.floor(y) * canvas.width + Math.floor(x))] < 128;
    let quiet = true;
    for (let at = 0; at < canvas.width; at++) {
      for (const edge of [0.5, 4 * unit - 1, canvas.width - 1, canvas.width - 4 * unit]) {
        if (dark(at, edge) || dark(edge, at)) quiet = false;
      }
    }
    const { innerWidth, innerHeight, scrollX, scrollY } = window;
    return { left, top, right, bottom, unit, quiet, covered, innerWidth, innerHeight, scrollX, scrollY, finder: dark(4 * unit + 1, 4 * unit + 1) };
  });
}

/** Rectangles of what must not be cut off or on top of each other. */
function rectangles(page, ...selectors) {
  return page.evaluate((selectors) => selectors.flatMap((selector) => [...document.querySelectorAll(selector)].map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { selector, left, top, right, bottom };
  })), selectors);
}

const overlaps = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

for (const locale of process.env.LIANGMA_THOROUGH ? ['zh-CN', 'en-GB'] : ['en-GB']) {
  describe(`the code screen, ${locale}`, () => {
    let server, device, page;

    before(async () => {
      server = await new DemoServer().start();
      device = await Device.start({ scale: 2, locale });
      page = await device.page();
      await page.goto(`${server.origin}/wallet/`);
    });
    after(async () => {
      await device?.stop();
      await server?.remove();
    });

    async function resize([width, height], { size = 'normal', rootPercent } = {}) {
      await page.setViewportSize({ width, height });
      await page.evaluate(([size, percent]) => {
        document.documentElement.dataset.size = size;
        document.documentElement.style.fontSize = percent ? `${percent}%` : '';
        scrollTo(0, 0);
      }, [size, rootPercent]);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }

    async function assertWhole(name) {
      const found = await measure(page);
      if (shots) await page.screenshot({ path: `${shots}/layout-${locale}-${name}.png` });
      assert.deepEqual([found.scrollX, found.scrollY], [0, 0], name);
      assert.ok(found.left >= 0 && found.top >= 0, `${name}: begins at ${found.left}, ${found.top}`);
      assert.ok(found.right <= found.innerWidth, `${name}: ends at ${found.right} of ${found.innerWidth}`);
      assert.ok(found.bottom <= found.innerHeight, `${name}: ends at ${found.bottom} of ${found.innerHeight}`);
      assert.ok(found.unit >= 5 && Number.isInteger(found.unit), `${name}: ${found.unit} device pixels a module`);
      assert.ok(found.quiet && found.finder, `${name}: quiet zone of 4 modules`);
      assert.deepEqual(found.covered, [], name);
      return found;
    }

    async function assertEverywhere(people) {
      for (const size of sizes) {
        for (const [text, options] of Object.entries(texts)) {
          const name = `${size.join('x')}-${text}-${people}`;
          await resize(size, options);
          await assertWhole(name);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${name}: ${wide} px too wide`);
          for (const tab of await rectangles(page, '.tab', '.tab *')) {
            assert.ok(tab.left >= 0 && tab.right <= size[0] + 0.5, `${name}: ${tab.selector} from ${tab.left} to ${tab.right}`);
          }
          if (text === 'normal' && size[0] === 390) assert.ok(await page.locator('.bar .name').isVisible());
          const header = (await rectangles(page, '.bar > :not(.space)')).filter(({ right, left }) => right > left);
          assert.ok(header.every(({ bottom, top }) => bottom > header[0].top && header[0].bottom > top), `${name}: header in one line`);
          const photo = await page.screenshot();
          const read = (await readWithZxing(photo)) ?? readWithZbar(photo) ?? '';
          assert.match(read, /^LM1:/, name);
        }
      }
      await resize(sizes[0]);
    }

    test('of one person', async () => {
      await page.getByRole('button', { name: '张*丰' }).click();
      await codeShown(page);
      await assertEverywhere('one');
    });

    test('of four people, with their tabs', async () => {
      for (const name of ['王*国', '陈*红', '周*']) {
        await page.locator('.add').click();
        await page.getByRole('button', { name }).click();
        await codeShown(page);
      }
      await page.getByRole('tab').first().click();
      await assertEverywhere('four');
    });

    test('with a notice, in the usual sizes of text', async () => {
      await page.context().setOffline(true);
      await page.locator('.notice').waitFor();
      for (const size of sizes) {
        await resize(size);
        await assertWhole(`${size.join('x')}-offline`);
      }
      await page.context().setOffline(false);
      await page.locator('.notice').waitFor({ state: 'detached' });
      await resize(sizes[0]);
    });

    test('a message hides neither the QR nor until when the code is valid', async () => {
      await page.locator('.more').click();
      await page.locator('.person-row button').last().click();
      await page.locator('header button').first().click();
      await codeShown(page);
      await page.getByRole('button', { name: /^(撤销|Undo)$/ }).waitFor();
      await assertWhole('message');
      const [print, foot, ...notes] = await rectangles(page, '.small-print', '.foot', '.notice', '.toast');
      assert.equal(notes.length, 1);
      for (const note of notes) assert.ok(!overlaps(note, print) && !overlaps(note, foot), JSON.stringify([note, print, foot]));
      await page.getByRole('button', { name: /^(撤销|Undo)$/ }).click();
    });
  });
}

describe('letters', () => {
  let server, device;
  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start({ scale: 2, locale: 'en-GB' });
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
  });

  test('English, its curly quotes too, is drawn in a Latin face', async () => {
    const page = await device.page();
    await page.goto(`${server.origin}/wallet/`);
    const heading = page.getByText('Hello. Let’s get your code');
    await heading.waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const { root } = await session.send('DOM.getDocument');
    const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'h1' });
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    assert.ok(fonts.length > 0);
    assert.deepEqual(fonts.filter(({ familyName }) => /CJK|Han|PingFang|YaHei/.test(familyName)), []);
  });
});
