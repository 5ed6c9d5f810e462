// SPDX-License-Identifier: Apache-2.0
import { concat } from '../bytes.mjs';
import { cborgStrict } from '../libraries/cborg.mjs';
import { leanQr, leanQrModules } from '../libraries/lean-qr.mjs';
import { createLm1 } from '../lm1.mjs';

const { subtle } = globalThis.crypto;
/** PrivateKeyInfo (RFC 8410) up to the seed. */
const pkcs8Head = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

export const contender = {
  ...createLm1({
    cbor: cborgStrict,
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes)),
    async signer(seed32) {
      const key = await subtle.importKey('pkcs8', concat([pkcs8Head, seed32]), 'Ed25519', false, ['sign']);
      return async (message) => new Uint8Array(await subtle.sign('Ed25519', key, message));
    },
    async verifier(public32) {
      const key = await subtle.importKey('raw', public32, 'Ed25519', false, ['verify']);
      return (message, signature64) => subtle.verify('Ed25519', key, signature64, message);
    },
    draw: leanQr,
  }),
  modules: leanQrModules,
};
