// SPDX-License-Identifier: Apache-2.0

// The session is a bearer token kept until the tab is closed, not a cookie: nothing is sent that this page does
// not send itself, so no other site can use it, and two hospitals' desks can be open in two tabs.
const kSessionKey = 'liangma.desk.session';
const kBaseKey = 'liangma.desk.base';
const kDepartmentKey = 'liangma.desk.department';
const kFirstBase = '/api/clinic';

/** Takes a login code out of the address, so that it is neither shown nor kept. */
export function takeCode(): string {
  const named = new URLSearchParams(location.hash.slice(1));
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  const [code, base] = [named.get('code') ?? '', named.get('base')];
  if (code) {
    forgetSession();
    write(kBaseKey, base && isPath(base) ? base : kFirstBase);
  }
  return code;
}

/** Empty: this desk has to be let in. */
export function keptSession(): string {
  return sessionStorage.getItem(kSessionKey) ?? '';
}

export function keepSession(session: string): void {
  write(kSessionKey, session);
}

export function forgetSession(): void {
  write(kSessionKey, '');
}

/** The department that this tab works for; empty: none was chosen. */
export function keptDepartment(): string {
  return sessionStorage.getItem(kDepartmentKey) ?? '';
}

export function keepDepartment(department: string): void {
  write(kDepartmentKey, department);
}

/** Where this hospital's API is, below the page's own origin. */
export function clinicBase(): string {
  return sessionStorage.getItem(kBaseKey) ?? kFirstBase;
}

function write(key: string, value: string): void {
  if (value) sessionStorage.setItem(key, value);
  else sessionStorage.removeItem(key);
}

function isPath(text: string): boolean {
  return /^\/api\/[a-z0-9/-]{1,64}$/.test(text);
}
