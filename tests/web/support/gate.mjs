// SPDX-License-Identifier: Apache-2.0

/** Puts the answer on screen away, as a clerk does who has no time, until the gate is ready for the next person. */
export async function putAway(page) {
  await page.keyboard.press('Escape');
  await page.locator('.answer').waitFor({ state: 'detached' });
}

/** Waits until the gate's whole screen says this, line breaks aside, and puts it away. */
export async function answered(page, decision, words) {
  const answer = page.locator(`.answer[data-decision=${decision}]`);
  await answer.filter({ hasText: new RegExp(words.source, 's') }).waitFor();
  await putAway(page);
}

/** Opens a gate at the door that takes anyone's code, of any region; a gate remembers its door. */
export async function openGate(device, server) {
  const page = await device.page();
  await page.goto(`${server.origin}/gate/`);
  const region = page.getByLabel(/^(地区|Region)$/);
  const scanner = page.locator('liangma-scanner');
  await region.or(scanner).first().waitFor();
  if (await region.isVisible()) {
    await chooseAnyRegion(page);
    await page.getByRole('button', { name: /^(一般场所|Any door)/ }).click();
  }
  await scanner.waitFor();
  return page;
}

/** Among the regions of a gate: none, so that the doors of the trust list are offered. */
export async function chooseAnyRegion(page) {
  await page.getByLabel(/^(地区|Region)$/).selectOption('any');
}
