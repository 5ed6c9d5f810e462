// SPDX-License-Identifier: Apache-2.0
// The authority’s staff at work, at a desk in English; LIANGMA_THOROUGH=1: also on a phone in Chinese.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { earlierTotp, totp } from '../server/authenticator.mjs';
import { Device } from './support/browser.mjs';
import { pasteText } from './support/clinic.mjs';
import { inspectScreen } from './support/inspect.mjs';
import { program } from './support/paths.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown } from './support/wallet.mjs';

const kPassword = 'correct horse battery';
const kNumber = '33010619900101123X';
const desk = { name: 'en-desk', locale: 'en-GB', viewport: { width: 1280, height: 800 }, mobile: false };
const cases = process.env.LIANGMA_THOROUGH ? [desk, { name: 'zh-phone', locale: 'zh-CN' }] : [desk];

/** An ID number by its first 17 digits: ISO 7064, MOD 11-2. */
function withCheckDigit(digits) {
  const sum = [...digits].reduce((sum, digit) => (sum * 2 + Number(digit)) % 11, 0);
  return digits + '10X98765432'[(sum * 2) % 11];
}

for (const { name, ...options } of cases)
  describe(`bureau, ${name}`, () => {
    let server, device, wallet, page, hasPeople = false;
    before(async () => {
      server = await new DemoServer().start();
      device = await Device.start(options);
      wallet = await device.page();
      page = await device.page();
    });
    after(async () => {
      await device?.stop();
      await server?.remove();
    });

    const inspect = (screen) => inspectScreen(page, `bureau-${name}-${screen}`);
    /** The focus is on what tells where somebody is now, or what was done. */
    const focusIsOn = (selector) => page.locator(`${selector}:focus`).waitFor();
    const staff = (...args) =>
      execFileSync(program('liangma-server'), ['staff', ...args, '--data', server.data], { encoding: 'utf8' }).trim();
    const invite = (who, ...roles) => staff('add', who, ...roles.flatMap((role) => ['--role', role]));

    /** Unfolds the menu, where it is folded as on a phone. */
    async function unfoldMenu(inside) {
      const menu = page.locator('details.tasks summary');
      await inside.or(menu).filter({ visible: true }).first().waitFor();
      if (!(await inside.isVisible())) await menu.click();
    }

    async function open(task) {
      await page.bringToFront();
      const link = page.locator(`nav a[href="#${task}"]`);
      await unfoldMenu(link);
      await link.click();
      await page.locator('main h1').waitFor();
    }

    /** Somebody's live code, as it is on their phone now. */
    async function liveCode(resident) {
      await wallet.bringToFront();
      await wallet.goto(`${server.origin}/wallet/${hasPeople ? '#add' : ''}`);
      hasPeople = true;
      await wallet.reload();
      await wallet.getByRole('button', { name: resident }).click();
      await codeShown(wallet);
      return wallet.evaluate(() => document.querySelector('liangma-code').frame().value.text);
    }

    test('an invitation becomes a password with an authenticator app, and then a login', async () => {
      await page.goto(`${server.origin}/bureau/`);
      await page.locator('#name').waitFor();
      await inspect('sign-in');
      await page.locator('button.plain').last().click();
      await page.locator('#code').fill(invite('Li Ming', 'checkpoint', 'reviewer', 'importer', 'admin'));
      await page.locator('button[type=submit]').click();
      await page.locator('section.card + button.wide').click();
      await page.locator('#password').waitFor();
      await inspect('invitation');
      const secret = (await page.locator('code.key').textContent()).replaceAll(' ', '');
      await page.locator('#password').fill(kPassword);
      await page.locator('#totp').fill(await earlierTotp(secret));
      await page.locator('button[type=submit]').click();
      await page.locator('.bureau').waitFor();
      if (!(await page.locator('.account').isVisible())) await page.locator('details.tasks summary').click();
      await page.locator('.account .button').last().click();
      await page.locator('#name').fill('Li Ming');
      await page.locator('#password').fill('a wrong password');
      await page.locator('#totp').fill(totp(secret));
      await page.locator('button[type=submit]').click();
      await page.locator('[role=alert] .notice').waitFor();
      await page.locator('#password').fill(kPassword);
      await page.locator('#totp').fill(totp(secret));
      await page.locator('button[type=submit]').click();
      await page.locator('.bureau').waitFor();
      await focusIsOn('main h1');
    });

    test('a checkpoint activates a pending code, and the wallet has a green one after a tap', async () => {
      const code = await liveCode('徐*然');
      await open('checkpoint');
      await inspect('checkpoint');
      await pasteText(page, code);
      await focusIsOn('#who');
      assert.match(await page.locator('.masked').textContent(), /徐\*然/);
      await page.locator('fieldset .tab').first().click();
      await inspect('checkpoint-found');
      await page.locator('button.primary.tall').click();
      await page.locator('.done[data-colour=green]').waitFor();
      await focusIsOn('#done');
      await inspect('checkpoint-done');
      await wallet.bringToFront();
      await wallet.locator('.pending .renew').click();
      await wallet.locator('.pending').waitFor({ state: 'detached' });
    });

    test('a resident contests a colour with a tap, and sees the outcome', async () => {
      await liveCode('陈*红');
      const why = wallet.locator('.why');
      await why.waitFor();
      await inspectScreen(wallet, `bureau-${name}-wallet-why`);
      await why.locator('button').click();
      await wallet.locator('#words').waitFor();
      await inspectScreen(wallet, `bureau-${name}-wallet-appeal`);
      await wallet.locator('button[type=submit]').click();
      await why.locator('.with-icon').waitFor();
      await open('appeals');
      await page.locator('main .choice').first().waitFor();
      await inspect('appeals');
      await page.locator('main .choice').first().click();
      await page.locator('#words').waitFor();
      await open('appeals');
      await page.locator('main .choice').first().click();
      await page.locator('#words').waitFor();
      await page.locator('fieldset .tab').first().click();
      await inspect('appeal');
      await page.locator('main button[type=submit]').click();
      await focusIsOn('#decided[role=status]');
      await inspect('appeals-decided');
      await wallet.bringToFront();
      await wallet.reload();
      await wallet.locator('.tab', { hasText: '陈*红' }).click();
      await wallet.locator('.granted strong').waitFor();
      assert.equal(await why.count(), 0, 'green by now');
      await inspectScreen(wallet, `bureau-${name}-wallet-granted`);
    });

    test('a case with its log; a fact turns it by a rule', async () => {
      const code = await liveCode('李*');
      await open('case');
      await pasteText(page, code);
      await page.locator('case-log').waitFor();
      await focusIsOn('#who');
      await inspect('case');
      await page.locator('#change-open').click();
      await focusIsOn('#change');
      await open('case');
      await page.locator('main liangma-scanner').waitFor();
      assert.equal(await page.locator('case-log').count(), 0, 'chosen again, a task starts anew');
    });

    test('a list is read, shown before it is sent, and can be taken back', async () => {
      await open('import');
      await inspect('import');
      const heading = await page.evaluate(() => decodeURIComponent(document.querySelector('a[download]').href.split(',').slice(1).join(',')));
      const row = name.startsWith('zh') ? '密切接触,2020-02-11,流调' : 'contact,2020-02-11,tracing';
      await page.locator('input[type=file]').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(`${heading}${kNumber},${row}\r\n`) });
      await page.locator('#preview').waitFor();
      assert.ok(!(await page.locator('table').textContent()).includes(kNumber), 'no whole ID number on screen');
      await inspect('import-preview');
      await page.locator('main .button.primary').click();
      await page.locator('.button.danger').waitFor();
      await focusIsOn('#import');
      await page.locator('.button.danger').click();
      await page.locator('.button.danger').waitFor({ state: 'detached' });
      await inspect('import-undone');
    });

    test('a long log shows its older records when asked', async () => {
      const isFirstPage = /\/api\/staff\/cases\/[^/]+\/log$/;
      let whole;
      await page.route(isFirstPage, async (route) => {
        const response = await route.fetch();
        whole = (await response.json()).records;
        await route.fulfill({ response, json: { records: whole.slice(0, 1) } });
      });
      await open('case');
      await pasteText(page, await liveCode('陈*红'));
      const records = page.locator('case-log .log > li');
      await records.first().waitFor();
      await page.unroute(isFirstPage);
      assert.ok(whole.length > 1);
      assert.equal(await records.count(), 1);
      await page.locator('case-log .older').click();
      await focusIsOn('case-log .log > li:nth-child(2)');
      assert.equal(await records.count(), whole.length);
      await page.locator('case-log .older').waitFor({ state: 'detached' });
    });

    test('a list without a good line offers no import', async () => {
      await open('import');
      await page.locator('input[type=file]').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('ID number,kind,day,evidence\r\n1,2,3,4') });
      await page.locator('.faults').waitFor();
      assert.equal(await page.locator('main .button.primary').count(), 0);
      await inspect('import-bad');
    });

    test('a list goes on while somebody is at another task, and is there when they come back', async () => {
      const leaving = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
      const row = (n) => `2020-02-11,${withCheckDigit(`33010619900101${String(n).padStart(3, '0')}`)},tracing,contact`;
      const text = ['day,ID number,evidence,kind', ...Array.from({ length: 150 }, (_, n) => row(n))].join('\r\n');
      await page.evaluate(() => {
        const { fetch } = window;
        const released = new Promise((resolve) => (window.releaseImports = resolve));
        window.fetch = async (...args) => (String(args[0]).endsWith('/imports') && (await released), fetch(...args));
      });
      await open('import');
      await page.locator('input[type=file]').setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.locator('#preview').waitFor();
      assert.match(await page.locator('tbody td').nth(2).textContent(), name.startsWith('zh') ? /^2020年2月11日$/ : /^11 Feb 2020$/);
      assert.ok(!(await leaving()));
      await page.locator('main .button.primary').click();
      await page.locator('progress').waitFor();
      await open('figures');
      await open('import');
      assert.equal(await page.locator('progress').getAttribute('max'), '150');
      await inspect('import-sending');
      assert.ok(await leaving(), 'the browser asks before it drops the rest');
      await page.evaluate(() => window.releaseImports());
      await page.locator('main dl').waitFor();
      assert.ok(!(await leaving()));
      await inspect('import-done');
      await open('import');
      await page.locator('.button.danger').click();
      await page.locator('.button.danger').waitFor({ state: 'detached' });
    });

    test('figures by colour, region, day and organisation', async () => {
      await open('figures');
      await page.locator('.tiles').waitFor();
      const regions = (await page.locator('section[aria-labelledby=region] tbody th').allTextContents()).sort();
      assert.match(regions.at(-1), name.startsWith('zh') ? /^440403 珠海市斗门区$/ : /^440403 Doumen, Zhuhai$/);
      assert.ok((await page.locator('#region').count()) && (await page.locator('#day').count()) && (await page.locator('#work').count()));
      await inspect('figures');
    });

    test('news is published, reaches the wallet, and can be withdrawn', async () => {
      await open('news');
      await page.locator('#title-zh-Hans').fill('社区核酸检测');
      await page.locator('#title-en').fill('Tests in the community');
      await page.locator('#url').fill('https://tests.example/');
      await page.locator('main button[type=submit]').click();
      await page.locator('.news-foot').waitFor();
      await focusIsOn('#published');
      await inspect('news');
      await wallet.bringToFront();
      await wallet.goto(`${server.origin}/wallet/#more`);
      await wallet.reload();
      const link = wallet.locator('news-list a');
      await link.waitFor();
      assert.equal(await link.getAttribute('href'), 'https://tests.example/');
      assert.match(await link.textContent(), name.startsWith('zh') ? /社区核酸检测/ : /Tests in the community/);
      await inspectScreen(wallet, `bureau-${name}-wallet-news`);
      await page.bringToFront();
      await page.locator('.news-foot .button').click();
      await page.locator('.news-foot').waitFor({ state: 'detached' });
    });

    test('areas at risk, and staff', async () => {
      for (const task of ['areas', 'staff']) {
        await open(task);
        await page.waitForTimeout(300);
        await inspect(task);
      }
    });

    test('a passkey made by an invitation signs in', async () => {
      const cdp = await device.context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      });
      const signOut = async () => {
        await unfoldMenu(page.locator('.account .button').last());
        await page.locator('.account .button').last().click();
        await page.locator('#name').waitFor();
      };
      await page.bringToFront();
      await signOut();
      await page.locator('button.plain').last().click();
      await page.locator('#code').fill(invite('Wang Fang', 'reviewer'));
      await page.locator('button[type=submit]').click();
      await page.locator('section.card .button.primary').click();
      await page.locator('.bureau').waitFor();
      assert.equal(await page.locator('nav a[href="#staff"]').count(), 0, 'a reviewer does not manage staff');
      await signOut();
      await page.locator('.button.primary.tall').click();
      await page.locator('.bureau').waitFor();
    });

    test('no policy was violated, and nobody else was asked', () => device.assertClean(server.origin));
  });
