// SPDX-License-Identifier: Apache-2.0
// The steps by which the authority's staff come in, one by one, so that a test can bend each.
import { execFileSync } from 'node:child_process';
import { programs } from './programs.mjs';
import { earlierTotp } from './authenticator.mjs';

export const password = 'correct horse battery';

/** An invitation, as whoever holds the data folder makes it. */
export function invite(server, name, ...roles) {
  const asked = roles.flatMap((role) => ['--role', role]);
  return execFileSync(programs.server, ['staff', 'add', name, ...asked, '--data', server.data, '--database', server.database], { encoding: 'utf8' }).trim();
}

export const post = (server, path, body, session) =>
  server.post(`/api/staff${path}`, body, session ? { Authorization: `Bearer ${session}` } : {});
export const get = (server, path, session) =>
  server.call(`/api/staff${path}`, { headers: session ? { Authorization: `Bearer ${session}` } : {} });

export const challenge = async (server) => (await post(server, '/challenges', {})).body.challenge;

/** Somebody who has set a password and signed in with it. `used`: the digits that it took */
export async function withPassword(server, name, ...roles) {
  const code = invite(server, name, ...roles);
  const { totpSecret } = (await post(server, '/invitations', { code })).body;
  const used = await earlierTotp(totpSecret);
  const { status, body } = await post(server, '/invitations/password', { code, password, totp: used });
  if (status !== 201) throw new Error(`no session: ${body.code}`);
  return { ...body, totpSecret, used };
}
