// SPDX-License-Identifier: Apache-2.0
// What every lane of the package has.
export { TrustedClock } from './clock.js';
export { fromBase64Url, toBase64Url } from './bytes.js';
export * from './error-codes.js';
export { Gate, type GateOptions } from './gate.js';
export type * from './gate-types.js';
export type * from './host.js';
export { memoryStorage } from './hosts/memory-storage.js';
export { loadGate, loadWallet, type JsModule, type LoadOptions } from './load.js';
export { pickLocale, pickName } from './locale.js';
export type * from './modules.js';
export * from './outcome.js';
export { readQueueTicket, type QueueTicket } from './queue-ticket.js';
export { SafeStore } from './store.js';
export { Server } from './server.js';
export type * from './types.js';
export type * from './wallet-types.js';
export { Wallet, type WalletOptions } from './wallet.js';
