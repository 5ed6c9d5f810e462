// SPDX-License-Identifier: Apache-2.0

const kKey = 'liangma.desk.pass';

/** Takes the desk's pass out of the address, so that it is neither shown nor kept in the history. */
export function takePass(): string {
  const named = new URLSearchParams(location.hash.slice(1)).get('token');
  if (named) {
    history.replaceState(null, '', location.pathname + location.search);
    keepPass(named);
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
