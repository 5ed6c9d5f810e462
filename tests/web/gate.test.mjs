// SPDX-License-Identifier: Apache-2.0
// What the gate remembers, and what it answers to pictures and to what is no code.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { pasteText } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { answered, chooseAnyRegion, openGate } from './support/gate.mjs';
import { DemoServer } from './support/server.mjs';
import { changeStorage } from './support/storage.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

/** A region that no folder of the project has, with a scene and a rule that no other region has. */
const xiamen = {
  format: 1, region: '350200', version: 1, base: '000000',
  names: { 'zh-Hans': '厦门市', en: 'Xiamen' }, codeNames: { 'zh-Hans': '厦门健康码', en: 'Xiamen health code' },
  scenes: [{ id: 'ferry', names: { 'zh-Hans': '轮渡', en: 'Ferry' }, required: 'time', assumption: true }],
  rules: [{
    identifier: 'AR-350200-FERRY', type: 'Admission', region: '350200', version: '1.0.0', engine: 'CERTLOGIC', engineVersion: '1.0.0',
    validFrom: '2020-02-01T00:00:00+08:00', validTo: '2100-01-01T00:00:00+08:00', assumption: true,
    description: { 'zh-Hans': '轮渡只认绿码', en: 'Green alone takes the ferry' }, affectedFields: ['scene', 'code.colour'],
    logic: { if: [{ '===': [{ var: 'scene' }, 'ferry'] }, { if: [{ '===': [{ var: 'code.colour' }, 'green'] }, 'admit', 'refuse'] }, false] },
  }],
};

