// SPDX-License-Identifier: Apache-2.0
import { html, type TemplateResult } from 'lit';
import { drawSymbol, errorLines, type Translate } from 'liangma-elements';
import type { ErrorCode, GateRequest } from 'liangma';

const kMaxPixels = 340;
/** The camera has to be in sight below. */
const kMaxShareOfHeight = 0.3;

/** The question that is to be answered, as a QR. @param forContact  name and telephone number are asked for */
export function renderQuestion(t: Translate, forContact: boolean): TemplateResult {
  return html`<section class="card question" aria-labelledby="question">
    <h2 id="question">${t(forContact ? 'gate.ask.contact' : 'gate.ask.title')}</h2>
    <canvas role="img" aria-label=${t('gate.ask.symbol-label')}></canvas>
    <p>${t('gate.ask.how')}</p>
  </section>`;
}

/** Draws the question that renderQuestion() has made room for. */
export function drawQuestion(root: ParentNode, { symbol }: GateRequest): void {
  const canvas = root.querySelector<HTMLCanvasElement>('.question canvas');
  const room = canvas?.parentElement?.clientWidth ?? 0;
  if (canvas && room > 0) drawSymbol(canvas, symbol, Math.min(room - 36, kMaxPixels, innerHeight * kMaxShareOfHeight), devicePixelRatio);
}

/** Why this door cannot ask, and where its owner's code goes. @param tried  a code that was refused, and why */
export function renderEnrolment(
  t: Translate,
  trouble: ErrorCode,
  tried: { readonly code: string; readonly refused: ErrorCode | undefined },
  submit: (code: string) => void,
): TemplateResult {
  const [what, toDo] = errorLines(t, trouble);
  const refused = tried.refused ? errorLines(t, tried.refused).join(' ') : '';
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    submit((event.target as HTMLFormElement).querySelector('input')!.value);
  };
  return html`<form class="card stack wide" novalidate @submit=${onSubmit}>
    <h2>${what}</h2>
    <p>${toDo}</p>
    <div class="field">
      <label for="code">${t('gate.enrol.label')}</label>
      <input id="code" .value=${tried.code} autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" aria-describedby="code-error" aria-invalid=${refused !== ''} />
      <p class="error" id="code-error" role="alert">${refused}</p>
    </div>
    <button class="button primary wide tall" type="submit">${t('gate.enrol.submit')}</button>
  </form>`;
}
