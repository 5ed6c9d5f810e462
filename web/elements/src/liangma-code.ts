// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { isErrorCode, type ColourId, type ErrorCode, type Frame, type Outcome } from 'liangma';
import { codeStyles } from './code-styles.js';
import { colourMark } from './colour-mark.js';
import { clockTime, regional } from './dates.js';
import { drawSymbol } from './qr-canvas.js';
import { errorLines, TextsController, type Translate } from './texts.js';
import { WakeLock } from './wake-lock.js';

const kTickMilliseconds = 200;
const kBrightnessHintMilliseconds = 20_000;

const kColours: readonly string[] = ['green', 'yellow', 'red', 'pending'] satisfies ColourId[];

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < Infinity;
}

/** @throws TypeError  what `frame` returned is none: a page without types may give anything */
function requireFrame(value: Frame): Frame {
  const { modules, sizeModules, now, periodSeconds } = value ?? {};
  const isFrame = ArrayBuffer.isView(modules) && [sizeModules, now, periodSeconds].every(isPositive);
  if (!isFrame) throw new TypeError('frame must give a frame');
  return value;
}

/**
 * Shows a person's live code and signs it anew every period. Before the first one it says that it is being prepared.
 *
 * @fires liangma-frame   a new code is on screen; detail: {now}
 * @fires liangma-error   no code can be made; detail: {code, cause?}, the cause being what `frame` threw or a TypeError that
 *                        says what is no frame or no colour; once per error
 * @fires liangma-action  the one button of the error state was pressed; detail: {code}
 */
export class LiangmaCode extends LitElement {
  static override styles = codeStyles;
  static override properties = {
    frame: { attribute: false },
    colour: {},
    maskedName: { attribute: 'masked-name' },
    idTail: { attribute: 'id-tail' },
    locale: {},
    actionLabel: { attribute: 'action-label' },
    _failure: { state: true },
    _clock: { state: true },
    _hint: { state: true },
  };

  /** Makes one frame: usually `() => wallet.frame(personId)`. Called once per period while visible. */
  declare frame: (() => Outcome<Frame>) | undefined;
  /** Absent: no colour is told, by word or otherwise. */
  declare colour: ColourId | undefined;
  declare maskedName: string;
  declare idTail: string;
  /** BCP 47; absent: the nearest `lang` attribute. */
  declare locale: string | undefined;
  /** Text of the button of the error state; absent: one that fits the error. */
  declare actionLabel: string | undefined;

  declare _failure: ErrorCode | undefined;
  /** The second that is on screen, Unix time; absent: no code is. */
  declare _clock: number | undefined;
  declare _hint: boolean;

  #current: Frame | undefined;
  #signedAt = 0;
  #shownSince = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #resize = new ResizeObserver(() => this.#draw());
  #observed: Element | null = null;
  #texts = new TextsController(this);
  #wakeLock = new WakeLock();

  constructor() {
    super();
    this.maskedName = '';
    this.idTail = '';
    this._hint = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('pageshow', this.#onVisibility);
    this.#onVisibility();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('pageshow', this.#onVisibility);
    this.#resize.disconnect();
    this.#observed = null;
    this.#pause();
  }

  /** Signs and draws a new code now. */
  refresh(): void {
    if (!this.frame) return this.#clear();
    try {
      if (this.colour && !kColours.includes(this.colour)) throw new TypeError(`colour must be ${kColours.join(', ')} or absent`);
      const outcome = this.frame();
      if (outcome.ok) this.#show(requireFrame(outcome.value));
      else if (outcome.ok === false && isErrorCode(outcome.code)) this.#fail(outcome.code);
      else throw new TypeError('frame must return an outcome');
    } catch (cause) {
      this.#fail('internal.error', cause);
    }
  }

  #clear(): void {
    this.#current = undefined;
    this._clock = this._failure = undefined;
  }

