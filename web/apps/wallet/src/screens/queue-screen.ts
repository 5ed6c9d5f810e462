// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName, type QueueTicket } from 'liangma';
import { clockTime } from 'liangma-elements/texts';
import { AppElement } from '../../../shared/app-element.js';
import { departmentName } from '../../../shared/departments.js';
import { icon } from '../../../shared/icons.js';
import type { Session } from '../session.js';
import type { RegisteredVisit } from '../visit-book.js';

/** Of a number such as "A1000", in characters. */
const kUsualLength = 5;

/** The queue number got from the hospital. @fires back */
export class QueueScreen extends AppElement {
  static override properties = { session: { attribute: false }, visit: { attribute: false } };
  declare session: Session;
  declare visit: RegisteredVisit;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.session.refreshVisits();
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const { names, asOf, ticket } = this.visit;
    const { department, queueLabel, already, route, state } = ticket;
    const isCalled = state === 'called';
    const hospital = pickName(names, this.locale) ?? ticket.hospital;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <div role="status"><h1 tabindex="-1">${t(isCalled ? 'wallet.queue.called' : 'wallet.queue.title')}</h1></div>
      ${already && !isCalled ? html`<p class="notice calm">${t('wallet.queue.already')}</p>` : nothing}
      <div class="card queue-card">
        <p class="soft">${t('wallet.queue.number')}</p>
        <p class="queue-number" data-length=${queueLabel.length > kUsualLength ? 'long' : 'usual'}>${queueLabel}</p>
        ${isCalled ? nothing : html`<p role="status">${this.#renderPlace()}</p>`}
        <p class="soft">${t('wallet.queue.as-of', { time: clockTime(this.locale, asOf) })}</p>
        <p class="where">
          ${t('wallet.queue.where', { hospital, department: departmentName(t, department) })}
        </p>
      </div>
      ${this.#renderRoute(route)}
      ${state === 'waiting' ? html`<p class="soft">${t('wallet.queue.keep')}</p>` : nothing}
      <button class="button primary wide tall foot" @click=${() => this.emit('back')}>${t('common.done')}</button>
    </main>`;
  }

  #renderPlace(): string {
    const { t } = this;
    const { state, ahead } = this.visit.ticket;
    if (state === 'over') return t('wallet.queue.over');
    return ahead > 0 ? t('wallet.queue.ahead', { n: ahead }) : t('wallet.queue.next');
  }

  #renderRoute(route: QueueTicket['route']): TemplateResult | typeof nothing {
    if (route === 'registration') return nothing;
    return html`<p class="notice" role="status">${this.t(`wallet.queue.route.${route}`)}</p>`;
  }
}

customElements.define('queue-screen', QueueScreen);
