// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from './error-codes.js';

/** Why something failed. Carries no user data, so it may be logged and shown. */
export interface Failure {
  readonly ok: false;
  /** A stable id, which is also the i18n key. */
  readonly code: ErrorCode;
  /** Which part failed, such as "credential.payload". */
  readonly detail?: string;
}

/** A value, or the reason there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failure(code: ErrorCode, detail?: string): Failure {
  return detail ? { ok: false, code, detail } : { ok: false, code };
}

/** Loading and opening reject with this; everything afterwards gives an Outcome. */
export class LiangmaError extends Error {
  override readonly name = 'LiangmaError';

  constructor(
    readonly code: ErrorCode,
    options?: { cause?: unknown },
  ) {
    super(code, options);
  }
}
