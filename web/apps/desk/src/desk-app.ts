// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { pickName, type ErrorCode } from 'liangma';
import { errorLines } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { departmentName } from '../../shared/departments.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { Clinic } from './clinic.js';
import './desk-screen.js';
import { Hospital } from './hospital.js';
import { clinicBase, forgetSession, keepDepartment, keepSession, keptDepartment, keptSession, takeCode } from './login.js';
import { ServerClock } from './server-clock.js';
import { Session } from './session.js';

type Screen = 'entering' | 'login' | 'departments' | 'desk';

/** A hospital's registration desk. */
export class DeskApp extends AppElement {
  static override properties = { _department: { state: true }, _refused: { state: true } };
  declare _department: string;
  /** Why the desk was not let in. */
  declare _refused: ErrorCode | undefined;

  #code = takeCode();
  #tried = '';
  #login = keptSession();
  #clock = new ServerClock(() => Clinic.time());
  #hospital = new Hospital(clinicBase(), this.#clock);
  #session: Session | undefined;
  #focused: Screen;

  constructor() {
    super();
    this._department = '';
    this.#focused = this.#screen;
    history.scrollRestoration = 'manual'; // every screen begins at its top: #focusHeading()
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#onPop);
    this.#hospital.addEventListener('change', () => this.requestUpdate());
    void this.#hospital.load();
    if (this.#code) void this.#logIn(this.#code);
    else if (this.#login) this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#onPop);
  }

  get #screen(): Screen {
    if (this.#code) return 'entering';
    if (!this.#login) return 'login';
    return this._department ? 'desk' : 'departments';
  }

  async #logIn(code: string): Promise<void> {
    const outcome = await Clinic.logIn(code, clinicBase());
    this.#code = '';
    this.#tried = code;
    this._refused = outcome.ok ? undefined : outcome.code;
    this.requestUpdate();
    if (!outcome.ok) return;
    this.#login = outcome.value;
    keepSession(outcome.value);
    this.#enter();
  }

  /** Goes on where this tab was before a reload. */
  #enter(): void {
    if (keptDepartment()) this.#open(keptDepartment());
  }

  /** Its name as the wallets of whoever is asked show it; empty: not known. */
  get #hospitalName(): string {
    return pickName(this.#hospital.names ?? {}, this.locale) ?? '';
  }

  protected override updated(): void {
    document.title = this.t('desk.title');
    this.#focusHeading();
  }

  /** After a change of screen: puts the focus on its heading, so that a screen reader says where it is. */
  #focusHeading(): void {
    if (this.#focused === this.#screen) return;
    this.#focused = this.#screen;
    window.scrollTo(0, 0);
    requestAnimationFrame(() => this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
  }

  protected override render(): TemplateResult {
    const screen = this.#screen;
    if (screen === 'entering') return html`<main class="page" aria-busy="true"></main>`;
    if (screen === 'login') return this.#renderLogin();
    if (screen === 'departments') return this.#renderDepartments();
    return this.#renderDesk();
  }

  #renderLogin(): TemplateResult {
    const { t } = this;
    const refused = this._refused ? this.#refusalText(this._refused) : '';
    return html`<main class="page">
      <header class="bar"><span class="name">${t('desk.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      <h1 tabindex="-1">${t('desk.login.title')}</h1>
      ${this.#hospitalName ? html`<p>${t('desk.login.hospital', { hospital: this.#hospitalName })}</p>` : nothing}
      <p>${t('desk.login.text')}</p>
      <form class="stack wide" novalidate @submit=${this.#onCode}>
        <div class="field">
          <label for="code">${t('desk.login.label')}</label>
          <input id="code" .value=${this.#tried} autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64" aria-describedby="code-error" aria-invalid=${refused !== ''} />
          <p class="error" id="code-error" role="alert">${refused}</p>
        </div>
        <button class="button primary wide tall" type="submit">${t('desk.login.submit')}</button>
      </form>
    </main>`;
  }

  #refusalText(code: ErrorCode): string {
    return code === 'net.unreachable' ? this.t('desk.login.unreachable') : errorLines(this.t, code).join(' ');
  }

  #renderDepartments(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <p class="name where-we-are">${this.#hospitalName || t('desk.title')}</p>
        <div class="actions">
          ${languageButton(this.locale)}
          <button class="button" @click=${this.#logOut}>${t('desk.log-out')}</button>
        </div>
      </header>
      <h1 tabindex="-1">${t('desk.department.title')}</h1>
      ${this.#hospital.lost ? html`<p class="notice" role="status">${t('desk.server-lost')}</p>` : nothing}
      <ul class="list">
        ${(this.#hospital.departments ?? []).map(
          (department) => html`<li>
            <button class="choice" @click=${() => this.#open(department)}>
              <span><strong>${departmentName(t, department)}</strong></span>${icon('next')}
            </button>
          </li>`,
        )}
      </ul>
    </main>`;
  }

  #renderDesk(): TemplateResult {
    const session = this.#session!;
    return html`${keyed(session, html`<desk-screen .session=${session} .department=${this._department} .hospital=${this.#hospitalName} @leave=${this.#goBack} @log-out=${this.#logOut}></desk-screen>`)}`;
  }

  #onCode(event: SubmitEvent): void {
    event.preventDefault();
    const code = this.querySelector<HTMLInputElement>('#code')!.value.trim();
    if (code) void this.#logIn(code);
  }

  /** A desk is a page of the browser's own history: Back goes to the departments, not out of the app. */
  #open(department: string): void {
    if (departmentInHistory() !== department) history.pushState({ department }, '');
    this._department = department;
    keepDepartment(department);
    this.#session = new Session(new Clinic(this.#login, clinicBase()), department, this.#clock);
    this.#session.addEventListener('change', () => this.#onSession());
    this.#session.start();
  }

  #onSession(): void {
    if (this.#session?.trouble === 'http.unauthorized') this.#onSessionOver();
  }

  #goBack(): void {
    history.back();
  }

  #onPop = (): void => {
    if (location.hash) return location.reload(); // a link with another login code, opened in this tab
    if (!this.#login) return;
    const department = departmentInHistory();
    this.#leave();
    if (department) this.#open(department);
  };

  #onSessionOver(): void {
    this.#forget();
    this._refused = 'http.unauthorized';
  }

  #logOut(): void {
    void new Clinic(this.#login, clinicBase()).logOut();
    this.#forget();
    this._refused = undefined;
  }

  #forget(): void {
    forgetSession();
    this.#login = this.#tried = '';
    this.#leave();
    history.replaceState(null, '');
    this.requestUpdate();
  }

  #leave(): void {
    this.#session?.stop();
    this.#session = undefined;
    this._department = '';
    keepDepartment('');
  }
}

function departmentInHistory(): string {
  return (history.state as { department?: string } | null)?.department ?? '';
}
