// SPDX-License-Identifier: Apache-2.0
import type { StaffSession } from './bureau.js';

// The session is a bearer token kept until the tab is closed, not a cookie: nothing is sent that this page does
// not send itself, so no other site can use it.
const kKey = 'liangma.bureau.session';

/** Takes an invitation's code out of the address, so that it is neither shown nor kept. */
export function takeInvitation(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get('invite') ?? '';
  if (code) {
    history.replaceState(null, '', location.pathname + location.search);
    forgetSession();
  }
  return code;
}

/** Who signed in on this tab; undefined: nobody, or it is too long ago. */
export function keptSession(): StaffSession | undefined {
  const kept = JSON.parse(sessionStorage.getItem(kKey) ?? 'null') as StaffSession | null;
  return kept && kept.expiresAt > Date.now() / 1000 ? kept : undefined;
}

export function keepSession(session: StaffSession): void {
  sessionStorage.setItem(kKey, JSON.stringify(session));
}

export function forgetSession(): void {
  sessionStorage.removeItem(kKey);
}
