// SPDX-License-Identifier: Apache-2.0
import { css } from 'lit';
import { baseStyles } from './base-styles.js';

export const codeStyles = [
  baseStyles,
  css`
    .code {
      overflow: hidden;
      border-radius: var(--lm-radius);
      background: #fff;
      color: #111815;
    }
    .band {
      position: relative;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 0.75rem;
      min-height: 3.75rem;
      padding: 0.375rem 16px;
      overflow: hidden;
      isolation: isolate;
      forced-color-adjust: none;
    }
    .band::after {
      content: '';
      position: absolute;
      inset: 0 -160px 0 0;
      z-index: -1;
      background: repeating-linear-gradient(115deg, transparent 0 48px, var(--band-stripe) 48px 80px);
      background-size: 88.27px 100%;
      animation: drift 4s linear infinite;
    }
    @keyframes drift {
      from { transform: translateX(-88.27px); }
      to { transform: translateX(0); }
    }
    .code[data-colour='green'] .band { background: var(--lm-green); color: #fff; }
    .code[data-colour='yellow'] .band { background: var(--lm-yellow); color: #1a1400; }
    .code[data-colour='red'] .band { background: var(--lm-red); color: #fff; }
    .code[data-colour='pending'] .band { background: var(--lm-pending); color: #fff; }
    .code { --band-stripe: rgb(255 255 255 / 9%); --lm-mark-ink: var(--lm-green); }
    .code[data-colour='yellow'] { --band-stripe: rgb(255 255 255 / 35%); --lm-mark-ink: var(--lm-yellow); }
    .code[data-colour='red'] { --lm-mark-ink: var(--lm-red); }
    .code[data-colour='pending'] { --lm-mark-ink: var(--lm-pending); }
    .mark { width: 2.75rem; height: 2.75rem; }
    .word { font-size: 1.75rem; font-weight: 700; line-height: 1.2; letter-spacing: 0.02em; }
    .meaning { margin-inline-start: auto; text-align: end; font-size: 1rem; line-height: 1.3; word-break: keep-all; }
    .symbol {
      display: grid;
      place-items: center;
      max-height: var(--liangma-symbol-max, none);
      min-height: min(10rem, var(--liangma-symbol-max, 10rem));
      background: #fff;
      forced-color-adjust: none;
    }
    canvas { display: block; image-rendering: pixelated; }
    :host([compact]) .code { border-radius: 6px; display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; }
    :host([compact]) .symbol { grid-row: 1; min-height: 0; }
    :host([compact='beside']) .code { grid-template: repeat(3, auto) 1fr / auto minmax(0, 1fr); }
    :host([compact='beside']) .code > * { grid-column: 2; }
    :host([compact='beside']) .symbol { grid-area: 1 / 1 / -1 / 2; align-self: start; width: var(--liangma-symbol-max); }
    .progress { height: 4px; margin-inline: 16px; border-radius: 2px; background: #dfe5e2; overflow: hidden; }
    .progress span { display: block; height: 100%; background: #2d3b35; transform-origin: left; }
    .facts {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0.25rem 12px;
      padding: 0.5rem 16px 0.625rem;
    }
    .facts p { display: grid; line-height: 1.25; }
    .facts strong { font-size: 1.5rem; font-weight: 700; }
    .facts span { font-size: 1rem; color: #46524c; }
    .facts .clock { flex: 1 1 auto; text-align: end; }
    .clock strong { font-size: 1.75rem; line-height: 1.1; font-variant-numeric: tabular-nums; }
    .hint { padding: 0 16px 0.875rem; font-size: 1rem; color: #46524c; }
    .failure {
      display: grid;
      gap: 0.75rem;
      padding: 1.5rem 1.25rem;
      border-radius: var(--lm-radius);
      background: var(--lm-surface);
      color: var(--lm-ink);
    }
    .failure h2 { font-size: 1.375rem; line-height: 1.3; }
    .failure .what { font-weight: 600; }
    @media (prefers-reduced-motion: reduce) {
      .band::after { animation: none; }
    }
    @media (forced-colors: active) {
      .code, .failure { border: 2px solid CanvasText; }
    }
  `,
];
