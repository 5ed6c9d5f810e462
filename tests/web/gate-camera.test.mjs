// SPDX-License-Identifier: Apache-2.0
// A gate's camera sees one code after another, of every kind; then the same without a network and without a server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { LiveCamera } from './support/camera.mjs';
import { Country } from './support/country.mjs';
import { putAway } from './support/gate.mjs';
import { keptForOffline } from './support/wallet.mjs';

/** Until the camera's last picture of a code has been looked at. */
const kTillClear = 500;
const mall = 'place=330110&scene=mall';
const doumen = (scene) => `place=440403&scene=${scene}`;
const european = 'HC1:6BFOXN%TSMAHN-HVUOW0P1KBWY$U4UYE1J8EQ9BGOY00ZGPC6H*HVNGM/59C3Q71YV1BOZ3KL7QC4DB4V/*H6CR*QG4%N4C0';
const smart = 'shc:/567629095243206034602924374044603122295953265460346029254077280433602870286471674522280928603331255405';

/** What is held up, where, and what the gate has to say. */
const cases = (country) => [
  ['good', mall, () => country.live(), 'admit', /请通行.*绿码，有效.*张\*丰.*0011.*依据：绿码凭码通行/],
  ['stale', mall, () => country.live({ shownAgo: 60 }), 'refuse', /码太旧了，可能是截图或照片/],
  ['the same again', mall, 'good', 'refuse', /这个码刚才已经用过了.*请对方等几秒，出示新换的码/],
  ['from the future', mall, () => country.live({ shownAgo: -60 }), 'refuse', /码上的时间比现在还晚/],
  ['expired', mall, () => country.live({ issuedAgo: 86_401, shownAgo: 5 }), 'refuse', /码已经到期|不在码的有效期里/],
  ['relayed from another gate', mall, () => country.answerToAnotherGate(), 'refuse', /给另一家机构的回答/],
  ['another region', mall, () => country.live({ issuer: '310000' }), 'admit', /请通行.*互认：长三角/],
  ['no agreement', mall, () => country.live({ issuer: '440400', region: '440403' }), 'refuse', /不互认那个地区的码/],
  ['by the national hub', mall, () => country.live({ issuer: '000000', region: '440000' }), 'admit', /请通行.*互认：/],
  ['the national code', 'place=540000&scene=mall', () => country.live({ issuer: '000000', region: '540000' }), 'admit', /请通行.*互认：/],
  ['yellow on the metro', doumen('public-transport'), () => country.live({ issuer: '440400', region: '440403', colour: 'yellow' }), 'refuse', /不放行.*黄码.*不得乘公共交通/],
  ['yellow at the office', doumen('office'), () => country.live({ issuer: '440400', region: '440403', colour: 'yellow' }), 'admit', /请通行.*黄码/],
  ['red', mall, () => country.live({ colour: 'red' }), 'refuse', /不放行.*红码.*张\*丰/],
  ['pending', mall, () => country.live({ colour: 'pending' }), 'check', /请核验.*颜色待定/],
  ['revoked', mall, () => country.live({ status: 'invalid' }), 'refuse', /已被发码机构作废/],
  ['suspended', mall, () => country.live({ status: 'suspended' }), 'refuse', /被暂停使用/],
  ['superseded', mall, () => country.live({ status: 'superseded' }), 'refuse', /已经有新的了/],
  ['forged', mall, () => country.live({ key: 'stranger' }), 'refuse', /签名钥匙不在名单上|可能是伪造的/],
  ['unknown issuer', mall, () => country.live({ issuer: '650000', key: 'stranger' }), 'refuse', /不认识发这个码的机构/],
  ['paper', mall, () => country.paper(), 'check', /纸质码.*张\*丰.*看身份证/],
  ['paper at a strict door', 'place=330100&scene=school', () => country.paper(), 'refuse', /不收纸质码/],
  ['open code at a strict door', 'place=330100&scene=school', () => country.live(), 'refuse', /不能只看出示的码/],
  ['EU certificate', mall, () => european, 'refuse', /欧盟数字证书/],
  ['SMART Health Card', mall, () => smart, 'refuse', /SMART 健康卡/],
  ['web address', mall, () => 'https://example.com/menu?table=4', 'refuse', /这是一个网址/],
  ['garbage', mall, () => 'WIFI:T:WPA;S=cafe;P=guest;;', 'refuse', /这个二维码不是亮码/],
];

