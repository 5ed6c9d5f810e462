// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { pickName, type ColourId, type ErrorCode, type Names, type Outcome } from 'liangma';
import { colourMark, errorLines, regional } from 'liangma-elements';
import { AppElement } from '../../shared/app-element.js';
import type { Bureau, Words } from './bureau.js';

/** Base of what somebody works with once they have signed in. @fires ended (the session has), note (detail: {text, undo?}) */
export class TaskScreen extends AppElement {
  static override properties: PropertyDeclarations = {
    bureau: { attribute: false },
    words: { attribute: false },
    _trouble: { state: true },
    _busy: { state: true },
  };
  declare bureau: Bureau;
  /** Rules and regions in words; absent until the server has answered. */
  declare words: Words | undefined;
  /** What went wrong last. */
  declare _trouble: ErrorCode | undefined;
  declare _busy: boolean;

  constructor() {
    super();
    this._busy = false;
  }

  /** Waits for the server; trouble is kept to be shown. @returns undefined where there was any */
  protected async ask<T>(asked: Promise<Outcome<T>>): Promise<T | undefined> {
    const focused = document.activeElement;
    this._busy = true;
    const outcome = await asked;
    this._busy = false;
    this._trouble = outcome.ok ? undefined : outcome.code;
    await this.#giveBack(focused);
    if (outcome.ok) return outcome.value;
    if (outcome.code === 'staff.session-ended') this.emit('ended');
    return undefined;
  }

  /** A button that was busy has lost the focus: it gets it back, or the heading does where the button is gone. */
  async #giveBack(focused: Element | null): Promise<void> {
    await this.updateComplete;
    if (document.activeElement !== document.body || focused === document.body) return;
    if (focused instanceof HTMLElement && this.contains(focused)) focused.focus();
    else await this.focusOn('h1');
  }

  /** Puts the focus on what tells where somebody is now, or what was done. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Says something for a while, with a way back. */
  protected say(text: string, undo?: () => void): void {
    this.emit('note', { text, undo });
  }

  /** What went wrong and what to do. @param retry  absent: there is nothing to try again */
  protected renderTrouble(retry?: () => void, trouble = this._trouble): TemplateResult | typeof nothing {
    if (!trouble) return nothing;
    const [what, toDo] = errorLines(this.t, trouble);
    return html`<div class="notice" role="alert">
      <p><strong>${what}</strong> ${toDo}</p>
      ${retry ? html`<button class="button" @click=${retry}>${this.t('common.retry')}</button>` : nothing}
    </div>`;
  }

  protected renderLoading(): TemplateResult {
    return html`<div class="waiting" role="status"><div class="spinner"></div><p>${this.t('bureau.loading')}</p></div>`;
  }

  /** A colour by shape and word. */
  protected renderColour(colour: ColourId): TemplateResult {
    return html`<span class="colour"><svg class="mark" viewBox="0 0 48 48" data-colour=${colour} aria-hidden="true">${colourMark(colour)}</svg>${this.t(`code.colour.${colour}`)}</span>`;
  }

  /** A rule in words, or its identifier where nobody has any. */
  protected ruleText(rule: string): string {
    const known = this.words?.rules.find((one) => one.rule === rule);
    return (known && pickName(known.description, this.locale)) ?? (rule || this.t('bureau.rule.none'));
  }

  /** A region's number, and its name where somebody knows one. */
  protected regionText(region: string): string {
    const names: Names | undefined = this.words?.regions[region];
    const name = names && pickName(names, this.locale);
    return name ? `${region} ${name}` : region;
  }

  protected moment(seconds: number): string {
    return new Date(seconds * 1000).toLocaleString(regional(this.locale), { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
  }

  protected day(seconds: number): string {
    return new Date(seconds * 1000).toLocaleDateString(regional(this.locale), { dateStyle: 'medium' });
  }
}
