// SPDX-License-Identifier: Apache-2.0
// What a thief of the wallet's storage gets, and what stays when the wallet is killed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

/** Everything that a script of the page can carry away as bytes. */
function takeStorage(page) {
  return page.evaluate(async () => {
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open('liangma');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const store = database.transaction('values').objectStore('values');
    const all = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const [keys, values] = [await all(store.getAllKeys()), await all(store.getAll())];
    const { wrapping } = await all(database.transaction('keys').objectStore('keys').get('host-key'));
    const exported = await crypto.subtle.exportKey('raw', wrapping).then(() => true, () => false);
    database.close();
    return { exported, records: keys.map((key, at) => [key, [...values[at]]]) };
  });
}

function putStorage(page, records) {
  return page.evaluate(async (records) => {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open('liangma');
      opening.onsuccess = () => resolve(opening.result);
    });
    const transaction = database.transaction('values', 'readwrite');
    for (const [key, bytes] of records) transaction.objectStore('values').put(new Uint8Array(bytes), key);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  }, records);
}

describe('storage', () => {
  let server;
  before(async () => {
    server = await new DemoServer().start();
  });
  after(() => server?.remove());

  test('copied to another profile it shows no code, and says what to do', async () => {
    const owner = await Device.start();
    const thief = await Device.start();
    try {
      const { exported, records } = await takeStorage(await enrol(owner, server, '张*丰'));
      assert.equal(exported, false, 'the wrapping key cannot be exported');
      assert.ok(records.length >= 2);
      const page = await thief.page();
      await page.goto(`${server.origin}/wallet/`);
      await page.getByRole('button', { name: '张*丰' }).or(page.getByLabel('领码号')).first().waitFor();
      await putStorage(page, records);
      await page.reload();
      await page.getByText('这台手机打不开这个码').waitFor();
      assert.equal(await page.locator('liangma-code').count(), 0);
      await page.getByRole('button', { name: '清除并重新领取' }).click();
      await page.getByLabel('领码号').waitFor();
    } finally {
      await owner.stop();
      await thief.stop();
    }
  });

  test('a removed person can be brought back at once, and is gone after that', async () => {
    const device = await Device.start();
    try {
      const page = await enrol(device, server, '李*');
      await page.getByRole('button', { name: '更多' }).click();
      await page.getByRole('button', { name: '移除李*' }).click();
      await page.getByRole('button', { name: '撤销' }).click();
      await page.reload();
      await page.goto(`${server.origin}/wallet/`);
      await codeShown(page);
      await page.getByRole('button', { name: '更多' }).click();
      await page.getByRole('button', { name: '移除李*' }).click();
      await page.waitForTimeout(9000);
      await page.goto(`${server.origin}/wallet/`);
      await page.getByLabel('领码号').waitFor();
    } finally {
      await device.stop();
    }
  });

  test('the choice of language and text size is remembered', async () => {
    const device = await Device.start({ locale: 'en-US' });
    try {
      const page = await device.page();
      await page.goto(`${server.origin}/wallet/`);
      await page.getByText('Hello. Let’s get your code').waitFor();
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByText('您好，先领取您的码').waitFor();
      await page.reload();
      await page.getByText('您好，先领取您的码').waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hans');
    } finally {
      await device.stop();
    }
  });
});
