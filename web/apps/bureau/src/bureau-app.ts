// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ErrorCode } from 'liangma';
import 'liangma-elements/scanner';
import { AppElement } from '../../shared/app-element.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { watchNetwork } from '../../shared/offline.js';
import { Router } from '../../shared/router.js';
import { Bureau, type Role, type StaffSession, type Words } from './bureau.js';
import { ImportRun, type ImportState } from './import-run.js';
import { hasPasskeys, makePasskey } from './passkeys.js';
import { forgetSession, keepSession, keptSession, takeInvitation } from './session.js';
import './screens/appeals-screen.js';
import './screens/areas-screen.js';
import './screens/case-screen.js';
import './screens/checkpoint-screen.js';
import './screens/figures-screen.js';
import './screens/import-screen.js';
import './screens/invitation-screen.js';
import './screens/news-screen.js';
import './screens/sign-in-screen.js';
import './screens/staff-screen.js';

/** What there is to do, and whose work it is. */
const tasks = [
  ['checkpoint', ['checkpoint']],
  ['case', ['reviewer']],
  ['appeals', ['reviewer']],
  ['import', ['importer']],
  ['areas', ['importer']],
  ['figures', ['reviewer', 'admin']],
  ['news', ['admin']],
  ['staff', ['admin']],
] as const satisfies readonly (readonly [string, readonly Role[]])[];
type Task = (typeof tasks)[number][0];

const kNoteMilliseconds = 8000;
/** As in bureau.css. */
const wideScreen = matchMedia('(min-width: 60rem)');

interface Note {
  readonly text: string;
  readonly undo?: () => void;
}

/** What the authority's staff works with: who has signed in, and which task is on. */
export class BureauApp extends AppElement {
  static override properties = {
    _session: { state: true },
    _invitation: { state: true },
    _notice: { state: true },
    _words: { state: true },
    _note: { state: true },
    _import: { state: true },
    _online: { state: true },
    _wide: { state: true },
  };
  declare _session: StaffSession | undefined;
  /** The code of one that is being taken up. */
  declare _invitation: string;
  /** Why somebody has to sign in again. */
  declare _notice: ErrorCode | undefined;
  declare _words: Words | undefined;
  declare _note: Note | undefined;
  /** Where the member's list stands; absent: none was sent. */
  declare _import: ImportState | undefined;
  declare _online: boolean;
  /** Whether there is room for the menu beside the work. */
  declare _wide: boolean;

  readonly #router = new Router<Task | 'home'>(['home', ...tasks.map(([task]) => task)], () => this.requestUpdate());
  #bureau = new Bureau('');
  /** Outlives the session that began it, for the same member. */
  #imports = new ImportRun('', () => this.#onImport());
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts how often a task was chosen: each time it starts anew. */
  #visit = 0;

  constructor() {
    super();
    this._online = navigator.onLine;
    this._wide = wideScreen.matches;
    this._invitation = takeInvitation();
    this.#enter(this._invitation ? undefined : keptSession());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    watchNetwork((online) => (this._online = online));
    wideScreen.addEventListener('change', () => (this._wide = wideScreen.matches));
    window.addEventListener('beforeunload', (event) => {
      if (this.#imports.isUnfinished) event.preventDefault();
    });
  }

  #enter(session: StaffSession | undefined): void {
    this._session = session;
    this.#bureau = new Bureau(session?.session ?? '');
    if (!session) return;
    if (session.id !== this.#imports.memberId) this.#imports = new ImportRun(session.id, () => this.#onImport());
    this._import = this.#imports.state;
    void this.#loadWords();
  }

  async #loadWords(): Promise<void> {
    const words = await this.#bureau.words();
    if (words.ok) this._words = words.value;
    else if (words.code === 'staff.session-ended') this.#leave(words.code);
  }

  protected override updated(): void {
    document.title = this.t('bureau.title');
    this.#router.focusHeading(this);
  }

