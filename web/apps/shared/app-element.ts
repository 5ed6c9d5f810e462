// SPDX-License-Identifier: Apache-2.0
import { LitElement } from 'lit';
import { translatorFor, type Translate } from 'liangma-elements/texts';
import { preferences } from './preferences.js';

/** Base of every screen: drawn in the page itself, so that the one style sheet of the apps holds for it. */
export class AppElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected get locale(): string {
    return preferences.locale;
  }

  protected get t(): Translate {
    return translatorFor(preferences.locale);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    preferences.addEventListener('change', this.#onPreferences);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    preferences.removeEventListener('change', this.#onPreferences);
  }

  #onPreferences = (): void => this.requestUpdate();

  protected emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
