// SPDX-License-Identifier: Apache-2.0
// <liangma-code> in the hands of a page that gives it less than all, or something that throws.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Device } from './support/browser.mjs';
import { repository } from './support/paths.mjs';
import { DemoServer } from './support/server.mjs';
import { codeShown, enrol } from './support/wallet.mjs';

test('types: a listener knows what its event carries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'liangma-types-'));
  const modules = join(repository, 'web/node_modules');
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'use.ts'),
    `import 'liangma-elements';
     const scanner = document.querySelector('liangma-scanner')!;
     scanner.addEventListener('liangma-scan', (event) => event.detail.text.trim());
     scanner.addEventListener('click', (event) => event.clientX);
     document.querySelector('liangma-code')!.addEventListener('liangma-error', (event) => event.detail.code.length);`,
  );
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const { status, stdout } = spawnSync(process.execPath, [join(modules, 'typescript/bin/tsc'), ...strict, 'use.ts'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stdout);
});

test('the README’s page works with a new wallet and with one that is not', async () => {
  const readme = readFileSync(join(repository, 'web/elements/README.md'), 'utf8');
  const script = /<script type="module">(.*?)<\/script>/s.exec(readme)[1].replace(/^ *import .*$/gm, '');
  const AsyncFunction = (async () => {}).constructor;
  const page = new AsyncFunction('browserHost', 'loadWallet', 'Wallet', 'document', 'ticketFromYourLogin', script);
  const person = { id: 'p', colour: 'green', maskedName: '张*丰', idTail: '0011' };
  for (const people of [[], [person]]) {
    const asked = [];
    const wallet = { people: () => people, enrol: async (ticket) => (asked.push(ticket), { ok: true, value: person }), frame: (id) => id };
    const code = {};
    await page(() => ({}), async () => ({}), { open: async () => wallet }, { querySelector: () => code }, 'T1');
    assert.deepEqual([code.maskedName, code.frame(), asked], ['张*丰', 'p', people.length ? [] : ['T1']]);
  }
});

describe('<liangma-code>', () => {
  let server, device, page;

  before(async () => {
    server = await new DemoServer().start();
    device = await Device.start();
    page = await enrol(device, server, '张*丰');
  });
  after(async () => {
    await device?.stop();
    await server?.remove();
  });

  /** Adds an element, set up in the page, in place of everything else. */
  async function add(setUp) {
    await page.evaluate((text) => {
      const element = document.createElement('liangma-code');
      element.setAttribute('locale', 'zh-Hans');
      window.errors = [];
      element.addEventListener('liangma-error', ({ detail }) => window.errors.push([detail.code, String(detail.cause)]));
      if (text === 'throws') element.frame = () => { throw new Error('no wallet'); };
      if (text === 'promises') element.frame = async () => ({ ok: true });
      if (text === 'gives nothing') element.frame = () => ({ ok: true, value: {} });
      if (text === 'fails without an id') element.frame = () => ({ ok: false, code: 'whatever' });
      if (text === 'comes with an unknown colour') Object.assign(element, { colour: 'blue', frame: document.querySelector('liangma-code').frame });
      element.addEventListener('liangma-frame', () => window.errors.push('a frame'));
      if (text === 'live') element.frame = document.querySelector('liangma-code').frame;
      document.body.replaceChildren(element);
    }, setUp);
    await page.waitForTimeout(2500);
    return page.locator('liangma-code').locator('.code, .failure');
  }

  test('shows a code without a colour as a code, and tells none', async () => {
    const element = await add('live');
    await codeShown(page);
    assert.doesNotMatch(await element.innerText(), /待定|核实|绿码/);
  });

  test('without a frame it tells neither a colour nor a time', async () => {
    const element = await add('bare');
    assert.equal((await element.innerText()).trim(), '正在准备…');
  });

  for (const [setUp, cause] of [['throws', 'Error: no wallet'], ['promises', 'TypeError: frame must return an outcome'],
    ['gives nothing', 'TypeError: frame must give a frame'], ['fails without an id', 'TypeError: frame must return an outcome'],
    ['comes with an unknown colour', 'TypeError: colour must be green, yellow, red, pending or absent']]) {
    test(`a frame that ${setUp} is an error on screen, told once`, async () => {
      const element = await add(setUp);
      assert.match(await element.innerText(), /现在亮不了码.*程序/s);
      assert.deepEqual(await page.evaluate(() => window.errors), [['internal.error', cause]]);
      device.assertClean(server.origin);
    });
  }
});
