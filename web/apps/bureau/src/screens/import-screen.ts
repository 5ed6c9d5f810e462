// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ImportResult, ImportRow } from '../bureau.js';
import { decodeFile, readImportFile, template, type ImportFile } from '../import-file.js';
import { TaskScreen } from '../task-screen.js';

const kRowsAtOnce = 100;
const kShownRows = 20;
const kShownFaults = 50;
const kMostBytes = 4 * 1024 * 1024;

/** A list on its way to the server. */
interface Batch {
  readonly id: string;
  readonly rows: readonly ImportRow[];
  /** Rows that the server has. */
  readonly sent: number;
  readonly result: Omit<ImportResult, 'batch'>;
}

/** Imports background lists: checks every line, shows what would go in, sends it on a yes, and takes it back. */
export class ImportScreen extends TaskScreen {
  static override properties = { _name: { state: true }, _file: { state: true }, _batch: { state: true }, _undone: { state: true } };
  declare _name: string;
  declare _file: ImportFile | undefined;
  declare _batch: Batch | undefined;
  declare _undone: boolean;

  constructor() {
    super();
    this._undone = false;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.import.title')}</h1>
      ${this.renderTrouble(this._batch && !this.#isComplete ? () => void this.#send() : undefined)}
      ${this._batch ? this.#renderBatch(this._batch) : this._file ? this.#renderPreview(this._file) : this.#renderChoose()}`;
  }

  get #isComplete(): boolean {
    return this._batch !== undefined && this._batch.sent === this._batch.rows.length;
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
        <button class="button" @click=${this.#startOver}>${t('bureau.import.other')}</button>
        <button class="button primary" ?disabled=${wrong} @click=${() => void this.#begin(file)}>${t('bureau.import.submit', { n: file.rows.length })}</button>
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

  #renderBatch(batch: Batch): TemplateResult {
    const { t } = this;
    if (!this.#isComplete)
      return html`<section class="card stack wide">
        <label for="progress">${t('bureau.import.sending', { n: batch.sent, all: batch.rows.length })}</label>
        <progress id="progress" max=${batch.rows.length} value=${batch.sent}></progress>
      </section>`;
    return html`<section class="card stack wide" role="status">
        <h2>${t(this._undone ? 'bureau.import.undone' : 'bureau.import.done')}</h2>
        <dl class="facts-list inline">
          <div><dt>${t('bureau.import.kept')}</dt><dd>${batch.result.kept}</dd></div>
          <div><dt>${t('bureau.import.matched')}</dt><dd>${batch.result.matched}</dd></div>
          <div><dt>${t('bureau.import.coloured')}</dt><dd>${batch.result.coloured}</dd></div>
        </dl>
        ${this._undone ? nothing : html`<button class="button danger wide" ?disabled=${this._busy} @click=${() => void this.#undo(batch)}>${t('bureau.import.undo')}</button>`}
      </section>
      <button class="button wide" @click=${this.#startOver}>${t('bureau.import.other')}</button>`;
  }

  #startOver = (): void => {
    this._file = this._batch = this._trouble = undefined;
    this._undone = false;
  };

  async #onFile(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this._name = file.name;
    this._file =
      file.size > kMostBytes
        ? { rows: [], faults: [{ line: 1, fault: 'too-long' }] }
        : readImportFile(decodeFile(await file.arrayBuffer()), Date.now() / 1000);
    await this.updateComplete;
    this.querySelector<HTMLElement>('#preview')?.focus();
  }

  #begin(file: ImportFile): Promise<void> {
    this._batch = { id: randomId(), rows: file.rows, sent: 0, result: { kept: 0, matched: 0, coloured: 0 } };
    return this.#send();
  }

  /** Sends part by part; cut off, it goes on where it stopped. */
  async #send(): Promise<void> {
    while (this._batch && !this.#isComplete) {
      const { id, rows, sent, result }: Batch = this._batch;
      const part = rows.slice(sent, sent + kRowsAtOnce);
      const got = await this.ask(this.bureau.importRows(id, part));
      if (!got) return;
      this._batch = { id, rows, sent: sent + part.length, result: add(result, got) };
    }
  }

  async #undo(batch: Batch): Promise<void> {
    const got = await this.ask(this.bureau.undoImport(batch.id));
    if (!got) return;
    this._undone = true;
    this._batch = { ...batch, result: got };
  }
}

function add(a: Omit<ImportResult, 'batch'>, b: ImportResult): Omit<ImportResult, 'batch'> {
  return { kept: a.kept + b.kept, matched: a.matched + b.matched, coloured: a.coloured + b.coloured };
}

/** Enough to find the line in the file, and no more on the screen. */
function maskId(idNumber: string): string {
  return `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`;
}

/** 16 random bytes as base64url. */
function randomId(): string {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

customElements.define('import-screen', ImportScreen);
