// SPDX-License-Identifier: Apache-2.0
import type { Failure, Outcome } from './outcome.js';
import type { QueueTicket } from './queue-ticket.js';
import type { ColourId, Identity, LiveFrame, Names, TrustedRequestInfo } from './types.js';

/** What the device's clock was found to be worth. */
export interface ClockState {
  /** Whether it was ever compared with a server's, and has not been set back since. */
  readonly confirmed: boolean;
  /** Server's time minus the device's, whole seconds; 0 while unknown. */
  readonly offsetSeconds: number;
}

export type PersonState = 'ready' | 'expired' | 'not-yet';

/** One of the people whose record does not open. The others are unharmed. */
export interface Fault {
  /** For remove(). */
  readonly id: string;
  /** Damaged, or sealed by another device. */
  readonly code: 'storage.damaged' | 'wallet.key-unreadable';
}

/** "none": no PIN is set · "locked": it has to be given first · "open": it was given. */
export type LockState = 'none' | 'locked' | 'open';

/** One of the people whose codes this wallet holds: oneself, a child, a parent. */
export interface Person {
  /** Made by this wallet; says nothing about the person. */
  readonly id: string;
  readonly state: PersonState;
  readonly issuer: string;
  readonly region: string;
  readonly colour: ColourId;
  readonly maskedName: string;
  readonly idTail: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** What could be disclosed to a verifier who asks. */
  readonly identity: Identity;
  /** Why the colour is what it is; absent: it was taken by an older version of this package. */
  readonly reason?: ColourReason;
  /** The last appeal that this wallet knows of. */
  readonly appeal?: AppealState;
}

/** Why somebody has a colour: as the issuer's signed record says, and the rules of the place allow. */
export interface ColourReason {
  /** Unix seconds. */
  readonly since: number;
  /** When the colour ends by time alone, Unix seconds; absent: it does not. */
  readonly until?: number;
  /** Identifier of the rule that gives it; absent: no rule does, the code is pending. */
  readonly rule?: string;
  /** What the rule says, for people. */
  readonly description?: Names;
  readonly reasonClass?: string;
}

/** Where an appeal stands. */
export interface AppealState {
  readonly id: string;
  /** When it has to be decided, Unix seconds. */
  readonly deadline: number;
  readonly outcome: 'open' | 'granted' | 'refused';
  /** Why it was decided so: a keyword, such as "nothing-new"; absent: it is open, or the issuer does not say. */
  readonly reason?: string;
}

/** What the issuer says of somebody's colour now. */
export interface OwnState {
  /** The colour that the issuer has now. */
  readonly colour: ColourId;
  /** With a code of that colour; of the one before, where the network ended in between: refresh() goes on. */
  readonly person: Person;
  /** How many days in a row the person has declared to be well. */
  readonly checkIns: number;
}

/** Who a dependant is to their guardian. */
export type Relation = 'child' | 'parent' | 'ward';

/** A form of the region that was filled in. */
export interface Declared {
  /** "health", "journey", "check-in" or another of forms(). */
  readonly form: string;
  /** Fields by their ids; which values they take: core/SPEC.md 9.4. */
  readonly fields: { readonly [id: string]: string | boolean | readonly string[] };
  /** Of "health": consent to be counted, by colour alone, with an organisation's people; 1..64 bytes. */
  readonly organisation?: string;
}

export interface FormChoice {
  readonly id: string;
  readonly names: Names;
}

export interface FormField {
  readonly id: string;
  readonly names: Names;
  readonly type: 'choice' | 'choices' | 'yes-no' | 'text' | 'date' | 'region';
  readonly required?: boolean;
  /** Of "choice" and "choices". */
  readonly choices?: readonly FormChoice[];
}

/** What a region asks residents to declare. */
export interface DeclarationForm {
  readonly id: string;
  readonly names: Names;
  readonly fields: readonly FormField[];
}

/** Something that a region tells its residents of. */
export interface Listing {
  readonly id: string;
  readonly names: Names;
  readonly url?: string;
  readonly phone?: string;
}

/** What a person's region offers them. */
export interface Place {
  readonly forms: readonly DeclarationForm[];
  readonly services: readonly Listing[];
  readonly helpLines: readonly Listing[];
}

/** A piece of news, or a link to a service, from the issuer. */
export interface News {
  readonly id: string;
  readonly kind: 'news' | 'link';
  readonly titles: Names;
  readonly texts: Names;
  /** https; of a link always. */
  readonly url?: string;
  /** Unix seconds. */
  readonly publishedAt: number;
}

/** "locked": a PIN is needed · "empty": nobody enrolled · "ready": somebody's code can be shown · "expired": nobody's can. */
export type WalletState = 'locked' | 'empty' | 'ready' | 'expired';

/** A live code, its symbol and when it was made. */
export interface Frame extends LiveFrame {
  /** When it was signed, Unix seconds. */
  readonly now: number;
  /** When the credential inside expires, Unix seconds. */
  readonly expiresAt: number;
  /** How soon it should be replaced by the next one. */
  readonly periodSeconds: number;
}

/** A request that was read, with the text it came in. */
export interface RequestInfo extends TrustedRequestInfo {
  readonly text: string;
}

/** A visit to a hospital, as far as this wallet knows. */
export interface Visit {
  /** Made by this wallet; says nothing about the visit. */
  readonly id: string;
  /** Whose visit it is. */
  readonly personId: string;
  readonly hospital: string;
  /** The hospital's, as the trust list has them. */
  readonly names: Names;
  /** When the answer was about to be sent, Unix seconds. */
  readonly begunAt: number;
  /** When what is kept here was last known to be so, Unix seconds. */
  readonly asOf: number;
  /** The place in the queue; absent: an answer was about to be sent, and whether it arrived is not known. */
  readonly ticket?: QueueTicket;
}

/** A visit to keep; without an id it is a new one. */
export type NewVisit = Omit<Visit, 'id'> & { readonly id?: string };

/** What a refresh did, part by part. */
export interface RefreshReport {
  /** Whether the server was reached at all; if not, everything stays as it was. */
  readonly online: boolean;
  readonly clock: Outcome<ClockState>;
  /** "same": the server has nothing newer. */
  readonly trust: Outcome<'new' | 'same'>;
  /** People whose code was renewed or has arrived. */
  readonly renewed: readonly Person[];
  /** People whose code was due and could not be renewed, and why. */
  readonly failed: readonly { readonly personId: string; readonly failure: Failure }[];
}

/** What a gate's memory of codes seen is worth. */
export interface MemoryState {
  /** What had been kept could not be read and was dropped: codes seen before the start may pass once more. */
  readonly damaged: boolean;
  /** Whether it will outlive this page. */
  readonly kept: boolean;
}

/** Where a gate's trust data stands. */
export interface TrustState {
  /** 0: none yet. */
  readonly version: number;
  /** Unix seconds; 0: none yet. */
  readonly issuedAt: number;
  /** Unix seconds; 0: none yet. */
  readonly expiresAt: number;
  /** Seconds since it was issued. */
  readonly ageSeconds: number;
  /** Seconds since the server was last asked for a newer one and answered; absent: never. */
  readonly checkedSecondsAgo?: number;
  /** Past half of its life, or absent: refresh it. */
  readonly stale: boolean;
}
