// SPDX-License-Identifier: Apache-2.0

/** The 32 bytes of an Ed25519 public key. Not by JWK: while that is written, Node 20 may collect garbage and lock up. */
export const rawPublic = ({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
