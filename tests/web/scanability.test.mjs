// SPDX-License-Identifier: Apache-2.0
// How much a photo of each code may lose before zxing and zbar no longer read it. Prints the table.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { readWithZbar, readWithZxing } from './support/decode.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown } from './support/wallet.mjs';

const steps = {
  scale: [100, 90, 80, 70, 60, 50],
  blur: [0, 10, 20, 30, 40, 50],
  contrast: [100, 90, 80, 70, 60, 50],
};
/** What must be read. At a blur of 50 zbar reads no symbol of any size, not even one of 21 modules. */
const required = { scale: 50, blur: 40, contrast: 50 };

/**
 * One loss applied to a picture: `scale` percent of the size; `blur` percent of a module as the
 * standard deviation; `contrast` percent of the difference between dark and light.
 */
function degrade(page, image, kind, percent) {
  return page.evaluate(async ({ source, kind, percent }) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(source), (one) => one.charCodeAt(0))]));
    const scale = kind === 'scale' ? percent / 100 : 1;
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    const code = document.querySelector('liangma-code');
    const pixelsPerModule = code.shadowRoot.querySelector('canvas').width / (code.frame().value.sizeModules + 8);
    if (kind === 'blur') context.filter = `blur(${(pixelsPerModule * percent) / 100}px)`;
    if (kind === 'contrast') context.filter = `contrast(${percent}%)`;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  }, { source: image.toString('base64'), kind, percent }).then((base64) => Buffer.from(base64, 'base64'));
}

describe('scanability at phone size', () => {
  let server, device, page;
  const lines = [];

  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start({ scale: 2 });
    page = await device.page();
    await page.goto(`${server.origin}/wallet/`);
  });
  after(async () => {
    console.log(['', 'code    loss      decoder  reads at', ...lines, ''].join('\n'));
    await device?.stop();
    await server?.remove();
  });

  for (const [colour, name] of [['green', '张*丰'], ['yellow', '王*国'], ['red', '陈*红']]) {
    test(`${colour}`, async () => {
      if (colour !== 'green') await page.getByRole('button', { name: '添加家人' }).click();
      await page.getByRole('button', { name }).click();
      await page.locator(`liangma-code .code[data-colour=${colour}]`).waitFor();
      await codeShown(page);
      const [photo, text] = await photographCode(page);
      for (const [kind, percents] of Object.entries(steps)) {
        const reads = { zxing: [], zbar: [] };
        for (const percent of percents) {
          const worse = await degrade(page, photo, kind, percent);
          if ((await readWithZxing(worse)) === text) reads.zxing.push(percent);
          if (readWithZbar(worse) === text) reads.zbar.push(percent);
        }
        for (const [decoder, read] of Object.entries(reads)) {
          lines.push(`${colour.padEnd(8)}${kind.padEnd(10)}${decoder.padEnd(9)}${percents.map((one) => (read.includes(one) ? `${one}%` : '—').padStart(5)).join('')}`);
          assert.ok(read.includes(required[kind]), `${decoder} does not read ${colour} at ${kind} ${required[kind]} %`);
        }
      }
    });
  }
});

/** A picture of the screen with the whole code on it, once it is drawn. */
async function photographCode(page) {
  for (let tries = 0; tries < 20; tries++) {
    const photo = await page.screenshot();
    const text = await readWithZxing(photo);
    if (text?.startsWith('LM1:')) return [photo, text];
    await page.waitForTimeout(250);
  }
  return assert.fail('no code on the screen');
}
