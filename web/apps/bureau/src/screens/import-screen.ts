// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ImportRow } from '../bureau.js';
import { decodeFile, readImportFile, template, type ImportFile } from '../import-file.js';
import type { ImportRun, ImportState } from '../import-run.js';
import { TaskScreen } from '../task-screen.js';

const kShownRows = 20;
const kShownFaults = 50;
const kMostBytes = 4 * 1024 * 1024;

/** Imports background lists: checks every line, shows what would go in, sends it on a yes, and takes it back. */
export class ImportScreen extends TaskScreen {
  static override properties = { run: { attribute: false }, state: { attribute: false }, _name: { state: true }, _file: { state: true } };
  /** What sends the lists: it goes on while another task is on screen. */
  declare run: ImportRun;
  /** Where it stands; absent: nothing was sent yet. */
  declare state: ImportState | undefined;
  declare _name: string;
  /** What was chosen and is looked at before it is sent. */
  declare _file: ImportFile | undefined;

  protected override render(): TemplateResult {
    return html`<h1 tabindex="-1">${this.t('bureau.import.title')}</h1>
      ${this.state ? this.#renderState(this.state) : nothing}
      ${this.run.isUnfinished ? nothing : this._file ? this.#renderPreview(this._file) : this.#renderChoose()}`;
  }

  #renderChoose(): TemplateResult {
    const { t } = this;
    return html`<section class="card stack wide">
      <p>${t('bureau.import.how')}</p>
      <p>${t('bureau.import.kinds')}</p>
      <p>${t('bureau.import.evidences')}</p>
      <label class="button primary wide file">${t('bureau.import.choose')}<input class="visually-hidden" type="file" accept=".csv,text/csv" @change=${this.#onFile} /></label>
      <a class="button wide" download="liangma.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(template(this.locale))}">${t('bureau.import.template')}</a>
      <p class="soft">${t('bureau.import.private')}</p>
    </section>`;
  }

  #renderPreview(file: ImportFile): TemplateResult {
    const { t } = this;
    const wrong = file.faults.length > 0;
    return html`<section class="stack wide" aria-labelledby="preview">
      <h2 id="preview" tabindex="-1">${t('bureau.import.preview', { file: this._name, n: file.rows.length })}</h2>
      ${wrong ? this.#renderFaults(file) : nothing} ${file.rows.length > 0 ? this.#renderRows(file.rows) : nothing}
      <div class="row">
        <button class="button" @click=${this.#choose}>${t('bureau.import.other')}</button>
        ${file.rows.length === 0 ? nothing : html`<button class="button primary" ?disabled=${wrong} @click=${() => void this.#begin(file)}>${t('bureau.import.submit', { n: file.rows.length })}</button>`}
      </div>
    </section>`;
  }

  #renderFaults(file: ImportFile): TemplateResult {
    const { t } = this;
    const more = file.faults.length - kShownFaults;
    return html`<div class="card faults" role="alert">
      <h3 class="label">${t('bureau.import.faults', { n: file.faults.length })}</h3>
      <ul>
        ${file.faults.slice(0, kShownFaults).map(({ line, fault }) => html`<li><strong>${t('bureau.import.line', { n: line })}</strong> ${t(`bureau.import.fault.${fault}`)}</li>`)}
        ${more > 0 ? html`<li>${t('bureau.import.more', { n: more })}</li>` : nothing}
      </ul>
      <p>${t('bureau.import.mend')}</p>
    </div>`;
  }

  #renderRows(rows: readonly ImportRow[]): TemplateResult {
    const { t } = this;
    const more = rows.length - kShownRows;
    return html`<div class="table" tabindex="0" role="region" aria-labelledby="lines"><table>
        <caption id="lines" class="visually-hidden">${t('bureau.import.title')}</caption><thead><tr>${['id', 'kind', 'day', 'evidence'].map((column) => html`<th scope="col">${t(`bureau.import.column.${column}`)}</th>`)}</tr></thead>
        <tbody>
          ${rows.slice(0, kShownRows).map(
            (row) => html`<tr><td class="id">${maskId(row.idNumber)}</td><td>${t(`bureau.fact.${row.kind}`)}</td><td>${this.day(row.at)}</td><td>${t(`bureau.evidence.${row.evidence}`)}</td></tr>`,
          )}
        </tbody>
      </table></div>
      ${more > 0 ? html`<p class="soft">${t('bureau.import.more', { n: more })}</p>` : nothing}`;
  }

  #renderState(state: ImportState): TemplateResult {
    const { stage, file } = state;
    return html`<section class="card stack wide" aria-labelledby="import">
      <div role="status"><h2 id="import" tabindex="-1">${this.t(`bureau.import.${stage}`, { file })}</h2></div>
      ${stage === 'done' || stage === 'undone' ? this.#renderResult(state) : this.#renderProgress(state)}
      ${stage === 'done' || stage === 'stopped' ? this.#renderUndo() : nothing}
    </section>`;
  }

  #renderProgress({ done, total, stage, trouble }: ImportState): TemplateResult {
    const { t } = this;
    const goOn = (): void => void this.#follow(stage === 'stopped' ? this.run.send(this.bureau) : this.run.undo(this.bureau));
    return html`<progress aria-labelledby="part" max=${total || 1} value=${total > 0 ? done : nothing}></progress>
      <p id="part">${total > 0 ? t('bureau.import.part', { n: done, all: total }) : nothing}</p>
      ${trouble ? this.renderTrouble(goOn, trouble) : html`<p class="soft">${t('bureau.import.meanwhile')}</p>`}`;
  }

  #renderResult({ counted }: ImportState): TemplateResult {
    const { t } = this;
    return html`<dl class="facts-list inline">
        <div><dt>${t('bureau.import.kept')}</dt><dd>${counted.kept}</dd></div>
        <div><dt>${t('bureau.import.matched')}</dt><dd>${counted.matched}</dd></div>
        <div><dt>${t('bureau.import.coloured')}</dt><dd>${counted.coloured}</dd></div>
      </dl>`;
  }

  #renderUndo(): TemplateResult {
    return html`<button class="button danger wide" ?disabled=${this._busy} @click=${() => void this.#follow(this.run.undo(this.bureau))}>${this.t('bureau.import.undo')}</button>`;
  }

  #choose = (): void => {
    this._file = undefined;
    void this.focusOn('h1');
  };

  async #onFile(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this._name = file.name;
    this._file =
      file.size > kMostBytes
        ? { rows: [], faults: [{ line: 1, fault: 'too-long' }] }
        : readImportFile(decodeFile(await file.arrayBuffer()), Date.now() / 1000);
    await this.focusOn('#preview');
  }

  #begin({ rows }: ImportFile): Promise<void> {
    this._file = undefined;
    return this.#follow(this.run.begin(this.bureau, this._name, rows));
  }

  /** Goes along with what the run does: the focus is where that is told, unless somebody has moved on. */
  async #follow(done: Promise<void>): Promise<void> {
    this._busy = true;
    await this.focusOn('#import');
    await done;
    this._busy = false;
    if (this.contains(document.activeElement) || document.activeElement === document.body) await this.focusOn('#import');
  }
}

/** Enough to find the line in the file, and no more on the screen. */
function maskId(idNumber: string): string {
  return `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`;
}

customElements.define('import-screen', ImportScreen);
