// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { clockTime, colourMark } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import { icon } from '../../shared/icons.js';
import { csvText, saveFile } from './csv.js';
import { lastOfEach, type Entry } from './day-book.js';
import type { Session } from './session.js';
import { settings } from './settings.js';

/** For employers, schools and restaurants: who has shown a code on a day, and the share of green. @fires back */
export class ListScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    _day: { state: true },
    _days: { state: true },
    _people: { state: true },
    _failed: { state: true },
  };
  declare session: Session;
  declare _day: string;
  declare _days: readonly string[];
  declare _people: readonly Entry[];
  declare _failed: boolean;

  constructor() {
    super();
    this._day = '';
    this._days = [];
    this._people = [];
    this._failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this._day = this.session.today;
    this.session.addEventListener('change', this.#onChange);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onChange);
  }

  #onChange = (): void => void this.#load();

  async #load(): Promise<void> {
    const { book, today } = this.session;
    try {
      await book.sweep(today);
      this._days = [...new Set([today, ...(await book.days())])];
      if (!this._days.includes(this._day)) this._day = today;
      this._people = lastOfEach(await book.read(this._day));
      this._failed = false;
    } catch {
      this._failed = true;
    }
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t('gate.list.title')}</h1>
      ${this.#renderSwitch()}
      ${this._failed || this.session.bookTrouble ? html`<p class="notice" role="alert">${t('gate.list.failed')}</p>` : nothing}
      ${this._days.length > 1 ? this.#renderDays() : nothing} ${this.#renderShare()}
      <ul class="list people" aria-label=${t('gate.list.title')}>
        ${this._people.map((entry) => this.#renderEntry(entry))}
      </ul>
      <button class="button wide tall" ?disabled=${this._people.length === 0} @click=${this.#export}>${icon('save')}${t('gate.list.export')}</button>
    </main>`;
  }

  #renderSwitch(): TemplateResult {
    const { t } = this;
    const days = this.session.recordDays;
    if (days === 0) return html`<p class="notice calm">${t('gate.list.not-here')}</p>`;
    return html`<div class="card stack">
      <button class="button wide" role="switch" aria-checked=${settings.listing} @click=${this.#toggle}>
        ${t(settings.listing ? 'gate.list.on' : 'gate.list.off')}
      </button>
      ${this.session.scene(this.locale)?.leavesContact ? html`<p>${t('gate.list.guests', { n: days })}</p>` : nothing}
      <p class="soft with-icon">${icon('lock')}<span>${t('gate.list.kept', { n: days })}</span></p>
    </div>`;
  }

  #renderDays(): TemplateResult {
    return html`<div class="field">
      <label for="day">${this.t('gate.list.day')}</label>
      <select id="day" @change=${this.#onDay}>
        ${this._days.map((day) => html`<option value=${day} ?selected=${day === this._day}>${day}</option>`)}
      </select>
    </div>`;
  }

  #renderShare(): TemplateResult {
    const n = this._people.length;
    if (n === 0) return html`<p class="soft">${this.t('gate.list.empty')}</p>`;
    const green = this._people.filter(({ colour }) => colour === 'green').length;
    const percent = ((100 * green) / n).toLocaleString(this.locale, { maximumFractionDigits: 1 });
    return html`<p class="share" role="status">${this.t('gate.list.share', { n, green, percent })}</p>`;
  }

  #renderEntry(entry: Entry): TemplateResult {
    const { colour, maskedName, idTail, at, fullName, phone } = entry;
    return html`<li class="result">
      <svg class="mark" data-colour=${colour} viewBox="0 0 48 48" aria-hidden="true">${colourMark(colour)}</svg>
      <p>
        <strong>${fullName ?? maskedName}</strong><span>${idTail}</span>
        <span class="soft">${this.t(`code.colour.${colour}`)} · ${this.t(`gate.decision.${entry.decision}`)}${phone ? ` · ${phone}` : ''}</span>
      </p>
      <time class="soft">${clockTime(this.locale, at)}</time>
    </li>`;
  }

  #toggle(): void {
    settings.listing = !settings.listing;
    this.requestUpdate();
  }

  #onDay(event: Event): void {
    this._day = (event.target as HTMLSelectElement).value;
    void this.#load();
  }

  #export(): void {
    const { t } = this;
    const columns = ['time', 'name', 'tail', 'colour', 'decision', 'region', 'phone'].map((column) => t(`gate.list.column.${column}`));
    const rows = this._people.map((entry) => [
      clockTime(this.locale, entry.at),
      entry.fullName ?? entry.maskedName,
      entry.idTail,
      t(`code.colour.${entry.colour}`),
      t(`gate.decision.${entry.decision}`),
      this.session.gate!.placeName(entry.region, this.locale),
      entry.phone ?? '',
    ]);
    saveFile(`liangma-${this._day}.csv`, 'text/csv;charset=utf-8', csvText([columns, ...rows]));
  }
}

customElements.define('list-screen', ListScreen);
