// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from 'liangma';
import { errorLines } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { departmentName } from '../../shared/departments.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { Clinic } from './clinic.js';
import './desk-screen.js';
import { clinicBase, forgetSession, keepDepartment, keepSession, keptDepartment, keptSession, takeCode } from './login.js';
import { Session } from './session.js';

const kRetryMilliseconds = 3000;

/** A hospital's registration desk. */
export class DeskApp extends AppElement {
  static override properties = { _department: { state: true }, _departments: { state: true }, _lost: { state: true }, _refused: { state: true } };
  declare _department: string;
  /** Absent until the hospital's server has answered. */
  declare _departments: readonly string[] | undefined;
  declare _lost: boolean;
  /** Why the desk was not let in. */
  declare _refused: ErrorCode | undefined;

  #code = takeCode();
  #tried = '';
  #login = keptSession();
  #session: Session | undefined;

  constructor() {
    super();
    this._department = '';
    this._lost = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#code) void this.#logIn(this.#code);
    else if (this.#login) this.#enter();
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
    void this.#loadDepartments();
    if (keptDepartment()) this.#choose(keptDepartment());
  }

  async #loadDepartments(): Promise<void> {
    const outcome = await new Clinic(this.#login, clinicBase()).departments();
    this._lost = !outcome.ok;
    if (outcome.ok) this._departments = outcome.value;
    else setTimeout(() => void this.#loadDepartments(), kRetryMilliseconds);
  }

  protected override updated(): void {
    document.title = this.t('desk.title');
  }

  protected override render(): TemplateResult {
    if (this.#code) return html`<main class="page" aria-busy="true"></main>`;
    if (!this.#login) return this.#renderLogin();
    if (!this._department) return this.#renderDepartments();
    return html`<desk-screen .session=${this.#session} .department=${this._department} @leave=${this.#leave}></desk-screen>`;
  }

  #renderLogin(): TemplateResult {
    const { t } = this;
    const refused = this._refused ? errorLines(t, this._refused).join(' ') : '';
    return html`<main class="page">
      <header class="bar"><span class="name">${t('desk.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      <h1>${t('desk.login.title')}</h1>
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

  #renderDepartments(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar"><span class="name">${t('desk.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      <h1>${t('desk.department.title')}</h1>
      ${this._lost ? html`<p class="notice" role="status">${t('desk.server-lost')}</p>` : nothing}
      <ul class="list">
        ${(this._departments ?? []).map(
          (department) => html`<li>
            <button class="choice" @click=${() => this.#choose(department)}>
              <span><strong>${departmentName(t, department)}</strong></span>${icon('next')}
            </button>
          </li>`,
        )}
      </ul>
    </main>`;
  }

  #onCode(event: SubmitEvent): void {
    event.preventDefault();
    const code = this.querySelector<HTMLInputElement>('#code')!.value.trim();
    if (code) void this.#logIn(code);
  }

  #choose(department: string): void {
    this._department = department;
    keepDepartment(department);
    this.#session = new Session(new Clinic(this.#login, clinicBase()), department);
    this.#session.addEventListener('change', () => this.#onSession());
    this.#session.start();
  }

  #onSession(): void {
    if (this.#session?.trouble === 'http.unauthorized') this.#onSessionOver();
  }

  #onSessionOver(): void {
    forgetSession();
    this.#login = '';
    this.#leave();
    this._refused = 'http.unauthorized';
  }

  #leave(): void {
    this.#session?.stop();
    this.#session = undefined;
    this._department = '';
    keepDepartment('');
  }
}
