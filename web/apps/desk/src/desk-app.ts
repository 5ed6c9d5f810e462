// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { drawSymbol, errorLines } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { departmentName } from '../../shared/departments.js';
import { formatTime } from '../../shared/format.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { Clinic } from './clinic.js';
import { clinicBase, forgetPass, keepPass, takePass } from './pass.js';
import { Session, type Visit } from './session.js';

const kRetryMilliseconds = 3000;

/** A hospital's registration desk. */
export class DeskApp extends AppElement {
  static override properties = { _department: { state: true }, _departments: { state: true }, _lost: { state: true }, _refused: { state: true } };
  declare _department: string;
  /** Absent until the hospital's server has answered. */
  declare _departments: readonly string[] | undefined;
  declare _lost: boolean;
  /** The pass was refused by the server. */
  declare _refused: boolean;

  #pass = takePass();
  #session: Session | undefined;
  #visits: readonly Visit[] = [];
  #resize = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    this._department = '';
    this._refused = this._lost = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadDepartments();
  }

  async #loadDepartments(): Promise<void> {
    const outcome = await new Clinic(this.#pass, clinicBase()).departments();
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
  }

  #draw(): void {
    const box = this.querySelector<HTMLElement>('.desk-symbol');
    const canvas = this.querySelector('canvas');
    const symbol = this.#session?.symbol;
    if (box && canvas && symbol) drawSymbol(canvas, symbol, Math.min(box.clientWidth, box.clientHeight), devicePixelRatio);
  }

  protected override render(): TemplateResult {
    if (!this.#pass || this._refused) return this.#renderPass();
    if (!this._department) return this.#renderDepartments();
    return this.#renderDesk();
  }

  #renderPass(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar"><span class="name">${t('desk.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      <h1>${t('desk.token.title')}</h1>
      <p>${t('desk.token.text')}</p>
      <form class="stack wide" novalidate @submit=${this.#onPass}>
        <div class="field">
          <label for="pass">${t('desk.token.label')}</label>
          <input id="pass" type="password" autocomplete="off" maxlength="256" aria-describedby="pass-error" aria-invalid=${this._refused} />
          <p class="error" id="pass-error" role="alert">${this._refused ? t('desk.token.bad') : ''}</p>
        </div>
        <button class="button primary wide tall" type="submit">${t('desk.token.submit')}</button>
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
          ${session.symbol ? nothing : html`<p class="soft">${t('desk.request.preparing')}</p>`}
        </div>
        <p class="soft countdown" role="timer">${session.symbol ? t('desk.request.left', { n: session.secondsLeft }) : ''}</p>
      </section>
      <div class="side">
        <section aria-live="polite">${this.#renderLatest()}</section>
        ${this.#renderHistory()}
      </div>
    </main>`;
  }

  #troubleText(code: string): string {
    return code === 'net.unreachable' ? this.t('desk.server-lost') : errorLines(this.t, code).join(' ');
  }

  #renderLatest(): TemplateResult {
    const { t } = this;
    const visit = this.#visits[0];
    if (!visit) return html`<div class="card latest"><p class="soft">${t('desk.waiting')}</p></div>`;
    if (visit.state.state === 'refused') return this.#renderRefused(visit);
    const { queueNumber, patient } = visit.state;
    return html`<div class="card latest">
      <p class="with-icon"><span>${t('desk.arrived')}</span></p>
      <p class="queue-number">${queueNumber}</p>
      ${patient ? html`<p class="patient">${patient.maskedName}</p><p>${t('common.idTail', { tail: patient.idTail })}</p>` : nothing}
    </div>`;
  }

  #renderRefused({ state }: Visit): TemplateResult {
    const [what, toDo] = errorLines(this.t, state.reason ?? 'internal.error');
    return html`<div class="card latest refused">
      <p class="patient">${this.t('desk.refused')}</p>
      <p><strong>${what}</strong></p>
      <p>${toDo}</p>
    </div>`;
  }

  #renderHistory(): TemplateResult {
    const { t } = this;
    return html`<section class="history stack" aria-labelledby="history">
      <h2 id="history">${t('desk.history')}</h2>
      ${this.#visits.length === 0
        ? html`<p class="soft">${t('desk.history-empty')}</p>`
        : html`<table>
            <thead>
              <tr><th scope="col">${t('desk.history-time')}</th><th scope="col">${t('desk.history-number')}</th><th scope="col">${t('desk.history-person')}</th><th scope="col">${t('desk.history-department')}</th></tr>
            </thead>
            <tbody>${this.#visits.map((visit) => this.#renderRow(visit))}</tbody>
          </table>`}
    </section>`;
  }

  #renderRow({ at, state }: Visit): TemplateResult {
    const { t } = this;
    const refused = state.state === 'refused' ? errorLines(t, state.reason ?? 'internal.error')[0] : '';
    return html`<tr>
      <td><time>${formatTime(this.locale, at / 1000)}</time></td>
      <td><strong>${state.queueNumber ?? '—'}</strong></td>
      <td>${refused ? html`${t('desk.refused')}：${refused}` : `${state.patient?.maskedName ?? ''} ${state.patient?.idTail ?? ''}`}</td>
      <td>${departmentName(t, state.department)}</td>
    </tr>`;
  }

  #onPass(event: SubmitEvent): void {
    event.preventDefault();
    const pass = this.querySelector<HTMLInputElement>('#pass')!.value.trim();
    if (!pass) return;
    keepPass(pass);
    this.#pass = pass;
    this._refused = false;
    this.requestUpdate();
  }

  #choose(department: string): void {
    this._department = department;
    this.#session = new Session(new Clinic(this.#pass, clinicBase()), department);
    this.#session.addEventListener('change', () => this.#onSession());
    void this.#session.start();
  }

  #onSession(): void {
    const session = this.#session;
    if (!session) return;
    if (session.trouble === 'http.unauthorized') return this.#onRefusedPass();
    const known = new Set(this.#visits.map((visit) => visit.id));
    this.#visits = [...session.visits.filter((visit) => !known.has(visit.id)), ...this.#visits];
    this.requestUpdate();
  }

  #onRefusedPass(): void {
    forgetPass();
    this.#pass = '';
    this.#leave();
    this._refused = true;
  }

  #leave(): void {
    this.#session?.stop();
    this.#session = undefined;
    this._department = '';
  }
}
