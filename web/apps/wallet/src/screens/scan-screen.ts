// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines, type ScanDetail } from 'liangma-elements';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';

/** What people hold up by mistake, and the key of the text that says what it is. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/^LM1:/, 'wallet.request.own-code'],
  [/^LMP1:/, 'wallet.request.paper-code'],
  [/^LMS1:/, 'wallet.request.sealed-answer'],
  [/^HC1:/, 'wallet.request.eu-certificate'],
  [/^shc:\//i, 'wallet.request.smart-card'],
  [/^https?:\/\//i, 'wallet.request.web-address'],
];

/** What the gate calls no code of ours is here no request. */
const notOurs: readonly string[] = ['format.empty', 'format.prefix-unknown', 'format.other-system', 'format.too-long'];

/** What a newer trust list may put right: who asks came into it a moment ago. */
const curedByNewerList: readonly string[] = ['trust.missing', 'verifier.unknown', 'verifier.key-not-in-force'];

/** Reads a hospital's or a door's request. @fires request, back */
export class ScanScreen extends AppElement {
  static override properties = { session: { attribute: false }, atDoor: { attribute: false }, _error: { state: true } };
  declare session: Session;
  /** Whether a door's request is expected rather than a hospital's. Either is taken. */
  declare atDoor: boolean;
  /** A key whose text has two lines. */
  declare _error: string | undefined;

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (this._error && changed.has('_error')) this.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      ${this._error ? this.#renderError(this._error) : this.#renderScanner()}
    </main>`;
  }

  #renderScanner(): TemplateResult {
    const { t } = this;
    return html`<div class="stack">
        <h1 tabindex="-1">${t(this.atDoor ? 'wallet.scan.door-title' : 'wallet.scan.title')}</h1>
        <p>${t(this.atDoor ? 'wallet.scan.door-hint' : 'wallet.scan.hint')}</p>
      </div>
      ${this.session.online || this.atDoor ? nothing : html`<p class="notice" role="status">${t('net.unreachable')}</p>`}
      <liangma-scanner autostart .locale=${this.locale} @liangma-scan=${this.#onScan}></liangma-scanner>`;
  }

  #renderError(key: string): TemplateResult {
    const { t } = this;
    const [what, toDo] = errorLines(t, key);
    return html`<div class="card stack wide" role="alert">
        <h1 tabindex="-1">${t('wallet.request.bad-title')}</h1>
        <p><strong>${what}</strong></p>
        <p>${toDo}</p>
      </div>
      <button class="button primary wide tall" @click=${() => (this._error = undefined)}>
        ${icon('scan')}${t('wallet.request.scan-again')}
      </button>`;
  }

  async #onScan(event: CustomEvent<ScanDetail>): Promise<void> {
    const text = event.detail.text.trim();
    this._error = foreign.find(([pattern]) => pattern.test(text))?.[1];
    if (this._error) return;
    let outcome = this.session.wallet!.readRequest(text);
    if (!outcome.ok && curedByNewerList.includes(outcome.code)) {
      await this.session.refresh();
      outcome = this.session.wallet!.readRequest(text);
    }
    if (outcome.ok) this.emit('request', outcome.value);
    else this._error = notOurs.includes(outcome.code) ? 'wallet.request.not-one' : outcome.code;
  }
}

customElements.define('scan-screen', ScanScreen);
