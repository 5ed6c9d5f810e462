// SPDX-License-Identifier: Apache-2.0
import { sha256 } from '@noble/hashes/sha2'; // libsodium-wrappers leaves SHA-256 out
import sodium from 'libsodium-wrappers';
import { cborgStrict } from '../libraries/cborg.mjs';
import { leanQr, leanQrModules } from '../libraries/lean-qr.mjs';
import { createLm1 } from '../lm1.mjs';

const lm1 = createLm1({
  cbor: cborgStrict,
  sha256,
  signer(seed32) {
    const { privateKey } = sodium.crypto_sign_seed_keypair(seed32);
    return (message) => sodium.crypto_sign_detached(message, privateKey);
  },
  verifier: (public32) => (message, signature64) => sodium.crypto_sign_verify_detached(signature64, message, public32),
  draw: leanQr,
});

/** Opens a part once libsodium is there. */
const whenReady = (open) => async (payload) => {
  await sodium.ready;
  return open(payload);
};

export const contender = {
  openHolder: whenReady(lm1.openHolder),
  openGate: whenReady(lm1.openGate),
  openIssuer: whenReady(lm1.openIssuer),
  draw: leanQr,
  modules: leanQrModules,
};
