// SPDX-License-Identifier: Apache-2.0
import { etc, sign, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2';
import { cborX } from '../libraries/cbor-x.mjs';
import { leanQr, leanQrModules } from '../libraries/lean-qr.mjs';
import { createLm1 } from '../lm1.mjs';

etc.sha512Sync = (...messages) => sha512(etc.concatBytes(...messages));

export const contender = {
  ...createLm1({
    cbor: cborX,
    sha256,
    signer: (seed32) => (message) => sign(message, seed32),
    verifier: (public32) => (message, signature64) => verify(signature64, message, public32, { zip215: false }),
    draw: leanQr,
  }),
  modules: leanQrModules,
};
