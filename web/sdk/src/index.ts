// SPDX-License-Identifier: Apache-2.0
export * from './outcome.js';
export * from './error-codes.js';
export type * from './types.js';
export type * from './host.js';
export type * from './modules.js';
export type * from './wallet-types.js';
