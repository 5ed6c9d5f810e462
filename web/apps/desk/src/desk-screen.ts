// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { clockTime, drawSymbol, errorLines } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { departmentName } from '../../shared/departments.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import type { LatestVisit, Visit } from './clinic.js';
import type { Session } from './session.js';

/** So many visits the server tells at most. */
const kMostVisits = 100;
const kResultMilliseconds = 8000;

/** A department's desk at work. Tells "leave" and "log-out". */
export class DeskScreen extends AppElement {
  static override properties = { session: { attribute: false }, department: { attribute: false }, hospital: { attribute: false }, _listed: { state: true } };
  declare session: Session;
  declare department: string;
  /** Its name, for the resident to compare with who asks in the wallet; empty: not known. */
  declare hospital: string;
  /** Whether the numbers of the day are on screen, which everybody sees who comes to scan. */
  declare _listed: boolean;

  /** The result that was last on screen; undefined: none was, and what comes first is no news. */
  #told: string | undefined;
  #topTimer: ReturnType<typeof setTimeout> | undefined;
  #resize = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    this._listed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.#onSession);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onSession);
    this.#resize.disconnect();
    clearTimeout(this.#topTimer);
  }

  #onSession = (): void => this.requestUpdate();

  protected override updated(): void {
    const box = this.querySelector('.desk-symbol');
    this.#resize.disconnect();
    if (box) this.#resize.observe(box);
    this.#draw();
    this.#bringIntoView();
  }

  /** Where the screen is small, a new result would be below its edge. */
  #bringIntoView(): void {
    const { queue, refusal } = this.session;
    if (!queue) return void (this.#told = undefined);
    const { at, queueLabel, already } = queue.latest ?? {};
    const told = [at, queueLabel, already, refusal].join(' ');
    if (this.#told !== undefined && told !== this.#told)
      this.#scrollTo(refusal ? '.refused' : '.latest');
    this.#told = told;
  }

  /** The next resident needs the symbol: it goes back to the top after a while, unless somebody has scrolled since. */
  #scrollTo(selector: string): void {
    const { scrollY } = window;
    this.querySelector(selector)?.scrollIntoView({ block: 'nearest' });
    const there = window.scrollY;
    if (there === scrollY && this.#topTimer === undefined) return;
    clearTimeout(this.#topTimer);
    this.#topTimer = setTimeout(() => {
      this.#topTimer = undefined;
      if (window.scrollY === there) window.scrollTo(0, 0);
    }, kResultMilliseconds);
  }

