// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { TaskScreen } from '../task-screen.js';

/** Which regions the rules take for areas at risk. */
export class AreasScreen extends TaskScreen {
  static override properties = { _regions: { state: true }, _wrong: { state: true } };
  /** Absent until the server has answered. */
  declare _regions: readonly string[] | undefined;
  declare _wrong: boolean;

  constructor() {
    super();
    this._wrong = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  async #load(): Promise<void> {
    this._regions = (await this.ask(this.bureau.areasAtRisk()))?.regions;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.areas.title')}</h1>
      <p>${t('bureau.areas.text')}</p>
      ${this.renderTrouble(this._regions ? undefined : () => void this.#load())}
      ${this._regions ? this.#renderList(this._regions) : this._trouble ? nothing : this.renderLoading()}`;
  }

  #renderList(regions: readonly string[]): TemplateResult {
    const { t } = this;
    return html`${regions.length === 0 ? html`<p class="card soft">${t('bureau.areas.empty')}</p>` : nothing}
      <ul class="list">
        ${regions.map(
          (region) => html`<li class="card area"><strong>${this.regionText(region)}</strong>
            <button class="button" ?disabled=${this._busy} aria-label=${t('bureau.areas.remove', { region: this.regionText(region) })} @click=${() => void this.#set(regions.filter((one) => one !== region), regions)}>${t('bureau.remove')}</button>
          </li>`,
        )}
      </ul>
      <form class="card stack wide" novalidate @submit=${(event: SubmitEvent) => void this.#onAdd(event, regions)}>
        <div class="field">
          <label for="region">${t('bureau.areas.number')}</label>
          <input id="region" inputmode="numeric" maxlength="6" aria-describedby="region-hint region-error" aria-invalid=${this._wrong} />
          <p class="soft" id="region-hint">${t('bureau.areas.hint')}</p>
          <p class="error" id="region-error" role="alert">${this._wrong ? t('bureau.areas.wrong') : ''}</p>
        </div>
        <button class="button primary wide" type="submit" ?disabled=${this._busy}>${t('bureau.areas.add')}</button>
      </form>`;
  }

  async #onAdd(event: SubmitEvent, regions: readonly string[]): Promise<void> {
    event.preventDefault();
    const field = this.querySelector<HTMLInputElement>('#region')!;
    this._wrong = !/^[1-9]\d{5}$/.test(field.value.trim());
    if (this._wrong) return field.focus();
    if (!(await this.#set([...new Set([...regions, field.value.trim()])], regions))) return;
    field.value = '';
    field.focus();
  }

  /** @param before  what undoing goes back to; absent: this is the undoing */
  async #set(regions: readonly string[], before?: readonly string[]): Promise<boolean> {
    if (!(await this.ask(this.bureau.setAreasAtRisk(regions)))) return false;
    this._regions = regions;
    await this.focusOn('h1');
    if (before) this.say(this.t('bureau.areas.saved'), () => void this.#set(before));
    return true;
  }
}

customElements.define('areas-screen', AreasScreen);
