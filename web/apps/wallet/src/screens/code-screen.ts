// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { colourMark } from 'liangma-elements';
import type { ErrorCode, Person } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { departmentName } from '../../../shared/departments.js';
import { formatMoment, formatSpan } from '../../../shared/format.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';

const kNoticeableSeconds = 30;

/** The heart of the wallet: the live code of the person chosen. @fires go, note */
export class CodeScreen extends AppElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.#onSession);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onSession);
  }

  #onSession = (): void => this.requestUpdate();

  protected override updated(): void {
    this.querySelector('[role=tab][aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  protected override render(): TemplateResult {
    const person = this.session.selected;
    if (!person) return html``;
    return html`<main class="page code-page">
      ${this.#renderBar()} ${this.#renderTabs(person)}
      <h1 class="visually-hidden" tabindex="-1">${this.t('wallet.code.heading', { name: person.maskedName })}</h1>
      ${this.#renderNotice()} ${this.#renderPerson(person)}
      <button class="button plain add" @click=${() => this.emit('go', 'add')}>${icon('add')}${this.t('wallet.people.add')}</button>
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

  #renderPerson(person: Person): TemplateResult {
    const panel =
      person.state === 'unreadable'
        ? this.#renderUnreadable(person)
        : person.state === 'expired'
          ? this.#renderExpired(person)
          : this.#renderCode(person);
    return this.session.people.length < 2
      ? html`<section>${panel}</section>`
      : html`<section role="tabpanel" id="code-panel" aria-labelledby="tab-${person.id}">${panel}</section>`;
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
      <p class="soft small-print">
        <span>${t('wallet.valid-until', { time: formatMoment(locale, person.expiresAt, this.session.wallet!.now()) })}</span>
        <span>${t('wallet.region', { region: this.session.issuerName(person, locale) })}</span>
      </p>`;
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

  #renderUnreadable(person: Person): TemplateResult {
    const { t } = this;
    return html`<div class="card stack wide" role="alert">
      <h2>${t('wallet.copied.title')}</h2>
      <p>${t('wallet.copied.text')}</p>
      <button class="button primary wide tall" @click=${() => this.session.forget(person)}>${t('wallet.copied.restart')}</button>
    </div>`;
  }

  #renderFoot(): TemplateResult {
    const { t } = this;
    const ticket = this.session.queueTicket;
    return html`<div class="foot">
      ${ticket
        ? html`<button class="button wide" @click=${() => this.emit('go', 'queue')}>
            ${t('wallet.queue.number')} ${ticket.queueLabel} · ${departmentName(t, ticket.department)}
          </button>`
        : nothing}
      <button class="button primary wide tall" @click=${() => this.emit('go', 'scan')}>
        ${icon('hospital')}${t('wallet.hospital')}
      </button>
    </div>`;
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
