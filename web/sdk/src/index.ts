// SPDX-License-Identifier: Apache-2.0
export * from './common.js';
export { browserHost, type BrowserHostOptions } from './hosts/browser.js';
export { wxHost, type WxApi, type WxHostOptions, type WxWebAssembly } from './hosts/wx.js';
