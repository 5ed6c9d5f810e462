// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines, loadTexts } from 'liangma-elements';
import type { Person, RequestInfo, Visit } from 'liangma';
import { AppElement } from '../../shared/app-element.js';
import { Router } from '../../shared/router.js';
import { preferences, type Locale } from '../../shared/preferences.js';
import { Session } from './session.js';
import { isRegistered } from './visit-book.js';
import 'liangma-elements/code';
import 'liangma-elements/scanner';
import './screens/welcome-screen.js';
import './screens/code-screen.js';
import './screens/scan-screen.js';
import './screens/consent-screen.js';
import './screens/answer-screen.js';
import './screens/appeal-screen.js';
import './screens/declare-screen.js';
import './screens/queue-screen.js';
import './screens/more-screen.js';
import './screens/pin-screen.js';
import './screens/start-over.js';
import './screens/unknown-screen.js';
import './screens/unlock-screen.js';

const screens = ['home', 'add', 'scan', 'scan-door', 'consent', 'answer', 'queue', 'more', 'pin', 'appeal', 'declare'] as const;
type Screen = (typeof screens)[number];

const kKeepChoiceMilliseconds = 5 * 60 * 1000;

/** Whether starting over is the only way left. */
function isBeyondReading(code: string): boolean {
  return code === 'storage.damaged' || code === 'wallet.key-unreadable';
}

/** Whether a screen shows something that only this page knew of. */
function isBeyondReload(screen: Screen): boolean {
  return screen === 'consent' || screen === 'answer';
}

/** The resident's wallet: which screen is on, and what is passed between them. */
export class WalletApp extends AppElement {
  static override properties = { _request: { state: true }, _note: { state: true }, _spoken: { state: true } };
  declare _request: RequestInfo | undefined;
  declare _note: string;
  /** For screen readers alone: the screen shows it anyway. */
  declare _spoken: string;

