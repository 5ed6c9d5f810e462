// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines } from 'liangma-elements';
import { pickName, type ErrorCode, type IdentityClaimId, type Person, type RequestInfo, type Visit } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';
import { mayHaveArrived } from '../visit-book.js';

const kWarnSeconds = 20;

/** Steps of ten, so that the number does not rush anybody. */
function roughly(seconds: number): number {
  return Math.max(10, Math.ceil(seconds / 10) * 10);
}

/** Who asks, for what, and what they will see. @fires answered, declined, scan-again, back, choice and agreed (detail: a person's id) */
export class ConsentScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    request: { attribute: false },
    personId: { attribute: false },
    _personId: { state: true },
    _left: { state: true },
    _sending: { state: true },
    _error: { state: true },
  };
  declare session: Session;
  declare request: RequestInfo;
  /** Who was chosen when the same verifier asked a moment ago, if anybody was. */
  declare personId: string | undefined;
  declare _personId: string;
  declare _left: number;
  declare _sending: boolean;
  declare _error: ErrorCode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this._personId = this.personId ?? this.session.selected?.id ?? '';
    this.#countDown();
    this.#timer = setInterval(() => this.#countDown(), 500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #countDown(): void {
    this._left = Math.max(0, this.request.expiresAt - this.session.wallet!.now());
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (this._error && changed.has('_error')) this.querySelector<HTMLElement>('h1')?.focus();
  }

  /** Whether a door asks; else a hospital does. */
  get #atDoor(): boolean {
    return this.request.kind === 'gate';
  }

  get #person(): Person | undefined {
    return this.session.people.find((person) => person.id === this._personId) ?? this.session.selected;
  }

  /** The name in the trust list, or else what it is and its id. */
  get #asker(): string {
    const { names, verifier } = this.request;
    return pickName(names, this.locale) ?? (this.#atDoor ? this.t('wallet.consent.door-unnamed', { id: verifier }) : verifier);
  }

  protected override render(): TemplateResult {
    if (this._error) return this.#renderError(this._error);
    const { t } = this;
    const person = this.#person!;
    const lacking = this.request.wanted.some((claim) => person.identity[claim] === undefined);
    return html`<main class="page consent-page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
        <span class="space"></span>
        <p class="soft" role="timer">${this._left > 0 ? t('wallet.consent.left', { n: roughly(this._left) }) : ''}</p>
      </header>
      <h1 tabindex="-1">${t(this.#atDoor ? 'wallet.consent.door-title' : 'wallet.consent.title')}</h1>
      ${this.#renderWho()} ${this.#renderPeople(person)} ${this.#renderWhat(person)}
      ${lacking ? html`<p class="notice" role="alert">${t(this.#atDoor ? 'wallet.consent.door-missing' : 'wallet.consent.missing-text', { name: person.maskedName })}</p>` : nothing}
      ${this.#renderButtons(lacking)}
    </main>`;
  }

  /** How the answer goes to who asks. */
  #renderHow(): TemplateResult {
    return this.request.answerUrl === undefined
      ? html`<p class="soft with-icon">${icon('scan')}<span>${this.t('wallet.consent.by-qr')}</span></p>`
      : html`<p class="soft with-icon">${icon('lock')}<span>${this.t('wallet.consent.sealed')}</span></p>`;
  }

  #renderWho(): TemplateResult {
    const { t } = this;
    const purpose = t(`purpose.${this.request.purpose}`);
    return html`<dl class="card facts-list inline">
      <div>
        <dt class="visually-hidden">${t('wallet.consent.asks')}</dt>
        <dd>${this.#asker}<span class="verified with-icon">${icon('shield')}<span>${t('wallet.consent.verified')}</span></span></dd>
      </div>
      <div>
        <dt>${t('wallet.consent.purpose')}</dt>
        <dd>${purpose.startsWith('purpose.') ? this.request.purpose : purpose}</dd>
      </div>
    </dl>`;
  }

  #renderPeople(selected: Person): TemplateResult | typeof nothing {
    const { people } = this.session;
    if (people.length < 2) return nothing;
    return html`<section class="stack" role="group" aria-labelledby="for">
      <h2 id="for">${this.t(this.#atDoor ? 'wallet.consent.door-for' : 'wallet.consent.for')}</h2>
      <div class="tabs">
        ${people.map(
          (person) => html`<button class="tab" aria-pressed=${person.id === selected.id} @click=${() => this.#choose(person)}>
            ${person.maskedName}
          </button>`,
        )}
      </div>
    </section>`;
  }

  #choose(person: Person): void {
    this._personId = person.id;
    this.emit('choice', person.id);
  }

  #renderWhat(person: Person): TemplateResult {
    const { t } = this;
    return html`<section class="card stack" aria-labelledby="sees">
      <h2 id="sees">${t('wallet.consent.sees')}</h2>
      <dl class="facts-list inline seen">
        ${this.request.wanted.map((claim) => this.#renderClaim(claim, person.identity[claim]))}
        <div>
          <dt>${t('wallet.consent.always')}</dt>
          <dd>${t(`code.colour.${person.colour}`)}</dd>
        </div>
        ${this.#atDoor ? this.#renderMasked(person) : nothing}
      </dl>
    </section>`;
  }

  /** What every code shows: a door compares it with the person. */
  #renderMasked(person: Person): TemplateResult {
    return html`<div>
      <dt>${this.t('wallet.consent.masked')}</dt>
      <dd>${person.maskedName} ${this.t('common.idTail', { tail: person.idTail })}</dd>
    </div>`;
  }

  #renderClaim(claim: IdentityClaimId, value: string | undefined): TemplateResult {
    return html`<div>
      <dt>${this.t(`claim.${claim}`)}</dt>
      <dd>${value ?? html`<span class="error">${this.t('wallet.consent.missing')}</span>`}</dd>
    </div>`;
  }

  /** After all that is seen and over none of it: nobody agrees to what was hidden. What is said later moves no button. */
  #renderButtons(lacking: boolean): TemplateResult {
    const { t } = this;
    if (this._left === 0 && !this._sending) return this.#renderRunOut();
    return html`<p class="below with-icon">${icon('down')}<span>${t('wallet.consent.below')}</span></p>
    <div class="foot stack">
      <div class="row">
        <button class="button tall" ?disabled=${this._sending} @click=${() => this.emit('declined')}>${t('wallet.consent.decline')}</button>
        <button class="button primary tall" ?disabled=${this._sending || lacking} @click=${this.#agree}>
          ${t(this._sending ? 'wallet.consent.sending' : 'wallet.consent.agree')}
        </button>
      </div>
      <p role="status">${this._left <= kWarnSeconds ? t('wallet.consent.ends-soon') : ''}</p>
      ${this.#renderHow()}
    </div>`;
  }

  /** Nothing is lost: the desk's next code brings the resident back here. */
  #renderRunOut(): TemplateResult {
    const { t } = this;
    return html`<div class="foot sticky">
      <div class="notice calm" role="status"><p><strong>${t('wallet.consent.run-out')}</strong> ${t('wallet.consent.run-out-text')}</p></div>
      <div class="row">
        <button class="button tall" @click=${() => this.emit('declined')}>${t('wallet.consent.decline')}</button>
        <button class="button primary tall" @click=${() => this.emit('scan-again')}>${icon('scan')}${t('wallet.consent.next-code')}</button>
      </div>
    </div>`;
  }

  #renderError(code: ErrorCode): TemplateResult {
    const { t } = this;
    const [what, toDo] = errorLines(t, this.#isTheirs(code) ? 'wallet.request.asker-outdated' : code);
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <div class="card stack wide" role="alert">
        <h1 tabindex="-1">${t('wallet.answer.failed')}</h1>
        <p><strong>${what}</strong></p>
        <p>${toDo}</p>
      </div>
      <button class="button primary wide tall" @click=${() => this.emit('scan-again')}>
        ${icon('scan')}${t('wallet.request.scan-again')}
      </button>
    </main>`;
  }

  /** Whether it is the hospital's trust list that has run out: no patient can update that. */
  #isTheirs(code: ErrorCode): boolean {
    const { wallet } = this.session;
    return code === 'trust.expired' && wallet!.now() < (wallet!.trust?.expiresAt ?? 0);
  }

  async #agree(): Promise<void> {
    if (this.request.answerUrl === undefined) return this.emit('agreed', this.#person!.id);
    this._sending = true;
    const visits = this.session.visits!;
    const { id } = this.#person!;
    const visit = await visits.begin(this.request, id);
    const outcome = await this.session.wallet!.answer(this.request, id, this.request.wanted);
    this._sending = false;
    if (outcome.ok) await visits.register(visit, outcome.value);
    else if (mayHaveArrived(outcome.code)) visits.open(visit);
    else return this.#onRefused(visit, outcome.code);
    this.emit('answered');
  }

  async #onRefused(visit: Visit, code: ErrorCode): Promise<void> {
    this._error = code;
    await this.session.visits!.forget(visit);
  }
}

customElements.define('consent-screen', ConsentScreen);