  /** What this member may do. */
  get #tasks(): readonly Task[] {
    const has: readonly Role[] = this._session?.roles ?? [];
    return tasks.filter(([, roles]) => roles.some((role) => has.includes(role))).map(([task]) => task);
  }

  get #task(): Task {
    return this.#tasks.find((task) => task === this.#router.screen) ?? this.#tasks[0]!;
  }

  protected override render(): TemplateResult {
    if (this._invitation)
      return html`<invitation-screen .code=${this._invitation} @signed-in=${this.#onSignedIn} @back=${this.#onNoInvitation}></invitation-screen>`;
    if (!this._session)
      return html`<sign-in-screen .notice=${this._notice} @signed-in=${this.#onSignedIn} @invited=${(event: CustomEvent<string>) => (this._invitation = event.detail)}></sign-in-screen>`;
    return this.#renderWork(this._session);
  }

  #renderWork(session: StaffSession): TemplateResult {
    const { t } = this;
    return html`<a class="skip" href="#work" @click=${this.#skip}>${t('bureau.skip')}</a>
      <div class="bureau" @ended=${() => this.#leave('staff.session-ended')} @note=${(event: CustomEvent<Note>) => this.#say(event.detail)}>
        <header class="bar">
          <span class="name">${t('bureau.title')}</span><span class="space"></span>${languageButton(this.locale)}
        </header>
        ${this.#renderMenu(session)}
        <main id="work" tabindex="-1">
          ${this._online ? nothing : html`<p class="notice" role="status">${t('bureau.offline')}</p>`}
          ${keyed(this.#visit, this.#renderTask(session))}
        </main>
      </div>
      ${this.#renderNote()}`;
  }

  /** The tasks, and what has to do with the account; folded on a small screen. */
  #renderMenu(session: StaffSession): TemplateResult {
    const { t } = this;
    return html`<details class="tasks" ?open=${this._wide}>
      <summary>${t(`bureau.nav.${this.#task}`)}${icon('next')}</summary>
      <nav aria-label=${t('bureau.nav')}>
        ${this.#tasks.map(
          (task) => html`<a href="#${task}" aria-current=${task === this.#task ? 'page' : 'false'} @click=${(event: Event) => this.#go(event, task)}>${t(`bureau.nav.${task}`)}</a>`,
        )}
        <div class="account">
          <p class="soft">${t('bureau.signed-in', { name: session.name })}</p>
          ${hasPasskeys ? html`<button class="button" @click=${() => void this.#addPasskey(session)}>${t('bureau.passkey.add')}</button>` : nothing}
          <button class="button" @click=${() => void this.#signOut()}>${t('bureau.sign-out')}</button>
        </div>
      </nav>
    </details>`;
  }

  #renderTask(session: StaffSession): TemplateResult {
    const bureau = this.#bureau;
    const words = this._words;
    switch (this.#task) {
      case 'checkpoint':
        return html`<checkpoint-screen .bureau=${bureau} .words=${words}></checkpoint-screen>`;
      case 'case':
        return html`<case-screen .bureau=${bureau} .words=${words}></case-screen>`;
      case 'appeals':
        return html`<appeals-screen .bureau=${bureau} .words=${words}></appeals-screen>`;
      case 'import':
        return html`<import-screen .bureau=${bureau} .words=${words} .run=${this.#imports} .state=${this._import}></import-screen>`;
      case 'areas':
        return html`<areas-screen .bureau=${bureau} .words=${words}></areas-screen>`;
      case 'figures':
        return html`<figures-screen .bureau=${bureau} .words=${words}></figures-screen>`;
      case 'news':
        return html`<news-screen .bureau=${bureau} .words=${words}></news-screen>`;
      case 'staff':
        return html`<staff-screen .bureau=${bureau} .words=${words} .ownId=${session.id}></staff-screen>`;
    }
  }

  #renderNote(): TemplateResult {
    const note = this._note;
    return html`<div role="status">
      ${note
        ? html`<div class="toast"><span>${note.text}</span>${note.undo ? html`<button class="button" @click=${() => this.#undo(note.undo!)}>${this.t('common.undo')}</button>` : nothing}</div>`
        : nothing}
    </div>`;
  }

  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>('#work')?.focus();
  };

  #go(event: Event, task: Task): void {
    event.preventDefault();
    this._note = undefined;
    if (!this._wide) this.querySelector('details')!.open = false;
    this.#visit++;
    if (task !== this.#task) return this.#router.go(task);
    this.#router.refocus();
  }

  #say(note: Note): void {
    clearTimeout(this.#noteTimer);
    this._note = note;
    this.#noteTimer = setTimeout(() => (this._note = undefined), kNoteMilliseconds);
  }

  /** Keeps up with the list; whoever is at another task is told how it ended. */
  #onImport(): void {
    const { state } = this.#imports;
    this._import = state;
    if (!state || !this._session) return;
    if (state.trouble === 'staff.session-ended') return this.#leave(state.trouble);
    if (this.#task === 'import' || state.stage === 'sending') return;
    this.#say({ text: this.t(state.trouble ?? 'bureau.import.done', { file: state.file }) });
  }

  #undo(undo: () => void): void {
    this._note = undefined;
    this.querySelector<HTMLElement>('main h1')?.focus();
    undo();
  }

  #onSignedIn = (event: CustomEvent<StaffSession>): void => {
    keepSession(event.detail);
    this._invitation = '';
    this._notice = undefined;
    this.#enter(event.detail);
    this.#router.refocus();
  };

  #onNoInvitation = (): void => {
    this._invitation = '';
    this.#router.refocus();
  };

  async #addPasskey(session: StaffSession): Promise<void> {
    const made = await makePasskey(session);
    const outcome = made.ok ? await this.#bureau.addPasskey(made.value) : made;
    if (!outcome.ok && outcome.code === 'staff.session-ended') return this.#leave(outcome.code);
    this.#say({ text: outcome.ok ? this.t('bureau.passkey.added') : this.t(outcome.code) });
  }

  async #signOut(): Promise<void> {
    await this.#bureau.signOut();
    this.#leave();
  }

  #leave(notice?: ErrorCode): void {
    forgetSession();
    this._notice = notice;
    this.#enter(undefined);
    this.#router.refocus();
  }
}
