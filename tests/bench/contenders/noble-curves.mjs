// SPDX-License-Identifier: Apache-2.0
import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';
import { cborX } from '../libraries/cbor-x.mjs';
import { uqr, uqrModules } from '../libraries/uqr.mjs';
import { createLm1 } from '../lm1.mjs';

export const contender = {
  ...createLm1({
    cbor: cborX,
    sha256,
    signer: (seed32) => (message) => ed25519.sign(message, seed32),
    verifier: (public32) => (message, signature64) => ed25519.verify(signature64, message, public32, { zip215: false }),
    draw: uqr,
  }),
  modules: uqrModules,
};
