// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';

export interface PinField {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Empty: none. */
  readonly error?: string;
  readonly autocomplete: 'current-password' | 'new-password';
}

/** A labelled field for a PIN or phrase, hidden as it is typed. */
export function pinField({ id, label, hint, error = '', autocomplete }: PinField): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="password"
      autocomplete=${autocomplete}
      autocapitalize="off"
      spellcheck="false"
      maxlength="64"
      aria-describedby="${id}-hint ${id}-error"
      aria-invalid=${error ? 'true' : 'false'}
    />
    ${hint ? html`<p class="soft" id="${id}-hint">${hint}</p>` : nothing}
    <p class="error" id="${id}-error" role="alert">${error}</p>
  </div>`;
}
