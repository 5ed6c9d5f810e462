// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { browserHost, loadWallet, type ErrorCode } from 'liangma';
import { drawSymbol, errorLines } from 'liangma-elements';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import { languageButton } from '../../../shared/language-button.js';
import { entrance, type Invitation } from '../bureau.js';
import { hasPasskeys, makePasskey } from '../passkeys.js';

const kSymbolPixels = 220;

/** Turns an invitation into a passkey, or into a password with an authenticator app. @fires signed-in (detail: StaffSession), back */
export class InvitationScreen extends AppElement {
  static override properties = {
    code: {},
    _invitation: { state: true },
    _byPassword: { state: true },
    _trouble: { state: true },
    _busy: { state: true },
  };
  declare code: string;
  /** Absent until the server has answered. */
  declare _invitation: Invitation | undefined;
  declare _byPassword: boolean;
  declare _trouble: ErrorCode | undefined;
  declare _busy: boolean;

  constructor() {
    super();
    this._busy = false;
    this._byPassword = !hasPasskeys;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#open();
  }

  async #open(): Promise<void> {
    this._trouble = undefined;
    const outcome = await entrance.openInvitation(this.code);
    if (outcome.ok) this._invitation = outcome.value;
    else this._trouble = outcome.code;
    await this.updateComplete;
    this.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (this._byPassword && (changed.has('_byPassword') || changed.has('_invitation'))) void this.#draw();
  }

  /** Draws the secret for an authenticator app's camera. */
  async #draw(): Promise<void> {
    if (!this._invitation) return;
    const module = await loadWallet(browserHost({ database: 'liangma-bureau' }));
    const symbol = module.makeQrSymbol(this.#appAddress(this._invitation));
    const canvas = this.querySelector('canvas');
    if (symbol.ok && canvas) drawSymbol(canvas, symbol.value, kSymbolPixels, devicePixelRatio);
  }

  #appAddress({ name, totpSecret }: Invitation): string {
    return `otpauth://totp/Liangma:${encodeURIComponent(name)}?secret=${totpSecret}&issuer=Liangma`;
  }

  protected override render(): TemplateResult {
    const { t } = this;
    return html`<main class="page">
      <header class="bar"><span class="name">${t('bureau.title')}</span><span class="space"></span>${languageButton(this.locale)}</header>
      ${this._invitation ? this.#renderChoice(this._invitation) : this.#renderWaiting()}
    </main>`;
  }

  #renderWaiting(): TemplateResult {
    if (!this._trouble) return html`<div class="waiting" role="status"><div class="spinner"></div></div>`;
    return html`<h1 tabindex="-1">${this.t('bureau.invite.title')}</h1>
      ${this.#renderTrouble()}
      <button class="button primary wide" @click=${() => void this.#open()}>${this.t('common.retry')}</button>
      <button class="button wide" @click=${() => this.emit('back')}>${this.t('bureau.invite.other')}</button>`;
  }

  #renderTrouble(): TemplateResult {
    const [what, toDo] = this._trouble ? errorLines(this.t, this._trouble) : ['', ''];
    return html`<div role="alert">${what ? html`<p class="notice"><span><strong>${what}</strong> ${toDo}</span></p>` : nothing}</div>`;
  }

  #renderChoice(invitation: Invitation): TemplateResult {
    const { t } = this;
    return html`<div class="stack">
        <h1 tabindex="-1">${t('bureau.invite.hello', { name: invitation.name })}</h1>
        <p>${t('bureau.invite.roles', { roles: invitation.roles.map((role) => t(`bureau.role.${role}`)).join(t('bureau.list-comma')) })}</p>
      </div>
      ${this.#renderTrouble()} ${hasPasskeys ? this.#renderPasskey(invitation) : nothing}
      ${this._byPassword ? this.#renderPassword(invitation) : this.#renderPasswordOffer()}`;
  }

  #renderPasskey(invitation: Invitation): TemplateResult {
    const { t } = this;
    return html`<section class="card stack wide">
      <h2>${t('bureau.invite.passkey')}</h2>
      <p>${t('bureau.invite.passkey-text')}</p>
      <button class="button primary wide tall" ?disabled=${this._busy} @click=${() => void this.#onPasskey(invitation)}>${icon('lock')}${t('bureau.invite.passkey-make')}</button>
    </section>`;
  }

  #renderPasswordOffer(): TemplateResult {
    return html`<button class="button wide" @click=${() => (this._byPassword = true)}>${this.t('bureau.invite.by-password')}</button>`;
  }

  #renderPassword(invitation: Invitation): TemplateResult {
    const { t } = this;
    return html`<form class="card stack wide" novalidate @submit=${this.#onPassword}>
      <h2>${t('bureau.invite.password-title')}</h2>
      <p>${t('bureau.invite.app-text')}</p>
      <div class="totp-symbol"><canvas role="img" aria-label=${t('bureau.invite.app-symbol')}></canvas></div>
      <p>${t('bureau.invite.app-key')} <code class="key">${invitation.totpSecret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
      <input hidden autocomplete="username" .value=${invitation.name} />
      <div class="field">
        <label for="password">${t('bureau.invite.password')}</label>
        <input id="password" type="password" autocomplete="new-password" maxlength="128" aria-describedby="password-hint" />
        <p class="soft" id="password-hint">${t('bureau.invite.password-hint')}</p>
      </div>
      <div class="field">
        <label for="totp">${t('bureau.sign-in.totp')}</label>
        <input id="totp" inputmode="numeric" autocomplete="one-time-code" maxlength="6" />
      </div>
      <button class="button ${hasPasskeys ? '' : 'primary'} wide tall" type="submit" ?disabled=${this._busy}>${t('bureau.invite.password-submit')}</button>
    </form>`;
  }

  async #onPasskey(invitation: Invitation): Promise<void> {
    this._busy = true;
    const passkey = await makePasskey(invitation);
    const outcome = passkey.ok ? await entrance.choosePasskey(this.code, passkey.value) : passkey;
    this._busy = false;
    if (outcome.ok) this.emit('signed-in', outcome.value);
    else this._trouble = outcome.code;
  }

  async #onPassword(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [password, totp] = ['password', 'totp'].map((id) => this.querySelector<HTMLInputElement>(`#${id}`)!) as [HTMLInputElement, HTMLInputElement];
    const empty = [password, totp].find((field) => !field.value);
    if (empty) return empty.focus();
    this._busy = true;
    const outcome = await entrance.choosePassword(this.code, password.value, totp.value.trim());
    this._busy = false;
    if (outcome.ok) return this.emit('signed-in', outcome.value);
    this._trouble = outcome.code;
    window.scrollTo(0, 0);
  }
}

customElements.define('invitation-screen', InvitationScreen);
