// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { colourMark, errorLines } from 'liangma-elements';
import type { ErrorCode } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import { languageButton } from '../../../shared/language-button.js';
import type { DemoTicket, Session } from '../session.js';

const kMaxTicketLength = 128;
const kSlowMilliseconds = 6000;

/** First run, or one more person: a ticket becomes a code. @fires enrolled, back */
export class WelcomeScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    adding: { type: Boolean },
    _waiting: { state: true },
    _slow: { state: true },
    _error: { state: true },
    _fieldError: { state: true },
  };
  declare session: Session;
  declare adding: boolean;
  declare _waiting: boolean;
  declare _slow: boolean;
  declare _error: ErrorCode | undefined;
  declare _fieldError: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this._fieldError = '';
    this.session.addEventListener('change', this.#onSession);
    void this.session.loadDemoTickets();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onSession);
  }

  #onSession = (): void => this.requestUpdate();

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (this._error && changed.has('_error')) this.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult {
    return html`<main class="page">${this._waiting ? this.#renderWaiting() : this.#renderForm()}</main>`;
  }

  #renderWaiting(): TemplateResult {
    return html`<div class="waiting" role="status">
      <h1 tabindex="-1">${this.t('wallet.enrol.title')}</h1>
      <div class="spinner"></div>
      <p>${this.t(this._slow ? 'wallet.enrol.slow' : 'wallet.enrol.text')}</p>
    </div>`;
  }

  #renderForm(): TemplateResult {
    const { t } = this;
    return html`
      <header class="bar">
        ${this.adding
          ? html`<button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>`
          : html`<span class="name">${t('app.name')}</span>`}
        <span class="space"></span>
        ${languageButton(this.locale)}
      </header>
      <div class="stack">
        <h1 tabindex="-1">${t(this.adding ? 'wallet.add.title' : 'wallet.welcome.title')}</h1>
        <p>${t(this.adding ? 'wallet.add.text' : 'wallet.welcome.text')}</p>
      </div>
      ${this._error ? this.#renderError(this._error) : nothing}
      ${this.session.demoTickets ? this.#renderDemo(this.session.demoTickets) : nothing}
      ${this.#renderTicket()}
      <p class="soft with-icon foot">${icon('lock')}<span>${t('wallet.welcome.safe')}</span></p>
    `;
  }

  #renderError(code: ErrorCode): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<div class="notice" role="alert"><p><strong>${what}</strong><br />${toDo}</p></div>`;
  }

  #renderDemo(tickets: readonly DemoTicket[]): TemplateResult {
    const { t } = this;
    if (tickets.length === 0) return html`<p class="notice calm">${t('wallet.welcome.demo-empty')}</p>`;
    return html`<section class="stack" aria-labelledby="demo">
      <h2 id="demo">${t('wallet.welcome.demo')}</h2>
      <p class="soft">${t('wallet.welcome.demo-note')}</p>
      <ul class="list">
        ${tickets.map(
          (one) => html`<li>
            <button class="choice" @click=${() => this.#enrol(one.ticket)}>
              <svg class="mark" data-colour=${one.colour} viewBox="0 0 48 48" aria-hidden="true">${colourMark(one.colour)}</svg>
              <span><strong>${one.name}</strong><span class="soft">${this.#describe(one)}</span></span>
              ${icon('next')}
            </button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #describe(one: DemoTicket): string {
    return this.t(`code.colour.${one.colour}`);
  }

  #renderTicket(): TemplateResult {
    const { t } = this;
    return html`<form class="stack wide" novalidate @submit=${this.#onSubmit}>
      ${this.session.demoTickets ? html`<h2>${t('wallet.welcome.or')}</h2>` : nothing}
      <div class="field">
        <label for="ticket">${t('wallet.ticket.label')}</label>
        <input
          id="ticket"
          name="ticket"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          enterkeyhint="go"
          aria-describedby="ticket-hint ticket-error"
          aria-invalid=${this._fieldError ? 'true' : 'false'}
        />
        <p class="soft" id="ticket-hint">${t('wallet.ticket.hint')}</p>
        <p class="error" id="ticket-error" role="alert">${this._fieldError ? t(this._fieldError) : ''}</p>
      </div>
      <button class="button wide ${this.session.demoTickets ? '' : 'primary'}" type="submit">${t('wallet.ticket.submit')}</button>
    </form>`;
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const field = this.querySelector<HTMLInputElement>('#ticket')!;
    const ticket = field.value.trim();
    this._fieldError = '';
    if (ticket === '') this._fieldError = 'wallet.ticket.empty';
    else if (ticket.length > kMaxTicketLength) this._fieldError = 'wallet.ticket.too-long';
    if (this._fieldError) return field.focus();
    void this.#enrol(ticket);
  }

  async #enrol(ticket: string): Promise<void> {
    if (this._waiting) return;
    this._error = undefined;
    this._waiting = true;
    const timer = setTimeout(() => (this._slow = true), kSlowMilliseconds);
    const outcome = await this.session.enrol(ticket);
    clearTimeout(timer);
    this._waiting = this._slow = false;
    if (outcome.ok) return this.emit('enrolled', outcome.value);
    this._error = outcome.code;
    if (outcome.code === 'enrol.ticket-used') void this.session.loadDemoTickets();
  }
}

customElements.define('welcome-screen', WelcomeScreen);
