// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { failure, pickName, type Frame, type Outcome, type RequestInfo } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { icon } from '../../../shared/icons.js';
import { fitCode } from '../code-fit.js';
import type { Session } from '../session.js';

/** The answer to a request that names no address: a QR for the device that asked. @fires back, scan-again */
export class AnswerScreen extends AppElement {
  static override properties = {
    session: { attribute: false },
    request: { attribute: false },
    personId: { attribute: false },
  };
  declare session: Session;
  declare request: RequestInfo;
  /** Who answers, with consent to all that is wanted. */
  declare personId: string;

  readonly #layout = new ResizeObserver(() => this.#fit());

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('resize', this.#fit);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('resize', this.#fit);
    this.#layout.disconnect();
  }

  #fit = (): void => {
    const page = this.querySelector<HTMLElement>('.code-page');
    if (page) fitCode(page);
  };

  protected override updated(): void {
    this.#layout.disconnect();
    for (const part of this.querySelectorAll('.bar, .foot, liangma-code')) this.#layout.observe(part);
    this.#fit();
  }

  /** Signed anew every few seconds, for as long as the request lives. */
  readonly #frame = (): Outcome<Frame> =>
    this.session.wallet?.answerFrame(this.request, this.personId, this.request.wanted) ?? failure('wallet.person-unknown');

  protected override render(): TemplateResult {
    const { t } = this;
    const person = this.session.people.find(({ id }) => id === this.personId);
    const name = pickName(this.request.names, this.locale) ?? this.request.verifier;
    return html`<main class="page code-page">
      <header class="bar">
        <span class="name">${t('wallet.answer.for', { name })}</span>
        <span class="space"></span>
        <button class="button plain more" @click=${() => this.emit('back')}>${icon('back')}${t('common.done')}</button>
      </header>
      <h1 class="visually-hidden" tabindex="-1">${t('wallet.answer.title')}</h1>
      <liangma-code
        .frame=${this.#frame}
        .colour=${person?.colour ?? 'pending'}
        .maskedName=${person?.maskedName ?? ''}
        .idTail=${person?.idTail ?? ''}
        .locale=${this.locale}
        .actionLabel=${t('wallet.request.scan-again')}
        @liangma-action=${() => this.emit('scan-again')}
      ></liangma-code>
      <div class="foot"><p class="with-icon">${icon('scan')}<span>${t('wallet.answer.how')}</span></p></div>
    </main>`;
  }
}

customElements.define('answer-screen', AnswerScreen);
