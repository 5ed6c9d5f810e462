// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { AppElement } from '../../shared/app-element.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';

const doors = [
  ['wallet', 'wallet'],
  ['gate', 'door'],
  ['desk', 'desk'],
  ['bureau', 'shield'],
] as const;

/** The server's front page: the way to each app. */
export class HomeApp extends AppElement {
  protected override updated(): void {
    document.title = this.t('home.title');
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar"><span class="space"></span>${languageButton(this.locale)}</header>
      <h1>${t('home.title')}</h1>
      <ul class="list">
        ${doors.map(
          ([name, shape]) => html`<li>
            <a class="choice" href="./${name}/">
              ${icon(shape)}
              <span><strong>${t(`home.${name}`)}</strong><span class="soft">${t(`home.${name}-text`)}</span></span>
              ${icon('next')}
            </a>
          </li>`,
        )}
      </ul>
    </main>`;
  }
}