  readonly #session = new Session();
  readonly #router = new Router<Screen>(screens, () => this.requestUpdate());
  /** What was chosen for the last request, for the same verifier's next one. */
  #choice: { readonly verifier: string; readonly personId: string; readonly atMs: number } | undefined;
  /** Whose answer is on screen. */
  #answering = '';
  #noteTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this._note = this._spoken = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (isBeyondReload(this.#router.screen)) this.#router.home();
    this.#session.addEventListener('change', () => this.requestUpdate());
    void this.#session.open();
  }

  protected override updated(): void {
    document.title = this.t('wallet.title');
    this.#router.focusHeading(this);
  }

  protected override render(): TemplateResult {
    return html`${this.#renderScreen()} ${this.#renderStatus()}`;
  }

  /** Which screen can be shown of those that were asked for. */
  get #shown(): Screen | 'trouble' | 'opening' | 'locked' {
    const session = this.#session;
    if (session.trouble) return 'trouble';
    if (!session.wallet) return 'opening';
    if (session.locked) return 'locked';
    const { screen } = this.#router;
    if (screen === 'more' || screen === 'pin') return screen;
    if (session.people.length === 0) return session.faults.length === 0 || screen === 'add' ? 'add' : 'home';
    if ((screen === 'consent' || screen === 'answer') && !this._request) return 'home';
    if (screen === 'appeal' && session.selected?.appeal?.outcome === 'open') return 'home';
    if (screen === 'queue' && !session.visits?.opened) return 'home';
    return screen;
  }

  #renderScreen(): TemplateResult {
    switch (this.#shown) {
      case 'trouble':
        return this.#renderTrouble(this.#session.trouble!);
      case 'opening':
        return html`<main class="page" aria-busy="true"></main>`;
      case 'locked':
        return html`<unlock-screen .session=${this.#session}></unlock-screen>`;
      case 'more':
        return this.#renderMore();
      case 'pin':
        return this.#renderPin();
      case 'add':
        return this.#renderWelcome(this.#router.screen === 'add');
      case 'scan':
        return this.#renderScan(false);
      case 'scan-door':
        return this.#renderScan(true);
      case 'consent':
        return this.#renderConsent(this._request!);
      case 'answer':
        return this.#renderAnswer(this._request!);
      case 'queue':
        return this.#renderVisit(this.#session.visits!.opened!);
      case 'appeal':
        return this.#renderAppeal(this.#session.selected!);
      case 'declare':
        return this.#renderDeclare(this.#session.selected!);
      case 'home':
        return this.#renderCode();
    }
  }

  #renderTrouble(code: string): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<main class="page">
      <div class="waiting" role="alert">
        <h1 tabindex="-1">${this.t('common.error-title')}</h1>
        <p>${what}</p>
        <p>${toDo}</p>
        <button class="button primary wide" @click=${() => location.reload()}>${this.t('common.retry')}</button>
        ${isBeyondReading(code) ? html`<start-over .session=${this.#session}></start-over>` : nothing}
      </div>
    </main>`;
  }

  #renderPin(): TemplateResult {
    return html`<pin-screen
      .session=${this.#session}
      @back=${() => this.#router.back()}
      @done=${(event: CustomEvent<string>) => this.#onDone(event.detail)}
    ></pin-screen>`;
  }

  #renderAppeal(person: Person): TemplateResult {
    return html`<appeal-screen
      .session=${this.#session}
      .person=${person}
      @back=${() => this.#router.back()}
      @done=${(event: CustomEvent<string>) => this.#onDone(event.detail)}
    ></appeal-screen>`;
  }

  #renderDeclare(person: Person): TemplateResult {
    return html`<declare-screen
      .session=${this.#session}
      .person=${person}
      @back=${() => this.#router.back()}
      @done=${(event: CustomEvent<string>) => this.#onDone(event.detail)}
    ></declare-screen>`;
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
      .note=${this.#note}
      @go=${(event: CustomEvent<Screen>) => this.#go(event.detail)}
      @note=${(event: CustomEvent<string>) => this.#say(event.detail)}
    ></code-screen>`;
  }

  #renderScan(atDoor: boolean): TemplateResult {
    return html`<scan-screen
      .session=${this.#session}
      .atDoor=${atDoor}
      @back=${() => this.#router.back()}
      @request=${(event: CustomEvent<RequestInfo>) => this.#onRequest(event.detail)}
    ></scan-screen>`;
  }

  #renderConsent(request: RequestInfo): TemplateResult {
    return html`<consent-screen
      .session=${this.#session}
      .request=${request}
      .personId=${this.#choice?.verifier === request.verifier ? this.#choice.personId : undefined}
      @choice=${(event: CustomEvent<string>) => this.#onChoice(request, event.detail)}
      @declined=${() => this.#onDeclined()}
      @scan-again=${() => this.#scanAgain()}
      @answered=${() => this.#router.replace('queue')}
      @agreed=${(event: CustomEvent<string>) => this.#onAgreed(event.detail)}
      @back=${() => this.#router.back()}
    ></consent-screen>`;
  }

  #renderAnswer(request: RequestInfo): TemplateResult {
    return html`<answer-screen
      .session=${this.#session}
      .request=${request}
      .personId=${this.#answering}
      @scan-again=${() => this.#scanAgain()}
      @back=${() => this.#router.home()}
    ></answer-screen>`;
  }

  /** Where the last request was scanned. */
  #scanAgain(): void {
    this.#router.replace(this._request?.kind === 'gate' ? 'scan-door' : 'scan');
  }

  #renderVisit(visit: Visit): TemplateResult {
    return isRegistered(visit)
      ? html`<queue-screen .session=${this.#session} .visit=${visit} @back=${() => this.#router.home()}></queue-screen>`
      : html`<unknown-screen
          .session=${this.#session}
          .visit=${visit}
          @scan-again=${() => this.#router.replace('scan')}
          @back=${() => this.#router.home()}
        ></unknown-screen>`;
  }

  #renderMore(): TemplateResult {
    return html`<more-screen
      .session=${this.#session}
      @back=${() => this.#router.back()}
      @add=${() => this.#router.go('add')}
      @pin=${() => this.#router.go('pin')}
      @lock=${() => this.#onLock()}
      @locale=${(event: CustomEvent<Locale>) => void this.#onLocale(event.detail)}
    ></more-screen>`;
  }

  /** What was said on a screen is not said of the next one. */
  #go(screen: Screen): void {
    this._note = '';
    this.#router.go(screen);
  }

  get #note(): string {
    const { removed } = this.#session;
    return removed ? this.t('wallet.removed', { name: removed.maskedName }) : this._note;
  }

  /** The code screen shows a note itself, where it covers nothing; nothing lies over what is agreed to. */
  #renderStatus(): TemplateResult {
    const note = this.#note;
    const isBare = this.#shown === 'home' || this.#shown === 'consent';
    return html`<div role="status" aria-live="polite">
      <span class="visually-hidden">${this._spoken} ${isBare ? note : ''}</span>
      ${note && !isBare ? this.#renderToast(note) : nothing}
    </div>`;
  }

  #renderToast(note: string): TemplateResult {
    return html`<div class="toast">
      <span>${note}</span>
      ${this.#session.removed
        ? html`<button class="button" @click=${() => this.#session.undoRemoval()}>${this.t('common.undo')}</button>`
        : nothing}
    </div>`;
  }

  #onEnrolled(person: Person): void {
    this.#router.home();
    this._spoken = this.t('wallet.people.added', { name: person.maskedName });
  }

  #onChoice(request: RequestInfo, personId: string): void {
    this.#choice = { verifier: request.verifier, personId, atMs: performance.now() };
  }

  #onRequest(request: RequestInfo): void {
    if (this.#choice && performance.now() - this.#choice.atMs > kKeepChoiceMilliseconds) this.#choice = undefined;
    this._request = request;
    this.#router.replace('consent');
  }

  #onAgreed(personId: string): void {
    this.#answering = personId;
    this.#router.replace('answer');
  }

  #onDone(text: string): void {
    this.#router.back();
    this.#say(text);
  }

  #onLock(): void {
    this.#router.home();
    void this.#session.lockNow();
  }

  #onDeclined(): void {
    this.#choice = undefined;
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
