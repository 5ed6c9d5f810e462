// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines, type ScanDetail } from 'liangma-elements';
import 'liangma-elements/scanner';
import type { Door, ErrorCode, SceneChoice } from 'liangma';
import { AppElement } from '../../shared/app-element.js';
import { formatSpan } from '../../shared/format.js';
import { icon } from '../../shared/icons.js';
import { renderAnswer, renderResults, type Explain } from './answer-view.js';
import { renderCounts } from './counts-view.js';
import { dataText, isStopped } from './data-view.js';
import './doors-screen.js';
import './list-screen.js';
import { drawQuestion, renderEnrolment, renderQuestion } from './question-view.js';
import { Session, type Result } from './session.js';
import { settings } from './settings.js';
import { takeSetup, type Setup } from './setup-link.js';
import { signal, unlockSound } from './signals.js';

const kAnswerMilliseconds = 2000;
const kLeastMilliseconds = 700;

/** Checks codes at a door. */
export class GateApp extends AppElement {
  static override properties = {
    _screen: { state: true },
    _shown: { state: true },
    _muted: { state: true },
    _note: { state: true },
    _notice: { state: true },
    _tried: { state: true },
  };
  declare _screen: 'scan' | 'doors' | 'list';
  /** The answer that fills the screen. */
  declare _shown: Result | undefined;
  declare _muted: boolean;
  declare _note: string;
  /** The key of what was wrong with the owner's link; empty: nothing. */
  declare _notice: string;
  /** A code of the owner's that was refused. */
  declare _tried: { readonly code: string; readonly refused: ErrorCode | undefined };

  readonly #session = new Session();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Waits for the answer on screen to have been seen. */
  #next: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;

