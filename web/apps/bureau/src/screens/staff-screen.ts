// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { roles, type LogEntry, type Member, type Role } from '../bureau.js';
import { TaskScreen } from '../task-screen.js';
import './case-log.js';

/** Who works here: invites, resets, shuts out, and sees what each did. */
export class StaffScreen extends TaskScreen {
  static override properties = {
    ownId: {},
    _members: { state: true },
    _code: { state: true },
    _closing: { state: true },
    _shown: { state: true },
    _wrong: { state: true },
  };
  declare ownId: string;
  /** Absent until the server has answered. */
  declare _members: readonly Member[] | undefined;
  /** An invitation that was just made. */
  declare _code: { readonly name: string; readonly code: string } | undefined;
  /** Who would be shut out once that is confirmed. */
  declare _closing: Member | undefined;
  /** Whose log is on screen. */
  declare _shown: { readonly member: Member; readonly records: readonly LogEntry[] } | undefined;
  declare _wrong: boolean;

  constructor() {
    super();
    this.ownId = '';
    this._wrong = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  async #load(): Promise<void> {
    this._members = (await this.ask(this.bureau.members()))?.members ?? this._members;
  }

  protected override render(): TemplateResult {
    if (this._shown) return this.#renderLog(this._shown.member, this._shown.records);
    return html`<h1 tabindex="-1">${this.t('bureau.staff.title')}</h1>
      ${this.renderTrouble(this._members ? undefined : () => void this.#load())} ${this.#renderCode()}
      ${this._members ? html`<ul class="list">${this._members.map((member) => this.#renderMember(member))}</ul>` : this._trouble ? nothing : this.renderLoading()}
      ${this.#renderInvite()}`;
  }

  #renderCode(): TemplateResult {
    const { t } = this;
    const address = this._code ? `${location.origin}${location.pathname}#invite=${this._code.code}` : '';
    return html`<div role="status">
      ${this._code
        ? html`<section class="card stack invitation">
            <h2 id="code" tabindex="-1">${t('bureau.staff.code', { name: this._code.name })}</h2>
            <p class="code">${this._code.code}</p>
            <p class="id">${address}</p>
            <p>${t('bureau.staff.code-text')}</p>
            <button class="button" @click=${this.#onCodeDone}>${t('common.done')}</button>
          </section>`
        : nothing}
    </div>`;
  }

  #renderMember(member: Member): TemplateResult {
    const { t } = this;
    return html`<li class="card stack">
      <p id="member-${member.id}" tabindex="-1"><strong>${member.name}</strong> · ${member.roles.map((role) => t(`bureau.role.${role}`)).join(t('bureau.list-comma'))}</p>
      <p class="soft">${t(`bureau.staff.state-${stateOf(member)}`)}</p>
      ${this._closing?.id === member.id ? this.#renderClosing(member) : this.#renderActions(member)}
    </li>`;
  }

  #renderActions(member: Member): TemplateResult {
    const { t } = this;
    return html`<div class="row">
      <button class="button" aria-label=${t('bureau.staff.log-of', { name: member.name })} @click=${() => void this.#showLog(member)}>${t('bureau.staff.log')}</button>
      ${member.id === this.ownId
        ? nothing
        : html`<button class="button" aria-label=${t('bureau.staff.reset-this', { name: member.name })} ?disabled=${this._busy} @click=${() => void this.#reset(member)}>${t('bureau.staff.reset')}</button>
            ${member.disabled ? nothing : html`<button class="button danger" aria-label=${t('bureau.staff.close-this', { name: member.name })} @click=${() => void this.#askToClose(member)}>${t('bureau.staff.close')}</button>`}`}
    </div>`;
  }

  #renderClosing(member: Member): TemplateResult {
    const { t } = this;
    return html`<p id="close-sure" tabindex="-1">${t('bureau.staff.close-sure', { name: member.name })}</p>
      <div class="row">
        <button class="button" @click=${() => void this.#stay(member)}>${t('common.cancel')}</button>
        <button class="button danger" ?disabled=${this._busy} @click=${() => void this.#close(member)}>${t('bureau.staff.close-yes')}</button>
      </div>`;
  }

  #renderInvite(): TemplateResult {
    const { t } = this;
    return html`<form class="card stack wide" novalidate @submit=${this.#onInvite}>
      <h2>${t('bureau.staff.invite')}</h2>
      <div class="field"><label for="new-name">${t('bureau.sign-in.name')}</label><input id="new-name" autocomplete="off" maxlength="64" /></div>
      <fieldset class="stack">
        <legend class="label">${t('bureau.staff.roles')}</legend>
        ${roles.map((role) => html`<label class="choice"><input type="checkbox" name="role" value=${role} /><span><strong>${t(`bureau.role.${role}`)}</strong><span class="soft">${t(`bureau.role-text.${role}`)}</span></span></label>`)}
      </fieldset>
      <p class="error" role="alert">${this._wrong ? t('bureau.staff.incomplete') : ''}</p>
      <button class="button primary wide" type="submit" ?disabled=${this._busy}>${t('bureau.staff.invite-submit')}</button>
    </form>`;
  }

  #renderLog(member: Member, records: readonly LogEntry[]): TemplateResult {
    const { t } = this;
    return html`<h1 tabindex="-1">${t('bureau.staff.log-of', { name: member.name })}</h1>
      <case-log .records=${records} .read=${(before: number) => this.bureau.memberLog(member.id, before)} .words=${this.words}></case-log>
      <button class="button wide" @click=${() => void this.#stay(member)}>${t('common.back')}</button>`;
  }

  async #showLog(member: Member): Promise<void> {
    const log = await this.ask(this.bureau.memberLog(member.id));
    if (log) this._shown = { member, records: log.records };
    await this.focusOn('h1');
  }

  /** Back among the others, at the one whom this was about. */
  async #stay(member: Member): Promise<void> {
    this._closing = this._shown = undefined;
    await this.focusOn(`#member-${CSS.escape(member.id)}`);
  }

  async #askToClose(member: Member): Promise<void> {
    this._closing = member;
    await this.focusOn('#close-sure');
  }

  #onCodeDone = (): void => {
    this._code = undefined;
    void this.focusOn('h1');
  };

  async #reset(member: Member): Promise<void> {
    const made = await this.ask(this.bureau.resetMember(member.id));
    if (made) await this.#showCode(member.name, made.code);
  }

  async #close(member: Member): Promise<void> {
    if (await this.ask(this.bureau.disableMember(member.id))) await this.#load();
    await this.#stay(member);
  }

  async #onInvite(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const name = this.querySelector<HTMLInputElement>('#new-name')!.value.trim();
    const chosen = [...this.querySelectorAll<HTMLInputElement>('input[name=role]:checked')].map((box) => box.value as Role);
    this._wrong = !name || chosen.length === 0;
    if (this._wrong) return;
    const made = await this.ask(this.bureau.addMember(name, chosen));
    if (!made) return;
    (event.target as HTMLFormElement).reset();
    await this.#showCode(name, made.code);
  }

  async #showCode(name: string, code: string): Promise<void> {
    this._code = { name, code };
    await this.#load();
    await this.focusOn('#code');
  }
}

function stateOf(member: Member): 'disabled' | 'ready' | 'invited' | 'expired' {
  if (member.disabled) return 'disabled';
  if (member.password || member.passkey) return 'ready';
  return member.invited ? 'invited' : 'expired';
}

customElements.define('staff-screen', StaffScreen);
