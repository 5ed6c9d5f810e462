// SPDX-License-Identifier: Apache-2.0
import type { Outcome } from './outcome.js';
import type { AssuranceId, QrSymbol, StatusListInfo } from './types.js';
import type { ClockState, TrustState } from './wallet-types.js';

/** Where a gate stands, and what kind of door it is. */
export interface Door {
  /** A division code out of places(). Absent: whose code it is does not matter, the trust list's scenes hold. */
  readonly place?: string | undefined;
  /** One of scenes(place). Absent: green passes, yellow and pending are checked. */
  readonly scene?: string | undefined;
}

/** A region to choose from. */
export interface PlaceChoice {
  /** A division code, GB/T 2260. */
  readonly place: string;
  readonly name: string;
}

/** A kind of door to choose from. */
export interface SceneChoice {
  readonly id: string;
  readonly name: string;
  readonly required: AssuranceId;
  /** A guest leaves name and contact, with consent, by answering the gate's request. */
  readonly leavesContact: boolean;
}

/** A question that a gate shows as a QR. */
export interface GateRequest {
  /** `LMR1:` text. */
  readonly text: string;
  readonly symbol: QrSymbol;
  /** Unix seconds. Later than now(): the gate's clock was set back since, and nobody can answer this one. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Whether this gate may ask: its entry in the trust list. */
export interface GateIdentity {
  /** Its verifier's id. */
  readonly id: string;
  /** Whether the trust list that is kept here names it. */
  readonly listed: boolean;
}

/** A region pack that the trust list names. */
export interface PackState {
  readonly region: string;
  readonly version: number;
  /** Whether it has arrived; without it its region's doors admit nobody. */
  readonly kept: boolean;
}

/** A list of withdrawn codes that is kept. */
export interface StatusState extends StatusListInfo {
  /** Seconds since it was issued. */
  readonly ageSeconds: number;
}

/** What a gate decides by, and how old it is. */
export interface GateData {
  readonly trust: TrustState;
  readonly packs: readonly PackState[];
  readonly statusLists: readonly StatusState[];
  /** Whether any of it is missing, or too old to be relied on. */
  readonly stale: boolean;
}

/** What stands behind a verdict, in a reader's language. */
export interface Explanation {
  /** The agreement by which the place took the code. */
  readonly agreement?: string;
  /** The rule of the place that decided. */
  readonly rule?: string;
}

/** What a refresh did, part by part. */
export interface GateRefreshReport {
  readonly online: boolean;
  readonly clock: Outcome<ClockState>;
  readonly trust: Outcome<'new' | 'same'>;
  /** How many region packs arrived. */
  readonly packs: Outcome<number>;
  /** How many lists of withdrawn codes arrived. */
  readonly statusLists: Outcome<number>;
}
