// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName, type News } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';

/** What the issuer has published: news, and links to services. Nothing, where there is none or no network. */
export class NewsList extends AppElement {
  static override properties = { load: { attribute: false }, _news: { state: true } };
  declare load: () => Promise<readonly News[]>;
  declare _news: readonly News[] | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load().then((news) => (this._news = news));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this._news?.length) return nothing;
    return html`<section class="stack" aria-labelledby="news">
      <h2 id="news">${this.t('wallet.more.news')}</h2>
      <ul class="list">${this._news.map((each) => this.#renderOne(each))}</ul>
    </section>`;
  }

  #renderOne({ titles, texts, url }: News): TemplateResult {
    const title = pickName(titles, this.locale);
    const text = pickName(texts, this.locale);
    // The server takes https alone; a page of another origin gets neither this window nor where it came from.
    return html`<li class="card stack">
      ${url?.startsWith('https://')
        ? html`<a class="button wide" href=${url} target="_blank" rel="noopener noreferrer">${title}</a>`
        : html`<strong>${title}</strong>`}
      ${text ? html`<p>${text}</p>` : nothing}
    </li>`;
  }
}

customElements.define('news-list', NewsList);
