// SPDX-License-Identifier: Apache-2.0

/** Opens the wallet on a device and gets one demo resident's code. */
export async function enrol(device, server, name) {
  const page = await device.page();
  await page.goto(`${server.origin}/wallet/`);
  await page.getByRole('button', { name }).click();
  await codeShown(page);
  return page;
}

/** Waits until a live code is on screen. The pages' policy forbids what waitForFunction() does. */
export async function codeShown(page) {
  await page.locator('liangma-code canvas[width]').waitFor({ state: 'visible' });
}

/** Waits until the page's service worker holds all that the page needs to open without a network. */
export async function keptForOffline(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/** Runs the page on a device whose clock is off. @param seconds  > 0: ahead; < 0: behind */
export async function shiftClock(target, seconds) {
  await target.addInitScript((milliseconds) => {
    const RealDate = Date;
    const now = () => RealDate.now() + milliseconds;
    globalThis.Date = class extends RealDate {
      constructor(...args) {
        super(...(args.length === 0 ? [now()] : args));
      }
      static now() {
        return now();
      }
    };
  }, seconds * 1000);
}
