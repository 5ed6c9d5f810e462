// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { clockTime, colourMark, errorLines, type Translate } from 'liangma-elements';
import type { DecisionId, Explanation, Verdict } from 'liangma';
import type { Result } from './session.js';

/** Names what stands behind a result. */
export type Explain = (result: Result) => Explanation;

function mark(decision: DecisionId): TemplateResult {
  return html`<svg class="mark" data-colour=${decision} viewBox="0 0 48 48" aria-hidden="true">${colourMark(decision)}</svg>`;
}

function reasonOf(t: Translate, { verdict, other }: Result): string {
  return other ? t(other) : errorLines(t, verdict.reason)[0];
}

/** What to do; nothing where there is nothing but to let the person in. */
function adviceOf(t: Translate, { verdict, leftContact }: Result): string {
  if (leftContact && verdict.decision !== 'refuse') return t('gate.contact-left');
  if (verdict.reason === 'replay.seen-before' && verdict.advice !== 'advice.ask-again')
    return errorLines(t, verdict.reason)[1];
  if (verdict.reason === 'assurance.challenge-required')
    return t(verdict.assurance === 'paper' ? 'gate.ask.no-paper' : 'gate.ask.answer-it');
  return verdict.advice ? t(verdict.advice) : '';
}

function renderPerson(t: Translate, { code }: Verdict): TemplateResult | typeof nothing {
  if (!code) return nothing;
  return html`<div class="person">
    <p>${t('gate.compare')}</p>
    <p class="masked">${code.maskedName}</p>
    <p>${t('common.idTail', { tail: code.idTail })}</p>
  </div>`;
}

/** The rule and the agreement that decided, by their names. */
function renderBasis(t: Translate, { rule, agreement }: Explanation): TemplateResult | typeof nothing {
  if (!rule && !agreement) return nothing;
  return html`<p class="basis">
    ${rule ? html`<span>${t('gate.rule', { rule })}</span>` : nothing}
    ${agreement ? html`<span>${t('gate.agreement', { agreement })}</span>` : nothing}
  </p>`;
}

/**
 * One answer that fills the screen: a shape, a word and a colour, then why. Any touch ends it.
 *
 * @param age  how old the data are that it was decided by
 */
export function renderAnswer(t: Translate, result: Result, explain: Explain, age: string, dismiss: () => void): TemplateResult {
  const { verdict } = result;
  return html`<div class="answer" data-decision=${verdict.decision} @click=${dismiss}>
    ${mark(verdict.decision)}
    <p class="decision">${t(`gate.decision.${verdict.decision}`)}</p>
    <p class="reason">${reasonOf(t, result)}</p>
    ${renderPerson(t, verdict)}
    <p class="advice">${adviceOf(t, result)}</p>
    ${renderBasis(t, explain(result))}
    <button class="button" @click=${dismiss}>${t('gate.next')}</button>
    <p class="age" aria-hidden="true">${age}</p>
  </div>`;
}

/** The last answer once more, small, for as long as it takes to read it. */
function renderDocked(t: Translate, result: Result, explain: Explain): TemplateResult {
  const { verdict } = result;
  return html`<section class="card docked" data-decision=${verdict.decision}>
    ${mark(verdict.decision)}
    <div>
      <h2>${t(`gate.decision.${verdict.decision}`)}${verdict.code ? html` · ${verdict.code.maskedName} ${verdict.code.idTail}` : nothing}</h2>
      <p>${reasonOf(t, result)}</p>
      <p class="soft">${adviceOf(t, result)}</p>
      ${renderBasis(t, explain(result))}
    </div>
  </section>`;
}

/** The last answer, and in short those before it. */
export function renderResults(
  t: Translate,
  locale: string,
  results: readonly Result[],
  explain: Explain,
  clear: () => void,
): TemplateResult {
  return html`<section class="stack results" aria-labelledby="results">
    <div class="bar">
      <h2 id="results">${t('gate.results')}</h2>
      <span class="space"></span>
      ${results.length > 0 ? html`<button class="button plain" @click=${clear}>${t('gate.results-clear')}</button>` : nothing}
    </div>
    ${results[0] ? renderDocked(t, results[0], explain) : html`<p class="soft">${t('gate.results-empty')}</p>`}
    <ol class="list">
      ${results.slice(1).map((result) => renderResult(t, locale, result))}
    </ol>
  </section>`;
}

function renderResult(t: Translate, locale: string, result: Result): TemplateResult {
  const { decision, code } = result.verdict;
  return html`<li class="result">
    ${mark(decision)}
    <p>
      <strong>${t(`gate.decision.${decision}`)}</strong>
      ${code ? html`<span>${code.maskedName} ${code.idTail}</span>` : nothing}
      <span class="soft">${reasonOf(t, result)}</span>
    </p>
    <time class="soft">${clockTime(locale, result.at)}</time>
  </li>`;
}