describe('the gate’s camera', () => {
  let country, camera, device, page, folder;
  const figures = {};

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liangma-live-camera-'));
    camera = new LiveCamera(join(folder, 'phone.y4m'));
    country = new Country();
    await country.server.start();
    device = await Device.start({ camera: camera.path });
    await device.context.addInitScript(noteAnswers);
    page = await device.page();
  });
  after(async () => {
    await device?.stop();
    await country?.server.remove();
    camera?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function standAt(door) {
    await page.evaluate((fragment) => (location.hash = fragment), door);
    await page.locator('liangma-scanner video:not([hidden])').waitFor();
  }

  /** Holds a text up until it is answered, and waits until the gate is ready for the next. */
  async function holdUp(text) {
    const known = await page.evaluate(() => window.answers.length);
    const inView = await camera.show(text);
    await page.locator('.answer').waitFor();
    const answers = await page.evaluate(() => window.answers);
    camera.clear();
    if (known > 0) {
      await page.waitForTimeout(kTillClear);
      await putAway(page);
    } else {
      await page.locator('.answer').waitFor({ state: 'detached' });
      const shownFor = Date.now() - answers[0].at;
      assert.ok(shownFor > 1900 && shownFor < 6000, `an answer goes away by itself after 2 s, not ${shownFor} ms`);
    }
    assert.equal(answers.length, known + 1);
    const { at, decision, words } = answers.at(-1);
    return { milliseconds: at - inView, decision, words };
  }

  async function seeAll(when) {
    const shown = new Map();
    let at = '';
    for (const [name, door, make, decision, words] of cases(country)) {
      if (door !== at) await standAt((at = door));
      const text = typeof make === 'string' ? shown.get(make) : make();
      shown.set(name, text);
      const answer = await holdUp(text);
      (figures[name] ??= {})[when] = answer.milliseconds;
      assert.equal(answer.decision, decision, `${name}: ${answer.words}`);
      assert.match(answer.words, new RegExp(words.source, 's'), name);
      assert.match(answer.words, /信任名单：.*地区规则：\d+ 份.*作废名单：/s, `${name}: says how old its data are`);
    }
  }

  test('every code gets its answer, one after the other', async () => {
    await page.goto(`${country.server.origin}/gate/#${mall}`);
    await page.getByRole('heading', { name: /余杭.*商场/ }).waitFor();
    assert.equal(page.url(), `${country.server.origin}/gate/`, 'the link is out of the address');
    await page.getByText(/作废名单：/).waitFor();
    await seeAll('online');
    await keptForOffline(page);
  });

  test('the same without a network and without a server, after the page was opened anew', async () => {
    await country.server.stop();
    await device.context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: /商场/ }).waitFor();
    await seeAll('offline');
  });

  test('the day’s counters know each colour', async () => {
    const counts = await page.locator('.counts').innerText();
    const [green, yellow, red, pending, none] = counts.match(/\d+/g).map(Number);
    assert.deepEqual({ green, yellow, red, pending, none }, { green: 10, yellow: 4, red: 2, pending: 2, none: 30 });
  });

  test('time from the first frame in view to the answer', (t) => {
    const rows = Object.entries(figures).map(([name, { online, offline }]) => `${name.padEnd(28)} ${String(online).padStart(6)} ms ${String(offline).padStart(8)} ms`);
    const sorted = Object.values(figures).flatMap((each) => Object.values(each)).sort((one, other) => one - other);
    const median = sorted[sorted.length >> 1];
    t.diagnostic(['', `${''.padEnd(28)}    online    offline`, ...rows, `median ${median} ms, longest ${sorted.at(-1)} ms`].join('\n'));
  });

  test('nothing was asked of anyone but its server', () => device.assertClean(country.server.origin));
});

/** Runs in the page: notes each answer that fills the screen. */
function noteAnswers() {
  window.answers = [];
  const note = () => {
    const answer = document.querySelector('.answer');
    if (answer === window.lastAnswer) return;
    window.lastAnswer = answer;
    if (answer) window.answers.push({ at: Date.now(), decision: answer.dataset.decision, words: answer.innerText });
  };
  document.addEventListener('DOMContentLoaded', () => new MutationObserver(note).observe(document.body, { childList: true, subtree: true }));
}
