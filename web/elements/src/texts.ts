// SPDX-License-Identifier: Apache-2.0
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { locales, messages } from 'liangma/messages';
import { pickLocale } from 'liangma';

export { clockTime, regional } from './dates.js';

export type Params = Readonly<Record<string, string | number>>;
/** Gives the text of a key of i18n/. */
export type Translate = (key: string, params?: Params) => string;

const loaded = new Map<string, Translate>();
const blank: Translate = () => '';

function tagOf(locale: string): string {
  return pickLocale(locale, locales) ?? 'en';
}

/** Loads the catalog that is nearest to a BCP 47 tag. Rejects where it cannot be fetched. */
export async function loadTexts(locale: string): Promise<Translate> {
  const tag = tagOf(locale);
  const known = loaded.get(tag);
  if (known) return known;
  const { t } = await messages(tag);
  loaded.set(tag, t);
  return t;
}

/** The translator of a catalog that was loaded; one that says nothing before. */
export function translatorFor(locale: string): Translate {
  return loaded.get(tagOf(locale)) ?? blank;
}

/** What happened, and what to do about it. */
export function errorLines(t: Translate, code: string): readonly [what: string, toDo: string] {
  const [what = '', toDo = ''] = t(code).split('\n');
  return [what, toDo];
}

type Localized = Element & ReactiveControllerHost & { locale?: string | undefined };

/** Keeps an element in the language of its `locale`, or else of the nearest `lang`, or else of the browser. */
export class TextsController implements ReactiveController {
  readonly #host: Localized;
  readonly #language = new MutationObserver(() => this.#host.requestUpdate());

  constructor(host: Localized) {
    this.#host = host;
    host.addController(this);
  }

  get locale(): string {
    const { locale } = this.#host;
    return locale || this.#host.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  }

  get t(): Translate {
    return translatorFor(this.locale);
  }

  hostConnected(): void {
    this.#language.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
    this.hostUpdate();
  }

  hostDisconnected(): void {
    this.#language.disconnect();
  }

  hostUpdate(): void {
    if (loaded.has(tagOf(this.locale))) return;
    loadTexts(this.locale).then(
      () => this.#host.requestUpdate(),
      () => undefined,
    );
  }
}