  #show(frame: Frame): void {
    this.#current = frame;
    this.#signedAt = performance.now();
    this._failure = undefined;
    this._clock = frame.now;
    this.#emit('liangma-frame', { now: frame.now });
    void this.updateComplete.then(() => {
      this.#draw();
      this.#runProgress();
    });
  }

  #fail(code: ErrorCode, cause?: unknown): void {
    this.#current = undefined;
    this._clock = undefined;
    this.#signedAt = performance.now();
    if (this._failure === code) return;
    this._failure = code;
    this.#emit('liangma-error', cause === undefined ? { code } : { code, cause });
  }

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #onVisibility = (): void => {
    if (document.hidden) this.#pause();
    else this.#resume();
  };

  #resume(): void {
    if (this.#timer !== undefined) return;
    this.#shownSince = performance.now();
    this._hint = false;
    this.refresh();
    this.#timer = setInterval(() => this.#tick(), kTickMilliseconds);
    void this.#wakeLock.hold();
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#wakeLock.release();
  }

  #tick(): void {
    const elapsed = (performance.now() - this.#signedAt) / 1000;
    const period = this.#current?.periodSeconds ?? 1;
    if (elapsed >= period) this.refresh();
    else if (this.#current) this._clock = this.#current.now + Math.floor(elapsed);
    if (!this._hint && performance.now() - this.#shownSince > kBrightnessHintMilliseconds) this._hint = true;
  }

  #draw(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.symbol');
    const canvas = this.renderRoot.querySelector('canvas');
    if (!box || !canvas || !this.#current) return;
    const side = Math.min(box.clientWidth, this.#heightLimit(box));
    if (side > 0) drawSymbol(canvas, this.#current, side, window.devicePixelRatio || 1);
  }

  /** The CSS decides how tall the symbol may be: `max-height` of its box. */
  #heightLimit(box: HTMLElement): number {
    const limit = parseFloat(getComputedStyle(box).maxHeight);
    return Number.isFinite(limit) ? limit : Infinity;
  }

  #runProgress(): void {
    const bar = this.renderRoot.querySelector<HTMLElement>('.progress span');
    const period = this.#current?.periodSeconds;
    if (!bar?.animate || !period) return;
    for (const animation of bar.getAnimations()) animation.cancel();
    const steps = matchMedia('(prefers-reduced-motion: reduce)').matches ? `steps(${period})` : 'linear';
    bar.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], {
      duration: period * 1000,
      easing: steps,
      fill: 'forwards',
    });
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const isOther = changed.has('frame') || changed.has('colour');
    if (isOther && this.#timer !== undefined) this.refresh();
  }

  protected override updated(): void {
    const box = this.renderRoot.querySelector('.symbol');
    if (box === this.#observed) return;
    this.#resize.disconnect();
    this.#observed = box;
    if (box) this.#resize.observe(box);
  }

  protected override render(): TemplateResult {
    const { t } = this.#texts;
    if (this._failure) return this.#renderFailure(t, this._failure);
    return this._clock === undefined ? this.#renderWaiting(t) : this.#renderCode(t, this._clock);
  }

  #renderWaiting(t: Translate): TemplateResult {
    return html`<section class="code" aria-busy="true">
      <div class="symbol" part="symbol"><p role="status">${t('code.preparing')}</p></div>
    </section>`;
  }

  #renderCode(t: Translate, clock: number): TemplateResult {
    return html`
      <article class="code" data-colour=${this.colour ?? nothing} aria-label=${this.#summary(t)}>
        ${this.colour ? this.#renderBand(t, this.colour) : nothing}
        <div class="symbol" part="symbol">
          <canvas role="img" aria-label=${t('code.symbol-label', { n: this.#current?.periodSeconds ?? 5 })}></canvas>
        </div>
        <div class="progress" aria-hidden="true"><span></span></div>
        <div class="facts">
          <p class="person">
            <strong>${this.maskedName}</strong><span>${t('common.idTail', { tail: this.idTail })}</span>
          </p>
          ${this.#renderClock(clock)}
        </div>
        ${this._hint ? html`<p class="hint">${t('code.brightness')}</p>` : nothing}
      </article>
    `;
  }

  #renderBand(t: Translate, colour: ColourId): TemplateResult {
    return html`<div class="band" part="band">
      <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">${colourMark(colour)}</svg>
      <p class="word" part="word">${t(`code.colour.${colour}`)}</p>
      <p class="meaning">${t(`code.meaning.${colour}`)}</p>
    </div>`;
  }

  #summary(t: Translate): string | typeof nothing {
    const { colour, maskedName, idTail } = this;
    return colour ? t('code.summary', { colour: t(`code.colour.${colour}`), name: maskedName, tail: idTail }) : nothing;
  }

  #renderClock(clock: number): TemplateResult {
    const { locale } = this.#texts;
    const time = clockTime(locale, clock);
    const date = new Date(clock * 1000).toLocaleDateString(regional(locale), { month: 'short', day: 'numeric', weekday: 'short' });
    return html`<p class="clock" role="timer" aria-live="off"><strong>${time}</strong><span>${date}</span></p>`;
  }

  #renderFailure(t: Translate, code: ErrorCode): TemplateResult {
    const [what, toDo] = errorLines(t, code);
    return html`
      <section class="failure" role="alert">
        <h2>${t('code.stopped-title')}</h2>
        <p class="what">${what}</p>
        <p>${toDo}</p>
        <button type="button" part="action" @click=${() => this.#emit('liangma-action', { code })}>
          ${this.actionLabel ?? t(code === 'time.credential-expired' ? 'code.renew' : 'common.retry')}
        </button>
      </section>
    `;
  }
}

export interface LiangmaCodeEventMap extends HTMLElementEventMap {
  'liangma-frame': CustomEvent<{ readonly now: number }>;
  'liangma-error': CustomEvent<{ readonly code: ErrorCode; readonly cause?: unknown }>;
  'liangma-action': CustomEvent<{ readonly code: ErrorCode }>;
}

/** Listeners are told what each event carries. */
export interface LiangmaCode {
  addEventListener<K extends keyof LiangmaCodeEventMap>(
    type: K,
    listener: (this: LiangmaCode, event: LiangmaCodeEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof LiangmaCodeEventMap>(
    type: K,
    listener: (this: LiangmaCode, event: LiangmaCodeEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'liangma-code': LiangmaCode;
  }
}
