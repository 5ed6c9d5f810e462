// SPDX-License-Identifier: Apache-2.0
// The PIN on screen, a copy of the whole profile, and storage that was damaged.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { changeStorage } from './support/storage.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

const kPin = '280519';

describe('a wallet kept shut', () => {
  let server;
  const devices = [];
  const folders = [];

  before(async () => {
    server = await new DemoServer().start();
  });
  afterEach(async () => {
    for (const device of devices.splice(0)) await device.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  after(() => server?.remove());

  async function start(options) {
    const device = await Device.start(options);
    devices.push(device);
    return device;
  }

  function newFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'liangma-profile-'));
    folders.push(folder);
    return folder;
  }

  /** What a thief gets who copies the profile folder of a browser that was closed. */
  async function copyProfile(device) {
    await devices.splice(devices.indexOf(device), 1)[0].stop();
    const copy = newFolder();
    cpSync(device.profile, copy, { recursive: true });
    return start({ profile: copy });
  }

  async function openWallet(device) {
    const page = await device.page();
    await page.goto(`${server.origin}/wallet/`);
    return page;
  }

  async function setPin(page) {
    await page.locator('.more').click();
    await page.getByRole('button', { name: '设密码' }).click();
    await page.getByLabel('新密码').fill(kPin);
    await page.getByLabel('再输一次').fill(kPin);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('密码设好了').waitFor();
  }

  async function type(page, pin) {
    await page.locator('#pin').fill(pin);
    await page.getByRole('button', { name: '打开', exact: true }).click();
  }

  test('without a PIN a copy of the whole profile shows the code, as the screen says', async () => {
    const owner = await start({ profile: newFolder() });
    const page = await enrol(owner, server, '张*丰');
    await page.locator('.more').click();
    await page.getByRole('button', { name: '设密码' }).click();
    await page.getByText('把浏览器的全部资料或整台手机拿走，就能打开').waitFor();
    const thief = await openWallet(await copyProfile(owner));
    await codeShown(thief);
  });

  test('with a PIN a copy of the whole profile shows nothing, and wrong PINs have to wait', async () => {
    const owner = await start({ profile: newFolder() });
    await setPin(await enrol(owner, server, '王*国'));
    const device = await copyProfile(owner);
    const thief = await openWallet(device);
    await thief.getByText('请输入密码').waitFor();
    assert.equal(await thief.locator('liangma-code').count(), 0);
    assert.ok(!(await thief.locator('wallet-app').innerText()).includes('王'));
    for (const wrong of ['111222', '222333', '333444']) {
      await thief.locator('form .primary:enabled').waitFor();
      await type(thief, wrong);
      await thief.getByText(/密码不对|请等/).waitFor();
    }
    await thief.getByText(/请等 \d+ 秒再试/).waitFor();
    await thief.reload();
    await thief.getByText(/请等 \d+ 秒再试/).waitFor();
    assert.ok(await thief.getByRole('button', { name: '打开', exact: true }).isDisabled());
    await thief.locator('form .primary:enabled').waitFor();
    await type(thief, kPin);
    await codeShown(thief);
    device.assertClean(server.origin);
  });

  test('set, locked, opened, changed, removed', async () => {
    const page = await enrol(await start(), server, '李*');
    await page.locator('.more').click();
    await page.getByRole('button', { name: '设密码' }).click();
    await page.getByLabel('新密码').fill('123456');
    await page.getByLabel('再输一次').fill('654321');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('两次输的不一样').waitFor();
    await page.getByLabel('再输一次').fill('123456');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('太短或太容易猜').waitFor();
    await page.getByLabel('新密码').fill(kPin);
    await page.getByLabel('再输一次').fill(kPin);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('密码设好了').waitFor();
    await page.getByRole('button', { name: '现在锁上' }).click();
    await page.getByText('请输入密码').waitFor();
    await type(page, kPin);
    await codeShown(page);
    await page.reload();
    await page.getByText('请输入密码').waitFor();
    await type(page, kPin);
    await codeShown(page);
    await page.locator('.more').click();
    await page.getByRole('button', { name: '换密码' }).click();
    await page.getByRole('button', { name: '取消密码' }).click();
    await page.getByLabel('现在的密码').fill(kPin);
    await page.locator('form .primary').click();
    await page.getByText('密码已取消').waitFor();
    await page.goto(`${server.origin}/wallet/`);
    await codeShown(page);
  });

  test('a forgotten PIN: everything can be cleared, once that was confirmed', async () => {
    const page = await enrol(await start(), server, '陈*红');
    await setPin(page);
    await page.goto(`${server.origin}/wallet/`);
    await page.getByRole('button', { name: '忘了密码' }).click();
    await page.getByText('发码机构也不能').waitFor();
    await page.getByRole('button', { name: '全部清除，重新开始' }).click();
    await page.getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '全部清除，重新开始' }).click();
    await page.getByRole('button', { name: '全部清除', exact: true }).click();
    await page.getByLabel('领码号').waitFor();
  });

  test('one damaged record: it is said, the other code is shown, and that one alone is removed', async () => {
    const device = await start();
    const page = await enrol(device, server, '赵*宝');
    await page.locator('.add').click();
    await page.getByRole('button', { name: '周*' }).click();
    await codeShown(page);
    const names = await changeStorage(page, 'person-', 'flip', 1);
    assert.equal(names.length, 1);
    await page.reload();
    await codeShown(page);
    const fault = page.locator('.fault');
    await fault.waitFor();
    assert.match(await fault.innerText(), /有一个人的码读不出来[^]*数据坏了[^]*其他人的码没有受影响/);
    await fault.getByRole('button', { name: '只移除这个人' }).click();
    await fault.waitFor({ state: 'detached' });
    await page.reload();
    await codeShown(page);
    assert.equal(await fault.count(), 0);
    device.assertClean(server.origin);
  });

  test('nothing but damage: the wallet says so, and starts over only when told twice', async () => {
    const page = await enrol(await start(), server, '阿*木');
    await changeStorage(page, 'person-', 'cut');
    await page.reload();
    await page.getByText('有一个人的码读不出来').waitFor();
    await page.getByRole('button', { name: '再试一次' }).click();
    await page.getByText('有一个人的码读不出来').waitFor();
    await page.getByRole('button', { name: '全部清除，重新开始' }).click();
    await page.getByRole('button', { name: '全部清除', exact: true }).click();
    await page.getByLabel('领码号').waitFor();
  });
});
