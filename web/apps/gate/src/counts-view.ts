// SPDX-License-Identifier: Apache-2.0
import { html, svg, type TemplateResult } from 'lit';
import { colourMark, type Translate } from 'liangma-elements';
import { countedKinds, type CountedKind, type Counts } from './counters.js';

/** A circle crossed out: no code that could be relied on. */
const nothingGood = svg`<circle cx="24" cy="24" r="19" fill="none" stroke="currentColor" stroke-width="5"/><path d="M11 37 37 11" stroke="currentColor" stroke-width="5"/>`;

function renderCount(t: Translate, kind: CountedKind, count: number): TemplateResult {
  const word = t(kind === 'none' ? 'gate.counts.none' : `code.colour.${kind}`);
  return html`<li>
    <svg class="mark" data-colour=${kind} viewBox="0 0 48 48" aria-hidden="true">${kind === 'none' ? nothingGood : colourMark(kind)}</svg>
    <span>${word}</span> <strong>${count}</strong>
  </li>`;
}

/** How many codes of each colour were answered today. */
export function renderCounts(t: Translate, counts: Counts): TemplateResult {
  return html`<ul class="counts" aria-label=${t('gate.counts')}>
    ${countedKinds.map((kind) => renderCount(t, kind, counts[kind]))}
  </ul>`;
}
