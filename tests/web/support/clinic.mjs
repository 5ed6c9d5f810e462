// SPDX-License-Identifier: Apache-2.0
import crypto from 'node:crypto';

const baseOf = (clinic) => (clinic ? `/api/clinics/${clinic}` : '/api/clinic');

/** The address that lets a hospital's desk in, once. */
export function deskAddress(server, clinic) {
  return `${server.origin}/desk/#code=${server.deskCode(clinic)}&base=${baseOf(clinic)}`;
}

/** Opens a hospital's desk at a department and waits for its request. */
export async function openDesk(device, server, { clinic, department = /内科|Internal/ } = {}) {
  const page = await device.page();
  await page.goto(deskAddress(server, clinic));
  await page.getByRole('button', { name: department }).click();
  await requestShown(page);
  return page;
}

export async function requestShown(desk) {
  await desk.locator('.desk-symbol canvas').waitFor({ state: 'visible' });
}

const desks = new Map();

/** As a desk of its own: a call to the hospital's API. */
export async function callAsDesk(server, path, { clinic, body } = {}) {
  const key = `${server.origin} ${clinic}`;
  if (!desks.has(key)) desks.set(key, logIn(server, clinic));
  const response = await fetch(`${server.origin}${baseOf(clinic)}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await desks.get(key)}` },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

async function logIn(server, clinic) {
  const response = await fetch(`${server.origin}${baseOf(clinic)}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: server.deskCode(clinic) }),
  });
  return (await response.json()).session;
}

/** A request, straight from the hospital's API. */
export function askRequest(server, { clinic, department = 'surgery' } = {}) {
  return callAsDesk(server, '/requests', { clinic, body: { department } });
}

/** Calls the next number of a department. */
export function callNext(server, department = 'surgery') {
  return callAsDesk(server, `/queues/${department}/next`, { body: { call: crypto.randomUUID() } });
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
