// SPDX-License-Identifier: Apache-2.0
import { correction, generate, mode } from 'lean-qr';

const options = { minCorrectionLevel: correction.M, maxCorrectionLevel: correction.M };

export const leanQr = (text) => generate(mode.alphaNumeric(text), options);

export const leanQrModules = (symbol) => ({ sizeModules: symbol.size, dark: (x, y) => symbol.get(x, y) });
