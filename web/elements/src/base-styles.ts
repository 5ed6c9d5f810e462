// SPDX-License-Identifier: Apache-2.0
import { css } from 'lit';

/** What both elements share. Every `--lm-*` property can be set from outside. */
export const baseStyles = css`
  :host {
    --lm-green: var(--liangma-green, #0a7540);
    --lm-yellow: var(--liangma-yellow, #ffc928);
    --lm-red: var(--liangma-red, #b3141d);
    --lm-pending: var(--liangma-pending, #4a5563);
    --lm-surface: var(--liangma-surface, #fff);
    --lm-ink: var(--liangma-ink, #14201b);
    --lm-accent: var(--liangma-accent, #124e8c);
    --lm-on-accent: var(--liangma-on-accent, #fff);
    --lm-radius: var(--liangma-radius, 20px);
    --lm-target: var(--liangma-target, 3.375rem);
    display: block;
    font: inherit;
    line-height: 1.5;
  }
  :host([hidden]) { display: none; }
  *, ::before, ::after { box-sizing: border-box; }
  p, h2 { margin: 0; }
  .glyph {
    fill: none;
    stroke: var(--lm-mark-ink, #fff);
    stroke-width: 5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .glyph-dot { fill: var(--lm-mark-ink, #fff); }
  button {
    min-height: var(--lm-target);
    padding: 0.5rem 1.25rem;
    border: 2px solid transparent;
    border-radius: 14px;
    background: var(--lm-accent);
    color: var(--lm-on-accent);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    touch-action: manipulation;
  }
  button:focus-visible, textarea:focus-visible {
    outline: 3px solid var(--lm-accent);
    outline-offset: 3px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
