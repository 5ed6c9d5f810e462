// SPDX-License-Identifier: Apache-2.0
import { readWithZxing } from './decode.mjs';

/** Opens a gate that its owner's link makes one that asks, and waits for its question. */
export async function openAskingGate(device, server, { gate, door, names = [] }) {
  const page = await device.page();
  const enrolled = page.waitForResponse((response) => response.url().endsWith('/api/gates'));
  await page.goto(`${server.origin}/gate/#${door}&code=${server.gateCode(gate, ...names)}`);
  if (!(await enrolled).ok()) throw new Error('the gate was not enrolled');
  await page.waitForTimeout(500); // the question of who it was before is taken away
  await questionOf(page);
  return page;
}

/** The question on a gate's screen, read from its picture. @param last  not this one any more */
export async function questionOf(page, last) {
  const canvas = page.locator('.question canvas[width]');
  await canvas.waitFor();
  for (let tries = 0; tries < 50; tries++) {
    const picture = await canvas.screenshot().catch(() => undefined); // it was replaced meanwhile
    const text = picture && (await readWithZxing(picture));
    if (text && text !== last) return text;
    await page.waitForTimeout(200);
  }
  throw new Error('no new question');
}

/** On the wallet: scans a door's question, up to the consent. */
export async function scanAtDoor(wallet, text) {
  await wallet.bringToFront();
  await wallet.getByRole('button', { name: /^(扫门口|Scan at a door)$/ }).click();
  const scanner = wallet.locator('liangma-scanner');
  await scanner.getByRole('button', { name: /^(粘贴|Paste)$/ }).click();
  await scanner.locator('textarea').fill(text);
  await scanner.getByRole('button', { name: /^(读取|Read)$/ }).click();
  await wallet.locator('.facts-list').first().waitFor();
}

/** On the wallet: agrees. @returns a picture of the answer on its screen */
export async function agree(wallet) {
  await wallet.locator('.foot .primary').click();
  await wallet.locator('answer-screen canvas[width]').waitFor();
  return wallet.screenshot();
}

/** Holds a picture up to a gate. */
export async function holdUpPicture(page, buffer) {
  await page.bringToFront();
  await page.locator('input[type=file]').setInputFiles({ name: 'phone.png', mimeType: 'image/png', buffer });
}
