// SPDX-License-Identifier: Apache-2.0
import type { Names } from './types.js';

/**
 * Picks the tag that suits a reader best: the same, then the same script, then the same language.
 *
 * @param wanted     a BCP 47 tag such as "zh-CN"
 * @param available  tags such as "zh-Hans"
 * @returns undefined where none is of the reader's language
 */
export function pickLocale(wanted: string, available: readonly string[]): string | undefined {
  const [language, script] = likely(wanted);
  const same = available.find((tag) => tag.toLowerCase() === wanted.toLowerCase());
  const sameScript = available.find((tag) => likely(tag)[0] === language && likely(tag)[1] === script);
  return same ?? sameScript ?? available.find((tag) => likely(tag)[0] === language);
}

/** Picks the name that suits a reader best, or else the first there is. */
export function pickName(names: Names, locale: string): string | undefined {
  const tags = Object.keys(names);
  return names[pickLocale(locale, tags) ?? pickLocale('en', tags) ?? tags[0] ?? ''];
}

/** Language and script; Chinese without a script is written as its region writes it. */
function likely(tag: string): readonly [string, string | undefined] {
  const [language = '', ...rest] = tag.toLowerCase().split(/[-_]/);
  const script = rest.find((part) => part.length === 4);
  if (language !== 'zh' || script) return [language, script];
  return [language, rest.some((part) => ['tw', 'hk', 'mo'].includes(part)) ? 'hant' : 'hans'];
}
