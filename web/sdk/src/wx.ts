// SPDX-License-Identifier: Apache-2.0
// The package for a WeChat mini-program: one CommonJS file beside its WebAssembly files.
export * from './common.js';
export { wxHost, type WxApi, type WxHostOptions, type WxWebAssembly } from './hosts/wx.js';
