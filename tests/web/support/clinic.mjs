// SPDX-License-Identifier: Apache-2.0

/** Opens a hospital's desk at a department and waits for its request. */
export async function openDesk(device, server, { clinic, department = /内科|Internal/ } = {}) {
  const page = await device.page();
  const base = clinic ? `&base=/api/clinics/${clinic}` : '';
  await page.goto(`${server.origin}/desk/#token=${server.deskToken(clinic)}${base}`);
  await page.getByRole('button', { name: department }).click();
  await page.locator('.desk-symbol canvas').waitFor({ state: 'visible' });
  return page;
}

/** A request, straight from the hospital's API. */
export async function askRequest(server, { clinic, department = 'surgery' } = {}) {
  const base = clinic ? `/api/clinics/${clinic}` : '/api/clinic';
  const response = await fetch(`${server.origin}${base}/requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${server.deskToken(clinic)}` },
    body: JSON.stringify({ department }),
  });
  return response.json();
}

/** On the wallet: opens the scanner and pastes a text in place of showing it to the camera. */
export async function pasteRequest(page, text) {
  await page.getByRole('button', { name: /我去就医|See a doctor/ }).click();
  await pasteText(page, text);
}

/** Pastes a text into the scanner on screen. */
export async function pasteText(page, text) {
  const scanner = page.locator('liangma-scanner');
  const field = scanner.locator('textarea');
  if (!(await field.isVisible())) await scanner.getByRole('button', { name: /^(粘贴|Paste)$/ }).click();
  await field.fill(text);
  await scanner.getByRole('button', { name: /^(读取|Read)$/ }).click();
}