  constructor() {
    super();
    this._screen = 'scan';
    this._muted = settings.muted;
    this._note = this._notice = '';
    this._tried = { code: '', refused: undefined };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#session.addEventListener('change', () => this.requestUpdate());
    document.addEventListener('pointerdown', unlockSound);
    document.addEventListener('keydown', unlockSound);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#dismiss();
    });
    window.addEventListener('resize', () => this.#draw());
    window.addEventListener('hashchange', () => this.#setUp(takeSetup()));
    setInterval(() => this.requestUpdate(), 30_000);
    void this.#open(takeSetup());
  }

  /** The door is set before the rest is fetched: whoever shows a code meanwhile is answered. */
  async #open(setup: Setup | 'bad' | undefined): Promise<void> {
    const before = settings.door;
    if (setup && setup !== 'bad') {
      if (setup.door) settings.door = setup.door;
      this.#session.enrolling = setup.code !== undefined;
    }
    await this.#session.open();
    if (this.#session.gate && setup) await this.#obey(setup, before);
  }

  #setUp(setup: Setup | 'bad' | undefined): void {
    if (!setup) return;
    const before = settings.door;
    if (setup !== 'bad' && setup.door) this.#choose(setup.door);
    void this.#obey(setup, before);
  }

  /** Does all that the owner's link says, now that its door is chosen, or nothing of it. @param before  the door until now */
  async #obey(setup: Setup | 'bad', before: Door): Promise<void> {
    if (setup === 'bad') return this.#refuseLink();
    if (setup.door && !this.#session.scene(this.locale)) {
      settings.door = before;
      this.#session.enrolling = false;
      return this.#refuseLink();
    }
    if (setup.listing !== undefined) settings.listing = setup.listing;
    if (setup.code) await this.#enrol(setup.code);
  }

  #refuseLink(): void {
    this._notice = 'gate.link.bad';
    this._screen = 'doors';
  }

  protected override updated(): void {
    document.title = this.t('gate.title');
    this.#draw();
  }

  #draw(): void {
    const { question } = this.#session;
    if (question) drawQuestion(this, question);
  }

  protected override render(): TemplateResult {
    const { gate, trouble } = this.#session;
    if (trouble) return this.#renderTrouble(trouble);
    if (!gate) return html`<main class="page" aria-busy="true"></main>`;
    const scene = this.#session.scene(this.locale);
    if (this._screen === 'doors' || !scene) return this.#renderDoors();
    if (this._screen === 'list') return html`<list-screen .session=${this.#session} @back=${() => this.#go('scan')}></list-screen>`;
    return this.#renderScan(scene);
  }

  #renderTrouble(code: string): TemplateResult {
    const [what, toDo] = errorLines(this.t, code);
    return html`<main class="page">
      <div class="waiting" role="alert">
        <h1>${this.t('common.error-title')}</h1>
        <p>${what}</p>
        <p>${toDo}</p>
        <button class="button primary" @click=${() => location.reload()}>${this.t('common.retry')}</button>
        ${code === 'storage.damaged'
          ? html`<button class="button" @click=${() => void this.#session.startOver()}>${this.t('gate.start-over')}</button>`
          : nothing}
      </div>
    </main>`;
  }

  #renderDoors(): TemplateResult {
    return html`<doors-screen
      .session=${this.#session}
      .notice=${this._notice}
      @chosen=${(event: CustomEvent<Door>) => this.#choose(event.detail)}
    ></doors-screen>`;
  }

  #renderScan(scene: SceneChoice): TemplateResult {
    const { t } = this;
    const { results } = this.#session;
    return html`<main class="page gate-page" ?inert=${this._shown !== undefined}>
        ${this.#renderBar(scene)}
        <div class="half">
          ${this.#renderClock()} ${this.#renderMemory()} ${this.#renderAsking(scene)}
          <liangma-scanner autostart continuous .locale=${this.locale} @liangma-scan=${this.#onScan}></liangma-scanner>
        </div>
        <div class="half">
          ${this.#renderToday()}
          ${renderResults(t, this.locale, results, this.#explain, () => this.#session.clearResults())}
          <p class="soft with-icon">${icon('shield')}<span>${t('gate.never-trust-eyes')}</span></p>
        </div>
        ${this.#renderTrust()}
      </main>
      <div class="answer-region" aria-live="assertive">
        ${this._shown ? renderAnswer(t, this._shown, this.#explain, this.#dataText, () => this.#dismiss()) : nothing}
      </div>`;
  }

  #renderBar({ name }: SceneChoice): TemplateResult {
    const { t } = this;
    const { place } = settings.door;
    const door = place === undefined ? name : `${this.#session.gate!.placeName(place, this.locale)} · ${name}`;
    return html`<header class="bar">
      <h1 class="door" tabindex="-1">${icon('door')}<span class="visually-hidden">${t('gate.scan.heading', { scene: door })}</span><span aria-hidden="true">${door}</span></h1>
      <button class="button plain" @click=${this.#toggleSound} aria-pressed=${this._muted} aria-label=${t(this._muted ? 'gate.sound-off' : 'gate.sound-on')}>
        ${icon(this._muted ? 'mute' : 'sound')}
      </button>
      <button class="button plain" @click=${() => this.#go('doors')}>${t('gate.scene.change')}</button>
    </header>`;
  }

  #renderClock(): TemplateResult | typeof nothing {
    const { t } = this;
    const { clock } = this.#session.gate!;
    if (!clock.confirmed) return html`<p class="notice" role="status">${t('gate.clock.unconfirmed')}</p>`;
    if (Math.abs(clock.offsetSeconds) < 30) return nothing;
    const span = formatSpan(t, clock.offsetSeconds);
    return html`<p class="notice" role="status">${t('gate.clock.wrong', { span })}</p>`;
  }

  #renderMemory(): TemplateResult | typeof nothing {
    const { damaged, kept } = this.#session.gate!.memory;
    if (!damaged && kept) return nothing;
    return html`<p class="notice" role="status">${this.t(damaged ? 'gate.memory.damaged' : 'gate.memory.not-kept')}</p>`;
  }

  /** The question of a strict door, or of one where guests leave their contact. */
  #renderAsking({ leavesContact }: SceneChoice): TemplateResult | typeof nothing {
    const { question, questionTrouble, enrolling } = this.#session;
    if (question) return renderQuestion(this.t, leavesContact);
    if (enrolling) return html`<p class="notice calm" role="status">${this.t('gate.enrol.busy')}</p>`;
    if (!questionTrouble) return nothing;
    if (questionTrouble !== 'verifier.not-enrolled')
      return html`<p class="notice" role="status">${errorLines(this.t, questionTrouble).join(' ')}</p>`;
    return renderEnrolment(this.t, questionTrouble, this._tried, (code) => void this.#enrol(code));
  }

  #renderToday(): TemplateResult {
    return html`<section class="today" aria-labelledby="today">
      <h2 id="today">${this.t('gate.today')}</h2>
      <span class="space"></span>
      <button class="button plain" @click=${() => this.#go('list')}>${icon('list')}${this.t('gate.list')}</button>
      ${renderCounts(this.t, this.#session.counts)}
    </section>`;
  }

  #renderTrust(): TemplateResult {
    const { t } = this;
    const gate = this.#session.gate!;
    const data = gate.data();
    return html`<footer class="trust foot ${data.stale ? 'notice' : ''}">
      <p role="status">${this._note || html`${this.#session.online ? nothing : this.#renderOffline(isStopped(data, gate.now()))}${this.#dataText}`}</p>
      <button class="button square" @click=${this.#update} aria-label=${t('gate.trust.update')}>${icon('renew')}</button>
    </footer>`;
  }

  #renderOffline(stopped: boolean): TemplateResult {
    return html`<strong class="with-icon">${icon('offline')}<span>${this.t(stopped ? 'gate.offline.stopped' : 'gate.offline')}</span></strong>`;
  }

  get #dataText(): string {
    const gate = this.#session.gate!;
    return dataText(this.t, gate.data(), gate.now());
  }

  readonly #explain: Explain = ({ verdict, door }) => this.#session.gate!.explain(verdict, this.locale, door.place);

  async #update(): Promise<void> {
    const { trust, packs, statusLists } = await this.#session.refresh();
    const failed = [trust, packs, statusLists].find((each) => !each.ok);
    if (failed && !failed.ok) this._note = errorLines(this.t, failed.code)[0];
    else if (trust.ok) this._note = this.t(`gate.trust.${trust.value}`);
    setTimeout(() => (this._note = ''), 3000);
  }

  async #enrol(code: string): Promise<void> {
    const refused = await this.#session.enrol(code);
    this._tried = refused ? { code, refused } : { code: '', refused: undefined };
  }

  #choose(door: Door): void {
    this._notice = '';
    this.#session.choose(door);
    unlockSound();
    this.#go('scan');
  }

  #go(screen: 'scan' | 'doors' | 'list'): void {
    clearTimeout(this.#next);
    this._screen = screen;
    this.#dismiss();
    window.scrollTo(0, 0);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
  }

  #toggleSound(): void {
    this._muted = settings.muted = !this._muted;
  }

  #onScan(event: CustomEvent<ScanDetail>): void {
    const { text, source } = event.detail;
    clearTimeout(this.#next);
    const wait = this._shown ? this.#shownAt + kLeastMilliseconds - performance.now() : 0;
    if (source === 'camera' && wait > 0) {
      this.#next = setTimeout(() => this.#onScan(event), wait);
      return;
    }
    const result = this.#session.check(text, source);
    if (!result) return;
    this._shown = result;
    this.#shownAt = performance.now();
    signal(result.verdict.decision, this._muted);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dismiss(), kAnswerMilliseconds);
  }

  #dismiss(): void {
    clearTimeout(this.#timer);
    this._shown = undefined;
  }
}
