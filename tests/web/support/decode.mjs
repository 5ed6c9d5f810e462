// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { importFromWeb, resolveFromWeb } from './paths.mjs';

const zxing = await importFromWeb('zxing-wasm/reader');
await zxing.prepareZXingModule({
  overrides: { wasmBinary: readFileSync(resolveFromWeb('zxing-wasm/reader/zxing_reader.wasm')) },
  fireImmediately: true,
});

/** What zxing reads in a picture file; undefined: nothing. @param image  bytes of a PNG or JPEG */
export async function readWithZxing(image) {
  const found = await zxing.readBarcodes(new Blob([image]), { formats: ['QRCode'], maxNumberOfSymbols: 1 });
  return found.find((one) => one.isValid)?.text;
}

/** What zbar reads in a picture file; undefined: nothing. @param image  bytes of a PNG or JPEG */
export function readWithZbar(image) {
  const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', '-'], { input: image });
  return stdout.toString('utf8').trimEnd() || undefined;
}
