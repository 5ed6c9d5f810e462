// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { importFromWeb, resolveFromWeb } from './paths.mjs';

const writer = await importFromWeb('zxing-wasm/writer');
await writer.prepareZXingModule({
  overrides: { wasmBinary: readFileSync(resolveFromWeb('zxing-wasm/writer/zxing_writer.wasm')) },
  fireImmediately: true,
});

const kWidth = 640;
const kHeight = 480;
const kHead = `YUV4MPEG2 W${kWidth} H${kHeight} F10:1 Ip C420jpeg\nFRAME\n`;
const kTable = 60;
const kQuietModules = 4;
const kDegrees = 3;

/** The symbol of a text: one number a module, 0 dark. */
async function symbolOf(text) {
  const { symbol, error } = await writer.writeBarcode(text, { format: 'QRCode', ecLevel: 'M', withQuietZones: false });
  if (!symbol) throw new Error(`no symbol: ${error}`);
  return symbol;
}

/** A phone with a symbol on its screen, held a little askew before a dark table. @returns luminance, row by row */
function photograph({ data, width: size }) {
  const picture = new Uint8Array(kWidth * kHeight).fill(kTable);
  const modules = size + 2 * kQuietModules;
  const pixels = (0.9 * kHeight) / modules;
  const [cos, sin] = [Math.cos((kDegrees * Math.PI) / 180), Math.sin((kDegrees * Math.PI) / 180)];
  for (let y = 0; y < kHeight; y++) {
    for (let x = 0; x < kWidth; x++) {
      const [dx, dy] = [x - kWidth / 2, y - kHeight / 2];
      const column = Math.floor((dx * cos + dy * sin) / pixels + modules / 2) - kQuietModules;
      const row = Math.floor((dy * cos - dx * sin) / pixels + modules / 2) - kQuietModules;
      const margin = Math.max(-row, -column, row - size + 1, column - size + 1);
      if (margin > kQuietModules) continue;
      picture[y * kWidth + x] = margin > 0 || data[row * size + column] !== 0 ? 235 : 25;
    }
  }
  return picture;
}

/** A camera whose picture can be changed while a browser looks through it: the browser reads the file frame by frame. */
export class LiveCamera {
  #file;

  /** @param path  of a file to make; start the browser with it */
  constructor(path) {
    this.path = path;
    const frame = Buffer.alloc(kWidth * kHeight * 1.5, 128);
    frame.fill(kTable, 0, kWidth * kHeight);
    writeFileSync(path, Buffer.concat([Buffer.from(kHead), frame]));
    this.#file = openSync(path, 'r+');
  }

  /** Holds a phone with a text's symbol before the camera. @returns when it was in view, Unix milliseconds */
  async show(text) {
    return this.#see(photograph(await symbolOf(text)));
  }

  /** Takes the phone away. */
  clear() {
    return this.#see(new Uint8Array(kWidth * kHeight).fill(kTable));
  }

  close() {
    closeSync(this.#file);
  }

  #see(luminance) {
    writeSync(this.#file, luminance, 0, luminance.length, kHead.length);
    return Date.now();
  }
}
