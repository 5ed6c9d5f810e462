// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { loadTexts } from 'liangma-elements/texts';
import { preferences, type Locale } from './preferences.js';

const other: { readonly [locale in Locale]: { readonly locale: Locale; readonly label: string } } = {
  'zh-Hans': { locale: 'en', label: 'English' },
  en: { locale: 'zh-Hans', label: '中文' },
};

/** A button that says, in the other language, that it switches to it. */
export function languageButton(locale: string): TemplateResult {
  const to = other[locale as Locale] ?? other.en;
  return html`<button class="button plain" lang=${to.locale} @click=${() => void switchTo(to.locale)}>${to.label}</button>`;
}

/** Changes the language once its catalog is there. */
export async function switchTo(locale: Locale): Promise<void> {
  await loadTexts(locale);
  preferences.locale = locale;
}
