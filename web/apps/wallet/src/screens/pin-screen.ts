// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines } from 'liangma-elements';
import type { Outcome } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { formatSpan } from '../../../shared/format.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';
import { pinField } from './pin-field.js';

/** Sets, changes or removes the PIN. @fires back, done (detail: a text) */
export class PinScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    _removing: { state: true },
    _error: { state: true },
    _busy: { state: true },
  };
  declare session: Session;
  declare _removing: boolean;
  /** Which field is wrong, and the text that says why. */
  declare _error: { readonly field: string; readonly text: string } | undefined;
  declare _busy: boolean;

  constructor() {
    super();
    this._removing = this._busy = false;
  }

  get #isSet(): boolean {
    return this.session.wallet?.lock === 'open';
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t(this.#title)}</h1>
      ${this.#isSet ? nothing : html`<p>${t('wallet.pin.without')}</p><p>${t('wallet.pin.with')}</p>`}
      <form class="stack wide" novalidate @submit=${this.#onSubmit}>
        ${this.#isSet ? this.#renderField('current', 'wallet.pin.current', 'current-password') : nothing}
        ${this._removing ? nothing : this.#renderNew()}
        <button class="button primary wide tall" type="submit" ?disabled=${this._busy}>
          ${t(this._busy ? 'wallet.pin.working' : this._removing ? 'wallet.pin.remove' : 'wallet.pin.save')}
        </button>
      </form>
      ${this.#isSet && !this._removing
        ? html`<button class="button wide" @click=${() => (this._removing = true)}>${t('wallet.pin.remove')}</button>`
        : nothing}
    </main>`;
  }

  get #title(): string {
    if (!this.#isSet) return 'wallet.pin.set';
    return this._removing ? 'wallet.pin.remove' : 'wallet.pin.change';
  }

  #renderNew(): TemplateResult {
    return html`${this.#renderField('next', 'wallet.pin.new', 'new-password', this.t('wallet.pin.hint'))}
      ${this.#renderField('again', 'wallet.pin.again', 'new-password')}
      <p class="notice">${this.t('wallet.pin.forget-warning')}</p>`;
  }

  #renderField(
    id: string,
    label: string,
    autocomplete: 'current-password' | 'new-password',
    hint?: string,
  ): TemplateResult {
    const error = this._error?.field === id ? this._error.text : '';
    return pinField({ id, label: this.t(label), autocomplete, error, ...(hint ? { hint } : {}) });
  }

  #valueOf(id: string): string {
    return this.querySelector<HTMLInputElement>(`#${id}`)?.value ?? '';
  }

  async #onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    this._error = undefined;
    const [current, next, again] = ['current', 'next', 'again'].map((id) => this.#valueOf(id)) as [string, string, string];
    if (!this._removing && next !== again) return this.#say('again', this.t('wallet.pin.differ'));
    this._busy = true;
    const { session } = this;
    const outcome = await (this._removing ? session.removePin(current) : session.setPin(next, current));
    this._busy = false;
    if (outcome.ok) this.emit('done', this.t(this._removing ? 'wallet.pin.removed' : 'wallet.pin.saved'));
    else await this.#explain(outcome);
  }

  async #explain(outcome: Outcome<true> & { ok: false }): Promise<void> {
    const { t } = this;
    const field = outcome.code === 'wallet.pin-weak' || !this.#isSet ? 'next' : 'current';
    const seconds = (await this.session.wallet?.pinWaitSeconds()) ?? 0;
    if (seconds > 0) return this.#say(field, t('wallet.pin.wait', { span: formatSpan(t, seconds) }));
    this.#say(field, errorLines(t, outcome.code).join(' '));
  }

  #say(field: string, text: string): void {
    this._error = { field, text };
    this.querySelector<HTMLInputElement>(`#${field}`)?.focus();
  }
}

customElements.define('pin-screen', PinScreen);
