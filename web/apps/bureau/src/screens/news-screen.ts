// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName } from 'liangma';
import type { News } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';

const languages = ['zh-Hans', 'en'] as const;

/** Publishes news and service links, and withdraws them. */
export class NewsScreen extends TaskScreen {
  static override properties = { _news: { state: true }, _wrong: { state: true } };
  /** Absent until the server has answered. */
  declare _news: readonly News[] | undefined;
  /** The field that is missing or wrong. */
  declare _wrong: string;

  constructor() {
    super();
    this._wrong = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  async #load(): Promise<void> {
    this._news = (await this.ask(this.bureau.news()))?.news;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.news.title')}</h1>
      ${this.renderTrouble(this._news ? undefined : () => void this.#load())} ${this.#renderForm()}
      <section class="stack wide" aria-labelledby="published"><h2 id="published" tabindex="-1">${t('bureau.news.published')}</h2>${this.#renderList()}</section>`;
  }

  #renderForm(): TemplateResult {
    const { t } = this;
    return html`<form class="card stack wide" novalidate @submit=${this.#onPublish}>
      <h2>${t('bureau.news.new')}</h2>
      <div class="field"><label for="kind">${t('bureau.news.kind')}</label>
        <select id="kind"><option value="news">${t('bureau.news.kind-news')}</option><option value="link">${t('bureau.news.kind-link')}</option></select>
      </div>
      ${languages.map((language) => this.#renderWords(language))}
      <div class="field">
        <label for="url">${t('bureau.news.url')}</label>
        <input id="url" type="url" maxlength="512" placeholder="https://" aria-invalid=${this._wrong === 'url'} aria-describedby="news-error" />
      </div>
      <p class="error" id="news-error" role="alert">${this._wrong ? t(this._wrong === 'url' ? 'bureau.news.bad-url' : 'bureau.news.no-title') : ''}</p>
      <button class="button primary wide" type="submit" ?disabled=${this._busy}>${t('bureau.news.publish')}</button>
    </form>`;
  }

  #renderWords(language: (typeof languages)[number]): TemplateResult {
    const { t } = this;
    return html`<div class="field">
        <label for="title-${language}">${t(`bureau.news.title-${language}`)}</label>
        <input id="title-${language}" lang=${language} maxlength="40" aria-invalid=${this._wrong === 'title'} aria-describedby="news-error" />
      </div>
      <div class="field">
        <label for="text-${language}">${t(`bureau.news.text-${language}`)}</label>
        <textarea id="text-${language}" lang=${language} rows="3" maxlength="600"></textarea>
      </div>`;
  }

  #renderList(): TemplateResult | typeof nothing {
    const { t } = this;
    if (!this._news) return this._trouble ? nothing : this.renderLoading();
    if (this._news.length === 0) return html`<p class="card soft">${t('bureau.news.empty')}</p>`;
    return html`<ul class="list">
      ${this._news.map(
        (one) => html`<li class="card stack">
          <p><strong>${pickName(one.titles, this.locale)}</strong></p>
          ${one.texts && pickName(one.texts, this.locale) ? html`<p>${pickName(one.texts, this.locale)}</p>` : nothing}
          ${one.url ? html`<p class="soft">${one.url}</p>` : nothing}
          <p class="news-foot"><span class="soft">${t(`bureau.news.kind-${one.kind}`)}${one.publishedAt ? ` · ${this.moment(one.publishedAt)}` : ''}</span>
            <button class="button" ?disabled=${this._busy} aria-label=${t('bureau.news.withdraw-this', { title: pickName(one.titles, this.locale) ?? '' })} @click=${() => void this.#withdraw(one)}>${t('bureau.news.withdraw')}</button></p>
        </li>`,
      )}
    </ul>`;
  }

  #valueOf(id: string): string {
    return this.querySelector<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(`#${id}`)!.value.trim();
  }

  #wordsOf(what: 'title' | 'text'): Record<string, string> {
    const words = languages.map((language) => [language, this.#valueOf(`${what}-${language}`)] as const);
    return Object.fromEntries(words.filter(([, text]) => text));
  }

  async #onPublish(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [titles, texts, url] = [this.#wordsOf('title'), this.#wordsOf('text'), this.#valueOf('url')];
    const kind = this.#valueOf('kind') as News['kind'];
    const badUrl = url ? !isHttps(url) : kind === 'link';
    this._wrong = !titles['zh-Hans'] ? 'title' : badUrl ? 'url' : '';
    if (this._wrong) return this.querySelector<HTMLInputElement>('[aria-invalid=true], #title-zh-Hans')?.focus();
    const form = event.target as HTMLFormElement;
    if (await this.#publish({ kind, titles, ...(Object.keys(texts).length > 0 ? { texts } : {}), ...(url ? { url } : {}) })) form.reset();
  }

  async #publish(news: News): Promise<boolean> {
    const made = await this.ask(this.bureau.publishNews(news));
    if (!made) return false;
    this.say(this.t('bureau.news.done'), () => void this.#takeBack(made.id));
    await this.#load();
    await this.focusOn('#published');
    return true;
  }

  async #takeBack(id: string): Promise<void> {
    await this.ask(this.bureau.withdrawNews(id));
    await this.#load();
    await this.focusOn('#published');
  }

  async #withdraw(news: News): Promise<void> {
    if (!(await this.ask(this.bureau.withdrawNews(news.id!)))) return;
    const { kind, titles, texts, url } = news;
    this.say(this.t('bureau.news.withdrawn'), () => void this.#publish({ kind, titles, ...(texts ? { texts } : {}), ...(url ? { url } : {}) }));
    await this.#load();
    await this.focusOn('#published');
  }
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

customElements.define('news-screen', NewsScreen);
