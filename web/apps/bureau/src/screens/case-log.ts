// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { Outcome } from 'liangma';
import type { LogEntry, LogPage } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';

/** What was done to a case, or by a member of staff; each line with who, why, on what evidence and until when. */
export class CaseLog extends TaskScreen {
  static override properties = { records: { attribute: false }, read: { attribute: false }, _older: { state: true } };
  /** The newest first. */
  declare records: readonly LogEntry[];
  /** Reads the page of the log that ends before a record. */
  declare read: (before: number) => Promise<Outcome<LogPage>>;
  /** What was read of the log since. */
  declare _older: readonly LogEntry[];

  constructor() {
    super();
    this._older = [];
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('records')) this._older = [];
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const entries = [...this.records, ...this._older];
    if (entries.length === 0) return html`<p class="soft">${t('bureau.log.empty')}</p>`;
    return html`<ol class="log">${entries.map((entry) => this.#renderEntry(entry))}</ol>
      ${this.renderTrouble()}
      ${entries.at(-1)!.sequence > 0 ? html`<button class="button wide older" ?disabled=${this._busy} @click=${() => void this.#onOlder(entries)}>${t('bureau.log.older')}</button>` : nothing}`;
  }

  async #onOlder(shown: readonly LogEntry[]): Promise<void> {
    const page = await this.ask(this.read(shown.at(-1)!.sequence));
    if (!page) return;
    this._older = [...this._older, ...page.records];
    await this.focusOn(`.log > li:nth-child(${shown.length + 1})`);
  }

  #renderEntry(entry: LogEntry): TemplateResult {
    return html`<li class="card" tabindex="-1">
      <p class="log-head"><strong>${this.#eventText(entry)}</strong><time datetime=${new Date(entry.at * 1000).toISOString()}>${this.moment(entry.at)}</time></p>
      <dl class="facts-list inline">
        ${entry.rule ? this.#renderFact('bureau.log.rule', html`${this.ruleText(entry.rule)} <span class="soft">${entry.rule}</span>`) : nothing}
        ${entry.reasonClass ? this.#renderFact('bureau.log.reason', this.#known(`bureau.reason.${entry.reasonClass}`, entry.reasonClass)) : nothing}
        ${entry.evidence ? this.#renderFact('bureau.log.evidence', this.#known(`bureau.evidence.${entry.evidence}`, entry.evidence)) : nothing}
        ${entry.until ? this.#renderFact('bureau.log.until', this.moment(entry.until)) : nothing}
        ${entry.subject ? this.#renderFact('bureau.log.subject', html`<span class="id">${entry.subject}</span>`) : nothing}
        ${this.#renderFact('bureau.log.actor', html`${this.#known(`bureau.role.${entry.actor.role}`, entry.actor.role)} ${entry.actor.id ? html`<span class="id soft">${entry.actor.id}</span>` : nothing}`)}
      </dl>
    </li>`;
  }

  #eventText(entry: LogEntry): string | TemplateResult {
    if (entry.event === 'colour' && entry.colour) return this.renderColour(entry.colour);
    return this.#known(`bureau.event.${entry.event}`, entry.event);
  }

  /** The text of a keyword; the keyword itself where this page is older than the server. */
  #known(key: string, keyword: string): string {
    const text = this.t(key);
    return text === key ? keyword : text;
  }

  #renderFact(label: string, value: unknown): TemplateResult {
    return html`<div><dt>${this.t(label)}</dt><dd>${value}</dd></div>`;
  }
}

customElements.define('case-log', CaseLog);
