// SPDX-License-Identifier: Apache-2.0
import { failure, type Outcome } from 'liangma';
import { entrance, type NewPasskey, type PasskeyAnswer } from './bureau.js';

/** Whether this browser and this address have passkeys: an address of digits has none. */
export const hasPasskeys =
  'PublicKeyCredential' in window && window.isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

const kEdDsa = -8;
const kEs256 = -7;

/** Makes a passkey on this device, or on one that the browser reaches. @error staff.passkey-refused, net.* */
export async function makePasskey(member: { readonly id: string; readonly name: string }): Promise<Outcome<NewPasskey>> {
  const asked = await entrance.challenge();
  if (!asked.ok) return asked;
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: decode(asked.value.challenge),
    rp: { name: 'Liangma' },
    user: { id: decode(member.id), name: member.name, displayName: member.name },
    pubKeyCredParams: [kEdDsa, kEs256].map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'none',
  };
  const made = await ask(() => navigator.credentials.create({ publicKey }));
  if (!made) return failure('staff.passkey-refused');
  const response = made.response as AuthenticatorAttestationResponse;
  return { ok: true, value: { clientData: encode(response.clientDataJSON), attestation: encode(response.attestationObject) } };
}

/** Lets the device sign with one of its passkeys. @error staff.passkey-refused, net.* */
export async function usePasskey(): Promise<Outcome<PasskeyAnswer>> {
  const asked = await entrance.challenge();
  if (!asked.ok) return asked;
  const publicKey: PublicKeyCredentialRequestOptions = { challenge: decode(asked.value.challenge), userVerification: 'required' };
  const used = await ask(() => navigator.credentials.get({ publicKey }));
  if (!used) return failure('staff.passkey-refused');
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    ok: true,
    value: {
      credential: used.id,
      clientData: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
    },
  };
}

/** Undefined where whoever holds the device, or the browser, did not want to. */
async function ask(work: () => Promise<Credential | null>): Promise<PublicKeyCredential | undefined> {
  try {
    return ((await work()) as PublicKeyCredential | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function encode(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
