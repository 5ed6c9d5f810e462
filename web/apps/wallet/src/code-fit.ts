// SPDX-License-Identifier: Apache-2.0

/**
 * How the code screen makes room for the QR: "normal", the foot staying in view · "loose", the foot after everything
 * else · "compact", the QR before everything else.
 */
type Fit = 'normal' | 'loose' | 'compact';

/** Below this a 77-module symbol no longer has three pixels a module on the plainest screen. */
const kLeastPixels = 240;
/** The texts beside the QR need that much, in characters of the page's size. */
const kTextsEm = 9;
const kMarginPixels = 8;

function topOf(element: Element): number {
  return element.getBoundingClientRect().top + window.scrollY;
}

function fitBar(page: HTMLElement): void {
  const bar = page.querySelector<HTMLElement>('.bar')!;
  const name = bar.querySelector<HTMLElement>('.name')!;
  name.hidden = false;
  const more = bar.querySelector<HTMLElement>('.more')!;
  name.hidden = name.offsetWidth + more.offsetWidth > bar.clientWidth;
}

/** What the window has left for the symbol. @param below  what has to stay in view below it, CSS pixels */
function roomAbove(code: HTMLElement, below: number): number {
  const symbol = code.shadowRoot?.querySelector('.symbol') ?? code;
  return document.documentElement.clientHeight - topOf(symbol) - below;
}

function textsBelow(code: HTMLElement): number {
  const symbol = code.shadowRoot?.querySelector('.symbol');
  return symbol ? code.getBoundingClientRect().bottom - symbol.getBoundingClientRect().bottom : 0;
}

/** Puts the QR first, its texts beside it where the window is wide enough. */
function arrangeCompact(code: HTMLElement): number {
  const { clientHeight, clientWidth } = document.documentElement;
  code.setAttribute('compact', 'below');
  const room = clientHeight - 2 * topOf(code);
  const textsPixels = kTextsEm * parseFloat(getComputedStyle(document.documentElement).fontSize);
  if (clientWidth - room >= textsPixels) code.setAttribute('compact', 'beside');
  return room;
}

/** Arranges the page. @returns how tall the symbol may be, CSS pixels */
function arrange(page: HTMLElement, code: HTMLElement, fit: Fit): number {
  page.dataset['fit'] = fit;
  if (fit === 'compact') return arrangeCompact(code);
  code.removeAttribute('compact');
  fitBar(page);
  const foot = page.querySelector<HTMLElement>('.foot')?.offsetHeight ?? 0;
  if (fit === 'normal') return roomAbove(code, foot + textsBelow(code));
  const room = roomAbove(code, textsBelow(code));
  return room >= kLeastPixels ? room : roomAbove(code, kMarginPixels);
}

/** Has neither the foot nor the window's edge cut one of the other buttons: what is covered comes into view by scrolling. */
function clearFoot(page: HTMLElement): void {
  const bottom = document.documentElement.clientHeight;
  const footTop = bottom - page.querySelector<HTMLElement>('.foot')!.offsetHeight;
  for (const button of page.querySelectorAll<HTMLElement>('.others > .button')) {
    button.style.removeProperty('margin-block-start');
    const top = topOf(button);
    const edge = [footTop, bottom].find((each) => top < each && each < top + button.offsetHeight);
    const isCut = page.dataset['fit'] === 'normal' && edge !== undefined;
    if (isCut) button.style.setProperty('margin-block-start', `${Math.ceil(edge - top)}px`);
  }
}

/** Keeps the whole QR in view without scrolling, however small the window, however large the text. */
export function fitCode(page: HTMLElement): void {
  const code = page.querySelector('liangma-code');
  if (!code) return void delete page.dataset['fit'];
  let room = 0;
  for (const fit of ['normal', 'loose', 'compact'] as const) {
    room = Math.floor(arrange(page, code, fit));
    if (room >= kLeastPixels) break;
  }
  code.style.setProperty('--liangma-symbol-max', `${room}px`);
  clearFoot(page);
}
