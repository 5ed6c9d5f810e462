// SPDX-License-Identifier: Apache-2.0
import { css } from 'lit';
import { baseStyles } from './base-styles.js';

export const scannerStyles = [
  baseStyles,
  css`
    .view {
      position: relative;
      display: grid;
      place-items: center;
      aspect-ratio: var(--liangma-view-ratio, 1);
      max-height: var(--liangma-view-max, none);
      width: 100%;
      overflow: hidden;
      border-radius: var(--lm-radius);
      background: #0d1311;
      color: #fff;
      box-shadow: inset 0 0 0 1px var(--liangma-line, #7b8781);
    }
    .view:not([data-state='on'], [data-state='starting']) { aspect-ratio: auto; min-height: 14rem; }
    video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
    .frame { position: absolute; inset: 12%; }
    .frame i { position: absolute; width: 18%; aspect-ratio: 1; border: 0 solid #fff; filter: drop-shadow(0 0 2px #000); }
    .frame i:nth-child(1) { top: 0; left: 0; border-width: 5px 0 0 5px; border-top-left-radius: 14px; }
    .frame i:nth-child(2) { top: 0; right: 0; border-width: 5px 5px 0 0; border-top-right-radius: 14px; }
    .frame i:nth-child(3) { bottom: 0; left: 0; border-width: 0 0 5px 5px; border-bottom-left-radius: 14px; }
    .frame i:nth-child(4) { bottom: 0; right: 0; border-width: 0 5px 5px 0; border-bottom-right-radius: 14px; }
    .aim {
      position: absolute;
      bottom: 0.75rem;
      padding: 0.25rem 0.875rem;
      border-radius: 999px;
      background: rgb(0 0 0 / 72%);
      font-size: 1rem;
    }
    .trouble { display: grid; gap: 0.75rem; justify-items: center; padding: 1.25rem; text-align: center; }
    .trouble h2 { font-size: 1.25rem; line-height: 1.3; }
    .trouble button { background: #fff; color: #0d1311; }
    .trouble button:focus-visible { outline-color: #fff; }
    .note:not(:empty) { margin-block-start: 0.75rem; font-weight: 600; }
    .ways { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-block-start: 0.75rem; }
    .way {
      display: grid;
      place-items: center;
      flex: 1 1 7rem;
      min-height: var(--lm-target);
      padding: 0.5rem 1rem;
      border: 2px solid var(--liangma-line, #7b8781);
      border-radius: 14px;
      background: transparent;
      color: var(--lm-ink);
      font-weight: 600;
      text-align: center;
      cursor: pointer;
    }
    .way:focus-within { outline: 3px solid var(--lm-accent); outline-offset: 3px; }
    .paste { display: grid; gap: 0.5rem; margin-block-start: 1rem; }
    .paste label { font-weight: 600; }
    .paste p { font-size: 1rem; color: var(--liangma-ink-soft, #46524c); }
    textarea {
      width: 100%;
      padding: 0.625rem 0.75rem;
      border: 2px solid var(--liangma-line, #7b8781);
      border-radius: 12px;
      background: var(--lm-surface);
      color: var(--lm-ink);
      font: inherit;
      overflow-wrap: anywhere;
    }
    [hidden] { display: none; }
    @media (forced-colors: active) {
      .view, .way { border: 2px solid CanvasText; }
    }
  `,
];
