// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { errorLines, type ScanDetail } from 'liangma-elements';
import 'liangma-elements/scanner';
import { AppElement } from '../../shared/app-element.js';
import { formatAge, formatSpan } from '../../shared/format.js';
import { icon } from '../../shared/icons.js';
import { languageButton } from '../../shared/language-button.js';
import { renderAnswer, renderDocked, renderResults } from './answer-view.js';
import { Session, type Result } from './session.js';
import { settings } from './settings.js';
import { signal, unlockSound } from './signals.js';

const kAnswerMilliseconds = 2000;
const kLeastMilliseconds = 700;

/** Checks codes at a door. */
export class GateApp extends AppElement {
  static override properties = {
    _choosing: { state: true },
    _shown: { state: true },
    _muted: { state: true },
    _note: { state: true },
  };
  declare _choosing: boolean;
  /** The answer that fills the screen. */
  declare _shown: Result | undefined;
  declare _muted: boolean;
  declare _note: string;

  readonly #session = new Session();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;

  constructor() {
    super();
    this._choosing = false;
    this._muted = settings.muted;
    this._note = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#session.addEventListener('change', () => this.requestUpdate());
    document.addEventListener('pointerdown', unlockSound);
    document.addEventListener('keydown', unlockSound);
    setInterval(() => this.requestUpdate(), 30_000);
    void this.#session.open();
  }

  protected override updated(): void {
    document.title = this.t('gate.title');
  }

  protected override render(): TemplateResult {
    const { gate, trouble } = this.#session;
    if (trouble) return this.#renderTrouble(trouble);
    if (!gate) return html`<main class="page" aria-busy="true"></main>`;
    const scene = this.#session.scene(this.locale);
    if (this._choosing || !scene) return this.#renderScenes();
    return this.#renderScan(scene.name);
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

  #renderScenes(): TemplateResult {
    const { t } = this;
    const scenes = this.#session.gate!.scenes(this.locale);
    return html`<main class="page">
      <header class="bar">
        <span class="name">${t('app.name')}</span><span class="space"></span>${languageButton(this.locale)}
      </header>
      <div class="stack">
        <h1 tabindex="-1">${t('gate.scene.title')}</h1>
        <p>${t('gate.scene.text')}</p>
      </div>
      ${scenes.length === 0 ? this.#renderNoScenes() : nothing}
      <ul class="list">
        ${scenes.map(
          ({ id, name, required }) => html`<li>
            <button class="choice" aria-pressed=${id === settings.sceneId} @click=${() => this.#choose(id)}>
              ${icon('door')}
              <span>
                <strong>${name}</strong>
                ${required === 'challenge' ? html`<span class="soft">${t('gate.scene.challenge-note')}</span>` : nothing}
              </span>
              ${icon('next')}
            </button>
          </li>`,
        )}
      </ul>
    </main>`;
  }

  #renderNoScenes(): TemplateResult {
    return html`<div class="notice" role="alert">
      <p>${this.t('gate.scene.empty')}</p>
      <button class="button" @click=${() => this.#session.refresh()}>${this.t('common.retry')}</button>
    </div>`;
  }

  #renderScan(scene: string): TemplateResult {
    const { t } = this;
    return html`<main class="page gate-page" ?inert=${this._shown !== undefined}>
        <header class="bar">
          <h1 class="door" tabindex="-1">${icon('door')}<span class="visually-hidden">${t('gate.scan.heading', { scene })}</span><span aria-hidden="true">${scene}</span></h1>
          <span class="space"></span>
          <button class="button plain" @click=${this.#toggleSound} aria-pressed=${this._muted} aria-label=${t(this._muted ? 'gate.sound-off' : 'gate.sound-on')}>
            ${icon(this._muted ? 'mute' : 'sound')}
          </button>
          <button class="button plain" @click=${() => (this._choosing = true)}>${t('gate.scene.change')}</button>
        </header>
        ${this.#renderClock()} ${this.#renderMemory()}
        <liangma-scanner autostart continuous .locale=${this.locale} @liangma-scan=${this.#onScan}></liangma-scanner>
        ${this.#session.results[0] ? renderDocked(t, this.#session.results[0]) : nothing}
        ${renderResults(t, this.locale, this.#session.results, () => this.#session.clearResults())}
        <p class="soft with-icon">${icon('shield')}<span>${t('gate.never-trust-eyes')}</span></p>
        ${this.#renderTrust()}
      </main>
      <div class="answer-region" aria-live="assertive">
        ${this._shown ? renderAnswer(t, this._shown, () => this.#dismiss()) : nothing}
      </div>`;
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

  /** How old the list is, and apart from that when the server was last asked for another. */
  #trustText(): string {
    const { t } = this;
    const { version, ageSeconds, checkedSecondsAgo, stale } = this.#session.gate!.trust();
    if (version === 0) return t('gate.trust.none');
    const list = t(stale ? 'gate.trust.stale' : 'gate.trust.fresh', { age: formatAge(t, ageSeconds) });
    const checked =
      checkedSecondsAgo === undefined ? '' : t('gate.trust.checked', { age: formatAge(t, checkedSecondsAgo) });
    return `${list} ${checked}`;
  }

  #renderTrust(): TemplateResult {
    const { t } = this;
    const { stale } = this.#session.gate!.trust();
    return html`<footer class="trust foot ${stale ? 'notice' : ''}">
      <p role="status">${this._note || this.#trustText()}</p>
      <button class="button" @click=${this.#update}>${icon('renew')}${t('gate.trust.update')}</button>
    </footer>`;
  }

  async #update(): Promise<void> {
    const trust = await this.#session.refresh();
    this._note = trust.ok ? this.t(`gate.trust.${trust.value}`) : errorLines(this.t, trust.code)[0];
    setTimeout(() => (this._note = ''), 3000);
  }

  #choose(sceneId: string): void {
    settings.sceneId = sceneId;
    this._choosing = false;
    unlockSound();
    this.requestUpdate();
  }

  #toggleSound(): void {
    this._muted = settings.muted = !this._muted;
  }

  #onScan(event: CustomEvent<ScanDetail>): void {
    const { text, source } = event.detail;
    const isTooSoon = this._shown && performance.now() - this.#shownAt < kLeastMilliseconds;
    if (source === 'camera' && isTooSoon) return;
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
