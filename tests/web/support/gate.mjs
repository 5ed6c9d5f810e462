// SPDX-License-Identifier: Apache-2.0

/** Waits until the gate's whole screen says this, then until it is ready for the next person. */
export async function answered(page, decision, words) {
  const answer = page.locator(`.answer[data-decision=${decision}]`);
  await answer.filter({ hasText: words }).waitFor();
  await page.locator('.answer').waitFor({ state: 'detached' });
}
