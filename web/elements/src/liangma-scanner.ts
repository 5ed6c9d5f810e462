// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { Camera, cameraTrouble, type CameraTrouble } from './camera.js';
import { KeyboardWedge } from './keyboard-wedge.js';
import { loadReader, readImage, type ImageTrouble, type Reader } from './qr-reader.js';
import { scannerStyles } from './scanner-styles.js';
import { TextsController, type Translate } from './texts.js';

export type ScanSource = 'camera' | 'file' | 'paste' | 'wedge';
export interface ScanDetail {
  /** As read, nothing trimmed but white space at the ends of pasted text. */
  readonly text: string;
  readonly source: ScanSource;
}
export type ScannerState = 'off' | 'starting' | 'on' | 'reader' | CameraTrouble;

const kScanEveryMilliseconds = 120;

const noteOf: { readonly [trouble in ImageTrouble]: string } = {
  none: 'scanner.none-in-file',
  file: 'scanner.bad-file',
  reader: 'scanner.reader-text',
};

/**
 * Reads QR codes by camera, from an image, from pasted text or from a hand scanner.
 *
 * @fires liangma-scan           something was read; detail: ScanDetail
 * @fires liangma-scanner-state  the camera's state changed; detail: {state}
 */
export class LiangmaScanner extends LitElement {
  static override styles = scannerStyles;
  static override properties = {
    continuous: { type: Boolean },
    autostart: { type: Boolean },
    paused: { type: Boolean },
    locale: {},
    _state: { state: true },
    _torch: { state: true },
    _note: { state: true },
    _pasting: { state: true },
  };

  /** Go on after the first code; the same text is told again only after it was out of sight. */
  declare continuous: boolean;
  /** Open the camera at once. Off: a button asks first. */
  declare autostart: boolean;
  /** Leave the camera on but read nothing. */
  declare paused: boolean;
  /** BCP 47; absent: the nearest `lang` attribute. */
  declare locale: string | undefined;

  declare _state: ScannerState;
  declare _torch: boolean;
  declare _note: string;
  declare _pasting: boolean;

  #texts = new TextsController(this);
  #camera = new Camera();
  #wedge = new KeyboardWedge((text) => this.#tell(text, 'wedge'));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastText = '';
  #lastSeenAt = -Infinity;

  constructor() {
    super();
    this.continuous = false;
    this.autostart = false;
    this.paused = false;
    this._state = 'off';
    this._torch = false;
    this._note = '';
    this._pasting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#wedge.listen();
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (this.autostart) void this.updateComplete.then(() => this.start());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#wedge.stop();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.stop();
  }

  /** Opens the camera. Trouble is shown, and told by `liangma-scanner-state`. */
  async start(): Promise<void> {
    if (this._state === 'on' || this._state === 'starting') return;
    if (!navigator.mediaDevices?.getUserMedia) return this.#setState('insecure');
    this.#setState('starting');
    await this.updateComplete;
    try {
      await this.#camera.open(this.#video);
    } catch (error) {
      return this.#setState(cameraTrouble(error));
    }
    if (!this.isConnected) return this.stop();
    this.#camera.onEnded(() => this.stop());
    await this.#startReading();
  }

