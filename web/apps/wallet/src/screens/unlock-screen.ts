// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines } from 'liangma-elements';
import { AppElement } from '../../../shared/app-element.js';
import { formatSpan } from '../../../shared/format.js';
import { languageButton } from '../../../shared/language-button.js';
import type { Session } from '../session.js';
import { pinField } from './pin-field.js';
import './start-over.js';

/** Asks for the PIN before anything of a person is shown. */
export class UnlockScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    _error: { state: true },
    _wait: { state: true },
    _busy: { state: true },
    _forgot: { state: true },
  };
  declare session: Session;
  /** A key whose text has two lines; empty: none. */
  declare _error: string;
  /** Seconds until a PIN is tried again. */
  declare _wait: number;
  declare _busy: boolean;
  declare _forgot: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this._error = '';
    this._wait = 0;
    this._busy = this._forgot = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#lookAtWait();
    this.#timer = setInterval(() => void this.#lookAtWait(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #lookAtWait(): Promise<void> {
    this._wait = (await this.session.wallet?.pinWaitSeconds()) ?? 0;
    if (this._wait === 0 && this._error === 'wallet.pin-wait') this._error = '';
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <span class="name">${t('app.name')}</span><span class="space"></span>${languageButton(this.locale)}
      </header>
      <h1 tabindex="-1">${t('wallet.unlock.title')}</h1>
      <form class="stack wide" novalidate @submit=${this.#onSubmit}>
        ${pinField({ id: 'pin', label: t('wallet.pin.label'), error: this.#message(), autocomplete: 'current-password' })}
        <button class="button primary wide tall" type="submit" ?disabled=${this._busy || this._wait > 0}>
          ${t(this._busy ? 'wallet.pin.working' : 'wallet.unlock.submit')}
        </button>
      </form>
      ${this._forgot ? this.#renderForgot() : html`<button class="button wide forgot" @click=${() => (this._forgot = true)}>${t('wallet.unlock.forgot')}</button>`}
    </main>`;
  }

  #message(): string {
    const { t } = this;
    if (this._wait > 0) return t('wallet.pin.wait', { span: formatSpan(t, this._wait) });
    return this._error ? errorLines(t, this._error).join(' ') : '';
  }

  #renderForgot(): TemplateResult | typeof nothing {
    const { t } = this;
    return html`<section class="card stack wide" aria-labelledby="forgot">
      <h2 id="forgot">${t('wallet.unlock.forgot')}</h2>
      <p>${t('wallet.unlock.forgot-text')}</p>
      <start-over .session=${this.session}></start-over>
    </section>`;
  }

  async #onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const field = this.querySelector<HTMLInputElement>('#pin')!;
    if (this._busy || this._wait > 0 || !field.value) return field.focus();
    this._busy = true;
    this._error = '';
    const outcome = await this.session.unlock(field.value);
    this._busy = false;
    if (outcome.ok) return;
    field.value = '';
    this._error = outcome.code;
    await this.#lookAtWait();
    field.focus();
  }
}

customElements.define('unlock-screen', UnlockScreen);
