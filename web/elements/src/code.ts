// SPDX-License-Identifier: Apache-2.0
import { LiangmaCode } from './liangma-code.js';

if (!customElements.get('liangma-code')) customElements.define('liangma-code', LiangmaCode);

export { LiangmaCode };
export type { LiangmaCodeEventMap } from './liangma-code.js';
export { drawSymbol, symbolSidePixels, kQuietModules } from './qr-canvas.js';
