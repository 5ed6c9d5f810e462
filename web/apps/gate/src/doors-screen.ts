// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines } from 'liangma-elements';
import type { Door, SceneChoice } from 'liangma';
import { AppElement } from '../../shared/app-element.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import type { Session } from './session.js';
import { settings } from './settings.js';

/** Stands for "no region" among the options: an empty one is that nothing was chosen yet. */
const kAnywhere = 'any';

/** Which region, and which kind of door: both on one screen. @fires chosen (detail: a Door) */
export class DoorsScreen extends AppElement {
  static override properties = { session: { attribute: false }, notice: { attribute: false }, _place: { state: true }, _lost: { state: true } };
  declare session: Session;
  /** The key of what was wrong with the owner's link; empty: nothing. */
  declare notice: string;
  declare _place: string;
  declare _lost: string;

  constructor() {
    super();
    const { place, scene } = settings.door;
    this._place = place ?? (scene ? kAnywhere : '');
    this._lost = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onChange);
  }

  /** Regions arrive. */
  #onChange = (): void => this.requestUpdate();

  protected override render(): TemplateResult {
    const { t } = this;
    const places = this.session.gate!.places(this.locale);
    return html`<main class="page">
      <header class="bar">
        <span class="name">${t('app.name')}</span><span class="space"></span>${languageButton(this.locale)}
      </header>
      <div class="stack">
        <h1 tabindex="-1">${t('gate.scene.title')}</h1>
        <p>${t('gate.scene.text')}</p>
      </div>
      ${this.notice ? html`<p class="notice" role="alert">${t(this.notice)}</p>` : nothing}
      ${places.length > 0 ? this.#renderPlaces(places) : nothing} ${this.#renderScenes(places.length > 0)}
    </main>`;
  }

  #renderPlaces(places: readonly { readonly place: string; readonly name: string }[]): TemplateResult {
    const { t } = this;
    return html`<div class="field">
      <label for="place">${t('gate.place')}</label>
      <select id="place" @change=${this.#onPlace}>
        <option value="" ?selected=${this._place === ''} disabled>${t('gate.place.choose')}</option>
        ${places.map(({ place, name }) => html`<option value=${place} ?selected=${place === this._place}>${name}</option>`)}
        <option value=${kAnywhere} ?selected=${this._place === kAnywhere}>${t('gate.place.any')}</option>
      </select>
    </div>`;
  }

  #renderScenes(hasPlaces: boolean): TemplateResult | typeof nothing {
    if (hasPlaces && this._place === '') return nothing;
    const place = hasPlaces && this._place !== kAnywhere ? this._place : undefined;
    const scenes = this.session.gate!.scenes(this.locale, place);
    if (scenes.length === 0) return this.session.fetching ? this.#renderFetching() : this.#renderNoScenes();
    return html`<ul class="list" aria-label=${this.t('gate.scene.list')}>
      ${scenes.map((scene) => html`<li>${this.#renderScene(scene, place)}</li>`)}
    </ul>`;
  }

  #renderScene({ id, name, required, leavesContact }: SceneChoice, place: string | undefined): TemplateResult {
    const { t } = this;
    const { door } = settings;
    const note = required === 'challenge' ? 'gate.scene.challenge-note' : leavesContact ? 'gate.scene.contact-note' : '';
    return html`<button
      class="choice"
      aria-pressed=${id === door.scene && place === door.place}
      @click=${() => this.emit('chosen', { place, scene: id } satisfies Door)}
    >
      ${icon('door')}
      <span><strong>${name}</strong>${note ? html`<span class="soft">${t(note)}</span>` : nothing}</span>
      ${icon('next')}
    </button>`;
  }

  #renderFetching(): TemplateResult {
    return html`<p class="soft" role="status">${this.t('gate.scene.fetching')}</p>`;
  }

  #renderNoScenes(): TemplateResult {
    return html`<div class="notice" role="alert">
      <p>${this._lost ? errorLines(this.t, this._lost).join(' ') : this.t('gate.scene.empty')}</p>
      <button class="button" @click=${this.#onRetry}>${this.t('common.retry')}</button>
    </div>`;
  }

  #onPlace(event: Event): void {
    this._place = (event.target as HTMLSelectElement).value;
  }

  async #onRetry(): Promise<void> {
    const { trust, packs } = await this.session.refresh();
    this._lost = !trust.ok ? trust.code : !packs.ok ? packs.code : '';
  }
}

customElements.define('doors-screen', DoorsScreen);
