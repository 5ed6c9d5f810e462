// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFromWeb } from './paths.mjs';

const { chromium } = (await importFromWeb('playwright-core')).default;

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--in-process-gpu',
  '--process-per-site',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages of its own that nobody looks at, and a process kept in reserve: half of what a start costs.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess',
];

const kPatienceMilliseconds = 90_000;

export const phone = { width: 390, height: 844 };

/**
 * A browser with a profile of its own, as one person's device.
 *
 * @param camera   a .mjpeg file that its camera shows
 * @param profile  a profile folder to use; absent: a new, empty one, removed at the end
 */
export class Device {
  static async start({ camera, profile, locale = 'zh-CN', viewport = phone, scale = 1, mobile = true, ...rest } = {}) {
    const device = new Device();
    device.profile = profile ?? mkdtempSync(join(tmpdir(), 'liangma-profile-'));
    device.keepsProfile = profile !== undefined;
    const cameraFlags = camera
      ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`]
      : [];
    const open = () => chromium.launchPersistentContext(device.profile, {
      executablePath: process.env.LIANGMA_CHROMIUM ?? '/usr/bin/chromium',
      headless: false,
      args: [...flags, ...cameraFlags],
      ignoreDefaultArgs: ['--disable-component-extensions-with-background-pages'],
      chromiumSandbox: false,
      locale,
      timezoneId: 'Asia/Shanghai',
      viewport,
      deviceScaleFactor: scale,
      isMobile: mobile,
      hasTouch: mobile,
      reducedMotion: 'reduce', // what moves for ever is drawn by the processor here
      ...rest,
    });
    device.context = await open().catch(open); // Chromium itself crashes while it starts, once in some hundred times
    device.context.setDefaultTimeout(kPatienceMilliseconds);
    await device.#watch();
    return device;
  }

  violations = [];
  requests = [];
  errors = [];
  #isFirstPageTaken = false;

  async #watch() {
    await this.context.exposeBinding('reportViolation', (_source, text) => this.violations.push(text));
    await this.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    this.context.on('request', (request) => this.requests.push(request.url()));
    this.context.on('weberror', (error) => this.errors.push(String(error.error())));
    this.context.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.violations.push(message.text());
    });
  }

  /** A page of its own; the first one is the one that the browser opened with. */
  async page() {
    const [first] = this.#isFirstPageTaken ? [] : this.context.pages();
    this.#isFirstPageTaken = true;
    return first ?? this.context.newPage();
  }

  /** No policy was violated, no script failed, and nothing was asked of anyone but the one server. */
  assertClean(origin) {
    assert.deepEqual(this.violations, []);
    assert.deepEqual(this.errors, []);
    const foreign = this.requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url));
    assert.deepEqual(foreign, []);
  }

  async stop() {
    await this.context.close();
    if (!this.keepsProfile) rmSync(this.profile, { recursive: true, force: true });
  }
}
