// SPDX-License-Identifier: Apache-2.0
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const shapes = {
  back: svg`<path d="M15 5l-7 7 7 7"/>`,
  more: svg`<circle cx="5" cy="12" r="1.2"/><circle cx="12" cy="12" r="1.2"/><circle cx="19" cy="12" r="1.2"/>`,
  add: svg`<path d="M12 5v14M5 12h14"/>`,
  hospital: svg`<path d="M4 21V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v15M2 21h20M12 7.5v6M9 10.5h6M9.5 21v-4h5v4"/>`,
  scan: svg`<path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16"/>`,
  lock: svg`<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>`,
  shield: svg`<path d="M12 3l7.5 3v5.5c0 4.5-3.200 8-7.5 9.5-4.300-1.5-7.5-5-7.5-9.5V6z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
  offline: svg`<path d="M3 3l18 18M5 12.5a10 10 0 0 1 4-2.300M8.5 16a5 5 0 0 1 6.5-.5M2 9a15 15 0 0 1 4.5-2.900M12 6a15 15 0 0 1 10 3M15.5 10.600A10 10 0 0 1 19 12.5"/><circle cx="12" cy="19.5" r=".8"/>`,
  sound: svg`<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"/>`,
  mute: svg`<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5m0-5l-5 5"/>`,
  remove: svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5"/>`,
  renew: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.300-5.400M19.5 3.5v4h-4"/>`,
  next: svg`<path d="M9 5l7 7-7 7"/>`,
  down: svg`<path d="M5 9l7 7 7-7"/>`,
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  door: svg`<path d="M5 21V4.5A1.5 1.5 0 0 1 6.5 3h11A1.5 1.5 0 0 1 19 4.5V21M3 21h18M15 12v1"/>`,
  desk: svg`<path d="M3 13h18M5 13v8M19 13v8M7 13V5h10v8M10 9h4"/>`,
  wallet: svg`<rect x="6" y="2.5" width="12" height="19" rx="2.5"/><path d="M9 7h2v2H9zM13 7h2v2h-2zM9 11h2v2H9zM13 11h2v2h-2zM11 18h2"/>`,
  list: svg`<path d="M9 6h11M9 12h11M9 18h11"/><circle cx="4.5" cy="6" r="1"/><circle cx="4.5" cy="12" r="1"/><circle cx="4.5" cy="18" r="1"/>`,
  save: svg`<path d="M12 4v11M7.5 10.500L12 15l4.500-4.500M5 20h14"/>`,
} as const satisfies { readonly [name: string]: SVGTemplateResult };

export type IconName = keyof typeof shapes;

/** A line icon in the colour of the text; always beside words, so that screen readers skip it. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;
}
