// SPDX-License-Identifier: Apache-2.0
// The types of the files in js/, which are CommonJS.
import type { JsModule } from './load.js';

declare const create: JsModule;
export default create;
