// SPDX-License-Identifier: Apache-2.0
// Which colours the rules of a place can give, and for how long. It evaluates nothing: whoever holds the facts does.
import type { Pack, Rule } from './place-packs.js';
import { failure, type Outcome, success } from './outcome.js';
import type { ColourId, ColourRecordInfo, CredentialInfo } from './types.js';
import type { ColourReason } from './wallet-types.js';

const secondsOfDay = 86400;

/**
 * Checks a record against the credential that it came with, and against the rules of its place.
 *
 * @param packs  those of the record's region, the most particular first
 * @error record.missing  it is not the record of this credential's colour
 * @error colour.no-rule  no rule in force can give this colour, for this reason and this long
 * @source core/SPEC.md 9.5
 */
export function reasonOf(
  record: ColourRecordInfo,
  credential: CredentialInfo,
  packs: readonly Pack[],
): Outcome<ColourReason> {
  const { colour, issuer, region, issuedAt } = credential;
  if (record.colour !== colour || record.issuer !== issuer || record.region !== region) return failure('record.missing');
  const inForce = packs.flatMap(({ rules }) => rules).filter((rule) => isInForce(rule, record.madeAt));
  const rule = inForce.find(
    (each) =>
      each.type === 'Colour' &&
      each.identifier === record.rule &&
      each.reasonClass === record.reasonClass &&
      answers(each.logic, colour).includes(colour),
  );
  if (!rule && colour !== 'pending') return failure('colour.no-rule');
  if (!endsInTime(record, colour, inForce, issuedAt)) return failure('colour.no-rule');
  const { madeAt: since, until, reasonClass } = record;
  return success({
    since,
    ...(until === undefined ? {} : { until }),
    ...(rule ? { rule: rule.identifier, description: rule.description } : {}),
    ...(reasonClass === undefined ? {} : { reasonClass }),
  });
}

/** Yellow and red end when the rules say so: not later, not never, and not before the credential was issued. */
function endsInTime(
  { madeAt, until }: ColourRecordInfo,
  colour: ColourId,
  rules: readonly Rule[],
  issuedAt: number,
): boolean {
  const days = rules.filter(({ type }) => type === 'Duration').flatMap(({ logic }) => answers(logic, colour).filter(isNumber));
  if (until === undefined) return days.length === 0 || colour === 'green' || colour === 'pending';
  return until > issuedAt && until <= madeAt + Math.max(0, ...days) * secondsOfDay;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isInForce({ validFrom, validTo }: Rule, at: number): boolean {
  return Date.parse(validFrom) <= at * 1000 && at * 1000 < Date.parse(validTo);
}

/** The literals that a rule's logic can answer where the colour is known and nothing else is. */
function answers(logic: unknown, colour: ColourId): unknown[] {
  const [operator, operands] = operation(logic);
  if (operator === undefined) return [logic];
  if (operator === 'and') return answers(operands[operands.length - 1], colour);
  if (operator !== 'if') return [];
  const condition = valueOf(operands[0], colour);
  const branches = condition === undefined ? operands.slice(1) : [operands[condition ? 1 : 2]];
  return branches.flatMap((branch) => answers(branch, colour));
}

/** What a condition is where the colour alone decides; undefined: that depends on more. */
function valueOf(logic: unknown, colour: ColourId): unknown {
  const [operator, operands] = operation(logic);
  if (operator === undefined) return logic;
  if (operator === 'var') return operands[0] === 'colour' ? colour : undefined;
  if (operator !== '===') return undefined;
  const [one, other] = operands.map((operand) => valueOf(operand, colour));
  return one === undefined || other === undefined ? undefined : one === other;
}

/** An operation's name and operands; none for a literal. */
function operation(logic: unknown): readonly [string | undefined, readonly unknown[]] {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) return [undefined, []];
  const [entry] = Object.entries(logic);
  return entry ? [entry[0], Array.isArray(entry[1]) ? entry[1] : [entry[1]]] : [undefined, []];
}
