// SPDX-License-Identifier: Apache-2.0
// The server is down: codes are shown and checked all the same.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { pasteText } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { answered, chooseAnyRegion } from './support/gate.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol, keptForOffline, shiftClock } from './support/wallet.mjs';

describe('without a server', () => {
  let server, resident, guard, wallet, gate;

  before(async () => {
    server = await new DemoServer().start();
    resident = await Device.start();
    guard = await Device.start();
    wallet = await enrol(resident, server, '张*丰');
    gate = await guard.page();
    await gate.goto(`${server.origin}/gate/`);
    await chooseAnyRegion(gate);
    await gate.getByRole('button', { name: '一般场所' }).waitFor();
    await keptForOffline(wallet);
    await keptForOffline(gate);
    await server.stop();
  });
  after(async () => {
    await resident?.stop();
    await guard?.stop();
    await server?.remove();
  });

  test('the wallet opens straight on a live code and says that it is offline', async () => {
    await wallet.reload();
    await codeShown(wallet);
    await wallet.getByText('没有网络。亮码和验码照常可用。').waitFor();
  });

  test('the gate opens, and admits by a picture read with its own reader', async () => {
    await gate.reload();
    await chooseAnyRegion(gate);
    await gate.getByRole('button', { name: '一般场所' }).click();
    await gate.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: await wallet.screenshot() });
    await answered(gate, 'admit', /张\*丰/);
    assert.match(await gate.locator('.trust').innerText(), /没有网络，照常验码。\s*信任名单：(刚刚|\d+ 分钟前)发布。 地区规则：\d+ 份。 作废名单：(刚刚|\d+ 分钟前)发布。 上次核对：(刚刚|\d+ 分钟前)。/);
  });

  test('a gate whose trust list has expired says that it refuses every code', async () => {
    const later = await guard.page();
    await shiftClock(later, 400 * 86_400);
    await later.goto(`${server.origin}/gate/`);
    await later.getByText('连网更新之前，所有的码都不放行').waitFor();
    await later.getByText('没有网络，验不了码').waitFor();
    assert.match(await later.locator('.trust').innerText(), /^没有网络，验不了码。\s*信任名单过期了：\d+ 天前发布。[^。]*。$/);
    await later.close();
  });

  test('what needs the server says so in words, and works when it is back', async () => {
    await wallet.getByRole('button', { name: '添加家人' }).click();
    await wallet.getByLabel('领码号').fill('ANY-TICKET');
    await wallet.getByRole('button', { name: '领取', exact: true }).click();
    await wallet.getByText('连不上服务器。').waitFor();
    await server.start();
    await wallet.getByLabel('领码号').fill('NO-SUCH-TICKET');
    await wallet.getByRole('button', { name: '领取', exact: true }).click();
    await wallet.getByText('没有这个领码号。').waitFor();
    await wallet.getByLabel('领码号').fill(await server.ticketOf('李*'));
    await wallet.getByRole('button', { name: '领取', exact: true }).click();
    await codeShown(wallet);
    assert.equal(await wallet.getByRole('tab').count(), 2);
  });

  test('a renewed code is shown after a reload', async () => {
    await wallet.reload();
    await codeShown(wallet);
    assert.match(await readWithZxing(await wallet.screenshot()), /^LM1:/);
    resident.assertClean(server.origin);
    guard.assertClean(server.origin);
  });
});

describe('a network that wants a login first', () => {
  let server, proxy, device;
  let wantsLogin = false;

  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start();
    proxy = createServer((asked, reply) => {
      if (wantsLogin && asked.url.startsWith('/packs/')) return reply.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>log in</html>');
      const headers = { ...asked.headers, host: `localhost:${server.port}` };
      const forwarded = request({ port: server.port, path: asked.url, method: asked.method, headers }, (answer) => {
        reply.writeHead(answer.statusCode, answer.headers);
        answer.pipe(reply);
      });
      asked.pipe(forwarded);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  after(async () => {
    await device?.stop();
    proxy?.close();
    await server?.remove();
  });

  test('its page in the place of a region’s rules is not kept', async () => {
    const page = await device.page();
    await page.goto(`http://localhost:${proxy.address().port}/wallet/`);
    await keptForOffline(page);
    await page.reload();
    wantsLogin = true;
    await page.getByRole('button', { name: '王*国' }).click();
    await page.locator('[role=alert]').first().waitFor();
    wantsLogin = false;
    await page.reload();
    await codeShown(page);
  });
});
