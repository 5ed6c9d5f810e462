// SPDX-License-Identifier: Apache-2.0
import { messages } from 'liangma/messages';

export type Params = Readonly<Record<string, string | number>>;
/** Gives the text of a key of i18n/. */
export type Translate = (key: string, params?: Params) => string;

/** The translator of the catalog that is nearest to a BCP 47 tag. */
export function translatorFor(locale: string): Translate {
  return messages(locale).t;
}

/** What happened, and what to do about it. */
export function errorLines(t: Translate, code: string): readonly [what: string, toDo: string] {
  const [what = '', toDo = ''] = t(code).split('\n');
  return [what, toDo];
}

/** An element's own `locale`, or else the nearest `lang` attribute, or else the browser's language. */
export function localeOf(element: Element & { locale?: string | undefined }): string {
  return element.locale || element.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang || navigator.language;
}
