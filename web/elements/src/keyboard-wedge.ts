// SPDX-License-Identifier: Apache-2.0

/** A text of keystrokes that came faster than this on average was not typed by a person; one may come late. */
const kMaxMeanGapMilliseconds = 60;
const kMaxGapMilliseconds = 500;
const kMinLength = 4;

function isField(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** What a key gives on the layout that hand scanners type on, by its place: plain and with Shift. */
const keysByPlace: { readonly [code: string]: string } = {
  Space: '  ',
  Digit4: '4$',
  Digit5: '5%',
  Digit8: '8*',
  Equal: '=+',
  Minus: '-_',
  Period: '.>',
  Slash: '/?',
  Semicolon: ';:',
};

/** The character of a keystroke, also where an input method has taken it and tells no more than the key's place. */
function characterOf(event: KeyboardEvent): string {
  if (event.key !== 'Process' && event.key !== 'Unidentified') return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return event.shiftKey ? letter : letter.toLowerCase();
  return keysByPlace[event.code]?.[event.shiftKey ? 1 : 0] ?? /^Digit(\d)$/.exec(event.code)?.[1] ?? '';
}

/**
 * Hears a hand scanner that types what it reads: keystrokes faster than any finger, ending in Enter.
 * What is typed into a form field is left alone.
 */
export class KeyboardWedge {
  #text = '';
  #firstAt = 0;
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
    const goesOn = event.timeStamp - this.#lastAt <= kMaxGapMilliseconds;
    if (event.key === 'Enter') return this.#end(event, goesOn);
    const character = characterOf(event);
    if (character.length !== 1) return;
    if (!goesOn) this.#firstAt = event.timeStamp;
    this.#lastAt = event.timeStamp;
    this.#text = goesOn ? this.#text + character : character;
    if (this.#isFast()) event.preventDefault();
  };

  #isFast(): boolean {
    const gaps = this.#text.length - 1;
    return gaps >= kMinLength - 1 && this.#lastAt - this.#firstAt <= gaps * kMaxMeanGapMilliseconds;
  }

  #end(event: KeyboardEvent, goesOn: boolean): void {
    const text = this.#text;
    const fast = goesOn && this.#isFast();
    this.#text = '';
    this.#lastAt = -Infinity;
    if (!fast) return;
    event.preventDefault();
    event.stopPropagation();
    this.#onText(text);
  }
}
