// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ScanDetail } from 'liangma-elements';
import { icon } from '../../../shared/icons.js';
import { evidences, type Case, type Choice, type Evidence, type LogEntry } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';
import './case-log.js';

/** Looks at a case with its log, and changes its colour where a rule does. */
export class CaseScreen extends TaskScreen {
  static override properties = {
    caseId: {},
    _case: { state: true },
    _records: { state: true },
    _choices: { state: true },
    _choice: { state: true },
    _confirming: { state: true },
  };
  /** A case that was chosen elsewhere; empty: ask for a code. */
  declare caseId: string;
  declare _case: Case | undefined;
  declare _records: readonly LogEntry[];
  /** What the rules allow; absent: nobody asked. */
  declare _choices: readonly Choice[] | undefined;
  declare _choice: Choice | undefined;
  /** What will be sent once it is confirmed. */
  declare _confirming: { readonly at: number; readonly evidence: Evidence } | undefined;

  constructor() {
    super();
    this.caseId = '';
    this._records = [];
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('caseId') && this.caseId) void this.#open(this.bureau.case(this.caseId));
  }

  async #open(asked: ReturnType<CaseScreen['bureau']['case']>): Promise<void> {
    const found = await this.ask(asked);
    if (!found) return;
    this._choices = this._choice = this._confirming = undefined;
    this._case = found;
    const log = await this.ask(this.bureau.log(found.case));
    this._records = log?.records ?? [];
    await this.focusOn('#who');
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.case.title')}</h1>
      ${this.renderTrouble()}
      ${this._case ? this.#renderCase(this._case) : this.caseId && !this._trouble ? this.renderLoading() : this.#renderScan()}`;
  }

  #renderScan(): TemplateResult {
    return html`<p>${this.t('bureau.case.how')}</p>
      <liangma-scanner .locale=${this.locale} ?paused=${this._busy} @liangma-scan=${this.#onScan}></liangma-scanner>`;
  }

  #renderCase(found: Case): TemplateResult {
    const { t } = this;
    return html`<section class="card stack wide" aria-labelledby="who">
        <h2 id="who" tabindex="-1">${found.maskedName} · ${t('common.idTail', { tail: found.idTail })}</h2>
        <dl class="facts-list inline">
          <div><dt>${t('bureau.case.colour')}</dt><dd>${this.renderColour(found.colour)}</dd></div>
          <div><dt>${t('bureau.log.rule')}</dt><dd>${this.ruleText(found.rule)}</dd></div>
          ${found.since ? html`<div><dt>${t('bureau.case.since')}</dt><dd>${this.moment(found.since)}</dd></div>` : nothing}
          ${found.until ? html`<div><dt>${t('bureau.log.until')}</dt><dd>${this.moment(found.until)}</dd></div>` : nothing}
          <div><dt>${t('bureau.case.region')}</dt><dd>${this.regionText(found.region)}</dd></div>
          <div><dt>${t('bureau.case.number')}</dt><dd class="id">${found.case}</dd></div>
        </dl>
        ${found.openAppeal ? html`<p class="notice calm">${t('bureau.case.appealed')} <a href="#appeals">${t('bureau.nav.appeals')}</a></p>` : nothing}
      </section>
      ${this.#renderChange(found)}
      <section class="stack wide" aria-labelledby="log"><h2 id="log">${t('bureau.log.title')}</h2>
        <case-log .records=${this._records} .read=${(before: number) => this.bureau.log(found.case, before)} .words=${this.words}></case-log>
      </section>
      <button class="button wide" @click=${this.#leave}>${icon('scan')}${t('bureau.case.other')}</button>`;
  }

  #renderChange(found: Case): TemplateResult {
    const { t } = this;
    if (this._confirming) return this.#renderConfirm(found, this._choice!);
    if (!this._choices) return html`<button class="button wide" id="change-open" ?disabled=${this._busy} @click=${() => void this.#onChange(found)}>${t('bureau.change.open')}</button>`;
    return html`<form class="card stack wide" novalidate @submit=${this.#onReview}>
      <h2 id="change" tabindex="-1">${t('bureau.change.title')}</h2>
      <p>${t('bureau.change.text')}</p>
      ${this._choices.length === 0 ? html`<p class="notice calm">${t('bureau.change.none')}</p>` : this.#renderChoices(this._choices)}
      <button class="button wide" type="button" @click=${this.#leaveChange}>${t('common.cancel')}</button>
    </form>`;
  }

  #renderChoices(choices: readonly Choice[]): TemplateResult {
    const { t } = this;
    return html`<fieldset class="list">
        <legend class="label">${t('bureau.change.rule')}</legend>
        ${choices.map(
          (choice) => html`<label class="choice">
            <input type="radio" name="choice" .checked=${choice === this._choice} @change=${() => (this._choice = choice)} />
            <span><strong>${t(`bureau.fact.${choice.kind}`)}</strong><span>${this.ruleText(choice.rule)}</span><span class="soft id">${choice.rule}</span></span>
            ${this.renderColour(choice.colour)}
          </label>`,
        )}
      </fieldset>
      <div class="field"><label for="day">${t('bureau.change.day')}</label><input id="day" type="date" .max=${today()} .value=${today()} required /></div>
      <div class="field"><label for="evidence">${t('bureau.log.evidence')}</label>
        <select id="evidence">${evidences.map((one) => html`<option value=${one}>${t(`bureau.evidence.${one}`)}</option>`)}</select>
      </div>
      <button class="button primary wide" type="submit" ?disabled=${!this._choice}>${t('bureau.change.review')}</button>`;
  }

  #renderConfirm(found: Case, choice: Choice): TemplateResult {
    const { t } = this;
    const fact = this._confirming!;
    return html`<section class="card stack wide" aria-labelledby="confirm">
      <h2 id="confirm" tabindex="-1">${t('bureau.change.confirm', { name: found.maskedName })}</h2>
      <dl class="facts-list inline">
        <div><dt>${t('bureau.case.colour')}</dt><dd>${this.renderColour(found.colour)} → ${this.renderColour(choice.colour)}</dd></div>
        <div><dt>${t('bureau.log.rule')}</dt><dd>${this.ruleText(choice.rule)}</dd></div>
        ${choice.until ? html`<div><dt>${t('bureau.log.until')}</dt><dd>${this.day(choice.until)}</dd></div>` : nothing}
        <div><dt>${t('bureau.change.what')}</dt><dd>${t(`bureau.fact.${choice.kind}`)}, ${this.day(fact.at)}</dd></div>
        <div><dt>${t('bureau.log.evidence')}</dt><dd>${t(`bureau.evidence.${fact.evidence}`)}</dd></div>
      </dl>
      <p>${t('bureau.change.for-good')}</p>
      <div class="row">
        <button class="button" @click=${this.#leaveConfirm}>${t('common.back')}</button>
        <button class="button primary" ?disabled=${this._busy} @click=${() => void this.#change(found, choice)}>${t('bureau.change.submit')}</button>
      </div>
    </section>`;
  }

  #leave = (): void => {
    this.caseId = '';
    this._case = this._choices = this._choice = this._confirming = this._trouble = undefined;
    void this.focusOn('h1');
  };

  #leaveChange = (): void => {
    this._choices = undefined;
    void this.focusOn('#change-open');
  };

  #leaveConfirm = (): void => {
    this._confirming = undefined;
    void this.focusOn('#change');
  };

  async #onScan(event: CustomEvent<ScanDetail>): Promise<void> {
    await this.#open(this.bureau.findCase(event.detail.text.trim()));
  }

  async #onChange(found: Case): Promise<void> {
    this._choice = undefined;
    this._choices = (await this.ask(this.bureau.choices(found.case)))?.choices;
    await this.focusOn('#change');
  }

  #onReview(event: SubmitEvent): void {
    event.preventDefault();
    const day = this.querySelector<HTMLInputElement>('#day')!;
    if (!day.value || day.value > today()) return day.focus();
    const evidence = this.querySelector<HTMLSelectElement>('#evidence')!.value as Evidence;
    this._confirming = { at: Math.min(Date.parse(`${day.value}T00:00:00`), Date.now()) / 1000, evidence };
    void this.focusOn('#confirm');
  }

  async #change(found: Case, choice: Choice): Promise<void> {
    const { at, evidence } = this._confirming!;
    const fact = { kind: choice.kind, at: Math.floor(at), evidence };
    const changed = await this.ask(this.bureau.changeColour(found.case, choice.colour, choice.rule, fact));
    if (!changed) return;
    this.say(this.t('bureau.change.done', { name: changed.maskedName, colour: this.t(`code.colour.${changed.colour}`) }));
    await this.#open(Promise.resolve({ ok: true, value: changed }));
  }
}

/** Today as a date field has it. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

customElements.define('case-screen', CaseScreen);
