// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines } from 'liangma-elements';
import { pickName, type ErrorCode, type Person } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';

/** The server takes 2000 bytes; a Chinese character has three. */
const kMaxLetters = 600;

/** Contests a person's colour. Nothing has to be typed. @fires back, done (detail: a text) */
export class AppealScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    person: { attribute: false },
    _error: { state: true },
    _busy: { state: true },
  };
  declare session: Session;
  declare person: Person;
  declare _error: ErrorCode | undefined;
  declare _busy: boolean;

  protected override render(): TemplateResult {
    const { t, person } = this;
    const colour = t(`code.colour.${person.colour}`);
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t('wallet.appeal.title')}</h1>
      <p>${t('wallet.appeal.text', { name: person.maskedName, colour })}</p>
      ${person.reason?.description ? html`<p class="card">${pickName(person.reason.description, this.locale)}</p>` : nothing}
      ${this._error ? this.#renderError(this._error) : nothing}
      <form class="stack wide" novalidate @submit=${(event: SubmitEvent) => void this.#onSubmit(event)}>
        <div class="field">
          <label for="words">${t('wallet.appeal.words')}</label>
          <textarea id="words" rows="4" maxlength=${kMaxLetters} aria-describedby="words-hint"></textarea>
          <p class="soft" id="words-hint">${t('wallet.appeal.hint')}</p>
        </div>
        <button class="button primary wide tall" type="submit" ?disabled=${this._busy}>
          ${t(this._busy ? 'wallet.appeal.sending' : 'wallet.appeal.send')}
        </button>
      </form>
      <p class="soft">${t('wallet.appeal.after')}</p>
    </main>`;
  }

  #renderError(code: ErrorCode): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<div class="notice" role="alert"><p><strong>${what}</strong><br />${toDo}</p></div>`;
  }

  async #onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this._busy) return;
    this._busy = true;
    this._error = undefined;
    const words = this.querySelector<HTMLTextAreaElement>('#words')!.value.trim();
    const made = await this.session.appeal(this.person, words || this.t('wallet.appeal.default'));
    this._busy = false;
    if (made.ok) this.emit('done', this.t('wallet.appeal.sent'));
    else this._error = made.code;
  }
}

customElements.define('appeal-screen', AppealScreen);
