// SPDX-License-Identifier: Apache-2.0
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ColourId } from 'liangma';
import type { ColourCounts, Counts } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';

const colours: readonly ColourId[] = ['green', 'yellow', 'red', 'pending'];

/** How many have which colour: by region, day and organisation. */
export class FiguresScreen extends TaskScreen {
  static override properties = { _counts: { state: true }, _at: { state: true } };
  /** Absent until the server has answered. */
  declare _counts: Counts | undefined;
  /** Unix seconds at which the figures came. */
  declare _at: number;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  async #load(): Promise<void> {
    const counts = await this.ask(this.bureau.counts());
    if (!counts) return;
    this._counts = counts;
    this._at = Date.now() / 1000;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.figures.title')}</h1>
      ${this.renderTrouble(() => void this.#load())} ${this._counts ? this.#renderCounts(this._counts) : this._trouble ? nothing : this.renderLoading()}`;
  }

  #renderCounts(counts: Counts): TemplateResult {
    const { t } = this;
    return html`<dl class="tiles">
        ${colours.map((colour) => html`<div class="card"><dt>${this.renderColour(colour)}</dt><dd>${this.#number(sum(counts.byRegion, colour))}</dd></div>`)}
        <div class="card"><dt>${t('bureau.figures.open-appeals')}</dt><dd>${this.#number(counts.openAppeals)}</dd></div>
        <div class="card"><dt>${t('bureau.figures.overdue-appeals')}</dt><dd class=${counts.overdueAppeals > 0 ? 'error' : ''}>${this.#number(counts.overdueAppeals)}</dd></div>
      </dl>
      ${this.#renderTable('region', counts.byRegion, (name) => this.regionText(name))}
      ${this.#renderTable('day', counts.changesByDay, (name) => this.day(Date.parse(`${name}T12:00:00Z`) / 1000))}
      ${this.#renderResumption(counts.byOrganisation)}
      <p class="soft as-of">${t('bureau.figures.as-of', { time: this.moment(this._at) })}
        <button class="button" ?disabled=${this._busy} @click=${() => void this.#load()}>${t('bureau.figures.refresh')}</button></p>`;
  }

  #renderTable(what: 'region' | 'day', rows: readonly ColourCounts[], nameOf: (name: string) => string): TemplateResult {
    const { t } = this;
    const most = Math.max(1, ...rows.map(total));
    return html`<section class="stack" aria-labelledby=${what}>
      <h2 id=${what}>${t(`bureau.figures.by-${what}`)}</h2>
      ${rows.length === 0
        ? html`<p class="card soft">${t('bureau.figures.empty')}</p>`
        : html`<div class="table" tabindex="0" role="region" aria-labelledby=${what}><table>
            <thead><tr><th scope="col">${t(`bureau.figures.${what}`)}</th>${colours.map((colour) => html`<th scope="col" class="figure">${t(`code.colour.${colour}`)}</th>`)}<td></td></tr></thead>
            <tbody>
              ${rows.map((row) => html`<tr><th scope="row">${nameOf(row.name)}</th>${colours.map((colour) => html`<td class="figure">${this.#number(row[colour])}</td>`)}<td class="bar-cell">${renderBar(row, most)}</td></tr>`)}
            </tbody>
          </table></div>`}
    </section>`;
  }

  /** Who can go back to work: the share of green among those of an organisation who agreed to be counted. */
  #renderResumption(rows: readonly ColourCounts[]): TemplateResult {
    const { t } = this;
    return html`<section class="stack" aria-labelledby="work">
      <h2 id="work">${t('bureau.figures.work')}</h2>
      <p class="soft">${t('bureau.figures.work-text')}</p>
      ${rows.length === 0
        ? html`<p class="card soft">${t('bureau.figures.work-empty')}</p>`
        : html`<div class="table" tabindex="0" role="region" aria-labelledby="work"><table>
            <thead><tr><th scope="col">${t('bureau.figures.organisation')}</th><th scope="col" class="figure">${t('bureau.figures.people')}</th><th scope="col" class="figure">${t('bureau.figures.share')}</th><td></td></tr></thead>
            <tbody>
              ${rows.map((row) => html`<tr><th scope="row">${row.name}</th><td class="figure">${this.#number(total(row))}</td><td class="figure">${this.#share(row)}</td><td class="bar-cell">${renderBar(row, total(row))}</td></tr>`)}
            </tbody>
          </table></div>`}
    </section>`;
  }

  #number(n: number): string {
    return n.toLocaleString(this.locale);
  }

  #share(row: ColourCounts): string {
    return (row.green / Math.max(1, total(row))).toLocaleString(this.locale, { style: 'percent' });
  }
}

function total(row: ColourCounts): number {
  return colours.reduce((all, colour) => all + row[colour], 0);
}

function sum(rows: readonly ColourCounts[], colour: ColourId): number {
  return rows.reduce((all, row) => all + row[colour], 0);
}

/** The row as a bar; the same numbers stand beside it, so that nobody has to see it. @param most  what fills it */
function renderBar(row: ColourCounts, most: number): TemplateResult {
  let x = 0;
  return html`<svg class="bar-chart" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    ${colours.map((colour) => {
      const width = (row[colour] / most) * 100;
      x += width;
      return svg`<rect x=${x - width} width=${width} height="12" data-colour=${colour}></rect>`;
    })}
  </svg>`;
}

customElements.define('figures-screen', FiguresScreen);
