// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName } from 'liangma';
import { AppElement } from '../../../shared/app-element.js';
import { departmentName } from '../../../shared/departments.js';
import { icon } from '../../../shared/icons.js';
import type { KeptTicket } from '../queue-memory.js';

/** The queue number got from the hospital. @fires back */
export class QueueScreen extends AppElement {
  static override properties = { ticket: { attribute: false } };
  declare ticket: KeptTicket;

  protected override render(): TemplateResult {
    const { t } = this;
    const { names, department, queueNumber, ahead, route } = this.ticket;
    const hospital = pickName(names, this.locale) ?? this.ticket.hospital;
    return html`<main class="page">
      <header class="bar">
        <button class="button plain" @click=${() => this.emit('back')}>${icon('back')}${t('common.back')}</button>
      </header>
      <h1 tabindex="-1">${t('wallet.queue.title')}</h1>
      <div class="card queue-card">
        <p class="soft">${t('wallet.queue.number')}</p>
        <p class="queue-number">${queueNumber}</p>
        <p>${ahead > 0 ? t('wallet.queue.ahead', { n: ahead }) : t('wallet.queue.next')}</p>
        <p class="where">
          ${t('wallet.queue.where', { hospital, department: departmentName(t, department) })}
        </p>
      </div>
      ${this.#renderRoute(route)}
      <p class="soft">${t('wallet.queue.keep')}</p>
      <button class="button primary wide tall foot" @click=${() => this.emit('back')}>${t('common.done')}</button>
    </main>`;
  }

  #renderRoute(route: string | undefined): TemplateResult | typeof nothing {
    if (route !== 'fever-clinic' && route !== 'pre-check') return nothing;
    return html`<p class="notice" role="status">${this.t(`wallet.queue.route.${route}`)}</p>`;
  }
}

customElements.define('queue-screen', QueueScreen);
