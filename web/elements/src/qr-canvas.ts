// SPDX-License-Identifier: Apache-2.0
import type { QrSymbol } from 'liangma';

/** Light modules around a symbol, as ISO/IEC 18004 asks. */
export const kQuietModules = 4;

/**
 * The largest side in device pixels at which every module has the same whole number of pixels.
 *
 * @param sizeModules      21..177, without the quiet zone
 * @param availablePixels  device pixels at hand; never below one pixel a module
 */
export function symbolSidePixels(sizeModules: number, availablePixels: number): number {
  const modules = sizeModules + 2 * kQuietModules;
  return Math.max(1, Math.floor(availablePixels / modules)) * modules;
}

function drawRow(context: CanvasRenderingContext2D, symbol: QrSymbol, row: number, unit: number): void {
  const { sizeModules, modules } = symbol;
  let start = -1;
  for (let column = 0; column <= sizeModules; column++) {
    const dark = column < sizeModules && modules[row * sizeModules + column] === 1;
    if (dark && start < 0) start = column;
    if (dark || start < 0) continue;
    context.fillRect((start + kQuietModules) * unit, (row + kQuietModules) * unit, (column - start) * unit, unit);
    start = -1;
  }
}

/**
 * Draws a symbol, quiet zone included, dark on white whatever the page's colours are.
 *
 * @param cssPixels   room at hand on a side, CSS pixels
 * @param pixelRatio  device pixels per CSS pixel
 */
export function drawSymbol(canvas: HTMLCanvasElement, symbol: QrSymbol, cssPixels: number, pixelRatio: number): void {
  const side = symbolSidePixels(symbol.sizeModules, Math.floor(cssPixels * pixelRatio));
  if (canvas.width !== side) canvas.width = canvas.height = side;
  canvas.style.width = canvas.style.height = `${side / pixelRatio}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.fillStyle = '#000';
  const unit = side / (symbol.sizeModules + 2 * kQuietModules);
  for (let row = 0; row < symbol.sizeModules; row++) drawRow(context, symbol, row, unit);
}
