// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines, loadTexts } from 'liangma-elements';
import type { Person, RequestInfo } from 'liangma';
import { AppElement } from '../../shared/app-element.js';
import { Router } from '../../shared/router.js';
import { preferences, type Locale } from '../../shared/preferences.js';
import { Session } from './session.js';
import 'liangma-elements/code';
import 'liangma-elements/scanner';
import './screens/welcome-screen.js';
import './screens/code-screen.js';
import './screens/scan-screen.js';
import './screens/consent-screen.js';
import './screens/queue-screen.js';
import './screens/more-screen.js';

const screens = ['home', 'add', 'scan', 'consent', 'queue', 'more'] as const;
type Screen = (typeof screens)[number];

/** The resident's wallet: which screen is on, and what is passed between them. */
export class WalletApp extends AppElement {
  static override properties = { _request: { state: true }, _note: { state: true }, _spoken: { state: true } };
  declare _request: RequestInfo | undefined;
  declare _note: string;
  /** For screen readers alone: the screen shows it anyway. */
  declare _spoken: string;

  readonly #session = new Session();
  readonly #router = new Router<Screen>(screens, () => this.requestUpdate());
  #noteTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this._note = this._spoken = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#session.addEventListener('change', () => this.requestUpdate());
    void this.#session.open();
  }

  protected override updated(): void {
    document.title = this.t('wallet.title');
    this.#router.focusHeading(this);
  }

  protected override render(): TemplateResult {
    return html`${this.#renderScreen()} ${this.#renderToast()}`;
  }

  #renderScreen(): TemplateResult {
    if (this.#session.trouble) return this.#renderTrouble(this.#session.trouble);
    if (!this.#session.wallet) return html`<main class="page" aria-busy="true"></main>`;
    const { screen } = this.#router;
    if (screen === 'more') return this.#renderMore();
    if (screen === 'add' || this.#session.people.length === 0) return this.#renderWelcome(screen === 'add');
    if (screen === 'scan') return this.#renderScan();
    if (screen === 'consent' && this._request) return this.#renderConsent(this._request);
    if (screen === 'queue' && this.#session.queueTicket) return this.#renderQueue();
    return this.#renderCode();
  }

  #renderTrouble(code: string): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<main class="page">
      <div class="waiting" role="alert">
        <h1 tabindex="-1">${this.t('common.error-title')}</h1>
        <p>${what}</p>
        <p>${toDo}</p>
        <button class="button primary" @click=${() => location.reload()}>${this.t('common.retry')}</button>
      </div>
    </main>`;
  }

  #renderWelcome(adding: boolean): TemplateResult {
    return html`<welcome-screen
      .session=${this.#session}
      .adding=${adding}
      @enrolled=${(event: CustomEvent<Person>) => this.#onEnrolled(event.detail)}
      @back=${() => this.#router.back()}
    ></welcome-screen>`;
  }

  #renderCode(): TemplateResult {
    return html`<code-screen
      .session=${this.#session}
      @go=${(event: CustomEvent<Screen>) => this.#router.go(event.detail)}
      @note=${(event: CustomEvent<string>) => this.#say(event.detail)}
    ></code-screen>`;
  }

  #renderScan(): TemplateResult {
    return html`<scan-screen
      .session=${this.#session}
      @back=${() => this.#router.back()}
      @request=${(event: CustomEvent<RequestInfo>) => this.#onRequest(event.detail)}
    ></scan-screen>`;
  }

  #renderConsent(request: RequestInfo): TemplateResult {
    return html`<consent-screen
      .session=${this.#session}
      .request=${request}
      @declined=${() => this.#onDeclined()}
      @scan-again=${() => this.#router.replace('scan')}
      @answered=${() => this.#router.replace('queue')}
      @back=${() => this.#router.back()}
    ></consent-screen>`;
  }

  #renderQueue(): TemplateResult {
    return html`<queue-screen .session=${this.#session} .ticket=${this.#session.queueTicket} @back=${() => this.#router.home()}></queue-screen>`;
  }

  #renderMore(): TemplateResult {
    return html`<more-screen
      .session=${this.#session}
      @back=${() => this.#router.back()}
      @add=${() => this.#router.go('add')}
      @locale=${(event: CustomEvent<Locale>) => void this.#onLocale(event.detail)}
    ></more-screen>`;
  }

  #renderToast(): TemplateResult {
    const { removed } = this.#session;
    const text = removed ? this.t('wallet.removed', { name: removed.maskedName }) : this._note;
    return html`<div role="status" aria-live="polite">
      <span class="visually-hidden">${this._spoken}</span>
      ${text
        ? html`<div class="toast">
            <span>${text}</span>
            ${removed
              ? html`<button class="button" @click=${() => this.#session.undoRemoval()}>${this.t('common.undo')}</button>`
              : nothing}
          </div>`
        : nothing}
    </div>`;
  }

  #onEnrolled(person: Person): void {
    this.#router.home();
    this._spoken = this.t('wallet.people.added', { name: person.maskedName });
  }

  #onRequest(request: RequestInfo): void {
    this._request = request;
    this.#router.replace('consent');
  }

  #onDeclined(): void {
    this._request = undefined;
    this.#router.home();
    this.#say(this.t('wallet.consent.declined'));
  }

  async #onLocale(locale: Locale): Promise<void> {
    await loadTexts(locale);
    preferences.locale = locale;
  }

  #say(text: string): void {
    this._note = text;
    clearTimeout(this.#noteTimer);
    this.#noteTimer = setTimeout(() => (this._note = ''), 5000);
  }
}
