// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { formatSpan } from '../../../shared/format.js';
import { icon } from '../../../shared/icons.js';
import type { Appeal, Case, LogEntry } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';
import './case-log.js';

type AppealOutcome = 'granted' | 'refused';
/** Why an appeal may end so; the words are in i18n/ as `bureau.reason.*`. */
const reasons: { readonly [outcome in AppealOutcome]: readonly string[] } = {
  granted: ['evidence-wrong', 'person-mistaken', 'declaration-corrected', 'rule-misapplied'],
  refused: ['evidence-confirmed', 'nothing-new'],
};

/** The queue of open appeals, and one of them to decide. */
export class AppealsScreen extends TaskScreen {
  static override properties = { _appeals: { state: true }, _open: { state: true }, _records: { state: true }, _outcome: { state: true }, _decided: { state: true } };
  /** The next deadline first; absent until the server has answered. */
  declare _appeals: readonly Appeal[] | undefined;
  declare _open: Appeal | undefined;
  declare _records: readonly LogEntry[];
  declare _outcome: AppealOutcome | undefined;
  /** What became of the one that was decided last. */
  declare _decided: Case | undefined;

  constructor() {
    super();
    this._records = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  async #load(): Promise<void> {
    this._appeals = (await this.ask(this.bureau.appeals()))?.appeals;
  }

  protected override render(): TemplateResult {
    return html`<h1 tabindex="-1">${this.t('bureau.appeals.title')}</h1>
      ${this._decided ? this.#renderDecided(this._decided) : nothing}
      ${this.renderTrouble(this._appeals ? undefined : () => void this.#load())} ${this._open ? this.#renderAppeal(this._open) : this.#renderQueue()}`;
  }

  #renderDecided({ maskedName, colour }: Case): TemplateResult {
    return html`<p class="notice calm" id="decided" role="status" tabindex="-1">${this.t('bureau.appeals.decided', { name: maskedName, colour: this.t(`code.colour.${colour}`) })}</p>`;
  }

  #renderQueue(): TemplateResult | typeof nothing {
    const { t } = this;
    if (!this._appeals) return this._trouble ? nothing : this.renderLoading();
    if (this._appeals.length === 0) return html`<p class="card soft">${t('bureau.appeals.empty')}</p>`;
    return html`<ul class="list">
      ${this._appeals.map(
        (appeal) => html`<li>
          <button class="choice" @click=${() => void this.#openAppeal(appeal)}>
            <span><strong>${this.#deadlineText(appeal)}</strong><span>${shorten(appeal.text)}</span></span>
            ${this.renderColour(appeal.colour)} ${icon('next')}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #deadlineText(appeal: Appeal): TemplateResult {
    const left = appeal.deadline - Date.now() / 1000;
    const key = left < 0 ? 'bureau.appeals.overdue' : 'bureau.appeals.left';
    return html`<span class=${left < 0 ? 'error' : ''}>${this.t(key, { span: formatSpan(this.t, left) })}</span>`;
  }

  #renderAppeal(appeal: Appeal): TemplateResult {
    const { t } = this;
    return html`<section class="card stack wide" aria-labelledby="words">
        <h2 id="words" tabindex="-1">${t('bureau.appeals.words')}</h2>
        <blockquote>${appeal.text}</blockquote>
        <dl class="facts-list inline">
          <div><dt>${t('bureau.appeals.contests')}</dt><dd>${this.renderColour(appeal.colour)}</dd></div>
          <div><dt>${t('bureau.log.rule')}</dt><dd>${this.ruleText(appeal.rule)}</dd></div>
          <div><dt>${t('bureau.appeals.made')}</dt><dd>${this.moment(appeal.madeAt)}</dd></div>
          <div><dt>${t('bureau.appeals.deadline')}</dt><dd>${this.moment(appeal.deadline)} · ${this.#deadlineText(appeal)}</dd></div>
        </dl>
        ${appeal.declaration ? this.#renderCorrection(appeal.declaration) : nothing}
      </section>
      ${this.#renderDecision(appeal)}
      <section class="stack wide" aria-labelledby="log"><h2 id="log">${t('bureau.log.title')}</h2>
        <case-log .records=${this._records} .read=${(before: number) => this.bureau.log(appeal.case, before)} .words=${this.words}></case-log>
      </section>
      <button class="button wide" @click=${this.#leave}>${icon('back')}${t('bureau.appeals.back')}</button>`;
  }

  #renderCorrection(declaration: Readonly<Record<string, unknown>>): TemplateResult {
    return html`<h3 class="label">${this.t('bureau.appeals.correction')}</h3>
      <dl class="facts-list inline">
        ${Object.entries(declaration).map(([field, value]) => html`<div><dt>${field}</dt><dd>${String(value)}</dd></div>`)}
      </dl>`;
  }

  #renderDecision(appeal: Appeal): TemplateResult {
    const { t } = this;
    return html`<form class="card stack wide" novalidate @submit=${(event: SubmitEvent) => void this.#onDecide(event, appeal)}>
      <fieldset class="stack">
        <legend class="label">${t('bureau.appeals.outcome')}</legend>
        <div class="row">
          ${(['granted', 'refused'] as const).map(
            (outcome) => html`<button class="tab" type="button" aria-pressed=${this._outcome === outcome} @click=${() => (this._outcome = outcome)}>${t(`bureau.appeals.${outcome}`)}</button>`,
          )}
        </div>
      </fieldset>
      ${this._outcome ? this.#renderReason(this._outcome) : nothing}
    </form>`;
  }

  #renderReason(outcome: AppealOutcome): TemplateResult {
    const { t } = this;
    return html`<p>${t(`bureau.appeals.${outcome}-text`)}</p>
      <div class="field"><label for="reason">${t('bureau.log.reason')}</label>
        <select id="reason">${reasons[outcome].map((one) => html`<option value=${one}>${t(`bureau.reason.${one}`)}</option>`)}</select>
      </div>
      <button class="button primary wide" type="submit" ?disabled=${this._busy}>${t('bureau.appeals.submit')}</button>`;
  }

  #leave = (): void => {
    this._open = this._outcome = this._trouble = undefined;
    void this.focusOn('h1');
    void this.#load();
  };

  async #openAppeal(appeal: Appeal): Promise<void> {
    this._open = appeal;
    this._decided = undefined;
    this._records = (await this.ask(this.bureau.log(appeal.case)))?.records ?? [];
    await this.focusOn('#words');
  }

  async #onDecide(event: SubmitEvent, appeal: Appeal): Promise<void> {
    event.preventDefault();
    const reason = this.querySelector<HTMLSelectElement>('#reason')!.value;
    this._decided = await this.ask(this.bureau.decideAppeal(appeal.appeal, this._outcome!, reason));
    if (!this._decided) return;
    this._open = this._outcome = undefined;
    await this.#load();
    await this.focusOn('#decided');
  }
}

function shorten(text: string): string {
  const letters = [...text];
  return letters.length <= 60 ? text : `${letters.slice(0, 60).join('')}…`;
}

customElements.define('appeals-screen', AppealsScreen);
