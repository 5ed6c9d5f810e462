// SPDX-License-Identifier: Apache-2.0
// Gates that ask: strict doors, relayed codes, a restaurant's guests; and the lists that they keep, until they are destroyed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { agree, holdUpPicture, openAskingGate, questionOf, scanAtDoor } from './support/asking-gate.mjs';
import { Device } from './support/browser.mjs';
import { pasteText } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { answered } from './support/gate.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol, keptForOffline, shiftClock } from './support/wallet.mjs';

const kDay = 86_400;
const school = 'place=330100&scene=school';

describe('a gate that asks', () => {
  let server, door, otherDoor, guest, wallet;

  before(async () => {
    server = await new DemoServer().start();
    [door, otherDoor, guest] = await Promise.all([Device.start(), Device.start(), Device.start()]);
    wallet = await enrol(guest, server, '张*丰');
  });
  after(async () => {
    await Promise.all([door?.stop(), otherDoor?.stop(), guest?.stop()]);
    await server?.remove();
  });

  const home = async () => {
    await wallet.goto(`${server.origin}/wallet/`);
    await codeShown(wallet);
  };
  const liveText = async () => {
    await wallet.bringToFront();
    return readWithZxing(await wallet.screenshot());
  };

  test('a device that is not registered says so, and takes its owner’s code by hand', async () => {
    const page = await door.page();
    await page.goto(`${server.origin}/gate/#${school}`);
    await page.getByText('这台设备还没有登记，不能提问').waitFor();
    await page.getByLabel('登记码').fill('WRONGCODEWRONGCO');
    await page.getByRole('button', { name: '登记这台设备' }).click();
    await page.getByText('登记码不对、过期，或者已经用过').waitFor();
    await page.getByLabel('登记码').fill(server.gateCode('school-1', 'zh-Hans=文一小学', 'en=Wenyi School').toLowerCase());
    await page.getByRole('button', { name: '登记这台设备' }).click();
    assert.match(await questionOf(page), /^LMR1:/);
    await page.close();
  });

  test('a strict door admits the answer to its question, once, and nothing else', async () => {
    const page = await openAskingGate(door, server, { gate: 'school-1', door: school, names: ['zh-Hans=文一小学', 'en=Wenyi School'] });
    await pasteText(page, await liveText());
    await answered(page, 'refuse', /不能只看出示的码.*扫这块屏幕上的二维码/);
    const question = await questionOf(page);
    await scanAtDoor(wallet, question);
    const asked = await wallet.locator('main').innerText();
    assert.match(asked, /要把这些给门口看吗.*文一小学.*身份已核实.*进门核对.*打码姓名.*张\*丰.*0011/s);
    assert.doesNotMatch(asked, /手机号|张三丰|医院/);
    const picture = await agree(wallet);
    await holdUpPicture(page, picture);
    await answered(page, 'admit', /请通行.*绿码.*张\*丰.*0011/);
    assert.notEqual(await questionOf(page), question, 'there is a new question at once');
    await page.waitForTimeout(8000);
    await holdUpPicture(page, picture);
    await answered(page, 'refuse', /已经用过.*扫这里最新的/);
    await page.close();
  });

  test('one code at two gates: time alone cannot tell, a question can', async () => {
    await home();
    const text = await liveText();
    const open = 'place=330100&scene=mall';
    const pages = [];
    for (const device of [door, otherDoor]) {
      const page = await device.page();
      await page.goto(`${server.origin}/gate/#${open}`);
      await page.getByRole('heading', { name: /商场/ }).waitFor();
      await pasteText(page, text);
      await answered(page, 'admit', /请通行/);
      pages.push(page);
    }
    await pasteText(pages[0], text);
    await answered(pages[0], 'refuse', /已经用过.*新换的码/);
    for (const page of pages) await page.close();

    const here = await openAskingGate(door, server, { gate: 'school-1', door: school });
    const there = await openAskingGate(otherDoor, server, { gate: 'school-2', door: school });
    await home();
    await wallet.reload(); // learns of the second gate
    await codeShown(wallet);
    await wallet.waitForTimeout(1500);
    await scanAtDoor(wallet, await questionOf(there));
    assert.match(await wallet.locator('main').innerText(), /没有起名的门口，登记为“school-2”/);
    const relayed = await agree(wallet);
    await holdUpPicture(here, relayed);
    await answered(here, 'refuse', /给另一家机构的回答/);
    await holdUpPicture(there, relayed);
    await answered(there, 'admit', /请通行/);
    await here.close();
    await there.close();
  });

  test('a gate whose clock is fast asks anew once it has learnt the time', async () => {
    const page = await otherDoor.page();
    await shiftClock(page, 15 * kDay);
    await page.goto(`${server.origin}/gate/`);
    await page.getByText('这台设备的时间差了 15 天，已按网络时间校正').waitFor();
    await page.waitForTimeout(1500);
    await home();
    await scanAtDoor(wallet, await questionOf(page));
    await holdUpPicture(page, await agree(wallet));
    await answered(page, 'admit', /请通行/);
    await page.close();
  });

  test('a guest leaves name and telephone number with consent, and the list keeps them encrypted', async () => {
    await home();
    await wallet.locator('.add').click();
    await wallet.getByRole('button', { name: '马*博' }).click();
    await codeShown(wallet);
    const page = await openAskingGate(door, server, { gate: 'diner-1', door: 'place=440403&scene=dine-in', names: ['zh-Hans=白蕉小馆'] });
    await page.getByRole('heading', { name: '留姓名和电话：每桌一位' }).waitFor();
    await home();
    await wallet.waitForTimeout(1500);
    await scanAtDoor(wallet, await questionOf(page));
    await wallet.locator('.tab', { hasText: '马*博' }).click();
    assert.match(await wallet.locator('main').innerText(), /白蕉小馆.*堂食登记.*姓名.*马文博.*手机号.*10000000017/s);
    await wallet.getByRole('button', { name: '不同意' }).click();
    await codeShown(wallet);
    await scanAtDoor(wallet, await questionOf(page));
    await wallet.locator('.tab', { hasText: '马*博' }).click();
    await holdUpPicture(page, await agree(wallet));
    await answered(page, 'admit', /请通行.*姓名和电话已经加密存好/);
    await page.getByRole('button', { name: '名单' }).click();
    await page.getByText('马文博').waitFor();
    await page.getByText('不管记不记名单，客人留下的姓名和电话都会存 14 天。').waitFor();
    assert.match(await page.locator('.people').innerText(), /马文博.*绿码.*10000000017/s);
    const stored = await page.evaluate(readBook);
    assert.ok(stored.entries.length >= 1);
    assert.ok(stored.keys.every(({ extractable }) => extractable === false));
    assert.doesNotMatch(stored.text, /马文博|10000000017|马\*博/);
    await page.close();
  });

  test('the others at the table show their open code', async () => {
    const page = await door.page();
    await page.goto(`${server.origin}/gate/#place=440403&scene=dine-in`);
    await page.locator('.question').waitFor();
    await home();
    await wallet.getByRole('tab', { name: /马/ }).click();
    await wallet.waitForTimeout(500);
    await pasteText(page, await liveText());
    await answered(page, 'admit', /请通行/);
    await page.close();
  });

  test('an employer sees who has come and the share of green, and saves a table; when its days are over it is destroyed', async () => {
    const page = await door.page();
    await page.goto(`${server.origin}/gate/#place=330110&scene=office&list=on`);
    await page.getByRole('heading', { name: /办公楼/ }).waitFor();
    await home();
    await wallet.locator('.add').click();
    await wallet.getByRole('button', { name: '王*国' }).click();
    await codeShown(wallet);
    for (const [name, decision] of [[/张/, 'admit'], [/王/, 'refuse']]) {
      await wallet.bringToFront();
      await wallet.getByRole('tab', { name }).click();
      await wallet.waitForTimeout(500);
      await pasteText(page, await liveText());
      await answered(page, decision, /张\*丰|王\*国/);
    }
    await page.getByRole('button', { name: '名单' }).click();
    await page.getByText(/3 人，绿码 2 人，占 66\.7%/).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '存成表格' }).click()]);
    const csv = readFileSync(await download.path(), 'utf8');
    assert.match(download.suggestedFilename(), /^liangma-\d{4}-\d\d-\d\d\.csv$/);
    assert.ok(csv.startsWith('\ufeff"时间","姓名","证件尾号","颜色","结果","地区","电话"\r\n'));
    assert.match(csv, /"\d\d:\d\d:\d\d","王\*国","003[\dX]","黄码","不放行","杭州市",""\r\n/);
    assert.match(csv, /"马文博",.*"10000000017"\r\n/);
    const before = await page.evaluate(keepCopies);
    assert.equal(before.opened, before.copies, 'while the key is there, the bytes open');
    await keptForOffline(page);
    await page.close();

    const ahead = await door.page();
    await shiftClock(ahead, 14 * kDay);
    await ahead.goto(`${server.origin}/gate/`);
    await ahead.getByText(/时间差了 14 天|时间快了 14 天/).waitFor();
    await ahead.waitForTimeout(1500);
    assert.equal((await ahead.evaluate(tryCopies, before.bytes)).entries, before.copies, 'the server’s time counts, not the device’s');
    await ahead.close();
    const right = await door.page(); // learns that the device's time is right again
    await right.goto(`${server.origin}/gate/`);
    await right.getByRole('heading', { name: /办公楼/ }).waitFor();
    await right.waitForTimeout(1500);
    await right.close();

    for (const [days, left] of [[13, before.copies], [14, 0]]) {
      await door.context.setOffline(true);
      const later = await door.page();
      await shiftClock(later, days * kDay);
      await later.goto(`${server.origin}/gate/`);
      await later.getByRole('heading', { name: /办公楼/ }).waitFor();
      await later.waitForTimeout(1500);
      const { entries, keys, opened } = await later.evaluate(tryCopies, before.bytes);
      assert.deepEqual([entries, keys > 0, opened], [left, left > 0, left], `after ${days} days`);
      await later.close();
    }
    await door.context.setOffline(false);
  });

  test('where the browser keeps nothing, the door that was chosen holds for the visit', async () => {
    const page = await door.page();
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    });
    await page.goto(`${server.origin}/gate/#place=330100&scene=mall`);
    await page.getByRole('heading', { name: /杭州市 · 商场/ }).waitFor();
    await page.close();
  });

  test('a link that is not its owner’s is refused with words', async () => {
    const page = await door.page();
    await page.goto(`${server.origin}/gate/#place=330100&scene=mall`);
    await page.getByRole('heading', { name: /杭州市 · 商场/ }).waitFor();
    for (const fragment of ['place=33010&scene=mall', 'place=330100&scene=<b>', 'place=330100', 'scene=mall&evil=1', 'place=330100&scene=casino', 'place=999999&scene=mall', 'code=short']) {
      await page.goto('about:blank');
      await page.goto(`${server.origin}/gate/#${fragment}`);
      await page.getByText('这个链接不能用').waitFor();
      assert.equal(page.url(), `${server.origin}/gate/`);
    }
    await page.reload();
    await page.getByRole('heading', { name: /杭州市 · 商场/ }).waitFor(); // what was chosen before still is
    await page.goto('about:blank');
    await page.goto(`${server.origin}/gate/#code=short`);
    await page.getByLabel('地区').selectOption({ label: '珠海市斗门区' });
    await page.getByRole('button', { name: /餐饮堂食.*每桌一位客人留姓名和电话/s }).click();
    await page.getByRole('heading', { name: /斗门区 · 餐饮堂食/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /斗门区 · 餐饮堂食/ }).waitFor();
    await page.close();
  });

  test('a hand scanner’s text is answered at a door with a region', async () => {
    const page = await door.page();
    await page.goto(`${server.origin}/gate/#place=330100&scene=mall`);
    await page.getByRole('heading', { name: /商场/ }).waitFor();
    await home();
    await wallet.getByRole('tab', { name: /张/ }).click();
    await wallet.waitForTimeout(500);
    const text = await liveText();
    await page.bringToFront();
    await page.keyboard.type(text, { delay: 1 });
    await page.keyboard.press('Enter');
    await page.locator('.answer[data-decision=admit]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.answer').waitFor({ state: 'detached', timeout: 1500 });
    await page.keyboard.type(text, { delay: 1 });
    await page.keyboard.press('Enter');
    await page.locator('.answer[data-decision=refuse]', { hasText: '用过' }).waitFor();
    await page.close();
  });

  test('no policy violated, no script failed, no foreign origin asked', () => {
    for (const device of [door, otherDoor, guest]) device.assertClean(server.origin);
  });
});

