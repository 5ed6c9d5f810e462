// SPDX-License-Identifier: Apache-2.0

const kKey = 'liangma.desk.pass';
const kBaseKey = 'liangma.desk.base';
const kFirstBase = '/api/clinic';

/** Takes the desk's pass out of the address, so that it is neither shown nor kept in the history. */
export function takePass(): string {
  const named = new URLSearchParams(location.hash.slice(1));
  const [pass, base] = [named.get('token'), named.get('base')];
  if (pass) {
    history.replaceState(null, '', location.pathname + location.search);
    keepPass(pass);
    sessionStorage.setItem(kBaseKey, base && isPath(base) ? base : kFirstBase);
  }
  return sessionStorage.getItem(kKey) ?? '';
}

/** Keeps it until this tab is closed. */
export function keepPass(pass: string): void {
  sessionStorage.setItem(kKey, pass);
}

export function forgetPass(): void {
  sessionStorage.removeItem(kKey);
}

/** Where this hospital's API is, below the page's own origin. */
export function clinicBase(): string {
  return sessionStorage.getItem(kBaseKey) ?? kFirstBase;
}

function isPath(text: string): boolean {
  return /^\/api\/[a-z0-9/-]{1,64}$/.test(text);
}
