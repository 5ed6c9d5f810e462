// SPDX-License-Identifier: Apache-2.0

/** What every step throws when it refuses; `id` is one of SPEC.md 10's, `detail` is for the reader of a test. */
export class Refusal extends Error {
  constructor(id, detail = '') {
    super(detail ? `${id}: ${detail}` : id);
    this.id = id;
  }
}

/** Throws a {@link Refusal}. */
export function refuse(id, detail) {
  throw new Refusal(id, detail);
}

/** Refuses with `id` unless `condition` holds. */
export function need(condition, id, detail) {
  if (!condition) refuse(id, detail);
}

/** The id with which `step` refuses; null where it does not. Other errors pass through: they are faults. */
export function refusalOf(step) {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.id;
    throw error;
  }
}
