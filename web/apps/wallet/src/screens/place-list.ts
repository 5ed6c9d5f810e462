// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName, type Listing, type Place } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';

/** Whom a region tells its residents to call, and its services. Nothing, where there is none or no network. */
export class PlaceList extends AppElement {
  static override properties = { load: { attribute: false }, _place: { state: true } };
  declare load: () => Promise<Place | undefined>;
  declare _place: Place | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load().then((place) => (this._place = place));
  }

  protected override render(): TemplateResult | typeof nothing {
    const listings = [...(this._place?.helpLines ?? []), ...(this._place?.services ?? [])];
    if (listings.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="place">
      <h2 id="place">${this.t('wallet.more.place')}</h2>
      <ul class="list">${listings.map((listing) => this.#renderOne(listing))}</ul>
    </section>`;
  }

  #renderOne({ names, phone, url }: Listing): TemplateResult {
    const name = pickName(names, this.locale);
    if (phone) return html`<li><a class="button wide" href="tel:${phone}">${name} ${phone}</a></li>`;
    // A page of another origin gets neither this window nor where it came from.
    return url?.startsWith('https://')
      ? html`<li><a class="button wide" href=${url} target="_blank" rel="noopener noreferrer">${name}</a></li>`
      : html`<li class="card">${name}</li>`;
  }
}

customElements.define('place-list', PlaceList);
