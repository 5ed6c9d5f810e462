// SPDX-License-Identifier: Apache-2.0

/**
 * A photo of a picture as a camera sees a phone: on a dark table, smaller, a little askew.
 *
 * @param page   any page of the device that makes the photo
 * @param image  bytes of a PNG
 * @param view   how the phone is held: fraction of the picture's height, degrees
 * @returns bytes of a JPEG of 1280 x 960
 */
export async function photograph(page, image, { height = 0.92, degrees = 0 } = {}) {
  const base64 = await page.evaluate(async ({ source, height, degrees }) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(source), (one) => one.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(1280, 960);
    const context = canvas.getContext('2d');
    context.fillStyle = '#333';
    context.fillRect(0, 0, 1280, 960);
    context.translate(640, 480);
    context.rotate((degrees * Math.PI) / 180);
    const scale = (960 * height) / picture.height;
    context.scale(scale, scale);
    context.drawImage(picture, -picture.width / 2, -picture.height / 2);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, { source: image.toString('base64'), height, degrees });
  return Buffer.from(base64, 'base64');
}