  /** Closes the camera. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#camera.close();
    this._torch = false;
    if (this._state === 'on' || this._state === 'starting') this.#setState('off');
  }

  async #startReading(): Promise<void> {
    try {
      const reader = await loadReader();
      if (!this.isConnected) return this.stop();
      this.#setState('on');
      void this.#readFrames(reader);
    } catch {
      this.#camera.close();
      this.#setState('reader');
    }
  }

  async #readFrames(reader: Reader): Promise<void> {
    if (this._state !== 'on') return;
    if (!this.paused) this.#seen(await reader(this.#video).catch(() => undefined));
    if (this._state !== 'on') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readFrames(reader), kScanEveryMilliseconds);
  }

  #seen(text: string | undefined): void {
    if (!text) return;
    const still = text === this.#lastText && performance.now() - this.#lastSeenAt < 1500;
    this.#lastText = text;
    this.#lastSeenAt = performance.now();
    if (still || this.paused) return;
    if (!this.continuous) this.stop();
    this.#tell(text, 'camera');
  }

  #tell(text: string, source: ScanSource): void {
    this._note = '';
    const detail: ScanDetail = { text, source };
    this.dispatchEvent(new CustomEvent('liangma-scan', { detail, bubbles: true, composed: true }));
  }

  #setState(state: ScannerState): void {
    this._state = state;
    this.dispatchEvent(new CustomEvent('liangma-scanner-state', { detail: { state }, bubbles: true, composed: true }));
  }

  /** A hidden page gives the camera back, and takes it again when it is shown. */
  #onVisibility = (): void => {
    if (document.hidden && this._state === 'on') {
      this.stop();
      this.#resumeWhenShown = true;
    } else if (!document.hidden && this.#resumeWhenShown) {
      this.#resumeWhenShown = false;
      void this.start();
    }
  };
  #resumeWhenShown = false;

  get #video(): HTMLVideoElement {
    return this.renderRoot.querySelector('video') as HTMLVideoElement;
  }

  async #toggleTorch(): Promise<void> {
    await this.#camera.setTorch(!this._torch).then(
      () => (this._torch = !this._torch),
      () => undefined,
    );
  }

  async #onFile(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    const { t } = this.#texts;
    this._note = t('scanner.reading');
    await this.updateComplete; // so that the same answer twice is heard twice
    const read = await readImage(file);
    if ('text' in read) this.#tell(read.text, 'file');
    else this._note = t(noteOf[read.trouble]);
  }

  #onPaste(event: Event): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector('textarea') as HTMLTextAreaElement;
    const text = field.value.trim();
    if (!text) return field.focus();
    this._pasting = false;
    this.#tell(text, 'paste');
  }

  async #openPaste(): Promise<void> {
    this._pasting = !this._pasting;
    await this.updateComplete;
    this.renderRoot.querySelector('textarea')?.focus();
  }

  protected override render(): TemplateResult {
    const { t } = this.#texts;
    return html`
      <div class="view" part="view" data-state=${this._state}>
        <video muted playsinline aria-label=${t('scanner.video-label')} ?hidden=${this._state !== 'on'}></video>
        ${this._state === 'on' ? this.#renderAim(t) : this.#renderTrouble(t)}
      </div>
      <p class="note" role="status">${this._note}</p>
      <div class="ways" part="ways">
        <label class="way">
          <input type="file" accept="image/*" class="visually-hidden" @change=${this.#onFile} />
          ${t('scanner.file')}
        </label>
        <button type="button" class="way" aria-expanded=${this._pasting} @click=${this.#openPaste}>
          ${t('scanner.paste')}
        </button>
        ${this._state === 'on' && this.#camera.hasTorch ? this.#renderTorch(t) : nothing}
      </div>
      ${this._pasting ? this.#renderPaste(t) : nothing}
    `;
  }

  #renderAim(t: Translate): TemplateResult {
    return html`<div class="frame" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
      <p class="aim">${t('scanner.aim')}</p>`;
  }

  #renderTorch(t: Translate): TemplateResult {
    return html`<button type="button" class="way" aria-pressed=${this._torch} @click=${this.#toggleTorch}>
      ${t(this._torch ? 'scanner.torch-off' : 'scanner.torch-on')}
    </button>`;
  }

  #renderTrouble(t: Translate): TemplateResult {
    if (this._state === 'starting') return html`<p class="trouble" role="status">${t('scanner.starting')}</p>`;
    const start = html`<button type="button" @click=${() => void this.start()}>
      ${t(this._state === 'off' ? 'scanner.start' : 'common.retry')}
    </button>`;
    if (this._state === 'off') return html`<div class="trouble">${start}</div>`;
    return html`<div class="trouble" role="alert">
      <h2>${t(`scanner.${this._state}-title`)}</h2>
      <p>${t(`scanner.${this._state}-text`)}</p>
      ${this._state === 'insecure' ? nothing : start}
    </div>`;
  }

  #renderPaste(t: Translate): TemplateResult {
    return html`<form class="paste" @submit=${this.#onPaste}>
      <label for="text">${t('scanner.paste-label')}</label>
      <textarea
        id="text"
        rows="3"
        maxlength="8192"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="hint"
        @keydown=${this.#onPasteKey}
      ></textarea>
      <p id="hint">${t('scanner.paste-hint')}</p>
      <button type="submit">${t('scanner.read')}</button>
    </form>`;
  }

  /** Enter reads, as after a hand scanner; Shift+Enter makes a new line. */
  #onPasteKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#onPaste(event);
  }
}

export interface LiangmaScannerEventMap extends HTMLElementEventMap {
  'liangma-scan': CustomEvent<ScanDetail>;
  'liangma-scanner-state': CustomEvent<{ readonly state: ScannerState }>;
}

/** Listeners are told what each event carries. */
export interface LiangmaScanner {
  addEventListener<K extends keyof LiangmaScannerEventMap>(
    type: K,
    listener: (this: LiangmaScanner, event: LiangmaScannerEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof LiangmaScannerEventMap>(
    type: K,
    listener: (this: LiangmaScanner, event: LiangmaScannerEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'liangma-scanner': LiangmaScanner;
  }
}
