// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from 'liangma';
import { clockTime, drawSymbol, errorLines } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { departmentName } from '../../shared/departments.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { Clinic, type LatestVisit, type Visit } from './clinic.js';
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
  /** The result that was last on screen; undefined: none was, and what comes first is no news. */
  #told: string | undefined;
  #resize = new ResizeObserver(() => this.#draw());

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
    const box = this.querySelector('.desk-symbol');
    this.#resize.disconnect();
    if (box) this.#resize.observe(box);
    this.#draw();
    this.#bringIntoView();
  }

  /** Where the screen is small, a new result would be below its edge. */
  #bringIntoView(): void {
    const { queue, refusal } = this.#session ?? {};
    if (!queue) return void (this.#told = undefined);
    const { at, queueLabel, already } = queue.latest ?? {};
    const told = [at, queueLabel, already, refusal].join(' ');
    if (this.#told !== undefined && told !== this.#told)
      this.querySelector(refusal ? '.refused' : '.latest')?.scrollIntoView({ block: 'nearest' });
    this.#told = told;
  }

  #draw(): void {
    const box = this.querySelector<HTMLElement>('.desk-symbol');
    const canvas = this.querySelector('canvas');
    const symbol = this.#session?.symbol;
    if (box && canvas && symbol) drawSymbol(canvas, symbol, Math.min(box.clientWidth, box.clientHeight), devicePixelRatio);
  }

  protected override render(): TemplateResult {
    if (this.#code) return html`<main class="page" aria-busy="true"></main>`;
    if (!this.#login) return this.#renderLogin();
    if (!this._department) return this.#renderDepartments();
    return this.#renderDesk();
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

  #renderDesk(): TemplateResult {
    const { t } = this;
    const session = this.#session!;
    return html`<main class="desk">
      <header class="bar">
        <span class="name">${departmentName(t, this._department)}</span>
        <span class="waiting-count">${session.queue ? t('desk.queue.waiting', { n: session.queue.waiting }) : ''}</span>
        <span class="space"></span>
        ${languageButton(this.locale)}
        <button class="button" @click=${this.#leave}>${t('desk.department.change')}</button>
      </header>
      ${session.trouble ? html`<p class="notice" role="alert">${this.#troubleText(session.trouble)}</p>` : nothing}
      <section class="ask" aria-labelledby="ask">
        <h1 id="ask">${t('desk.request.heading')}</h1>
        <p>${t('desk.request.how')}</p>
        <div class="desk-symbol">
          <canvas
            role="img"
            ?hidden=${!session.symbol}
            aria-label=${t('desk.request.symbol-label', { department: departmentName(t, this._department) })}
          ></canvas>
          ${session.symbol ? nothing : this.#renderNoSymbol(session)}
        </div>
        <p class="soft countdown" role="timer">${session.symbol && session.isTimed ? t('desk.request.left', { n: session.secondsLeft }) : ''}</p>
      </section>
      <div class="side">
        <section class="stack wide" aria-live="polite">
          ${session.refusal ? this.#renderRefusal(session.refusal) : nothing}
          ${this.#renderLatest(session.queue?.latest)}
        </section>
        ${this.#renderCalls(session)} ${this.#renderHistory(session.queue?.visits ?? [])}
      </div>
    </main>`;
  }

  /** In the symbol's place. */
  #renderNoSymbol({ unloaded }: Session): TemplateResult {
    const { t } = this;
    if (!unloaded) return html`<p class="soft">${t('desk.request.preparing')}</p>`;
    const [what, toDo] = errorLines(t, unloaded);
    return html`<div class="stack unloaded" role="alert">
      <p><strong>${what}</strong></p>
      <p>${toDo}</p>
      <button class="button" @click=${() => void this.#session?.load()}>${t('common.retry')}</button>
    </div>`;
  }

  #troubleText(code: string): string {
    return code === 'net.unreachable' ? this.t('desk.server-lost') : errorLines(this.t, code).join(' ');
  }

  #renderLatest(visit: LatestVisit | undefined): TemplateResult {
    const { t } = this;
    if (!visit) return html`<div class="card latest"><p class="soft">${t('desk.waiting')}</p></div>`;
    return html`<div class="card latest" data-route=${visit.route}>
      ${this.#renderRoute(visit)}
      <p>${t(visit.already ? 'desk.already' : 'desk.arrived')}</p>
      <p class="queue-number">${visit.queueLabel}</p>
      <p class="patient">${visit.patient.maskedName}</p>
      <p>${t('common.idTail', { tail: visit.patient.idTail })}</p>
    </div>`;
  }

  /** Where to send the resident; prominent where that is not the department of this desk. */
  #renderRoute({ route, department }: Visit): TemplateResult {
    const { t } = this;
    if (route === 'registration') return html`<p class="route">${departmentName(t, department)}</p>`;
    return html`<p class="route" data-route=${route}>
      <strong>${t(`desk.route.${route}`)}</strong><span>${t(`desk.route.${route}.how`)}</span>
    </p>`;
  }

  #renderRefusal(reason: string): TemplateResult {
    const [what, toDo] = errorLines(this.t, reason);
    return html`<div class="card refused">
      <p class="patient">${this.t('desk.refused')}</p>
      <p><strong>${what}</strong></p>
      <p>${toDo}</p>
      <p class="soft">${this.t('desk.refused.open')}</p>
    </div>`;
  }

  #renderCalls(session: Session): TemplateResult {
    const { t } = this;
    const { called, waiting = 0 } = session.queue ?? {};
    return html`<section class="card calls" aria-labelledby="calls">
      <h2 id="calls">${t('desk.call.heading')}</h2>
      <p class="called" aria-live="polite">
        ${called
          ? html`<strong class="called-number">${called.queueLabel}</strong><span>${called.patient.maskedName} ${called.patient.idTail}</span>`
          : html`<span class="soft">${t('desk.call.nobody')}</span>`}
      </p>
      <button class="button primary wide tall" ?disabled=${waiting === 0 || session.calling} @click=${() => void session.callNext()}>
        ${icon('sound')}${t(waiting === 0 ? 'desk.call.none' : 'desk.call.next')}
      </button>
    </section>`;
  }

  #renderHistory(visits: readonly Visit[]): TemplateResult {
    const { t } = this;
    return html`<section class="history stack" aria-labelledby="history">
      <h2 id="history">${t('desk.history')}</h2>
      ${visits.length === 0
        ? html`<p class="soft">${t('desk.history-empty')}</p>`
        : html`<table>
            <thead>
              <tr><th scope="col">${t('desk.history-number')}</th><th scope="col">${t('desk.history-person')}</th><th scope="col">${t('desk.history-department')}</th><th scope="col">${t('desk.history-state')}</th></tr>
            </thead>
            <tbody>${visits.map((visit) => this.#renderRow(visit))}</tbody>
          </table>`}
    </section>`;
  }

  #renderRow({ at, state, queueLabel, patient, department, route }: Visit): TemplateResult {
    const { t } = this;
    const where = route === 'pre-check' ? t('desk.route.pre-check') : departmentName(t, department);
    return html`<tr data-route=${route}>
      <td><strong>${queueLabel}</strong> <time class="soft">${clockTime(this.locale, at)}</time></td>
      <td>${patient.maskedName} ${patient.idTail}</td>
      <td><span class="where">${where}</span></td>
      <td>${t(`desk.state.${state}`)}</td>
    </tr>`;
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
    if (this.#session?.trouble === 'http.unauthorized') return this.#onSessionOver();
    this.requestUpdate();
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
