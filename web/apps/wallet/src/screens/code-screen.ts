// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { colourMark, errorLines } from 'liangma-elements';
import { pickName, type AppealState, type ErrorCode, type Fault, type Person, type Visit } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { departmentName } from '../../../shared/departments.js';
import { formatMoment, formatSpan } from '../../../shared/format.js';
import { icon } from '../../../shared/icons.js';
import { fitCode } from '../code-fit.js';
import type { Session } from '../session.js';
import type { RegisteredVisit } from '../visit-book.js';

const kNoticeableSeconds = 30;
const kTellGrantedSeconds = 3 * 24 * 3600;

/** The heart of the wallet: the live code of the person chosen. @fires go, note, undo */
export class CodeScreen extends AppElement {
  static override properties = { session: { attribute: false }, note: { attribute: false } };
  declare session: Session;
  /** What has just happened; empty: nothing. */
  declare note: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.#onSession);
    window.addEventListener('resize', this.#fit);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onSession);
    window.removeEventListener('resize', this.#fit);
    this.#layout.disconnect();
  }

  #onSession = (): void => this.requestUpdate();

  readonly #layout = new ResizeObserver(() => this.#fit());

  #fit = (): void => {
    const page = this.querySelector<HTMLElement>('.code-page');
    if (page) fitCode(page);
  };

  /** Whatever stands above the symbol or below it can change the room that it has. */
  protected override updated(): void {
    this.#layout.disconnect();
    for (const part of this.querySelectorAll('.bar, .called, .tabs, .notice, .panel, .foot, liangma-code')) this.#layout.observe(part);
    this.#fit();
  }

  protected override render(): TemplateResult {
    const person = this.session.selected;
    return person ? this.#renderPage(person) : this.#renderFaultsAlone();
  }

