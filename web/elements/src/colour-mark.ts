// SPDX-License-Identifier: Apache-2.0
import { svg, type SVGTemplateResult } from 'lit';
import type { ColourId, DecisionId } from 'liangma';

/** A check in a circle. The second colour of every mark is the custom property `--lm-mark-ink`. */
const check = svg`<circle cx="24" cy="24" r="21" fill="currentColor"/>
  <path d="M14 24.5l7 7 13.5-14.5" class="glyph"/>`;

/** An exclamation mark in a triangle. */
const warning = svg`<path d="M24 4.5 45 42H3z" fill="currentColor" stroke="currentColor" stroke-width="3" stroke-linejoin="round"/>
  <path d="M24 18v11.5" class="glyph"/><circle cx="24" cy="36" r="2.8" class="glyph-dot"/>`;

/** A cross in an octagon. */
const stop = svg`<path d="M15.5 3h17L45 15.5v17L32.5 45h-17L3 32.5v-17z" fill="currentColor"/>
  <path d="M16.5 16.5l15 15m0-15l-15 15" class="glyph"/>`;

/** An hourglass. */
const hourglass = svg`<path d="M11 4h26v4c0 8-6 11-9 16 3 5 9 8 9 16v4H11v-4c0-8 6-11 9-16-3-5-9-8-9-16z" fill="currentColor"/>
  <path d="M18 12h12c-1.5 4-4 5.5-6 8-2-2.5-4.5-4-6-8zm-1.5 27c1.5-5 5-6 7.5-9 2.5 3 6 4 7.5 9z" class="glyph-dot"/>`;

const marks: { readonly [id in ColourId | DecisionId]: SVGTemplateResult } = {
  green: check,
  yellow: warning,
  red: stop,
  pending: hourglass,
  admit: check,
  check: warning,
  refuse: stop,
};

/** The shape that stands for a colour or a decision, so that the colour is never the only signal. */
export function colourMark(id: ColourId | DecisionId): SVGTemplateResult {
  return marks[id];
}
