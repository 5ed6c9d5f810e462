// SPDX-License-Identifier: Apache-2.0

/** Waits until the gate's whole screen says this, line breaks aside, then until it is ready for the next person. */
export async function answered(page, decision, words) {
  const answer = page.locator(`.answer[data-decision=${decision}]`);
  await answer.filter({ hasText: new RegExp(words.source, 's') }).waitFor();
  await page.locator('.answer').waitFor({ state: 'detached' });
}

/** Opens a gate at the door that takes anyone's code; a gate remembers its door. */
export async function openGate(device, server) {
  const page = await device.page();
  await page.goto(`${server.origin}/gate/`);
  const door = page.getByRole('button', { name: /^(一般场所|Any door)/ });
  const scanner = page.locator('liangma-scanner');
  await door.or(scanner).first().waitFor();
  if (await door.isVisible()) await door.click();
  await scanner.waitFor();
  return page;
}
