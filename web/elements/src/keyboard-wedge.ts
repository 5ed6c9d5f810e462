// SPDX-License-Identifier: Apache-2.0

const kMaxGapMilliseconds = 60;
const kMinLength = 4;

function isField(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/**
 * Hears a hand scanner that types what it reads: keystrokes faster than any finger, ending in Enter.
 * What is typed into a form field is left alone.
 */
export class KeyboardWedge {
  #text = '';
  #lastAt = -Infinity;
  readonly #onText: (text: string) => void;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  listen(): void {
    document.addEventListener('keydown', this.#onKey, true);
  }

  stop(): void {
    document.removeEventListener('keydown', this.#onKey, true);
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.composedPath()[0])) return;
    const fast = event.timeStamp - this.#lastAt <= kMaxGapMilliseconds;
    if (event.key === 'Enter') return this.#end(event, fast);
    if (event.key.length !== 1) return;
    this.#lastAt = event.timeStamp;
    this.#text = fast ? this.#text + event.key : event.key;
    if (this.#text.length >= kMinLength) event.preventDefault();
  };

  #end(event: KeyboardEvent, fast: boolean): void {
    const text = this.#text;
    this.#text = '';
    if (!fast || text.length < kMinLength) return;
    event.preventDefault();
    event.stopPropagation();
    this.#onText(text);
  }
}