/** In the page: what the list of a gate holds, raw. */
async function readBook() {
  const opening = indexedDB.open('liangma-gate-book');
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const all = (name) => new Promise((resolve) => {
    const request = database.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const [keys, entries] = [await all('keys'), await all('entries')];
  database.close();
  const text = entries.map(({ sealed }) => new TextDecoder().decode(sealed)).join(' ') + JSON.stringify(Object.entries(localStorage));
  return { keys: keys.map(({ key }) => ({ extractable: key.extractable })), entries: entries.map(({ day }) => day), text };
}

/** In the page: takes a copy of all the bytes, as a thief or a backup would, and opens it while that can be done. */
async function keepCopies() {
  const opening = indexedDB.open('liangma-gate-book');
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const all = (name) => new Promise((resolve) => {
    const request = database.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const [keys, entries] = [await all('keys'), await all('entries')];
  database.close();
  let opened = 0;
  for (const { day, iv, sealed } of entries) {
    const additionalData = new TextEncoder().encode(day);
    for (const { key } of keys) if (await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed).catch(() => undefined)) opened++;
  }
  const bytes = entries.map(({ day, iv, sealed }) => ({ day, iv: [...iv], sealed: [...new Uint8Array(sealed)] }));
  return { bytes, copies: entries.length, opened };
}

/** In the page: what is there now, and how many of the copied entries any key that is left opens. */
async function tryCopies(bytes) {
  const opening = indexedDB.open('liangma-gate-book');
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const all = (name) => new Promise((resolve) => {
    const request = database.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const [keys, entries] = [await all('keys'), await all('entries')];
  database.close();
  let opened = 0;
  for (const { day, iv, sealed } of bytes) {
    const additionalData = new TextEncoder().encode(day);
    const cipher = { name: 'AES-GCM', iv: Uint8Array.from(iv), additionalData };
    for (const { key } of keys) if (await crypto.subtle.decrypt(cipher, key, Uint8Array.from(sealed)).catch(() => undefined)) opened++;
  }
  return { entries: entries.length, keys: keys.length, opened };
}