describe('the gate', () => {
  let server, resident, wallet, device;

  before(async () => {
    server = await new DemoServer().start();
    [resident, device] = await Promise.all([Device.start(), Device.start()]);
    wallet = await enrol(resident, server, '张*丰');
  });
  after(async () => {
    await Promise.all([resident?.stop(), device?.stop()]);
    await server?.remove();
  });

  /** A code that nobody has seen, as text and as picture. */
  async function freshCode() {
    const last = freshCode.last;
    let picture, text;
    do {
      picture = await wallet.screenshot();
      text = await readWithZxing(picture);
      if (text === last) await wallet.waitForTimeout(500);
    } while (!text || text === last);
    freshCode.last = text;
    return { picture, text };
  }

  const choose = (page, buffer, name = 'phone.png') =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });

  test('a code seen before a reload was used, and so it was in another window', async () => {
    const page = await openGate(device, server);
    const other = await openGate(device, server);
    const { text } = await freshCode();
    await page.bringToFront();
    await pasteText(page, text);
    await answered(page, 'admit', /请通行.*张\*丰/);
    await page.reload();
    await pasteText(page, text);
    await answered(page, 'refuse', /已经用过/);
    await other.bringToFront();
    await pasteText(other, text);
    await answered(other, 'refuse', /已经用过/);
    await other.close();
    await page.close();
  });

  test('a memory that was damaged is said, and nothing passes twice after that', async () => {
    const page = await openGate(device, server);
    await pasteText(page, (await freshCode()).text);
    await answered(page, 'admit', /请通行/);
    await changeStorage(page, 'gate/seen', 'flip', 1, 'liangma-gate');
    await page.reload();
    await page.getByText('刚验过哪些码').waitFor();
    const { text } = await freshCode();
    for (const [decision, words] of [['admit', /请通行/], ['refuse', /已经用过/]]) {
      await pasteText(page, text);
      await answered(page, decision, words);
    }
    await page.reload();
    await page.locator('liangma-scanner').waitFor();
    assert.equal(await page.getByText('刚验过哪些码').count(), 0);
    await page.close();
  });

  test('every picture gets an answer, the same one twice too', async () => {
    const page = await openGate(device, server);
    const { picture } = await freshCode();
    await choose(page, picture);
    await answered(page, 'admit', /请通行/);
    await choose(page, picture);
    await answered(page, 'refuse', /已经用过/);
    const empty = await page.screenshot({ clip: { x: 0, y: 0, width: 60, height: 60 } });
    const note = page.locator('liangma-scanner .note');
    for (let time = 0; time < 2; time++) {
      await page.evaluate(() => {
        const element = document.querySelector('liangma-scanner').shadowRoot.querySelector('.note');
        window.said = [];
        new MutationObserver(() => window.said.push(element.textContent)).observe(element, { childList: true, characterData: true, subtree: true });
      });
      await choose(page, empty, 'wall.png');
      await note.getByText('图片里没有找到二维码').waitFor();
      assert.ok((await page.evaluate(() => window.said)).some((text) => text.includes('没有找到')), `time ${time}: it is said anew`);
    }
    await choose(page, Buffer.from('no picture'), 'a.png');
    await note.getByText('这个文件打不开').waitFor();
    await page.close();
  });

  test('a fragment of a code is called incomplete; other systems’ codes are named as such', async () => {
    const page = await openGate(device, server);
    const { text } = await freshCode();
    for (const fragment of ['LM1:ABC', 'LM1:', text.slice(0, 150)]) {
      await pasteText(page, fragment);
      await answered(page, 'refuse', /这个码不完整，或者已经损坏/);
      assert.doesNotMatch(await page.locator('.docked').innerText(), /别的系统|到期|太旧/);
    }
    for (const [other, words] of [
      ['HC1:6BFOXN', /这是欧盟数字证书/],
      ['shc:/567629595326546034602925', /这是 SMART 健康卡/],
      ['https://example.org/', /这是一个网址[^]*没有打开它/],
      ['NL2:9RQ5RGN', /别的系统的码/],
      ['LMR1:ABC', /这是提问的二维码/],
    ]) {
      await pasteText(page, other);
      await answered(page, 'refuse', words);
    }
    await page.close();
  });

  test('each decision sounds and feels like no other, and a muted gate keeps still', async () => {
    const page = await device.page();
    await page.addInitScript(noteSignals);
    await page.goto(`${server.origin}/gate/`);
    await page.locator('liangma-scanner').waitFor();
    const signals = async (text, decision) => {
      await page.evaluate(() => (window.felt = window.heard = ''));
      await pasteText(page, text);
      await answered(page, decision, /./);
      return page.evaluate(() => [window.felt, window.heard]);
    };
    const { text } = await freshCode();
    assert.deepEqual(await signals(text, 'admit'), ['60 ', '660 990 ']);
    assert.deepEqual(await signals(text, 'refuse'), ['320,90,320 ', '220 ']);
    await page.getByRole('button', { name: '声音：开' }).click();
    assert.deepEqual(await signals(text, 'refuse'), ['', '']);
    await page.getByRole('button', { name: '声音：关' }).click();
    await page.close();
  });

  test('a region that goes live while everything runs is offered, and its own rule decides', async () => {
    const page = await openGate(device, server);
    mkdirSync(join(server.data, 'packs'), { recursive: true });
    writeFileSync(join(server.data, 'packs/350200.json'), JSON.stringify(xiamen));
    const published = async () => Buffer.from(await (await fetch(`${server.origin}/trust/list.cbor`)).arrayBuffer()).includes('350200');
    while (!(await published())) await page.waitForTimeout(200);
    await page.getByRole('button', { name: '更新' }).click();
    await page.getByRole('button', { name: '换场所' }).click();
    await page.getByLabel('地区').selectOption({ label: '厦门市' });
    await page.getByRole('button', { name: '轮渡' }).click();
    await page.getByRole('heading', { name: /厦门市 · 轮渡/ }).waitFor();
    await wallet.locator('.add').click();
    await wallet.getByRole('button', { name: '马*博' }).click();
    await codeShown(wallet);
    await wallet.getByRole('tab', { name: /马/ }).click();
    await wallet.waitForTimeout(500);
    await pasteText(page, (await freshCode()).text);
    await answered(page, 'admit', /请通行.*马\*博.*依据：轮渡只认绿码.*互认：经全国平台互认/);
    await page.getByRole('button', { name: '换场所' }).click();
    await chooseAnyRegion(page);
    await page.getByRole('button', { name: /一般场所/ }).click();
    await page.close();
  });

  test('the list’s age and when it was last checked are two things; without a network nothing is called new', async () => {
    const page = await openGate(device, server);
    const trust = page.locator('.trust');
    assert.match(await trust.innerText(), /信任名单：.*发布。 地区规则：\d+ 份。( 作废名单：.*发布。)? 上次核对：刚刚/);
    await page.getByRole('button', { name: '更新' }).click();
    await trust.getByText('没有更新的名单').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '更新' }).click();
    await trust.getByText('连不上服务器').waitFor();
    await page.context().setOffline(false);
    assert.equal(await page.getByRole('heading', { name: '刚才的结果' }).count(), 1);
    await page.close();
    device.assertClean(server.origin);
  });
});

/** Runs in the page: notes how long it vibrates, and the pitch of each tone. */
function noteSignals() {
  window.felt = window.heard = '';
  navigator.vibrate = (pattern) => (window.felt += `${pattern} `);
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.heard += `${this.frequency.value} `;
    return start.apply(this, when);
  };
}
