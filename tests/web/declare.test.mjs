// SPDX-License-Identifier: Apache-2.0
// A resident declares by the forms of their region, and the colour follows by its rules.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

describe('a declaration', () => {
  let server, device, page;

  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start();
    page = await enrol(device, server, '周*');
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
  });

  const choose = (field, value) => page.locator(`input[name=${field}][value=${value}]`).check();
  const send = () => page.locator('.declaration button[type=submit]').click();
  const faultOf = (field) => page.locator(`#error-${field}`).innerText();
  const colourIs = (colour) => page.locator(`liangma-code .code[data-colour=${colour}]`).waitFor();

  async function open(form) {
    await page.locator('.declare').click();
    if (form) await page.locator('.tab', { hasText: form }).click();
    await page.locator('.declaration').waitFor();
  }

  async function fillHealth(contact) {
    await choose('symptoms', 'none');
    await choose('contact', contact);
    await choose('areaAtRisk', 'no');
    await choose('purpose', 'return-to-work');
    await page.locator('[name=livesIn]').selectOption('330106');
  }

  test('a check-in alone, which says nothing of contacts, colours nobody', async () => {
    await open('打卡');
    await choose('symptoms', 'none');
    await send();
    await page.getByText('已提交，现在是待定。').first().waitFor();
    await colourIs('pending');
  });

  test('what is missing is named beside its field, and nothing is sent', async () => {
    await open();
    await send();
    for (const field of ['symptoms', 'contact', 'areaAtRisk', 'livesIn', 'purpose']) assert.equal(await faultOf(field), '请先填这一项。');
    assert.equal(await faultOf('address'), '');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'symptoms');
    await page.locator('[name=fromRegion]').fill('某个地方');
    await page.locator('[name=address]').fill('文三路\u200b1 号');
    await page.locator('[name=organisation]').fill('名'.repeat(22));
    await send();
    assert.equal(await faultOf('fromRegion'), '请写省级地名，或 6 位行政区划代码。');
    assert.equal(await faultOf('address'), '有看不见的符号或特殊表情，请删掉后再写。');
    assert.equal(await faultOf('organisation'), '太长了，请写短些。');
    await page.locator('[name=fromRegion]').fill('３３０１０６');
    await page.locator('[name=address]').fill('文三路\t1 号');
  });

  test('without a network it says so, and what was filled in is still there', async () => {
    await fillHealth('no');
    await page.locator('[name=organisation]').fill('杭州示范纺织厂');
    await page.context().setOffline(true);
    await send();
    await page.locator('[role=alert] strong').waitFor();
    assert.ok(await page.evaluate(() => {
      const { top, bottom } = document.querySelector('[role=alert] strong').getBoundingClientRect();
      return top > 0 && bottom < innerHeight;
    }), 'it is said where the button is');
    await page.context().setOffline(false);
    assert.equal(await page.locator('[name=livesIn]').inputValue(), '330106');
  });

  test('who is well turns green', async () => {
    await send();
    await page.getByText('已提交，现在是绿码。').first().waitFor();
    await codeShown(page);
    await colourIs('green');
  });

  test('a journey from a region that is named is taken by its number', async () => {
    await open('行程');
    await page.locator('[name=fromRegion]').fill('湖北省');
    await page.locator('[name=toRegion]').fill('330100');
    await page.locator('[name=departedOn]').fill('2020-02-20');
    await choose('transport', 'train');
    await send();
    await page.getByText('已提交').first().waitFor();
  });

  test('who met somebody ill turns red, and reads why and until when', async () => {
    await open();
    await fillHealth('yes');
    await page.route('**/api/renew', (route) => route.abort());
    await send();
    await page.getByText('已提交，现在是红码。 网络不通，码稍后自动更新。').first().waitFor();
    await page.unroute('**/api/renew');
    await page.reload();
    await colourIs('red');
    assert.match(await page.locator('.why').innerText(), /到期自动解除/);
  });

  test('the region’s lines to call are under “more”', async () => {
    await page.locator('.more').click();
    await page.locator('a[href="tel:12345"]').waitFor();
  });

  test('and stay there without a network', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await page.locator('a[href="tel:12345"]').waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('a[href="tel:12345"]').waitFor();
    await page.context().setOffline(false);
  });
});
