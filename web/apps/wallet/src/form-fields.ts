// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import { pickName, type Declared, type FormField } from 'liangma';
import type { Translate } from 'liangma-elements/texts';
import { namedRegions, regionFrom } from '../../shared/regions.js';

type Answer = Declared['fields'][string];

/** What is wrong with a field: the ending of a text's key. */
export type FieldFault = 'required' | 'too-long' | 'unprintable' | 'no-region';

/** The core takes that many of an answer in words. */
const kMaxAnswerBytes = 200;
/** More choices than that are folded into a list. */
const kMaxChoicesOpen = 6;
/** What the core takes in no text: controls, and marks that join or reorder. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

interface Words {
  readonly t: Translate;
  readonly locale: string;
}

/** A field of a region's form, labelled, with what is wrong with it. */
export function renderField(words: Words, field: FormField, fault: FieldFault | undefined): TemplateResult {
  const { t, locale } = words;
  const label = html`${pickName(field.names, locale) ?? field.id}${field.required ? nothing : html` <span class="soft">${t('wallet.declare.optional')}</span>`}`;
  const error = html`<p class="error" id="error-${field.id}" role="alert">${fault ? t(`wallet.declare.${fault}`) : ''}</p>`;
  const options = optionsOf(words, field);
  if (options && (field.type === 'choices' || options.length <= kMaxChoicesOpen))
    return html`<fieldset class="options" aria-describedby="error-${field.id}">
      <legend class="label">${label}</legend>
      ${options.map(
        ({ id, name }) => html`<label class="option">
          <input type=${field.type === 'choices' ? 'checkbox' : 'radio'} name=${field.id} value=${id} />
          <span>${name}</span>
        </label>`,
      )}
      ${error}
    </fieldset>`;
  return html`<div class="field">
    <label for="field-${field.id}">${label}</label>
    ${options ? renderList(words, field, options, fault) : renderInput(words, field, fault)} ${error}
  </div>`;
}

interface Option {
  readonly id: string;
  readonly name: string;
}

function renderList({ t }: Words, { id }: FormField, options: readonly Option[], fault: FieldFault | undefined): TemplateResult {
  return html`<select id="field-${id}" name=${id} aria-invalid=${fault !== undefined} aria-describedby="error-${id}">
    <option value="">${t('wallet.declare.choose')}</option>
    ${options.map(({ id: value, name }) => html`<option value=${value}>${name}</option>`)}
  </select>`;
}

function renderInput({ t }: Words, { id, type }: FormField, fault: FieldFault | undefined): TemplateResult {
  if (type !== 'region')
    return html`<input
      id="field-${id}"
      name=${id}
      type=${type === 'date' ? 'date' : 'text'}
      maxlength=${kMaxAnswerBytes}
      aria-invalid=${fault !== undefined}
      aria-describedby="error-${id}"
    />`;
  return html`<input id="field-${id}" name=${id} list="list-${id}" autocomplete="off" maxlength="40" aria-invalid=${fault !== undefined} aria-describedby="hint-${id} error-${id}" />
    <datalist id="list-${id}">${namedRegions(t).map(({ name, number }) => html`<option value=${name}>${number}</option>`)}</datalist>
    <p class="soft" id="hint-${id}">${t('wallet.declare.region-hint')}</p>`;
}

function optionsOf({ t, locale }: Words, field: FormField): readonly Option[] | undefined {
  if (field.type === 'yes-no') return ['no', 'yes'].map((id) => ({ id, name: t(`wallet.declare.${id}`) }));
  if (field.type !== 'choice' && field.type !== 'choices') return undefined;
  return (field.choices ?? []).map(({ id, names }) => ({ id, name: pickName(names, locale) ?? id }));
}

/** What was filled in, and what is wrong with it. */
export interface Filled {
  readonly fields: Declared['fields'];
  readonly faults: ReadonlyMap<string, FieldFault>;
}

export function readFields(
  t: Translate,
  fields: readonly FormField[],
  data: FormData,
  maxBytes = kMaxAnswerBytes,
): Filled {
  const answers: { [id: string]: Answer } = {};
  const faults = new Map<string, FieldFault>();
  for (const field of fields) {
    const typed = data.getAll(field.id).map((value) => String(value).replace(/\s+/g, ' ').trim()).filter(Boolean);
    if (typed.length === 0) {
      if (field.required) faults.set(field.id, 'required');
      continue;
    }
    const read = readAnswer(t, field, typed, maxBytes);
    if (typeof read === 'object' && 'fault' in read) faults.set(field.id, read.fault);
    else answers[field.id] = read;
  }
  return { fields: answers, faults };
}

function readAnswer(
  t: Translate,
  { type }: FormField,
  typed: readonly string[],
  maxBytes: number,
): Answer | { readonly fault: FieldFault } {
  const [text = ''] = typed;
  switch (type) {
    case 'choices':
      return typed;
    case 'yes-no':
      return text === 'yes';
    case 'region':
      return regionFrom(t, text) ?? { fault: 'no-region' };
    case 'text':
      if (unprintable.test(text)) return { fault: 'unprintable' };
      return new TextEncoder().encode(text).length <= maxBytes ? text : { fault: 'too-long' };
    default:
      return text;
  }
}
