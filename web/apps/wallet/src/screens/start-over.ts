// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';

/** Removes everything from this device, once it was confirmed. */
export class StartOver extends AppElement {
  static override properties = { session: { attribute: false }, _asking: { state: true } };
  declare session: Session;
  declare _asking: boolean;

  constructor() {
    super();
    this._asking = false;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    if (!this._asking) {
      return html`<button class="button wide" @click=${() => (this._asking = true)}>${icon('remove')}${t('wallet.start-over')}</button>`;
    }
    return html`<div class="stack wide" role="alert">
      <p><strong>${t('wallet.start-over.confirm')}</strong></p>
      <div class="row">
        <button class="button" @click=${() => (this._asking = false)}>${t('common.cancel')}</button>
        <button class="button danger" @click=${() => void this.session.startOver()}>${t('wallet.start-over.yes')}</button>
      </div>
    </div>`;
  }
}

customElements.define('start-over', StartOver);
