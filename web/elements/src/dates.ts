// SPDX-License-Identifier: Apache-2.0

/** The browser's own way of writing dates where it is of this language and script, such as "en-GB" for "en". */
export function regional(locale: string): string {
  const writing = (tag: string): string => {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  };
  return navigator.languages.find((tag) => writing(tag) === writing(locale)) ?? locale;
}

/** "14:30:05"; midnight is 00:00:00. @param seconds  Unix seconds */
export function clockTime(locale: string, seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale, { hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
