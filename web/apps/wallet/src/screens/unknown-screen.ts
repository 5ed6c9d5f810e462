// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { pickName, type Visit } from 'liangma';
import { clockTime } from 'liangma-elements/texts';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';

/** A visit of which nobody knows whether the answer arrived, and what to do. @fires scan-again, back */
export class UnknownScreen extends AppElement {
  static override properties = { session: { attribute: false }, visit: { attribute: false } };
  declare session: Session;
  declare visit: Visit;

  protected override render(): TemplateResult {
    const { t } = this;
    const { names, hospital, begunAt } = this.visit;
    const name = pickName(names, this.locale) ?? hospital;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <div class="card stack wide" role="alert">
        <h1 tabindex="-1">${t('wallet.unknown.title')}</h1>
        <p>${t('wallet.unknown.why', { hospital: name, time: clockTime(this.locale, begunAt) })}</p>
        <p><strong>${t('wallet.unknown.what')}</strong></p>
      </div>
      <button class="button primary wide tall" @click=${() => this.emit('scan-again')}>
        ${icon('scan')}${t('wallet.request.scan-again')}
      </button>
      <button class="button wide" @click=${this.#forget}>${t('wallet.unknown.settled')}</button>
    </main>`;
  }

  async #forget(): Promise<void> {
    await this.session.visits?.forget(this.visit);
    this.emit('back');
  }
}

customElements.define('unknown-screen', UnknownScreen);
