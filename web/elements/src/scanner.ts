// SPDX-License-Identifier: Apache-2.0
import { LiangmaScanner } from './liangma-scanner.js';

if (!customElements.get('liangma-scanner')) customElements.define('liangma-scanner', LiangmaScanner);

export { LiangmaScanner };
export type { LiangmaScannerEventMap, ScanDetail, ScannerState, ScanSource } from './liangma-scanner.js';
export { readImage, setReaderUrl, type ImageTrouble } from './qr-reader.js';
