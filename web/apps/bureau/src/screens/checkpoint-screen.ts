// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ScanDetail } from 'liangma-elements';
import { icon } from '../../../shared/icons.js';
import type { Case } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';

/** Activates codes: scan, compare with the ID card, take the temperature. */
export class CheckpointScreen extends TaskScreen {
  static override properties = { _found: { state: true }, _normal: { state: true }, _done: { state: true } };
  /** Whose code was scanned, and is being looked at. */
  declare _found: Case | undefined;
  /** Whether the temperature is below 37.3 °C; absent: not taken yet. */
  declare _normal: boolean | undefined;
  /** What became of the last one. */
  declare _done: Case | undefined;

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.checkpoint.title')}</h1>
      ${this.renderTrouble()} ${this._found ? this.#renderFound(this._found) : this.#renderScan()}`;
  }

  #renderScan(): TemplateResult {
    return html`${this._done ? this.#renderDone(this._done) : nothing}
      <p>${this.t('bureau.checkpoint.how')}</p>
      <liangma-scanner autostart continuous .locale=${this.locale} ?paused=${this._busy} @liangma-scan=${this.#onScan}></liangma-scanner>`;
  }

  #renderDone(done: Case): TemplateResult {
    const { t } = this;
    return html`<section class="card done" data-colour=${done.colour} aria-labelledby="done">
      <h2 class="verdict" id="done" tabindex="-1" aria-describedby="done-text">${this.renderColour(done.colour)}</h2>
      <div id="done-text">
        <p><strong>${done.maskedName}</strong> ${t('common.idTail', { tail: done.idTail })}</p>
        <p>${t(`bureau.checkpoint.now-${done.colour}`)}</p>
      </div>
    </section>`;
  }

  #renderFound(found: Case): TemplateResult {
    const { t } = this;
    return html`<section class="card stack wide" aria-labelledby="who">
        <h2 id="who" tabindex="-1">${t('bureau.checkpoint.compare')}</h2>
        <p class="masked">${found.maskedName}</p>
        <p class="tail">${t('common.idTail', { tail: found.idTail })}</p>
        <p>${t('bureau.case.now')} ${this.renderColour(found.colour)}</p>
      </section>
      ${found.colour === 'pending' ? this.#renderQuestions() : html`<p class="notice calm">${t('bureau.checkpoint.not-pending')}</p>`}
      <button class="button wide" @click=${this.#leave}>${icon('scan')}${t('bureau.checkpoint.other')}</button>`;
  }

  #renderQuestions(): TemplateResult {
    const { t } = this;
    return html`<fieldset class="stack">
        <legend class="label">${t('bureau.checkpoint.temperature')}</legend>
        <div class="row">
          ${([true, false] as const).map(
            (normal) => html`<button class="tab" aria-pressed=${this._normal === normal} @click=${() => (this._normal = normal)}>
              ${t(normal ? 'bureau.checkpoint.normal' : 'bureau.checkpoint.high')}
            </button>`,
          )}
        </div>
      </fieldset>
      <button class="button primary wide tall" ?disabled=${this._normal === undefined || this._busy} @click=${() => void this.#activate(true)}>
        ${icon('check')}${t('bureau.checkpoint.matches')}
      </button>
      <button class="button danger wide" ?disabled=${this._normal === undefined || this._busy} @click=${() => void this.#activate(false)}>
        ${t('bureau.checkpoint.differs')}
      </button>`;
  }

  #leave = (): void => {
    this._found = this._normal = this._trouble = undefined;
    void this.focusOn('h1');
  };

  async #onScan(event: CustomEvent<ScanDetail>): Promise<void> {
    this._done = undefined;
    this._found = await this.ask(this.bureau.findCase(event.detail.text.trim()));
    this._normal = undefined;
    await this.focusOn('#who');
  }

  async #activate(idCompared: boolean): Promise<void> {
    const done = await this.ask(this.bureau.activate(this._found!.case, { idCompared, temperatureNormal: this._normal! }));
    if (!done) return;
    this._found = this._normal = undefined;
    this._done = done;
    await this.focusOn('#done');
  }
}

customElements.define('checkpoint-screen', CheckpointScreen);
