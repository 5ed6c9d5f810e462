// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from 'liangma';
import { errorLines } from 'liangma-elements';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import { languageButton } from '../../../shared/language-button.js';
import { entrance } from '../bureau.js';
import { hasPasskeys, usePasskey } from '../passkeys.js';

/** Lets staff in by passkey, or by password and authenticator app. @fires signed-in (detail: StaffSession), invited (detail: code) */
export class SignInScreen extends AppElement {
  static override properties = { notice: {}, _trouble: { state: true }, _busy: { state: true }, _inviting: { state: true } };
  /** Why somebody has to sign in again. */
  declare notice: ErrorCode | undefined;
  declare _trouble: ErrorCode | undefined;
  declare _busy: boolean;
  /** Asks for an invitation's code. */
  declare _inviting: boolean;

  constructor() {
    super();
    this._busy = this._inviting = false;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const shown = this._trouble ?? this.notice;
    const [what, toDo] = shown ? errorLines(t, shown) : ['', ''];
    return html`<main class="page">
      <header class="bar"><span class="name">${t('bureau.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      <h1 tabindex="-1">${t(this._inviting ? 'bureau.invite.title' : 'bureau.sign-in.title')}</h1>
      <div role="alert">${shown ? html`<p class="notice"><span><strong>${what}</strong> ${toDo}</span></p>` : nothing}</div>
      ${this._inviting ? this.#renderInvitation() : this.#renderSignIn()}
    </main>`;
  }

  #renderSignIn(): TemplateResult {
    const { t } = this;
    return html`${hasPasskeys ? this.#renderPasskey() : nothing}
      <form class="stack wide" novalidate @submit=${this.#onPassword}>
        <div class="field">
          <label for="name">${t('bureau.sign-in.name')}</label>
          <input id="name" autocomplete="username" autocapitalize="off" spellcheck="false" maxlength="64" />
        </div>
        <div class="field">
          <label for="password">${t('bureau.sign-in.password')}</label>
          <input id="password" type="password" autocomplete="current-password" maxlength="128" />
        </div>
        <div class="field">
          <label for="totp">${t('bureau.sign-in.totp')}</label>
          <input id="totp" inputmode="numeric" autocomplete="one-time-code" maxlength="6" aria-describedby="totp-hint" />
          <p class="soft" id="totp-hint">${t('bureau.sign-in.totp-hint')}</p>
        </div>
        <button class="button ${hasPasskeys ? '' : 'primary'} wide tall" type="submit" ?disabled=${this._busy}>${t('bureau.sign-in.submit')}</button>
      </form>
      <button class="button plain" @click=${() => this.#turnTo(true)}>${t('bureau.sign-in.invited')}</button>`;
  }

  #renderPasskey(): TemplateResult {
    const { t } = this;
    return html`<button class="button primary wide tall" ?disabled=${this._busy} @click=${() => void this.#onPasskey()}>
        ${icon('lock')}${t('bureau.sign-in.passkey')}
      </button>
      <p class="or soft">${t('bureau.sign-in.or')}</p>`;
  }

  #renderInvitation(): TemplateResult {
    const { t } = this;
    return html`<form class="stack wide" novalidate @submit=${this.#onInvitation}>
        <div class="field">
          <label for="code">${t('bureau.invite.code')}</label>
          <input id="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64" aria-describedby="code-hint" />
          <p class="soft" id="code-hint">${t('bureau.invite.code-hint')}</p>
        </div>
        <button class="button primary wide tall" type="submit">${t('common.next')}</button>
      </form>
      <button class="button plain" @click=${() => this.#turnTo(false)}>${icon('back')}${t('common.back')}</button>`;
  }

  #turnTo(inviting: boolean): void {
    this._inviting = inviting;
    this._trouble = undefined;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('h1')?.focus());
  }

  #valueOf(id: string): string {
    return this.querySelector<HTMLInputElement>(`#${id}`)?.value ?? '';
  }

  #onInvitation(event: SubmitEvent): void {
    event.preventDefault();
    if (this.#valueOf('code').trim()) this.emit('invited', this.#valueOf('code').trim());
    else this.querySelector<HTMLInputElement>('#code')?.focus();
  }

  async #onPassword(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const empty = ['name', 'password', 'totp'].find((id) => !this.#valueOf(id));
    if (empty) return this.querySelector<HTMLInputElement>(`#${empty}`)?.focus();
    this._busy = true;
    const outcome = await entrance.signInByPassword(this.#valueOf('name'), this.#valueOf('password'), this.#valueOf('totp').trim());
    this._busy = false;
    if (outcome.ok) return this.emit('signed-in', outcome.value);
    this._trouble = outcome.code;
    const totp = this.querySelector<HTMLInputElement>('#totp')!;
    totp.value = '';
    totp.focus();
  }

  async #onPasskey(): Promise<void> {
    this._busy = true;
    const answer = await usePasskey();
    const outcome = answer.ok ? await entrance.signInByPasskey(answer.value) : answer;
    this._busy = false;
    if (outcome.ok) this.emit('signed-in', outcome.value);
    else this._trouble = outcome.code;
  }
}

customElements.define('sign-in-screen', SignInScreen);
