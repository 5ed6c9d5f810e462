// SPDX-License-Identifier: Apache-2.0

export type Locale = 'zh-Hans' | 'en';
export type TextSize = 'normal' | 'large';

function read(key: string): string | null {
  try {
    return localStorage.getItem(`liangma.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`liangma.${key}`, value);
  } catch {
    // A browser that keeps nothing: the choice holds for this visit.
  }
}

function browserLocale(): Locale {
  const first = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag));
  return first && /^en/i.test(first) ? 'en' : 'zh-Hans';
}

/** Language and text size: as chosen last, or else as the browser says. Tells "change". */
class Preferences extends EventTarget {
  #locale: Locale = (['zh-Hans', 'en'] as const).find((one) => one === read('locale')) ?? browserLocale();
  #size: TextSize = read('size') === 'large' ? 'large' : 'normal';

  get locale(): Locale {
    return this.#locale;
  }

  set locale(value: Locale) {
    this.#locale = value;
    write('locale', value);
    this.apply();
  }

  get size(): TextSize {
    return this.#size;
  }

  set size(value: TextSize) {
    this.#size = value;
    write('size', value);
    this.apply();
  }

  /** Puts both on the document. */
  apply(): void {
    document.documentElement.lang = this.#locale;
    document.documentElement.dataset.size = this.#size;
    this.dispatchEvent(new Event('change'));
  }
}

export const preferences = new Preferences();
