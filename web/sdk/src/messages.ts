// SPDX-License-Identifier: Apache-2.0
import catalogs from 'liangma-catalogs';
import { requireText } from './guard.js';
import { pickLocale } from './locale.js';

/** Flat: key to text, in which {name} stands for a parameter. */
export type Catalog = { readonly [key: string]: string };

export interface Messages {
  /** The BCP 47 tag of the catalog. */
  readonly locale: string;
  /** Every key there is. */
  readonly keys: readonly string[];
  /** Whether the catalog has a text for a key. */
  has(key: string): boolean;
  /** The text of a key, parameters filled in; the key itself where there is none. */
  t(key: string, params?: { readonly [name: string]: string | number }): string;
}

/** The tags of the catalogs that come with the package. */
export const locales: readonly string[] = Object.keys(catalogs);

/** Loads the catalog that suits a reader best; English where none does. @param locale  BCP 47 */
export async function messages(locale: string): Promise<Messages> {
  const tag = pickLocale(requireText('locale', locale), locales) ?? 'en';
  const load = catalogs[tag];
  return makeMessages(tag, load ? (await load()).default : {});
}

/** Messages from a catalog that the caller has loaded. */
export function makeMessages(locale: string, catalog: Catalog): Messages {
  const texts = new Map(Object.entries(catalog));
  return {
    locale,
    keys: [...texts.keys()],
    has: (key) => texts.has(key),
    t: (key, params = {}) => fill(texts.get(key) ?? key, params),
  };
}

function fill(text: string, params: { readonly [name: string]: string | number }): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.prototype.hasOwnProperty.call(params, name) ? String(params[name]) : placeholder,
  );
}
