// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { Person, Place } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { formatAge, formatSpan } from '../../../shared/format.js';
import { icon } from '../../../shared/icons.js';
import { preferences, type Locale, type TextSize } from '../../../shared/preferences.js';
import type { Session } from '../session.js';
import './news-list.js';
import './place-list.js';

const languages: readonly (readonly [Locale, string])[] = [
  ['zh-Hans', '简体中文'],
  ['en', 'English'],
];
const sizes: readonly (readonly [TextSize, string])[] = [
  ['normal', 'wallet.more.size-normal'],
  ['large', 'wallet.more.size-large'],
];

/** Text size, language, the people on this phone, and what the wallet knows of time and trust. @fires back, add, pin, lock, locale */
export class MoreScreen extends AppElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.#onSession);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.#onSession);
  }

  #onSession = (): void => this.requestUpdate();

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t('wallet.more.title')}</h1>
      ${this.#renderSizes()} ${this.#renderLanguages()} ${this.#renderPeople()} ${this.#renderPin()}
      <news-list .load=${() => this.session.news()}></news-list>
      <place-list .load=${() => this.#place()}></place-list>
      ${this.#renderFacts()}
    </main>`;
  }

  /** What the region of the person chosen offers; nothing where nobody is here or it cannot be reached. */
  async #place(): Promise<Place | undefined> {
    const { selected } = this.session;
    const place = selected && (await this.session.place(selected));
    return place?.ok ? place.value : undefined;
  }

  #renderSizes(): TemplateResult {
    const { t } = this;
    return this.#renderChoices(
      'size',
      t('wallet.more.size'),
      sizes.map(([size, key]) => ({
        label: t(key),
        lang: this.locale,
        on: preferences.size === size,
        choose: () => (preferences.size = size),
      })),
    );
  }

  #renderLanguages(): TemplateResult {
    return this.#renderChoices(
      'language',
      this.t('common.language'),
      languages.map(([locale, label]) => ({
        label,
        lang: locale,
        on: this.locale === locale,
        choose: () => this.emit('locale', locale),
      })),
    );
  }

  #renderChoices(
    id: string,
    title: string,
    choices: readonly { label: string; lang: string; on: boolean; choose: () => void }[],
  ): TemplateResult {
    return html`<section class="stack" role="group" aria-labelledby=${id}>
      <h2 id=${id}>${title}</h2>
      <div class="list">
        ${choices.map(
          ({ label, lang, on, choose }) => html`<button class="choice" lang=${lang} aria-pressed=${on} @click=${choose}>
            <span>${label}</span>${on ? html`<span class="tick">${icon('check')}</span>` : ''}
          </button>`,
        )}
      </div>
    </section>`;
  }

  #renderPeople(): TemplateResult {
    const { t } = this;
    return html`<section class="stack" aria-labelledby="people">
      <h2 id="people">${t('wallet.more.people')}</h2>
      <ul class="list">
        ${this.session.people.map((person) => this.#renderPerson(person))}
      </ul>
      <p class="soft">${t('wallet.remove-note')}</p>
      <button class="button wide" @click=${() => this.emit('add')}>${icon('add')}${t('wallet.people.add')}</button>
    </section>`;
  }

  #renderPerson(person: Person): TemplateResult {
    const { t } = this;
    return html`<li class="card person-row">
      <p><strong>${person.maskedName}</strong><br /><span class="soft">${t('common.idTail', { tail: person.idTail })}</span></p>
      <button class="button" @click=${() => this.session.remove(person)}>
        ${icon('remove')}<span>${t('wallet.remove', { name: person.maskedName })}</span>
      </button>
    </li>`;
  }

  #renderPin(): TemplateResult {
    const { t } = this;
    const isSet = this.session.wallet?.lock === 'open';
    return html`<section class="card stack pin" aria-labelledby="pin">
      <h2 id="pin">${t('wallet.more.pin')}</h2>
      <p>${t(isSet ? 'wallet.pin.on' : 'wallet.pin.off')}</p>
      <div class="row">
        <button class="button" @click=${() => this.emit('pin')}>
          ${icon('lock')}${t(isSet ? 'wallet.pin.change' : 'wallet.pin.set')}
        </button>
        ${isSet ? html`<button class="button" @click=${() => this.emit('lock')}>${t('wallet.pin.lock')}</button>` : nothing}
      </div>
    </section>`;
  }

  #renderFacts(): TemplateResult {
    const { t } = this;
    return html`<dl class="card facts-list">
      <div>
        <dt>${t('wallet.more.clock')}</dt>
        <dd>${this.#clockText()}</dd>
      </div>
      <div>
        <dt>${t('wallet.more.trust')}</dt>
        <dd>${this.#trustText()}</dd>
      </div>
    </dl>`;
  }

  #clockText(): string {
    const { t } = this;
    const clock = this.session.wallet?.clock;
    if (!clock?.confirmed) return t('wallet.clock.unconfirmed');
    if (Math.abs(clock.offsetSeconds) < 30) return t('wallet.more.clock-ok');
    const span = formatSpan(t, clock.offsetSeconds);
    return t(clock.offsetSeconds > 0 ? 'wallet.clock.slow' : 'wallet.clock.fast', { span });
  }

  #trustText(): string {
    const { t } = this;
    const { wallet } = this.session;
    const trust = wallet?.trust;
    if (!wallet || !trust) return t('wallet.more.trust-none');
    return t('wallet.more.trust-info', { version: trust.version, age: formatAge(t, wallet.now() - trust.issuedAt) });
  }
}

customElements.define('more-screen', MoreScreen);