  #draw(): void {
    const box = this.querySelector<HTMLElement>('.desk-symbol');
    const canvas = this.querySelector('canvas');
    const symbol = this.session.symbol;
    if (box && canvas && symbol) drawSymbol(canvas, symbol, Math.min(box.clientWidth, box.clientHeight), devicePixelRatio);
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const { session } = this;
    return html`<main class="desk">
      <header class="bar">
        <div class="where-we-are">
          ${this.hospital ? html`<p class="name">${this.hospital}</p>` : nothing}
          <p><strong>${departmentName(t, this.department)}</strong> <span class="waiting-count">${session.queue ? t('desk.queue.waiting', { n: session.queue.waiting }) : ''}</span></p>
        </div>
        <div class="actions">
          ${languageButton(this.locale)}
          <button class="button" @click=${() => this.emit('leave')}>${t('desk.department.change')}</button>
          <button class="button" @click=${() => this.emit('log-out')}>${t('desk.log-out')}</button>
        </div>
      </header>
      ${session.trouble ? html`<p class="notice" role="alert">${this.#troubleText(session.trouble)}</p>` : nothing}
      <section class="ask" aria-labelledby="ask">
        <h1 id="ask" tabindex="-1">${t('desk.request.heading')}</h1>
        <p>${t('desk.request.how')}</p>
        <div class="desk-symbol">
          <canvas
            role="img"
            ?hidden=${!session.symbol}
            aria-label=${t('desk.request.symbol-label', { department: departmentName(t, this.department) })}
          ></canvas>
          ${session.symbol ? nothing : this.#renderNoSymbol(session)}
        </div>
        <p class="soft countdown" role="timer">${session.symbol && session.isTimed ? t('desk.request.left', { n: session.secondsLeft }) : ''}</p>
      </section>
      <div class="side">
        <section class="stack wide" aria-live="polite">
          ${session.refusal ? this.#renderRefusal(session.refusal) : nothing}
          ${session.queue ? this.#renderLatest(session.queue.latest) : html`<div class="card latest"><p class="soft">${t('desk.unknown')}</p></div>`}
        </section>
        ${this.#renderCalls(session)}
      </div>
      ${session.queue ? this.#renderHistory(session.queue.visits) : nothing}
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
      <button class="button" @click=${() => void this.#retry()}>${t('common.retry')}</button>
    </div>`;
  }

  async #retry(): Promise<void> {
    await this.session.load();
    if (this.session.unloaded) return;
    await this.updateComplete;
    this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }); // the button is gone
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

  #renderCalls({ queue, called, calling }: Session): TemplateResult {
    const { t } = this;
    return html`<section class="card calls" aria-labelledby="calls">
      <h2 id="calls">${t('desk.call.heading')}</h2>
      <p class="called" aria-live="polite">
        ${called ? html`<strong class="called-number">${called.queueLabel}</strong><span>${personOf(called)}</span>` : nothing}
      </p>
      ${queue ? this.#renderOtherCall(queue.called, called) : nothing}
      <button class="button primary wide tall" aria-disabled=${!queue?.waiting || calling} @click=${() => void this.session.callNext()}>
        ${icon('sound')}${t(queue?.waiting === 0 ? 'desk.call.none' : 'desk.call.next')}
      </button>
    </section>`;
  }

  /** What another desk of the department has called since, or this one before it was opened anew. */
  #renderOtherCall(latest: Visit | undefined, own: Visit | undefined): TemplateResult | typeof nothing {
    if (!latest) return html`<p class="soft">${this.t('desk.call.nobody')}</p>`;
    if (latest.queueLabel === own?.queueLabel) return nothing;
    return html`<p class="soft other-call">${this.t('desk.call.latest', { number: latest.queueLabel, person: personOf(latest) })}</p>`;
  }

  #renderHistory(visits: readonly Visit[]): TemplateResult {
    const { t } = this;
    return html`<section class="history stack" aria-label=${t('desk.history')}>
      <button class="button" aria-expanded=${this._listed} @click=${() => (this._listed = !this._listed)}>
        ${icon('list')}${t(this._listed ? 'desk.history.hide' : 'desk.history.show')}
      </button>
      ${this._listed ? this.#renderVisits(visits) : nothing}
    </section>`;
  }

  #renderVisits(visits: readonly Visit[]): TemplateResult {
    const { t } = this;
    if (visits.length === 0) return html`<p class="soft">${t('desk.history-empty')}</p>`;
    return html`
      ${visits.length < kMostVisits ? nothing : html`<p class="soft">${t('desk.history.newest', { n: kMostVisits })}</p>`}
      <table>
        <thead>
          <tr><th scope="col">${t('desk.history-number')}</th><th scope="col">${t('desk.history-person')}</th><th scope="col">${t('desk.history-department')}</th><th scope="col">${t('desk.history-state')}</th></tr>
        </thead>
        <tbody>${visits.map((visit) => this.#renderRow(visit))}</tbody>
      </table>
    `;
  }

  #renderRow(visit: Visit): TemplateResult {
    const { t } = this;
    const { at, state, queueLabel, department, route } = visit;
    const where = route === 'pre-check' ? t('desk.route.pre-check') : departmentName(t, department);
    return html`<tr data-route=${route}>
      <td><strong>${queueLabel}</strong> <time class="soft">${clockTime(this.locale, at)}</time></td>
      <td>${personOf(visit)}</td>
      <td><span class="where">${where}</span></td>
      <td>${t(`desk.state.${state}`)}</td>
    </tr>`;
  }
}

function personOf({ patient }: Visit): string {
  return `${patient.maskedName} ${patient.idTail}`;
}

customElements.define('desk-screen', DeskScreen);
