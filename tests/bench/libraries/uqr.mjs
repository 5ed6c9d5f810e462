// SPDX-License-Identifier: Apache-2.0
import { encode } from 'uqr';

const options = { ecc: 'M', border: 0 };

export const uqr = (text) => encode(text, options);

export const uqrModules = (symbol) => ({ sizeModules: symbol.size, dark: (x, y) => symbol.data[y][x] });
