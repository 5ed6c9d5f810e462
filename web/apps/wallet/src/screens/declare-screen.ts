// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { errorLines } from 'liangma-elements';
import {
  pickName,
  type Declared,
  type DeclarationForm,
  type ErrorCode,
  type FormField,
  type OwnState,
  type Person,
} from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import { readFields, renderField, type FieldFault } from '../form-fields.js';
import type { Session } from '../session.js';

const kMaxOrganisationBytes = 64;
const organisation: FormField = { id: 'organisation', names: {}, type: 'text' };

/** What a person's region asks them to declare: its forms, filled in, confirmed and signed. @fires back, done (detail: a text) */
export class DeclareScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    person: { attribute: false },
    _forms: { state: true },
    _chosen: { state: true },
    _faults: { state: true },
    _error: { state: true },
    _busy: { state: true },
  };
  declare session: Session;
  declare person: Person;
  /** Not there until the region's have come. */
  declare _forms: readonly DeclarationForm[] | undefined;
  /** The id of a form; empty: the first. */
  declare _chosen: string;
  declare _faults: ReadonlyMap<string, FieldFault>;
  declare _error: ErrorCode | undefined;
  declare _busy: boolean;

  constructor() {
    super();
    this._chosen = '';
    this._faults = new Map();
    this._busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    this._error = undefined;
    const place = await this.session.place(this.person);
    if (place.ok) this._forms = place.value.forms;
    else this._error = place.code;
  }

  get #form(): DeclarationForm | undefined {
    return this._forms?.find(({ id }) => id === this._chosen) ?? this._forms?.[0];
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page" aria-busy=${!this._forms && !this._error}>
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t('wallet.declare.title', { name: this.person.maskedName })}</h1>
      ${this.#renderForms()}
    </main>`;
  }

  #renderError(code: ErrorCode): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<div class="notice" role="alert">
      <p><strong>${what}</strong><br />${toDo}</p>
      ${this._forms ? nothing : html`<button class="button" @click=${() => void this.#load()}>${this.t('common.retry')}</button>`}
    </div>`;
  }

  #renderForms(): TemplateResult | typeof nothing {
    const { t, locale } = this;
    if (!this._forms)
      return this._error ? this.#renderError(this._error) : html`<p role="status">${t('wallet.declare.loading')}</p>`;
    const form = this.#form;
    if (!form) return html`<p class="card">${t('wallet.declare.none')}</p>`;
    return html`<div class="tabs" role="group" aria-label=${t('wallet.declare.which')}>
        ${this._forms.map(
          ({ id, names }) => html`<button class="tab" aria-pressed=${id === form.id} @click=${() => this.#choose(id)}>
            ${pickName(names, locale) ?? id}
          </button>`,
        )}
      </div>
      ${keyed(form.id, this.#renderForm(form))}`;
  }

  #choose(id: string): void {
    this._chosen = id;
    this._faults = new Map();
    this._error = undefined;
  }

  #renderForm(form: DeclarationForm): TemplateResult {
    const { t } = this;
    return html`<form class="stack wide declaration" novalidate @submit=${(event: SubmitEvent) => void this.#onSubmit(event, form)}>
      ${form.fields.map((field) => renderField({ t, locale: this.locale }, field, this._faults.get(field.id)))}
      ${form.id === 'health' ? this.#renderOrganisation() : nothing}
      <p>${t('wallet.declare.confirm')}</p>
      ${this._error ? this.#renderError(this._error) : nothing}
      <button class="button primary wide tall" type="submit" ?disabled=${this._busy}>
        ${t(this._busy ? 'wallet.declare.sending' : 'wallet.declare.send')}
      </button>
      <p class="soft">${t('wallet.declare.after')}</p>
    </form>`;
  }

  #renderOrganisation(): TemplateResult {
    const { t, locale } = this;
    const field = { ...organisation, names: { [locale]: t('wallet.declare.organisation') } };
    return html`<div class="field">
      ${renderField({ t, locale }, field, this._faults.get(field.id))}
      <p class="soft">${t('wallet.declare.organisation-hint')}</p>
    </div>`;
  }

  async #onSubmit(event: SubmitEvent, form: DeclarationForm): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    const data = new FormData(event.target as HTMLFormElement);
    const { fields, faults } = readFields(this.t, form.fields, data);
    const counted = readFields(this.t, [organisation], data, kMaxOrganisationBytes);
    this._faults = new Map([...faults, ...counted.faults]);
    const [first] = this._faults.keys();
    if (first !== undefined) return this.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    await this.#send({ form: form.id, fields, ...counted.fields });
  }

  async #send(declared: Declared): Promise<void> {
    this._busy = true;
    this._error = undefined;
    const told = await this.session.declare(this.person, declared);
    this._busy = false;
    if (told.ok) this.emit('done', this.#outcomeText(told.value));
    else this._error = told.code;
  }

  #outcomeText({ colour, person, checkIns }: OwnState): string {
    const { t } = this;
    return [
      t('wallet.declare.sent', { colour: t(`code.colour.${colour}`) }),
      person.colour === colour ? '' : t('wallet.declare.later'),
      checkIns > 1 ? t('wallet.declare.days', { n: checkIns }) : '',
    ]
      .filter(Boolean)
      .join(' ');
  }
}

customElements.define('declare-screen', DeclareScreen);
