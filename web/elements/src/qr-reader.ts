// SPDX-License-Identifier: Apache-2.0

/** Anything a picture can be read from. */
export type Picture = HTMLCanvasElement | ImageBitmap | HTMLVideoElement;
/** Gives the text of a QR code in a picture; undefined where there is none. */
export type Reader = (picture: Picture) => Promise<string | undefined>;

interface Detector {
  detect(picture: Picture): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

let readerUrl = '';

/** Says where zxing_reader.wasm is served. Absent: beside this module. Call it before the first scan. */
export function setReaderUrl(url: string): void {
  readerUrl = url;
}

async function nativeReader(): Promise<Reader | undefined> {
  const Detector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!Detector) return undefined;
  try {
    if (!(await Detector.getSupportedFormats()).includes('qr_code')) return undefined;
    const detector = new Detector({ formats: ['qr_code'] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue;
  } catch {
    return undefined;
  }
}

const canvas = typeof document === 'undefined' ? undefined : document.createElement('canvas');
const kMaxSidePixels = 1600;

function pixelsOf(picture: Picture): ImageData | undefined {
  const video = picture instanceof HTMLVideoElement;
  const width = video ? picture.videoWidth : picture.width;
  const height = video ? picture.videoHeight : picture.height;
  const context = canvas?.getContext('2d', { willReadFrequently: true });
  if (!canvas || !context || !width || !height) return undefined;
  const scale = Math.min(1, kMaxSidePixels / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function zxingReader(): Promise<Reader> {
  const zxing = await import('zxing-wasm/reader');
  const url = readerUrl || new URL('./zxing_reader.wasm', import.meta.url).href;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => url }, fireImmediately: true });
  return async (picture) => {
    const pixels = pixelsOf(picture);
    if (!pixels) return undefined;
    const found = await zxing.readBarcodes(pixels, { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true });
    return found.find((one) => one.isValid)?.text;
  };
}

let reader: Promise<Reader> | undefined;

/** The browser's own reader where it knows QR codes, or else zxing. Rejects where zxing cannot be loaded. */
export function loadReader(): Promise<Reader> {
  reader ??= nativeReader().then((native) => native ?? zxingReader());
  reader.catch(() => (reader = undefined));
  return reader;
}

/** Why an image gave no text: it shows no QR code · it is no image · the reader could not be loaded. */
export type ImageTrouble = 'none' | 'file' | 'reader';

/** Reads the QR code in an image file. Never rejects. */
export async function readImage(
  file: Blob,
): Promise<{ readonly text: string } | { readonly trouble: ImageTrouble }> {
  const reader = await loadReader().catch(() => undefined);
  if (!reader) return { trouble: 'reader' };
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return { trouble: 'file' };
  const text = await reader(picture).catch(() => undefined);
  picture.close();
  return text ? { text } : { trouble: 'none' };
}
