// SPDX-License-Identifier: Apache-2.0
// Phones whose clock is wrong.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { verify } from './support/cli.mjs';
import { pasteText } from './support/clinic.mjs';
import { readWithZxing } from './support/decode.mjs';
import { answered, chooseAnyRegion } from './support/gate.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol, keptForOffline, shiftClock } from './support/wallet.mjs';

describe('a phone whose clock is 10 minutes off', () => {
  let server;
  before(async () => {
    server = await new DemoServer().start();
  });
  after(() => server?.remove());

  for (const [seconds, words] of [[-600, '手机时间慢了 10 分钟，已按网络时间校正'], [600, '手机时间快了 10 分钟，已按网络时间校正']]) {
    test(`${seconds} s: works once it has reached the server, and says what it did`, async () => {
      const device = await Device.start();
      try {
        await shiftClock(device.context, seconds);
        const page = await enrol(device, server, seconds < 0 ? '张*丰' : '李*');
        await page.getByText(words).waitFor();
        const verdict = verify(await readWithZxing(await page.screenshot()), { trust: server.trustFile });
        assert.equal(verdict.verdict, 'admit', JSON.stringify(verdict));

        await keptForOffline(page);
        await server.stop();
        await page.reload();
        await codeShown(page);
        await page.getByText(words).waitFor();
        const offline = verify(await readWithZxing(await page.screenshot()), { trust: server.trustFile });
        assert.equal(offline.verdict, 'admit', 'what it learnt outlives a reload without a network');
      } finally {
        await server.start();
        await device.stop();
      }
    });
  }

  test('one that never learnt the time is refused as a suspect clock, not as expired, and both sides say what to do', async () => {
    const device = await Device.start();
    const gateDevice = await Device.start();
    try {
      await device.context.route('**/api/time', (route) => route.abort());
      const page = await enrol(device, server, '赵*宝');
      await shiftClock(device.context, 600);
      await page.reload();
      await codeShown(page);
      await page.getByText('还没和网络对过时间').waitFor();
      const text = await readWithZxing(await page.screenshot());
      const verdict = verify(text, { trust: server.trustFile });
      assert.equal(verdict.verdict, 'refuse');
      assert.equal(verdict.reason, 'time.clock-suspect', JSON.stringify(verdict));
      const gate = await gateDevice.page();
      await gate.goto(`${server.origin}/gate/`);
      await chooseAnyRegion(gate);
      await gate.getByRole('button', { name: '一般场所' }).click();
      await pasteText(gate, text);
      await answered(gate, 'refuse', /手机时间不准，还没和网络对过.*请对方连上网络.*不说明码是假的/);

      await device.context.unroute('**/api/time');
      await page.getByRole('button', { name: '现在对时' }).click();
      await page.getByText('手机时间快了 10 分钟').waitFor();
      await page.waitForTimeout(5500);
      await codeShown(page);
      const mended = verify(await readWithZxing(await page.screenshot()), { trust: server.trustFile });
      assert.equal(mended.verdict, 'admit');
    } finally {
      await device.stop();
      await gateDevice.stop();
    }
  });
});
