// SPDX-License-Identifier: Apache-2.0
export * from './code.js';
export * from './scanner.js';
export * from './colour-mark.js';
export * from './texts.js';