  /** Nobody can be shown, but somebody was here. */
  #renderFaultsAlone(): TemplateResult {
    return html`<main class="page">
      ${this.#renderBar()}
      <h1 class="visually-hidden" tabindex="-1">${this.t('wallet.title')}</h1>
      ${this.#renderFaults()}
      <button class="button plain add" @click=${() => this.emit('go', 'add')}>${icon('add')}${this.t('wallet.people.add')}</button>
    </main>`;
  }

  #renderPage(person: Person): TemplateResult {
    return html`<main class="page code-page">
      ${this.#renderBar()} ${this.#renderCalled()} ${this.#renderTabs(person)}
      <h1 class="visually-hidden" tabindex="-1">${this.t('wallet.code.heading', { name: person.maskedName })}</h1>
      ${this.#renderNotice()} ${this.#renderPerson(person)} ${this.#renderFaults()}
      <div class="row others">
        ${person.colour === 'pending' ? nothing : this.#renderDeclare('plain')}
        <button class="button plain add" @click=${() => this.emit('go', 'add')}>${icon('add')}${this.t('wallet.people.add')}</button>
      </div>
      ${this.#renderFoot()}
    </main>`;
  }

  #renderBar(): TemplateResult {
    const { t } = this;
    return html`<header class="bar">
      <span class="name">${t('app.name')}</span>
      <span class="space"></span>
      <button class="button plain more" @click=${() => this.emit('go', 'more')}>${icon('more')}${t('wallet.more')}</button>
    </header>`;
  }

  #renderTabs(selected: Person): TemplateResult | typeof nothing {
    const { people } = this.session;
    if (people.length < 2) return nothing;
    return html`<div class="tabs" role="tablist" aria-label=${this.t('wallet.people.label')} @keydown=${this.#onTabKey}>
      ${people.map(
        (person) => html`<button
          class="tab"
          role="tab"
          id="tab-${person.id}"
          aria-controls="code-panel"
          aria-selected=${person.id === selected.id}
          tabindex=${person.id === selected.id ? 0 : -1}
          @click=${() => this.session.select(person.id)}
        >
          <svg class="mark" data-colour=${person.colour} viewBox="0 0 48 48" role="img" aria-label=${this.t(`code.colour.${person.colour}`)}>${colourMark(person.colour)}</svg>
          ${person.maskedName}
        </button>`,
      )}
    </div>`;
  }

  async #onTabKey(event: KeyboardEvent): Promise<void> {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const { people, selected } = this.session;
    const at = people.findIndex((person) => person.id === selected?.id);
    const next = people[(at + step + people.length) % people.length]!;
    this.session.select(next.id);
    await this.updateComplete;
    this.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }

  /** One at a time, the weightiest first: a door is no place to read. */
  #renderNotice(): TemplateResult | typeof nothing {
    const { t } = this;
    if (this.note) return this.#renderNote(this.note);
    const clock = this.session.wallet?.clock;
    if (clock && !clock.confirmed) {
      return html`<div class="notice" role="status">
        ${icon('clock')}
        <p>${t('wallet.clock.unconfirmed')}</p>
        <button class="button" @click=${() => this.session.refresh()}>${t('wallet.clock.check')}</button>
      </div>`;
    }
    if (clock && Math.abs(clock.offsetSeconds) >= kNoticeableSeconds) {
      const key = clock.offsetSeconds > 0 ? 'wallet.clock.slow' : 'wallet.clock.fast';
      const span = formatSpan(t, clock.offsetSeconds);
      return html`<div class="notice" role="status">${icon('clock')}<p>${t(key, { span })}</p></div>`;
    }
    if (this.session.online) return nothing;
    return html`<div class="notice calm" role="status">${icon('offline')}<p>${t('common.offline')}</p></div>`;
  }

  /** In the flow, where it covers nothing. */
  #renderNote(note: string): TemplateResult {
    return html`<div class="notice calm">
      <p>${note}</p>
      ${this.session.removed
        ? html`<button class="button" @click=${() => this.session.undoRemoval()}>${this.t('common.undo')}</button>`
        : nothing}
    </div>`;
  }

  #renderPerson(person: Person): TemplateResult {
    const panel = person.state === 'expired' ? this.#renderExpired(person) : this.#renderCode(person);
    return this.session.people.length < 2
      ? html`<section class="panel">${panel}</section>`
      : html`<section class="panel" role="tabpanel" id="code-panel" aria-labelledby="tab-${person.id}">${panel}</section>`;
  }

  #renderCode(person: Person): TemplateResult {
    const { t, locale } = this;
    return html`<liangma-code
        .frame=${this.session.frameOf(person)}
        .colour=${person.colour}
        .maskedName=${person.maskedName}
        .idTail=${person.idTail}
        .locale=${locale}
        .actionLabel=${undefined}
        @liangma-error=${() => this.requestUpdate()}
        @liangma-action=${(event: CustomEvent<{ code: ErrorCode }>) => this.#onAction(person, event.detail.code)}
      ></liangma-code>
      ${person.colour === 'pending' ? this.#renderPending(person) : nothing}
      <p class="soft small-print">
        <span>${t('wallet.valid-until', { time: formatMoment(locale, person.expiresAt, this.session.wallet!.now()) })}</span>
        <span>${t('wallet.region', { region: this.session.issuerName(person, locale) })}</span>
      </p>
      ${this.#renderReason(person)}`;
  }

  /** Why the colour is what it is, until when, and what can be done about it. */
  #renderReason(person: Person): TemplateResult | typeof nothing {
    const refusal = this.session.refusalOf(person);
    if (refusal) return this.#renderRefusal(person, refusal);
    const { reason, colour } = person;
    if (!reason) return nothing;
    if (colour === 'green') return this.#renderGranted(person, reason.since);
    const { t, locale } = this;
    const rule = reason.description && pickName(reason.description, locale);
    return html`<section class="card stack wide why" aria-labelledby="why">
      <h2 id="why">${t('wallet.why.title')}</h2>
      <p>${rule ?? t('wallet.why.pending')}</p>
      ${reason.until === undefined
        ? nothing
        : html`<p><strong>${t('wallet.why.until', { time: formatMoment(locale, reason.until, this.session.wallet!.now()) })}</strong></p>`}
      ${this.#renderAppeal(person.appeal)}
    </section>`;
  }

  #renderDeclare(look: string): TemplateResult {
    return html`<button class="button declare ${look}" @click=${() => this.emit('go', 'declare')}>
      ${icon('list')}${this.t('wallet.declare')}
    </button>`;
  }

  /** For some days it stands below the green code that an appeal led to. */
  #renderGranted({ appeal }: Person, since: number): TemplateResult | typeof nothing {
    const isNew = this.session.wallet!.now() < since + kTellGrantedSeconds;
    if (appeal?.outcome !== 'granted' || !isNew) return nothing;
    return html`<section class="card wide granted">${this.#renderOutcome(appeal)}</section>`;
  }

  /** A colour that no rule gives was sent, and not taken: the code is still the one of before. */
  #renderRefusal(person: Person, code: ErrorCode): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<section class="card stack wide fault why" role="alert">
      <p><strong>${what}</strong></p><p>${toDo}</p>
      ${this.#renderAppeal(person.appeal)}
    </section>`;
  }

  #renderAppeal(appeal: AppealState | undefined): TemplateResult {
    const { t, locale } = this;
    const now = this.session.wallet!.now();
    if (appeal?.outcome === 'open') {
      const key = now < appeal.deadline ? 'wallet.appeal.open' : 'wallet.appeal.overdue';
      return html`<p class="with-icon">${icon('clock')}<span>${t(key, { time: formatMoment(locale, appeal.deadline, now) })}</span></p>`;
    }
    return html`${appeal ? this.#renderOutcome(appeal) : nothing}
      <button class="button wide" @click=${() => this.emit('go', 'appeal')}>${t('wallet.appeal.contest')}</button>`;
  }

  #renderOutcome({ outcome, reason = '' }: AppealState): TemplateResult {
    const { t } = this;
    const key = `bureau.reason.${reason}`;
    const words = t(key) === key ? '' : t(key);
    return html`<p>${t(`wallet.appeal.${outcome}`)}${words ? html` <strong>${t('wallet.appeal.reason', { reason: words })}</strong>` : nothing}</p>`;
  }

  /** Whoever is pending has to declare yet, or was activated by a checkpoint just now. */
  #renderPending(person: Person): TemplateResult {
    const { t, session } = this;
    return html`<div class="row pending">
      ${this.#renderDeclare('primary')}
      <button class="button renew" ?disabled=${session.busy} @click=${() => this.#renew(person)}>
        ${icon('renew')}${t(session.busy ? 'wallet.renewing' : 'code.renew')}
      </button>
    </div>`;
  }

  #renderExpired(person: Person): TemplateResult {
    const { t } = this;
    return html`<div class="card stack wide expired">
      <p class="who">${person.maskedName} <span class="soft">${t('common.idTail', { tail: person.idTail })}</span></p>
      <h2>${t('wallet.expired.title')}</h2>
      <p>${t('wallet.expired.text')}</p>
      <button class="button primary wide tall" ?disabled=${this.session.busy} @click=${() => this.#renew(person)}>
        ${icon('renew')}${t(this.session.busy ? 'wallet.renewing' : 'code.renew')}
      </button>
    </div>`;
  }

  #renderFaults(): TemplateResult[] {
    return this.session.faults.map((fault) =>
      fault.code === 'storage.damaged' ? this.#renderDamaged(fault) : this.#renderCopied(fault),
    );
  }

  #renderDamaged(fault: Fault): TemplateResult {
    const { t } = this;
    const [what, toDo] = errorLines(t, fault.code);
    return html`<div class="card stack wide fault" role="alert">
      <h2>${t('wallet.fault.title')}</h2>
      <p>${what}${this.session.people.length > 0 ? ` ${t('wallet.fault.others')}` : ''}</p>
      <p>${toDo}</p>
      <button class="button primary wide" @click=${() => location.reload()}>${icon('renew')}${t('common.retry')}</button>
      <button class="button wide" @click=${() => this.session.forget(fault)}>${icon('remove')}${t('wallet.fault.remove')}</button>
      <start-over .session=${this.session}></start-over>
    </div>`;
  }

  #renderCopied(fault: Fault): TemplateResult {
    const { t } = this;
    return html`<div class="card stack wide fault" role="alert">
      <h2>${t('wallet.copied.title')}</h2>
      <p>${t('wallet.copied.text')}</p>
      <button class="button primary wide tall" @click=${() => this.session.forget(fault)}>${t('wallet.copied.restart')}</button>
    </div>`;
  }

  /** Whoever is called looks for nothing else, and whoever may have a number has to hear of it. */
  #renderCalled(): TemplateResult {
    const { called = [], unknown = [] } = this.session.visits ?? {};
    const rows = [...called.map((visit) => this.#renderNumber(visit, true)), ...unknown.map((visit) => this.#renderUnknown(visit))];
    return html`<div class="called" role="status">${rows}</div>`;
  }

  #renderFoot(): TemplateResult {
    const { t } = this;
    const { waiting = [] } = this.session.visits ?? {};
    return html`<div class="foot">
      <div class="numbers" role="status">${waiting.map((visit) => this.#renderNumber(visit, false))}</div>
      <div class="row">
        <button class="button primary tall" @click=${() => this.emit('go', 'scan')}>${icon('hospital')}${t('wallet.hospital')}</button>
        <button class="button tall" @click=${() => this.emit('go', 'scan-door')}>${icon('scan')}${t('wallet.door')}</button>
      </div>
    </div>`;
  }

  #renderNumber(visit: RegisteredVisit, isCalled: boolean): TemplateResult {
    const { t } = this;
    const { queueLabel, department } = visit.ticket;
    return html`<button class="button wide ${isCalled ? 'primary' : ''}" @click=${() => this.#openVisit(visit)}>
      <span>${t('wallet.queue.number')} ${queueLabel} · ${departmentName(t, department)}</span>
      ${isCalled ? html`<strong>${t('wallet.queue.called')}</strong>` : nothing}
    </button>`;
  }

  #renderUnknown(visit: Visit): TemplateResult {
    const { t } = this;
    return html`<button class="button wide unknown" @click=${() => this.#openVisit(visit)}>
      <span>${t('wallet.unknown.title')}</span>${icon('next')}
    </button>`;
  }

  #openVisit(visit: Visit): void {
    this.session.visits?.open(visit);
    this.emit('go', 'queue');
  }

  #onAction(person: Person, code: ErrorCode): void {
    if (code === 'time.credential-expired') void this.#renew(person);
    else void this.session.refresh();
  }

  async #renew(person: Person): Promise<void> {
    const outcome = await this.session.renew(person);
    this.emit('note', outcome.ok ? this.t('wallet.renewed') : this.t(outcome.code));
  }
}

customElements.define('code-screen', CodeScreen);
